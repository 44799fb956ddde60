import type { ErrorObject } from "ajv";
import { refusals } from "./rules/refusals";
import { count, show } from "./show";
import { pathToPointer } from "./source";

/** What the schema has to say of a value. */
export interface SchemaProblem {
  readonly path: string;
  /** Whether the problem is the key's, not the value's. */
  readonly atKey: boolean;
  readonly message: string;
  readonly fix: string;
}

/** A node of the schema, as far as messages look into it. */
interface Node {
  readonly [keyword: string]: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly propertyNames?: Node;
}

/** Ajv's error in our words: what was given, what was expected, and the way out. */
export function describe(error: ErrorObject): SchemaProblem[] {
  // `propertyNames` says the same of the whole key.
  if (error.propertyName !== undefined) return [];
  const { instancePath: path, keyword, params, data } = error;
  const node: Node = error.parentSchema ?? {};
  const given = show(data);
  const atValue = (message: string, fix: string): SchemaProblem[] => [{ path, atKey: false, message, fix }];
  const atKey = (key: string, message: string, fix: string): SchemaProblem[] => [
    { path: path + pathToPointer([key]), atKey: true, message, fix },
  ];
  switch (keyword) {
    case "additionalProperties": {
      const known = Object.keys(node.properties ?? {}).filter((key) => key !== "$schema");
      return atKey(params.additionalProperty, "is not a known property", `Remove it, or use ${oneOf(known)}`);
    }
    case "required":
      return atKey(
        params.missingProperty,
        "is required",
        `Add it, ${example(node.properties?.[params.missingProperty] ?? {})}`,
      );
    case "propertyNames": {
      const expected = node.propertyNames?.["x-expected"];
      return atKey(params.propertyName, `has a name that isn't allowed here: it must be ${expected}`, "Rename it");
    }
    case "enum":
    case "const": {
      const refusal = refusals.find((one) => one.path === path && one.refuses(data));
      if (refusal) return atValue(`is ${given}: ${refusal.reason}`, refusal.fix);
      const allowed = (keyword === "enum" ? (params.allowedValues as unknown[]) : [params.allowedValue]).map((one) =>
        show(one),
      );
      const fix = allowed.length === 1 ? `Use ${allowed[0]}` : "Use one of these values";
      return atValue(`is ${given}, but must be ${oneOf(allowed)}`, fix);
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
