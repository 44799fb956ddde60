// Writes the files that are generated from the schema: `npm run generate`.
import { writeFileSync } from "node:fs";
import { generated } from "./generated";

async function main(): Promise<void> {
  for (const [file, content] of Object.entries(await generated())) {
    writeFileSync(file, content);
    console.log(`wrote ${file}`);
  }
}

main();
