import { gzipSync } from "node:zlib";
import { parse } from "yaml";
import { applicationUserData, bastionUserData, gitalyUserData } from "../../modules/nodes/user-data";
import { load, SMALLEST } from "../synth";

/** As long as AWS makes them, and longer. */
const HOSTS = {
  database: "gitlab-staging-a-db-ha.c9akciq32rabcdefghijk.ap-northeast-3.rds.amazonaws.com.cn",
  cache: "master.gitlab-staging-a-redis.x7k2qz3v.apne3.cache.amazonaws.com.cn",
  gitaly: "gitaly.gitlab-staging-a.internal",
};
const FULL = "__tests__/fixtures/topologies/full.yaml";

const application = (file: Parameters<typeof load>[0]) => applicationUserData(load(file).topology, HOSTS);
const gitaly = (file: Parameters<typeof load>[0]) =>
  gitalyUserData(load(file).topology, { gitaly: HOSTS.gitaly, dataVolumeId: "vol-0123456789abcdef0" });

const ALL = [
  ["the smallest topology's application nodes", application(SMALLEST)],
  ["the full topology's application nodes", application(FULL)],
  ["the smallest topology's Gitaly", gitaly(SMALLEST)],
  ["the full topology's Gitaly", gitaly(FULL)],
  ["bastions", bastionUserData()],
] as const;

describe.each(ALL)("user data of %s", (_, text) => {
  const config = parse(text);
  const files: { path: string; permissions: string; content: string }[] = config.write_files;

  it("is a cloud-config with room to spare in EC2's 16 KiB", () => {
    expect(text.startsWith("#cloud-config\n")).toBe(true);
    expect(gzipSync(text).length).toBeLessThan(13 * 1024);
  });

  it("writes no file twice, programs for all to run, and gitlab.rb for root", () => {
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
    for (const { path, permissions, content } of files) {
      const expected = path.endsWith("gitlab.rb") ? "0600" : content.startsWith("#!") ? "0755" : "0644";
      expect([path, permissions]).toEqual([path, expected]);
    }
  });

  it("brings every script that its scripts take in", () => {
    const names = files.map(({ path }) => path.split("/").at(-1));
    const taken = files.flatMap(({ content }) =>
      [...content.matchAll(/\$HERE\/([a-z-]+\.[a-z]+)/g)].map(([, name]) => name),
    );
    expect(taken.filter((name) => !names.includes(name) && !OTHER_ROLES.includes(name as string))).toEqual([]);
  });
});

/** What boot.sh and environment.sh take in for the other role. */
const OTHER_ROLES = ["application.sh", "gitaly.sh", "database.sh"];

it("keeps a script's lines, but for comments", () => {
  const { write_files } = parse(application(SMALLEST));
  const boot = write_files.find(({ path }: { path: string }) => path.endsWith("/boot.sh")).content as string;
  expect(boot.split("\n").slice(0, 4)).toEqual([
    "#!/bin/bash",
    "# Makes this instance a GitLab node, and says how that went. It runs at every boot and may be run at any time",
    "# (systemctl restart gitlab-node): what is done already stays as it is.",
    "set -Eeuo pipefail",
  ]);
  expect(boot).not.toContain("shellcheck");
});

it("quotes settings for the shell", () => {
  const { topology } = load(SMALLEST);
  const text = applicationUserData({ ...topology, domain: "it's; $(id)" as never }, HOSTS);
  expect(text).toContain("DOMAIN='it'\\''s; $(id)'\n");
});
