import { TerraformElement, type TerraformStack } from "cdktf";
import { isObject, type Json, type JsonObject } from "../json";

/**
 * Which arguments are nested blocks, as `resource.aws_lb.access_logs`. The provider's bindings know: their JSON form doesn't
 * tell a block from an attribute that holds an object, their form for HCL does.
 */
export type BlockPaths = ReadonlySet<string>;

/** What the bindings say of one argument. A provider's go through cdktf's conversion to snake case. */
interface Argument {
  readonly isBlock?: boolean;
  readonly is_block?: boolean;
  readonly value: unknown;
}

/** The block paths of all that is in the stacks. */
export function blockPathsOf(stacks: readonly TerraformStack[]): BlockPaths {
  const found = new Set<string>();
  for (const element of stacks.flatMap((stack) => stack.node.findAll())) {
    if (!TerraformElement.isTerraformElement(element)) continue;
    const { resource, data, provider } = element.toHclTerraform() as Record<string, JsonObject | undefined>;
    for (const [kind, types] of Object.entries({ resource, data })) {
      for (const [type, named] of Object.entries(types ?? {})) {
        for (const body of Object.values((named ?? {}) as JsonObject)) collect(body, `${kind}.${type}`, found);
      }
    }
    for (const [name, configurations] of Object.entries(provider ?? {})) {
      for (const body of configurations as readonly Json[]) collect(body, `provider.${name}`, found);
    }
  }
  return found;
}

function collect(body: unknown, path: string, found: Set<string>): void {
  if (!isObject(body)) return;
  for (const [name, argument] of Object.entries(body)) {
    if (!isArgument(argument) || !(argument.isBlock || argument.is_block)) continue;
    found.add(`${path}.${name}`);
    const bodies = Array.isArray(argument.value) ? argument.value : [argument.value];
    for (const inner of bodies) collect(inner, `${path}.${name}`, found);
  }
}

function isArgument(value: unknown): value is Argument {
  return isObject(value) && "value" in value;
}
