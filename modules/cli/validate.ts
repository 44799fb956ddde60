import { Command } from "commander";
import { loadTopology, TopologyError } from "../topology";
import { coloursOf, printJson } from "./output";
import { reportOf, reportText } from "./report";
import { DEFAULT_TOPOLOGY } from "./topology-file";

const EXAMPLES = `
Examples:
  gitlab-aws validate                                   topology.json, or what TOPOLOGY names
  gitlab-aws validate topology.*.yaml --json            several files, for another program
  gitlab-aws validate --watch                           again whenever the file changes
  gitlab-aws validate --fix                             correct misspelt names, then say what is left

Exit codes: 0 no errors (there may be warnings), 1 errors, 2 the command isn't one.
Warnings are silenced in the topology, with a reason: silence, in docs/topology.md.`;

interface Options {
  readonly fix?: true;
  readonly watch?: true;
  readonly json?: true;
}

/** `gitlab-aws validate`: everything that is wrong with topologies, in one run. */
export function validateCommand(): Command {
  return new Command("validate")
    .description("Say everything that is wrong with topologies")
    .argument("[files...]", "topology files", [DEFAULT_TOPOLOGY])
    .option("--fix", "correct in the files what has one clear correction")
    .option("--watch", "validate again whenever a file changes, until Ctrl-C")
    .option("--json", "print the result as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (files: string[], options: Options) => {
      const run = () => validate(files, options);
      // Watched first: what changes while it is read is read again.
      if (options.watch) (await import("./watch")).watchFiles(() => filesOf(files), run);
      process.exitCode = await run();
    });
}

async function validate(files: readonly string[], { fix, json }: Options): Promise<number> {
  const fixed = fix ? (await import("./fix")).fixFiles(files) : [];
  const reports = files.map((file) => reportOf(file));
  if (json) printJson({ files: reports, ...(fix && { fixed }) });
  else {
    const colour = coloursOf(process.stdout);
    for (const problem of fixed) {
      const { file, position, path, replacement } = problem;
      console.log(`${file}:${position.line}:${position.column} fixed: ${path}: ${replacement}`);
    }
    process.stdout.write(reports.map((one) => reportText(one, colour)).join("\n"));
  }
  return reports.every(({ valid }) => valid) ? 0 : 1;
}

/** The files, and those that they extend as far as they can be read. */
function filesOf(files: readonly string[]): string[] {
  return files.flatMap((file) => {
    try {
      return loadTopology(file).files;
    } catch (error) {
      return error instanceof TopologyError ? [file, ...error.problems.map((problem) => problem.file)] : [file];
    }
  });
}
