/** A value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** An object of JSON. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Whether a value has keys. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The same value with every string in it replaced; keys stay. */
export function mapStrings<T>(value: T, replace: (text: string) => string): T {
  const mapped = (inner: unknown): unknown => {
    if (typeof inner === "string") return replace(inner);
    if (Array.isArray(inner)) return inner.map(mapped);
    if (!isObject(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, member]) => [key, mapped(member)]));
  };
  return mapped(value) as T;
}

/** JSON as it is committed: keys in order of their characters' codes, two spaces, a newline at the end. */
export function canonicalJson(value: object): string {
  return `${JSON.stringify(sorted(value), undefined, 2)}\n`;
}

/**
 * JSON as Terraform's `jsonencode` writes it: keys in order, no spaces, and `<`, `>`, `&` and the two line separators of
 * Unicode by their codes. Tokens in it resolve; `Fn.jsonencode` would render quotes inside them wrongly.
 *
 * With the same text on both sides, an export can say `jsonencode({ ... })`.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(sorted(value)).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}
