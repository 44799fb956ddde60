import { type SchemaNode, withoutReferences } from "../topology/schema-node";
import schema from "../topology/topology.schema.json";

const ROOT = withoutReferences(schema as SchemaNode);

/** What the schema says of the property at a path; undefined where there is no such property. */
export function nodeAt(path: readonly string[]): SchemaNode | undefined {
  return path.reduce<SchemaNode | undefined>((node, key) => childOf(node, key), ROOT);
}

function childOf(node: SchemaNode | undefined, key: string): SchemaNode | undefined {
  if (node?.items) return /^\d+$/.test(key) ? node.items : undefined;
  if (node?.properties && Object.hasOwn(node.properties, key)) return node.properties[key];
  const others = node?.additionalProperties;
  return typeof others === "object" && others !== null ? (others as SchemaNode) : undefined;
}

/** What a property may be followed by: the names of its properties. */
export function namesAt(path: readonly string[]): string[] {
  return Object.keys(nodeAt(path)?.properties ?? {}).filter((name) => name !== "$schema");
}

/** `database.storage.iops`, `network.zones[0].name` or `/network/zones/0/name` to its keys. */
export function parsePath(text: string): string[] {
  if (text.startsWith("/")) return text.split("/").slice(1);
  return text
    .replace(/\[(\d+)\]/g, ".$1")
    .split(".")
    .filter((key) => key !== "");
}

/** Keys as people write them: `network.zones[0].name`. */
export function formatPath(path: readonly string[]): string {
  return path.map((key, index) => (/^\d+$/.test(key) ? `[${key}]` : index === 0 ? key : `.${key}`)).join("");
}

/** Every value in a topology that isn't an object with properties of its own, with its path. */
export function valuesIn(value: unknown, path: readonly string[] = []): { path: readonly string[]; value: unknown }[] {
  const node = nodeAt(path);
  if (node?.properties && typeof value === "object" && value !== null) {
    return Object.keys(node.properties)
      .filter((key) => Object.hasOwn(value, key) && key !== "$schema" && key !== "extends")
      .flatMap((key) => valuesIn((value as Record<string, unknown>)[key], [...path, key]));
  }
  if (node?.items?.properties && Array.isArray(value)) {
    return value.flatMap((item, index) => valuesIn(item, [...path, String(index)]));
  }
  return [{ path, value }];
}
