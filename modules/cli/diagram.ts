import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Command, Option } from "commander";
import type { Format } from "../diagram";
import { printJson } from "./output";
import { DEFAULT_TOPOLOGY, readForCommand } from "./topology-file";
import { writeFileWhole } from "./write-file";

const EXAMPLES = `
Examples:
  gitlab-aws diagram --out gitlab.svg                   an image, light or dark as its reader has it
  gitlab-aws diagram topology.production.yaml > production.svg
  gitlab-aws diagram --format mermaid                   text, for a README's block of mermaid

Exit codes: 0 drawn, 1 the topology has errors, 2 the command isn't one. How to show it in a README: docs/diagram.md`;

interface Options {
  readonly format: Format;
  readonly out?: string;
  readonly json?: true;
}

/** `gitlab-aws diagram`: the deployment, drawn from its topology. */
export function diagramCommand(): Command {
  return new Command("diagram")
    .description("Draw what a topology builds")
    .argument("[file]", "the topology file", DEFAULT_TOPOLOGY)
    .addOption(new Option("-f, --format <format>", "what it is drawn as").choices(["svg", "mermaid"]).default("svg"))
    .option("-o, --out <file>", "the file to write; default: standard output")
    .option("--json", "print the result as JSON: what is drawn, or what is wrong with the topology")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, options: Options) => {
      process.exitCode = await run(file, options);
    });
}

async function run(file: string, { format, out, json }: Options): Promise<number> {
  const loaded = readForCommand(file, { json, warnings: false });
  if (!loaded) return 1;
  const { diagramOf, draw } = await import("../diagram");
  const text = draw(diagramOf(loaded.topology), format);
  if (out !== undefined) {
    mkdirSync(dirname(out), { recursive: true });
    writeFileWhole(out, text);
  }
  if (json) printJson({ format, ...(out === undefined ? { text } : { file: out }) });
  else if (out === undefined) process.stdout.write(text);
  else console.log(`Wrote ${out}`);
  return 0;
}
