import { isObject } from "../json";
import type { Source } from "./source";
import { pointerToPath } from "./source";

/**
 * A base with what another value says on top: objects property by property, everything else as a whole, lists too.
 * `null` in an object takes the base's value away, if there is one.
 */
export function merged(base: unknown, top: unknown): unknown {
  if (!isObject(top)) return top;
  const below = isObject(base) ? base : {};
  const own = Object.entries(top).map(([key, value]) => [
    key,
    merged(Object.hasOwn(below, key) ? below[key] : undefined, value),
  ]);
  return Object.fromEntries([...Object.entries(below), ...own].filter(([key]) => top[key as string] !== null));
}

/** A file on top of the one it extends, as one source: each value is to be found in the file that gave it. */
export function overlay(base: Source, top: Source): Source {
  const sourceOf = (pointer: string) => (depth(top.value, pointer) >= depth(base.value, pointer) ? top : base);
  return {
    files: [...top.files, ...base.files],
    value: merged(base.value, top.value),
    errors: [...top.errors, ...base.errors],
    duplicates: [...top.duplicates, ...base.duplicates],
    locate: (pointer) => sourceOf(pointer).locate(pointer),
    locateKey: (pointer) => sourceOf(pointer).locateKey(pointer),
  };
}

/** How much of a pointer leads somewhere in a value. */
function depth(value: unknown, pointer: string): number {
  let parent = value;
  for (const [index, key] of pointerToPath(pointer).entries()) {
    if (parent === null || typeof parent !== "object" || !Object.hasOwn(parent, key)) return index;
    parent = (parent as Record<string, unknown>)[key];
  }
  return pointerToPath(pointer).length;
}
