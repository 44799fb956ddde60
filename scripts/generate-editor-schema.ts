import { type SchemaNode, withoutReferences } from "../modules/topology/schema-node";

/**
 * The schema with what editors show beside it: `markdownDescription`, a property's description with its default, unit and
 * chapter of the guide, and `patternErrorMessage`, in words what a pattern expects.
 *
 * Both keywords are read by the language servers of JSON and YAML. References are inlined: some editors, as draft 7 has
 * it, take no notice of keywords beside a `$ref`.
 */
export function withEditorKeywords(schema: SchemaNode): SchemaNode {
  const { required, ...node } = annotated(withoutReferences(schema), false);
  // An editor sees one file at a time: what one lacks that extends another, the other has.
  return { ...node, if: { required: ["extends"] }, else: { required } };
}

function annotated(node: SchemaNode, required: boolean): SchemaNode {
  const child = (key: string): SchemaNode =>
    typeof node[key] === "object" ? { [key]: annotated(node[key] as SchemaNode, false) } : {};
  const { description, pattern, properties, "x-expected": expected } = node;
  return {
    ...node,
    ...(description && {
      markdownDescription: [plain(description), facts(node, required)].filter(Boolean).join("\n\n"),
    }),
    ...(pattern !== undefined && { patternErrorMessage: `Expected ${expected}${example(node)}.` }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, property]) => [
          key,
          annotated(property, node.required?.includes(key) ?? false),
        ]),
      ),
    }),
    ...child("items"),
    ...child("additionalProperties"),
    ...child("propertyNames"),
  };
}

/** ``Default: `100` · 20 to 65536 GiB · Guide: *Create the database*`` */
function facts(node: SchemaNode, required: boolean): string {
  const { minimum, maximum, "x-unit": unit, "x-guide": guide } = node;
  const range = minimum === undefined ? "" : `${minimum} to ${maximum}`;
  return [absence(node, required), [range, unit].filter(Boolean).join(" "), guide && `Guide: *${guide}*`]
    .filter(Boolean)
    .join(" · ");
}

/** What holds where the property isn't there. */
function absence(node: SchemaNode, required: boolean): string {
  if (required) return "**Required**";
  if (node["x-default"]) return `Default: ${plain(String(node["x-default"]))}`;
  if (node["x-absent"]) return `Without it: ${plain(String(node["x-absent"]))}`;
  // That of an object is what its properties say.
  return node.default === undefined || node.properties ? "" : `Default: \`${JSON.stringify(node.default)}\``;
}

function example({ examples }: SchemaNode): string {
  return examples ? `, for example ${JSON.stringify(examples[0])}` : "";
}

/** Text as Markdown that reads the same. */
function plain(text: string): string {
  return text.replace(/[\\`*_<>[\]]/g, "\\$&");
}
