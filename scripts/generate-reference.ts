import { defaultText, type SchemaNode } from "../modules/topology/schema-node";

/** docs/topology.md: a table a section of the topology, a row a property. */
export function generateReference(schema: SchemaNode): string {
  const properties = Object.entries(schema.properties ?? {}).filter(([name]) => name !== "$schema");
  const sections = properties.filter(([, node]) => node.properties);
  const top = properties.filter(([, node]) => !node.properties);
  return [
    "<!-- Generated from modules/topology/topology.schema.json by `npm run generate`. Don't edit. -->",
    "# The topology file",
    "",
    `${schema.description} Unknown properties are refused.`,
    "",
    table(rows(top, schema)),
    "",
    ...sections.flatMap(([name, node]) => [
      `## ${name}`,
      "",
      text(node),
      "",
      table(rows(Object.entries(node.properties ?? {}), node)),
      "",
    ]),
  ].join("\n");
}

type Row = readonly [property: string, type: string, defaultValue: string, description: string];

/** The rows of some properties, with those of the objects and lists in them below. */
function rows(properties: readonly (readonly [string, SchemaNode])[], parent: SchemaNode, prefix = ""): Row[] {
  return properties.flatMap(([name, node]) => {
    const path = `${prefix}${name}`;
    const inner = node.properties ? node : node.items;
    const innerPrefix = node.properties ? `${path}.` : `${path}[].`;
    const row: Row = [
      `\`${path}\``,
      type(node),
      parent.required?.includes(name) ? "**required**" : (defaultText(node, inCode) ?? ""),
      text(node),
    ];
    return [row, ...(inner?.properties ? rows(Object.entries(inner.properties), inner, innerPrefix) : [])];
  });
}

function table(all: readonly Row[]): string {
  const lines = all.map(
    (row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|").replaceAll("<", "&lt;")).join(" | ")} |`,
  );
  return ["| property | type | default | |", "| --- | --- | --- | --- |", ...lines].join("\n");
}

function type(node: SchemaNode): string {
  const unit = node["x-unit"] ? `, ${node["x-unit"]}` : "";
  const { minimum, maximum } = node;
  const range = minimum === undefined ? "" : `, ${minimum} to ${maximum}`;
  // The regions would fill the page; the error message names them.
  const values = node.enum && node.enum.length <= 8 ? `: ${node.enum.map((one) => `\`${one}\``).join(", ")}` : "";
  return `${node.type === "array" ? `list of ${node.items?.type}s` : node.type}${range}${unit}${values}`;
}

function inCode(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}

function text(node: SchemaNode): string {
  const chapter = node["x-guide"] ? ` *Guide: ${node["x-guide"]}.*` : "";
  return `${node.description}${chapter}`;
}
