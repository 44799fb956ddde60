import type { LoadedTopology } from "../topology";
import { defaultText, type SchemaNode } from "../topology/schema-node";
import { show } from "../topology/show";
import { presetOf } from "../topology/sizes";
import { pathToPointer, valueAt } from "../topology/source";
import { type Effect, effectOf } from "./effects";
import { formatPath, nodeAt, valuesIn } from "./properties";

/** Where a value comes from. */
export type Origin =
  | { readonly from: "file"; readonly file: string; readonly line: number; readonly column: number }
  /** A size of GitLab's reference architectures. */
  | { readonly from: "size"; readonly size: string }
  /** The schema's default: mostly the guide's value. */
  | { readonly from: "default" }
  /** Another value, in the way that `rule` says. */
  | { readonly from: "derived"; readonly rule: string };

/** One value of the effective topology. */
export interface Explained {
  /** As people write it: `database.storage.iops`. */
  readonly path: string;
  readonly value: unknown;
  readonly origin: Origin;
  /** The guide's chapter. */
  readonly guide?: string;
}

/** Everything there is to say of one property. */
export interface PropertyExplained {
  readonly path: string;
  readonly description: string;
  readonly type: string;
  readonly unit?: string;
  readonly default?: string;
  /** What is allowed, in words or as a list. */
  readonly allowed?: string;
  readonly guide?: string;
  /** Undefined where the topology has no value for it. */
  readonly value?: unknown;
  readonly origin?: Origin;
  /** Where it ends up, and what a change of it does. */
  readonly effect?: Effect;
}

/** The values below a path, in the schema's order. */
export function explainValues(loaded: LoadedTopology, path: readonly string[]): Explained[] {
  const below = valueAt(loaded.topology, pathToPointer(path));
  if (below === undefined) return [];
  return valuesIn(below, path).map((one) => {
    const { "x-guide": guide } = nodeAt(one.path) ?? {};
    return {
      path: formatPath(one.path),
      value: one.value,
      origin: originOf(loaded, one.path),
      ...(guide !== undefined && { guide: String(guide) }),
    };
  });
}

/** One property; undefined where there is none at the path. */
export function explainProperty(loaded: LoadedTopology, path: readonly string[]): PropertyExplained | undefined {
  const node = nodeAt(path);
  if (!node) return undefined;
  const value = valueAt(loaded.topology, pathToPointer(path));
  const effect = effectOf(path);
  return {
    path: formatPath(path),
    description: String(node.description),
    type: node.items ? `list of ${node.items.type}s` : String(node.type),
    ...(node["x-unit"] !== undefined && { unit: String(node["x-unit"]) }),
    ...withText("default", defaultText(node, show)),
    ...withText("allowed", allowedIn(node)),
    ...(node["x-guide"] !== undefined && { guide: String(node["x-guide"]) }),
    ...(value !== undefined && { value, origin: originOf(loaded, path) }),
    ...(effect && { effect }),
  };
}

function originOf({ whereGiven, topology }: LoadedTopology, path: readonly string[]): Origin {
  const given = whereGiven(pathToPointer(path));
  if (given) return { from: "file", file: given.file, ...given.position };
  const preset = valueAt(presetOf(topology.size), pathToPointer(path));
  if (preset !== undefined) return { from: "size", size: String(topology.size) };
  // What has no default itself came with what it is part of.
  for (let length = path.length; length > 0; length--) {
    const node = nodeAt(path.slice(0, length));
    if (node?.["x-default"] !== undefined) return { from: "derived", rule: String(node["x-default"]) };
    if (node && "default" in node) break;
  }
  return { from: "default" };
}

function allowedIn(node: SchemaNode): string | undefined {
  const { minimum, maximum, "x-expected": expected } = node;
  if (node.enum) return node.enum.map((one) => show(one)).join(", ");
  if (expected !== undefined) return String(expected);
  return minimum === undefined ? undefined : `${minimum} to ${maximum}`;
}

function withText<K extends string>(key: K, text: string | undefined): { [key in K]?: string } {
  return (text === undefined ? {} : { [key]: text }) as { [key in K]?: string };
}
