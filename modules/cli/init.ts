import { lstatSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Command } from "commander";
import type { Answers, Finding } from "../init";
import { settings } from "../init/settings";
import { printJson } from "./output";
import { DEFAULT_TOPOLOGY } from "./topology-file";
import { writeFileWhole } from "./write-file";

interface Options {
  readonly out: string;
  readonly yes?: true;
  readonly force?: true;
  readonly json?: true;
}

/** What shells report of a program that Ctrl-C ended. */
const CANCELLED = 130;

const EXAMPLES = `
Examples:
  gitlab-aws init                        asks, and writes topology.json
  gitlab-aws init --out topology.yaml    the same with a comment to each property
  gitlab-aws init --region us-west-2 --domain gitlab.example.com --trusted-cidr 203.0.113.0/24

Without a terminal, or with --yes, nothing is asked: --region, --domain and --trusted-cidr are required then. Exit code 130
after Ctrl-C; nothing is written.

From here to a GitLab that answers: docs/first-deployment.md`;

/** `gitlab-aws init`: a topology file from a few answers. */
export function initCommand(): Command {
  const command = new Command("init").description("Write a topology file, from answers or flags");
  for (const { flag, help } of settings) command.option(flag, help);
  return command
    .option("-o, --out <file>", "the file; .json, .jsonc or .yaml is its format", DEFAULT_TOPOLOGY)
    .option("-y, --yes", "ask nothing; what no flag says has its default")
    .option("--force", "overwrite a file that exists")
    .option("--json", "print the result as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (options: Options) => {
      process.exitCode = await run(options, answersOf(command));
    });
}

/** What flags say. */
function answersOf(command: Command): Answers {
  const given = settings.map(({ flag, path }): [string, unknown] => {
    const option = command.options.find(({ flags }) => flags === flag);
    return [path, option && command.getOptionValue(option.attributeName())];
  });
  return new Map(given.filter(([, value]) => value !== undefined));
}

async function run({ out, yes, force, json }: Options, flags: Answers): Promise<number> {
  const init = await import("../init");
  if (!init.isWritable(out)) {
    console.error(`--out is ${out}, but must end in .json, .jsonc, .yaml or .yml, which is the file's format.`);
    return 2;
  }
  const isTaken = () => !force && lstatSync(out, { throwIfNoEntry: false }) !== undefined;
  if (isTaken()) return refuseTaken(out);
  const asks = !yes && process.stdin.isTTY && process.stderr.isTTY;
  const refuse = (findings: readonly Finding[]) => {
    if (json) printJson({ problems: findings });
    else console.error(findings.map(init.formatFinding).join("\n"));
    return findings.some(({ rule }) => rule === "missing") ? 2 : 1;
  };

  const early = init.objections(flags, { complete: !asks });
  if (early.length > 0) return refuse(early);
  if (!json) for (const doubt of init.doubts(flags)) console.error(init.formatFinding(doubt));
  let answers = flags;
  if (asks) {
    try {
      // Standard output is for the result.
      answers = await init.interview(flags, { input: process.stdin, output: process.stderr });
    } catch (error) {
      if (!(error instanceof init.Cancelled)) throw error;
      console.error("Nothing was written.");
      return CANCELLED;
    }
    // A flag and an answer may contradict each other.
    const late = init.objections(answers, { complete: true });
    if (late.length > 0) return refuse(late);
    if (isTaken()) return refuseTaken(out);
  }

  const topology = init.topologyOf(answers);
  mkdirSync(dirname(out), { recursive: true });
  writeFileWhole(out, init.documentOf(out, topology, init.schemaPath(out)));
  if (json) printJson({ file: out, topology, warnings: init.doubts(answers) });
  else console.log(nextSteps(out));
  return 0;
}

function refuseTaken(out: string): number {
  console.error(`${out} exists already. Name another file with --out, or overwrite it with --force.`);
  return 1;
}

function nextSteps(out: string): string {
  const isDefault = out === DEFAULT_TOPOLOGY;
  return `Wrote ${out}. What is next:
  npx gitlab-aws validate${isDefault ? "" : ` ${out}`}
  npx gitlab-aws export --out terraform${isDefault ? "" : ` --topology ${out}`}`;
}
