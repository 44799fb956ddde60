import { unknownKey } from "../../modules/nodes/gitlab-keys";

describe("a key of gitlab.rb", () => {
  it.each([
    ["17.0.0", "gitlab_rails", "smtp_address"],
    ["18.11.2", "nginx", "client_max_body_size"],
    ["19.3.0", "gitlab_rails", "nginx"],
    ["17.11.0", "git_data_dirs", "default"],
    ["18.0.0", "mattermost", "enable"],
    ["19.1.0", "registry_nginx", "client_max_body_size"],
    ["17.5.0", "gitaly", "gitlab_secret"],
  ])("is known in %s: %s['%s']", (version, section, key) => {
    expect(unknownKey(version, section, key)).toBeUndefined();
  });

  it.each([
    ["18.0.0", "git_data_dirs", "default", "is gone since GitLab 18.0"],
    ["19.0.0", "mattermost", "enable", "is gone since GitLab 19.0"],
    ["19.2.0", "nginx", "client_max_body_size", "is gone since GitLab 19.2"],
    ["19.1.9", "gitlab_rails", "nginx", "is new in GitLab 19.2"],
    ["17.4.9", "gitaly", "gitlab_secret", "is new in GitLab 17.5"],
    ["19.3.0", "gitlab_rails", "smtp_adress", "is no key of gitlab.rb in GitLab 19.3.0"],
    ["19.3.0", "nonsense", "key", "is in no section of gitlab.rb"],
  ])("is unknown in %s: %s['%s'] %s", (version, section, key, reason) => {
    expect(unknownKey(version, section, key)?.reason).toBe(reason);
  });
});
