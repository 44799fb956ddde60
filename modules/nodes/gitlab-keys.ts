import { closest } from "../topology/closest";
import { isAtLeast } from "../topology/gitlab-versions";
import keys from "./gitlab-keys.json";

/** Why GitLab has no such key in gitlab.rb, and the way out. */
export interface UnknownKey {
  readonly reason: string;
  readonly fix: string;
}

/**
 * The keys of gitlab.rb in 19.x, by section.
 *
 * Source: gitlab.rb.template and the attributes of omnibus-gitlab's cookbooks, 19.4, and what GitLab's documentation names
 * beside them. Which version each of them came with isn't recorded, but for those below: for 17 and 18 the list is
 * generous.
 */
const SECTIONS: Readonly<Record<string, readonly string[]>> = keys.sections;

/** What has come, gone or moved between 17.0 and 19.x. A change without a key is about its whole section. */
interface Change {
  readonly section: string;
  readonly key?: string;
  readonly since?: string;
  readonly until?: string;
  /** What other versions have in its place, or why they have nothing. */
  readonly otherwise: string;
}

/** The sites whose web server settings moved into the service's own section in 19.2. */
const SITES = { registry_nginx: "registry", pages_nginx: "gitlab_pages", gitlab_kas_nginx: "gitlab_kas" };

/** Source: GitLab's deprecations and removals by version, and omnibus-gitlab's changelog. */
const CHANGES: readonly Change[] = [
  { section: "git_data_dirs", until: "18.0", otherwise: "Remove it: storages are set by the deployment" },
  { section: "mattermost", until: "19.0", otherwise: "Remove it: Mattermost is no part of GitLab any more" },
  { section: "mattermost_nginx", until: "19.0", otherwise: "Remove it: Mattermost is no part of GitLab any more" },
  { section: "spamcheck", until: "19.0", otherwise: "Remove it: Spamcheck is no part of GitLab any more" },
  { section: "gitaly", key: "gitlab_secret", since: "17.5", otherwise: "Remove it: nodes share gitlab-secrets.json" },
  { section: "gitlab_rails", key: "nginx", since: "19.2", otherwise: "Use nginx, as a section" },
  ...Object.entries(SITES).flatMap(([before, section]): Change[] => [
    { section: before, until: "19.2", otherwise: `Use ${section}.nginx` },
    { section, key: "nginx", since: "19.2", otherwise: `Use ${before}, as a section` },
  ]),
  ...keys.siteKeys.map(
    (key): Change => ({ section: "nginx", key, until: "19.2", otherwise: `Use gitlab_rails.nginx.${key}` }),
  ),
];

/**
 * Why a version of GitLab doesn't have a key of gitlab.rb; undefined where it has.
 *
 * @param section what stands before the brackets: `gitlab_rails`
 * @param key what stands in the first pair of brackets: `smtp_address`. What is deeper is the key's value
 */
export function unknownKey(version: string, section: string, key: string): UnknownKey | undefined {
  const change = CHANGES.find((one) => one.section === section && (one.key === undefined || one.key === key));
  if (change) {
    const { since, until, otherwise } = change;
    if (until && isAtLeast(version, until)) return { reason: `is gone since GitLab ${until}`, fix: otherwise };
    if (since && !isAtLeast(version, since)) return { reason: `is new in GitLab ${since}`, fix: otherwise };
    return undefined;
  }
  // Not one of what every object of JavaScript has, such as its constructor.
  const known = Object.hasOwn(SECTIONS, section) ? SECTIONS[section] : undefined;
  if (!known) {
    const sections = [...Object.keys(SECTIONS), ...CHANGES.map((one) => one.section)];
    return { reason: "is in no section of gitlab.rb", fix: didYouMean(section, sections) };
  }
  if (known.includes(key)) return undefined;
  return { reason: `is no key of gitlab.rb in GitLab ${version}`, fix: didYouMean(key, known) };
}

function didYouMean(given: string, names: readonly string[]): string {
  const name = closest(given, names);
  return name ? `Perhaps it's ${name}` : "Look it up in the gitlab.rb template of this version";
}
