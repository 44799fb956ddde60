// Writes the files that are generated from the schema: `npm run generate`.
import { writeFileSync } from "node:fs";
import { type SchemaNode, withoutReferences } from "../modules/topology/schema-node";
import schema from "../modules/topology/topology.schema.json";
import { generateEffects } from "./generate-effects";
import { generateTranscripts } from "./generate-transcripts";
import { generated } from "./generated";

async function main(): Promise<void> {
  for (const [file, content] of Object.entries(await generated())) write(file, content);
  write("modules/explain/effects.json", generateEffects(withoutReferences(schema as SchemaNode)));
  // Last: they say what the files above make of topologies.
  for (const [file, content] of Object.entries(generateTranscripts())) write(file, content);
}

function write(file: string, content: string): void {
  writeFileSync(file, content);
  console.log(`wrote ${file}`);
}

main();
