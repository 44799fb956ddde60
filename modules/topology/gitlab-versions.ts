/**
 * What each major version of GitLab needs.
 *
 * Source: GitLab's installation requirements, "PostgreSQL" and "Redis", of each version.
 */
export interface GitLabRequirements {
  readonly postgres: {
    /** Major versions GitLab supports, ascending. */
    readonly supported: readonly number[];
    /** What a new deployment gets: the lowest one that doesn't leave RDS' standard support soon. */
    readonly default: number;
  };
  readonly cache: {
    readonly engine: "redis" | "valkey";
    /** `major` or `major.minor` prefixes GitLab supports. */
    readonly supported: string;
    readonly default: string;
  };
}

const REQUIREMENTS: Readonly<Record<number, GitLabRequirements>> = {
  17: {
    postgres: { supported: [14, 15, 16], default: 16 },
    cache: { engine: "redis", supported: "7", default: "7.1" },
  },
  18: { postgres: { supported: [16, 17], default: 16 }, cache: { engine: "redis", supported: "7", default: "7.1" } },
  19: { postgres: { supported: [17], default: 17 }, cache: { engine: "valkey", supported: "7.2", default: "7.2" } },
};

/** The versions we know, for messages. */
export const KNOWN_VERSIONS = "17.0.0 to 19.x";

/** The major version of GitLab or an engine: `19.3.0` to 19. */
export function majorOf(version: string): number {
  return Number(version.split(".")[0]);
}

/** Whether a version is `least` or newer: `isAtLeast("19.10.0", "19.2")`. */
export function isAtLeast(version: string, least: string): boolean {
  const [parts, bounds] = [version, least].map((one) => one.split(".").map(Number)) as [number[], number[]];
  for (const [index, bound] of bounds.entries()) {
    const part = parts[index] ?? 0;
    if (part !== bound) return part > bound;
  }
  return true;
}

/** What a GitLab version needs; undefined outside the known range. */
export function requirementsOf(version: string): GitLabRequirements | undefined {
  return REQUIREMENTS[majorOf(version)];
}

/** The newest version's requirements stand in where the version is unknown: a rule refuses it anyway. */
export const NEWEST_REQUIREMENTS = REQUIREMENTS[19] as GitLabRequirements;
