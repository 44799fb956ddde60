import schema from "../schemas/topology.schema.json";
import { generateReference } from "./generate-reference";
import { generateTypes, type SchemaNode, withoutReferences } from "./generate-types";
import { generateValidator } from "./generate-validator";

/** The generated files: path to content. A test compares them with those committed. */
export async function generated(): Promise<Record<string, string>> {
  // A problem's message takes unit and example from where the property stands, not from what it refers to.
  const inlined = withoutReferences(schema as SchemaNode);
  return {
    "modules/topology/config.ts": await generateTypes(inlined),
    "modules/topology/validator.ts": generateValidator(inlined),
    "docs/topology.md": generateReference(inlined),
  };
}
