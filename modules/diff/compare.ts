import { isObject, type Json, type JsonObject } from "../json";

/** What differs at one place of a resource's arguments. */
export interface Deviation {
  /** `storage.size`, `parameter["work_mem"].value`, `policy.Statement["UseKey"].Resource` */
  readonly path: string;
  /** Undefined where there was nothing. */
  readonly before?: Json;
  /** Undefined where there is nothing any more. */
  readonly after?: Json;
}

/** The list whose order counts for the provider; its other lists of several values are sets. */
const ORDERED = "preferred_cache_cluster_azs";

/** What tells the blocks of a list apart, and the statements of a policy. */
const IDENTITIES = ["Sid", "name", "key", "id", "resource_type"];

/**
 * Where two values differ, as deep as they have the same shape. Policies and other JSON in strings are compared by what
 * they say, not by their text.
 *
 * @param isNew whether a value will be another one, though it reads the same: what it refers to is made anew
 */
export function deviations(path: string, before: Json, after: Json, isNew: (value: Json) => boolean): Deviation[] {
  const [one, other] = [parsed(before), parsed(after)];
  const inside = (key: string, a: Json | undefined, b: Json | undefined): Deviation[] => {
    if (a === undefined && b === undefined) return [];
    if (a === undefined) return [{ path: key, after: b as Json }];
    return b === undefined ? [{ path: key, before: a }] : deviations(key, a, b, isNew);
  };
  const members = (a: JsonObject, b: JsonObject, join: (key: string) => string) =>
    [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => inside(join(key), a[key], b[key]));

  if (isObject(one) && isObject(other)) return members(one, other, (key) => (path ? `${path}.${key}` : key));
  if (Array.isArray(one) && Array.isArray(other)) {
    const [blocks, otherBlocks] = [byIdentity(one), byIdentity(other)];
    if (blocks && otherBlocks) return members(blocks, otherBlocks, (key) => `${path}["${key}"]`);
    if (one.length === 1 && other.length === 1 && isObject(one[0])) {
      return deviations(path, one[0] as Json, other[0] as Json, isNew);
    }
  }
  return text(path, one) === text(path, other) && !isNew(other) ? [] : [{ path, before: one, after: other }];
}

/** A value to compare by. Terraform converts numbers and booleans to strings and back as arguments want them. */
function text(path: string, value: Json): string {
  if (Array.isArray(value)) {
    const members = value.map((member) => text(path, member));
    return JSON.stringify(path === ORDERED ? members : members.sort());
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Blocks by what tells them apart; undefined where there is nothing of the kind, or a single block only. */
function byIdentity(list: readonly Json[]): JsonObject | undefined {
  const identity = IDENTITIES.find((key) => list.every((one) => isObject(one) && typeof one[key] === "string"));
  if (identity === undefined) return undefined;
  const entries = (list as readonly JsonObject[]).map((block) => [block[identity] as string, block] as const);
  const blocks = Object.fromEntries(entries);
  return Object.keys(blocks).length === list.length ? blocks : undefined;
}

/** JSON in a string, with references left as they are. */
function parsed(value: Json): Json {
  if (typeof value !== "string" || !/^[{[]/.test(value)) return value;
  try {
    return JSON.parse(value.replace(/\$\{.*?\}/g, (reference) => reference.replaceAll('"', '\\"')));
  } catch {
    return value;
  }
}
