import type { ErrorObject, ValidateFunction } from "ajv";
import type { TopologyFile } from "./config";
import { describe, type SchemaProblem } from "./describe";
import { pointerToPath } from "./source";
import { validate as compiled } from "./validator";

/** The compiled schema: ajv itself is needed where it is generated only. */
const validate = compiled as unknown as ValidateFunction<TopologyFile>;

/**
 * Checks a value against the schema.
 *
 * Returns every problem, and a copy of the value in which static defaults are filled in and whatever the problems are
 * about is replaced by its default (or, where there is none, by the schema's example). Rules that don't look at
 * anything in `problems` can go on with it, so that one run finds all problems.
 *
 * @param given what of it the user wrote; default: all of it
 */
export function checkSchema(value: unknown, given = value): { problems: SchemaProblem[]; repaired: TopologyFile } {
  let repaired: unknown = structuredClone(value);
  let errors = errorsOf(repaired);
  const problems = withoutEchoes(
    errors.filter((error, _, all) => !isSaidByType(error, all)).flatMap((error) => describe(error, given)),
  );
  while (errors.length > 0) {
    repaired = errors.reduce(withoutCause, repaired);
    errors = errorsOf(repaired);
  }
  return { problems, repaired: repaired as TopologyFile };
}

/** What is wrong with a value, in which static defaults are filled in on the way. */
function errorsOf(value: unknown): readonly ErrorObject[] {
  return validate(value) ? [] : (validate.errors ?? []);
}

/** A value of the wrong type breaks most other constraints too; its type is all that needs saying. */
function isSaidByType(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  return errors.some(
    (other) => other !== error && other.keyword === "type" && other.instancePath === error.instancePath,
  );
}

/** Without the absence of a property that is there, misspelt. */
function withoutEchoes(problems: readonly SchemaProblem[]): SchemaProblem[] {
  const parentOf = (path: string) => path.slice(0, path.lastIndexOf("/"));
  const meant = problems.filter(({ atKey, replacement }) => atKey && replacement);
  const paths = new Set(meant.map(({ path, replacement }) => `${parentOf(path)}/${replacement}`));
  return problems.filter(({ path }) => !paths.has(path));
}

/** The value without what an error is about, so that its default can take the place. */
function withoutCause(value: unknown, error: ErrorObject): unknown {
  // `propertyNames` takes the key away.
  if (error.propertyName !== undefined) return value;
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
