import { compile, type JSONSchema } from "json-schema-to-typescript";
import { mapChildren, type SchemaNode } from "../modules/topology/schema-node";

/**
 * The TypeScript types of the schema, as the text of a module: `TopologyFile`, what a file may hold, and `Topology`,
 * the same once each default is filled in.
 *
 * @param schema without references: defaults stand beside them
 */
export async function generateTypes(schema: SchemaNode): Promise<string> {
  const options = {
    bannerComment: "",
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    style: { printWidth: 120 },
  };
  const file = await compile(titled(schema, "File") as JSONSchema, "TopologyFile", options);
  const resolved = await compile(titled(defaultsFilledIn(schema), "") as JSONSchema, "Topology", options);
  return [
    "// Generated from modules/topology/topology.schema.json by `npm run generate`. Don't edit.\n",
    "// What a topology file may hold.\n",
    file,
    "// The same once each default is filled in.\n",
    resolved,
  ].join("\n");
}

/** Gives each object a title, its interface's name: /database/storage is DatabaseStorageConfig, a zone NetworkZoneConfig. */
function titled(node: SchemaNode, suffix: string, path: readonly string[] = []): SchemaNode {
  const name = path.map((part) => part.replace(/(^|[-_])(\w)/g, (_, __, letter) => letter.toUpperCase())).join("");
  const title = path.length === 0 ? `Topology${suffix}` : `${name}${suffix || "Config"}`;
  const singular = [...path.slice(0, -1), (path.at(-1) ?? "").replace(/s$/, "")];
  const mapped = mapChildren(node, (child, key) => titled(child, suffix, key ? [...path, key] : singular));
  return node.properties ? { ...mapped, title } : mapped;
}

/** Requires what has a default: once resolved it's there. */
function defaultsFilledIn(node: SchemaNode): SchemaNode {
  const filled = Object.entries(node.properties ?? {})
    .filter(([, child]) => "default" in child || "x-default" in child)
    .map(([key]) => key);
  return { ...mapChildren(node, defaultsFilledIn), required: [...(node.required ?? []), ...filled] };
}
