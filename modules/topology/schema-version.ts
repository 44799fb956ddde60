import { pointerToPath } from "./source";

/**
 * The schema's version, which its `$id` ends with. It grows when a topology that was valid no longer is, or means something
 * else; CHANGELOG.md says what changed, and `RENAMED` what `validate --fix` does about it.
 */
export const SCHEMA_VERSION = 1;

/** A property that an older version of the schema calls by another name. */
export interface Renamed {
  /** JSON pointer of the property as it was, list items as `*`. */
  readonly path: string;
  /** Its key now. */
  readonly key: string;
  /** The version that renamed it. */
  readonly version: number;
}

/** Every renaming, the latest last. Version 1 is the first one. */
export const RENAMED: readonly Renamed[] = [];

/** What a property is called now that an older version knew; undefined where none did. */
export function renamed(path: string, all: readonly Renamed[] = RENAMED): Renamed | undefined {
  const keys = pointerToPath(path).map((key) => (/^\d+$/.test(key) ? "*" : key));
  return all.findLast((one) => pointerToPath(one.path).join() === keys.join());
}

/** The version that a `$schema` names: `urn:gitlab-aws:topology:1`, `.../topology.v1.schema.json`; undefined: whichever there is. */
export function versionOf(schema: string): number | undefined {
  const [, urn, file] = /(?:^urn:gitlab-aws:topology:(\d+)#?|\btopology\.v(\d+)\.schema\.json#?)$/.exec(schema) ?? [];
  const version = urn ?? file;
  return version === undefined ? undefined : Number(version);
}
