import { isObject, type Json, type JsonObject, mapStrings } from "../json";
import type { TierStack } from "../terraform/tier-stack";

/** Blocks by type, and then by name. */
export type Blocks = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

/** A variable's arguments. Its type is written as in Terraform's language: `map(string)`. */
export interface Variable {
  readonly description: string;
  readonly type: string;
  readonly default?: Json;
  readonly nullable?: boolean;
  readonly sensitive?: boolean;
  readonly validation?: readonly { readonly condition: string; readonly error_message: string }[];
}

/** An output's arguments. */
export interface Output {
  readonly description: string;
  readonly value: Json;
  readonly sensitive?: boolean;
  readonly depends_on?: readonly string[];
}

/** What a tier reads from another one, as `outputs.private_subnet_ids["us-west-2a"]`. */
export interface Reading {
  readonly tier: string;
  readonly output: string;
  /** The members that are read, by key or index. Empty where the whole value is. */
  readonly members: readonly (string | number)[];
}

/** One synthesized stack, without cdktf's traces: nothing that stands in it tells where it came from. */
export interface TierModule {
  readonly name: string;
  readonly purpose: string;
  readonly resource: Blocks;
  readonly data: Blocks;
  readonly ephemeral: Blocks;
  readonly locals: JsonObject;
  /** Blocks of other types: `check` and what a stack of one's own may hold. */
  readonly others: JsonObject;
  readonly variables: Readonly<Record<string, Variable>>;
  readonly outputs: Readonly<Record<string, Output>>;
  /** Provider configurations by provider. */
  readonly provider: Readonly<Record<string, readonly JsonObject[]>>;
  readonly requiredVersion: string;
  readonly requiredProviders: Readonly<Record<string, { readonly source: string; readonly version: string }>>;
  readonly moved: readonly JsonObject[];
  readonly imports: readonly JsonObject[];
  readonly removed: readonly JsonObject[];
  readonly readings: readonly Reading[];
  /** What modules call its outputs where they take them. */
  readonly inputNames: Readonly<Record<string, string>>;
}

/** A reference to another stack's output, with the one member that it reads of a map or a list. */
const READING =
  /data\.terraform_remote_state\.(?<id>\w+)\.outputs\.(?<output>\w+)(?:\["(?<key>[^"]*)"\]|\[(?<index>\d+)\])?/g;

/**
 * Reads what cdktf synthesized for a stack.
 *
 * @param json the stack's `cdk.tf.json`
 * @param tierOf a tier's name by the name of the data source that reads its state
 */
export function readStack(stack: TierStack, json: JsonObject, tierOf: (id: string) => string): TierModule {
  const {
    resource = {},
    data = {},
    ephemeral = {},
    locals = {},
    variable = {},
    output = {},
    provider = {},
    terraform = {},
    moved = [],
    import: imports = [],
    removed = [],
    ...others
  } = withoutMetadata(json) as Record<string, JsonObject>;
  const { terraform_remote_state, ...sources } = data as JsonObject;
  const outputs = output as unknown as Record<string, Output>;
  const { required_version, required_providers } = terraform as JsonObject;
  return {
    name: stack.node.id,
    purpose: stack.purpose,
    resource: resource as unknown as Blocks,
    data: sources as unknown as Blocks,
    ephemeral: ephemeral as unknown as Blocks,
    locals,
    others,
    variables: variable as unknown as Record<string, Variable>,
    outputs,
    provider: provider as unknown as TierModule["provider"],
    requiredVersion: required_version as string,
    requiredProviders: required_providers as unknown as TierModule["requiredProviders"],
    moved: moved as unknown as JsonObject[],
    imports: imports as unknown as JsonObject[],
    removed: removed as unknown as JsonObject[],
    readings: readingsIn([resource, sources, ephemeral, locals, output, others], tierOf),
    inputNames: Object.fromEntries(Object.keys(outputs).map((name) => [name, stack.inputName(name)])),
  };
}

/** The same value without cdktf's own notes, which stand under `//`. */
function withoutMetadata(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutMetadata);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([key]) => key !== "//");
  return Object.fromEntries(entries.map(([key, member]) => [key, withoutMetadata(member)]));
}

function readingsIn(value: unknown, tierOf: (id: string) => string): Reading[] {
  const found = new Map<string, { tier: string; output: string; members: Set<string | number>; whole: boolean }>();
  mapStrings(value, (text) => {
    for (const { groups = {} } of text.matchAll(READING)) {
      const { id = "", output = "", key, index } = groups;
      const name = `${id}.${output}`;
      const reading = found.get(name) ?? { tier: tierOf(id), output, members: new Set(), whole: false };
      if (key !== undefined) reading.members.add(key);
      else if (index !== undefined) reading.members.add(Number(index));
      else reading.whole = true;
      found.set(name, reading);
    }
    return text;
  });
  return [...found.keys()].sort().map((name) => {
    const { tier, output, members, whole } = found.get(name) as NonNullable<ReturnType<typeof found.get>>;
    return { tier, output, members: whole ? [] : [...members].sort() };
  });
}

/** The same module with what it reads from other tiers taken from elsewhere. */
export function withReadings<T>(value: T, replace: (id: string, output: string) => string): T {
  return mapStrings(value, (text) =>
    text.replace(/data\.terraform_remote_state\.(\w+)\.outputs\.(\w+)/g, (_, id: string, output: string) =>
      replace(id, output),
    ),
  );
}
