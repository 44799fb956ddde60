import type { ErrorObject, ValidateFunction } from "ajv";
import type { TopologyFile } from "./config";
import { refusals } from "./rules/refusals";
import { pathToPointer, pointerToPath } from "./source";
import { validate as compiled } from "./validator";

/** What the schema has to say of a value. */
export interface SchemaProblem {
  readonly path: string;
  /** Whether the problem is the key's, not the value's. */
  readonly atKey: boolean;
  readonly message: string;
  readonly fix: string;
}

/** The compiled schema: ajv itself is needed where it is generated only. */
const validate = compiled as unknown as ValidateFunction<TopologyFile>;

/**
 * Checks a value against the schema.
 *
 * Returns every problem, and a copy of the value in which static defaults are filled in and whatever the problems are
 * about is replaced by its default (or, where there is none, by the schema's example). Rules that don't look at
 * anything in `problems` can go on with it, so that one run finds all problems.
 */
export function checkSchema(value: unknown): { problems: SchemaProblem[]; repaired: TopologyFile } {
  const given = structuredClone(value);
  const errors = validate(given) ? [] : (validate.errors ?? []);
  const problems = errors.filter((error) => !isSaidByType(error, errors)).flatMap((error) => describe(error) ?? []);
  let repaired: unknown = structuredClone(value);
  while (!validate(repaired)) repaired = (validate.errors ?? []).reduce(withoutCause, repaired);
  return { problems, repaired };
}

/** A value of the wrong type breaks most other constraints too; its type is all that needs saying. */
function isSaidByType(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  return errors.some(
    (other) => other !== error && other.keyword === "type" && other.instancePath === error.instancePath,
  );
}

/** An ajv error in our words; undefined where another error says the same better. */
function describe(error: ErrorObject): SchemaProblem | undefined {
  const { instancePath: path, keyword, params, parentSchema = {}, data } = error;
  const at = (message: string, fix: string, extra = "", atKey = false): SchemaProblem => ({
    path: path + extra,
    atKey,
    message,
    fix,
  });
  const given = show(data);
  switch (keyword) {
    case "additionalProperties": {
      const known = Object.keys((parentSchema.properties as object) ?? {}).filter((key) => key !== "$schema");
      const child = pathToPointer([params.additionalProperty as string]);
      return at("is not a known property", `Remove it, or use one of ${known.join(", ")}`, child, true);
    }
    case "required": {
      const property = params.missingProperty as string;
      const node = (parentSchema.properties as Record<string, { examples?: unknown[] }>)[property];
      return at("is required", `Add it, for example ${show(node?.examples?.[0])}`, pathToPointer([property]), true);
    }
    case "propertyNames":
      return at(
        "is not a name that is allowed here",
        "Rename it",
        pathToPointer([params.propertyName as string]),
        true,
      );
    case "enum":
    case "const": {
      const refusal = refusals.find((one) => one.path === path && one.refuses(data));
      if (refusal) return at(`is ${given}: ${refusal.reason}`, refusal.fix);
      const allowed = keyword === "enum" ? (params.allowedValues as unknown[]) : [params.allowedValue];
      return at(`is ${given}, but must be one of ${allowed.map(show).join(", ")}`, "Use one of these values");
    }
    case "type":
      return at(`is ${given}, but must be ${article(params.type as string)}`, `Use ${example(parentSchema)}`);
    case "pattern": {
      if (error.propertyName !== undefined) return undefined;
      return at(`is ${given}, but must be ${parentSchema["x-expected"]}`, `Use ${example(parentSchema)}`);
    }
    case "minimum":
    case "maximum": {
      const unit = parentSchema["x-unit"] ? ` ${parentSchema["x-unit"]}` : "";
      const word = keyword === "minimum" ? "at least" : "at most";
      return at(
        `is ${given}, but must be ${word} ${params.limit}${unit}`,
        `Use ${params.limit} or ${keyword === "minimum" ? "more" : "less"}`,
      );
    }
    case "minItems":
    case "maxItems": {
      const word = keyword === "minItems" ? "at least" : "at most";
      const count = (data as unknown[]).length;
      return at(
        `has ${count} items, but must have ${word} ${params.limit}`,
        keyword === "minItems" ? "Add items" : "Remove items",
      );
    }
    case "uniqueItems":
      return at(`has the same item at ${params.j} and ${params.i}`, "Remove one of the two");
    case "minLength":
    case "maxLength": {
      const word = keyword === "minLength" ? "at least" : "at most";
      return at(
        `is ${given}, but must have ${word} ${params.limit} characters`,
        keyword === "minLength" ? "Lengthen it" : "Shorten it",
      );
    }
    case "minProperties":
      return at(`is ${given}, but must have at least ${params.limit} property`, `Use ${example(parentSchema)}`);
    case "maxProperties":
      return at(`has more than ${params.limit} properties`, "Remove some");
    default:
      throw new Error(`no message for the schema keyword ${keyword} at ${path}`);
  }
}

/** The value without what an error is about, so that its default can take the place. */
function withoutCause(value: unknown, error: ErrorObject): unknown {
  const path = pointerToPath(error.instancePath);
  switch (error.keyword) {
    case "additionalProperties":
      return without(value, [...path, error.params.additionalProperty]);
    case "propertyNames":
      return without(value, [...path, error.params.propertyName]);
    case "required": {
      const property = error.params.missingProperty as string;
      const { properties = {} } = (error.parentSchema ?? {}) as {
        properties?: Record<string, { examples: unknown[] }>;
      };
      return withValue(value, [...path, property], structuredClone(properties[property]?.examples[0]));
    }
    default:
      return path.length === 0 ? {} : without(value, path);
  }
}

function without(value: unknown, path: readonly string[]): unknown {
  const parent = path.slice(0, -1).reduce(child, value);
  // A list with an item missing would mean something else: the whole list goes.
  if (Array.isArray(parent)) return without(value, path.slice(0, -1));
  if (parent !== null && typeof parent === "object") delete (parent as Record<string, unknown>)[path.at(-1) as string];
  return value;
}

function withValue(value: unknown, path: readonly string[], replacement: unknown): unknown {
  const parent = path.slice(0, -1).reduce(child, value);
  if (parent !== null && typeof parent === "object") {
    (parent as Record<string, unknown>)[path.at(-1) as string] = replacement;
  }
  return value;
}

function child(value: unknown, key: string): unknown {
  return value !== null && typeof value === "object" ? (value as Record<string, unknown>)[key] : undefined;
}

/** A value as it may stand in the file, cut where it grows long. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function example(node: Record<string, unknown>): string {
  const [first] = (node.examples as unknown[] | undefined) ?? [];
  return first === undefined ? "another value" : `for example ${show(first)}`;
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
