import schema from "../schemas/topology.schema.json";
import { generateTypes, type SchemaNode } from "./generate-types";

/** The generated files: path to content. A test compares them with those committed. */
export async function generated(): Promise<Record<string, string>> {
  return {
    "modules/topology/config.ts": await generateTypes(schema as SchemaNode),
  };
}
