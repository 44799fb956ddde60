import { type SchemaNode, withoutReferences } from "../modules/topology/schema-node";
import schema from "../modules/topology/topology.schema.json";
import { withEditorKeywords } from "./generate-editor-schema";
import { generateReference } from "./generate-reference";
import { generateTypes } from "./generate-types";
import { generateValidator } from "./generate-validator";

/** The generated files: path to content. A test compares them with those committed. */
export async function generated(): Promise<Record<string, string>> {
  // A problem's message takes unit and example from where the property stands, not from what it refers to.
  const inlined = withoutReferences(schema as SchemaNode);
  return {
    "modules/topology/config.ts": await generateTypes(inlined),
    "modules/topology/validator.ts": generateValidator(inlined),
    "docs/topology.md": generateReference(inlined),
    "schemas/topology.schema.json": `${JSON.stringify(withEditorKeywords(schema as SchemaNode), undefined, 2)}\n`,
  };
}
