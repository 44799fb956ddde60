import type { ErrorObject } from "ajv";
import { closest } from "./closest";
import { refusals } from "./rules/refusals";
import { renamed } from "./schema-version";
import { count, show } from "./show";
import { pathToPointer, valueAt } from "./source";

/** What the schema has to say of a value. */
export interface SchemaProblem {
  readonly path: string;
  /** Whether the problem is the key's, not the value's. */
  readonly atKey: boolean;
  readonly message: string;
  readonly fix: string;
  /** What to write in place of the key or the value, without quotes. */
  readonly replacement?: string;
}

/** A node of the schema, as far as messages look into it. */
interface Node {
  readonly [keyword: string]: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly propertyNames?: Node;
}

/**
 * Ajv's error in our words: what was given, what was expected, and the way out.
 *
 * @param whole the file's value, without defaults
 */
export function describe(error: ErrorObject, whole: unknown): SchemaProblem[] {
  // `propertyNames` says the same of the whole key.
  if (error.propertyName !== undefined) return [];
  const { instancePath: path, keyword, params, data } = error;
  const node: Node = error.parentSchema ?? {};
  const given = show(data);
  const atValue = (message: string, fix: string, replacement?: string): SchemaProblem[] => [
    { path, atKey: false, message, fix, ...(replacement !== undefined && { replacement }) },
  ];
  const atKey = (key: string, message: string, fix: string, replacement?: string): SchemaProblem[] => [
    { path: path + pathToPointer([key]), atKey: true, message, fix, ...(replacement !== undefined && { replacement }) },
  ];
  switch (keyword) {
    case "additionalProperties": {
      const key: string = params.additionalProperty;
      const now = renamed(path + pathToPointer([key]));
      if (now)
        return atKey(key, `is called ${now.key} since version ${now.version} of the schema`, "Rename it", now.key);
      const siblings = Object(valueAt(whole, path));
      const known = Object.keys(node.properties ?? {}).filter((one) => one !== "$schema");
      const meant = closest(
        key,
        known.filter((one) => !Object.hasOwn(siblings, one)),
      );
      const fix = meant ? `Did you mean ${meant}? If not, remove it` : `Remove it, or use ${oneOf(known)}`;
      return atKey(key, "is not a known property", fix, meant);
    }
    case "required":
      return atKey(
        params.missingProperty,
        "is required",
        `Add it, ${example(node.properties?.[params.missingProperty] ?? {})}`,
      );
    case "propertyNames": {
      const { "x-expected": expected, enum: names = [] } = node.propertyNames ?? {};
      const allowed = names as readonly string[];
      const meant = closest(params.propertyName, allowed);
      const otherwise = allowed.length > 0 ? `Use ${oneOf(allowed)}` : "Rename it";
      return atKey(
        params.propertyName,
        `has a name that isn't allowed here: it must be ${expected}`,
        meant ? `Did you mean ${meant}? If not, use another one` : otherwise,
        meant,
      );
    }
    case "enum":
    case "const": {
      const refusal = refusals.find((one) => one.path === path && one.refuses(data));
      if (refusal) return atValue(`is ${given}: ${refusal.reason}`, refusal.fix);
      const allowed = (keyword === "enum" ? (params.allowedValues as unknown[]) : [params.allowedValue]).map((one) =>
        show(one),
      );
      const meant = typeof data === "string" ? closest(given, allowed) : undefined;
      const otherwise = allowed.length === 1 ? `Use ${allowed[0]}` : "Use one of these values";
      const fix = meant ? `Did you mean ${meant}? ${otherwise}` : otherwise;
      return atValue(`is ${given}, but must be ${oneOf(allowed)}`, fix, meant && JSON.parse(meant));
    }
    case "type":
      return atValue(`is ${given}, but must be ${article(params.type)}`, fixOfType(params.type, data, node));
    case "pattern":
      return atValue(`is ${given}, but must be ${node["x-expected"]}`, `Use another value, ${example(node)}`);
    case "minimum":
    case "maximum": {
      const fix = `Use ${params.limit} or ${keyword === "minimum" ? "more" : "less"}`;
      return atValue(`is ${given}, but must be ${range(node)}`, fix);
    }
    case "minItems":
    case "maxItems": {
      const { length } = data as unknown[];
      const fix = keyword === "minItems" ? `Add ${params.limit - length}` : `Remove ${length - params.limit}`;
      return atValue(`has ${count(length, "item")}, but must have ${bound(keyword, params.limit)}`, fix);
    }
    case "uniqueItems":
      return duplicates(path, data as unknown[]);
    case "minLength":
    case "maxLength": {
      const length = count([...(data as string)].length, "character");
      const fix = keyword === "minLength" ? `Use another value, ${example(node)}` : `Shorten it to ${params.limit}`;
      return atValue(`is ${given}, which has ${length}, but must have ${bound(keyword, params.limit)}`, fix);
    }
    case "minProperties": {
      const limit = count(params.limit, "property", "properties");
      return atValue(`is ${given}, but must have ${bound(keyword, limit)}`, `Use another value, ${example(node)}`);
    }
    case "maxProperties": {
      const { length } = Object.keys(data as object);
      const given = count(length, "property", "properties");
      return atValue(`has ${given}, but must have ${bound(keyword, params.limit)}`, `Remove ${length - params.limit}`);
    }
    default:
      throw new Error(`no message for the schema keyword ${keyword} at ${path}`);
  }
}

/** Ajv stops at the first item that is there twice; we name them all. */
function duplicates(path: string, items: readonly unknown[]): SchemaProblem[] {
  const texts = items.map((item) => JSON.stringify(item));
  return texts.flatMap((text, index) => {
    const first = texts.indexOf(text);
    if (first === index) return [];
    const message = `is ${show(items[index])}, as is ${path}/${first}`;
    return [{ path: `${path}/${index}`, atKey: false, message, fix: "Remove one of the two" }];
  });
}

function fixOfType(type: string, data: unknown, node: Node): string {
  if (type === "boolean") return "Use true or false";
  if (Array.isArray(node.enum)) return `Use ${oneOf(node.enum.map((one) => show(one)))}`;
  // A version or an account number that YAML or JSON reads as a number.
  if (type === "string" && typeof data === "number") return `Put it in quotes, ${example(node)}`;
  return data === null ? `Give it a value, ${example(node)}` : `Use another value, ${example(node)}`;
}

/** Every node of the schema has an example. */
function example(node: Node): string {
  return `for example ${show(node.examples?.[0], Number.POSITIVE_INFINITY)}`;
}

function range(node: Node): string {
  return `${node.minimum} to ${node.maximum} (${node["x-unit"]})`;
}

function bound(keyword: string, limit: string | number): string {
  return `${keyword.startsWith("min") ? "at least" : "at most"} ${limit}`;
}

function oneOf(allowed: readonly string[]): string {
  return allowed.length === 1 ? `${allowed[0]}` : `one of ${allowed.join(", ")}`;
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
