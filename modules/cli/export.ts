import { join } from "node:path";
import { Command, Option } from "commander";
import type { Difference, Format, Layout } from "../export";
import { printJson } from "./output";
import { DEFAULT_TOPOLOGY, readForCommand } from "./topology-file";

interface Options {
  readonly out: string;
  readonly topology: string;
  readonly layout?: Layout;
  readonly format?: Format;
  readonly check?: true;
  readonly force?: true;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  gitlab-aws export --out terraform                     one root module that calls a module a tier
  gitlab-aws export --out terraform --layout stacks     a root module and a state a tier
  gitlab-aws export --out terraform --check             exit 1 where the folder isn't what the topology says

What is written, and which files stay whose: docs/export.md`;

/** `gitlab-aws export`: plain Terraform, to be committed and applied without this project. */
export function exportCommand(): Command {
  return new Command("export")
    .description("Write plain Terraform to a folder")
    .requiredOption("-o, --out <dir>", "the folder; files of yours in it are never touched")
    .option("-t, --topology <file>", "the topology file", DEFAULT_TOPOLOGY)
    .addOption(
      new Option(
        "-l, --layout <layout>",
        "modules: one state; stacks: a state a tier (default: as before, else modules)",
      ).choices(["modules", "stacks"]),
    )
    .addOption(
      new Option("-f, --format <format>", "the syntax (default: as before, else json)").choices(["json", "hcl"]),
    )
    .addOption(new Option("--check", "write nothing; exit 1 and list what an export would change").conflicts("force"))
    .option("--force", "overwrite files that somebody edited, or that lie in the way")
    .option("--json", "print the result as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (options: Options) => {
      process.exitCode = await run(options);
    });
}

async function run(options: Options): Promise<number> {
  const { out, check = false, force = false } = options;
  const loaded = readForCommand(options.topology, options);
  if (!loaded) return 1;
  const { topology, warnings } = loaded;

  const { compare, isConflict, readManifest, recover, replace } = await import("../export");
  if (!check) recover(out);
  const before = readManifest(out);
  const form = {
    layout: options.layout ?? before?.layout ?? "modules",
    format: options.format ?? before?.format ?? "json",
  } as const;
  const { treeOf } = await import("./tree");
  const tree = treeOf(topology, form);
  const differences = compare(out, tree, form);
  const conflicts = force ? [] : differences.filter(isConflict);
  const writes = !check && conflicts.length === 0 && differences.length > 0;
  if (writes) await replace(out, tree, form, differences);

  if (options.json) printJson({ out, ...form, written: writes, differences, warnings });
  else report({ out, check, differences, conflicts, files: Object.keys(tree).length });
  return conflicts.length > 0 || (check && differences.length > 0) ? 1 : 0;
}

const DONE: Readonly<Record<Difference["kind"], string>> = {
  add: "added",
  change: "changed",
  remove: "removed",
  edited: "overwritten",
  foreign: "overwritten",
};

const TO_DO: Readonly<Record<Difference["kind"], string>> = {
  add: "is missing",
  change: "is out of date",
  remove: "is left over",
  edited: "was edited by hand",
  foreign: "is not an export's, and lies in the way",
};

function report(result: {
  readonly out: string;
  readonly check: boolean;
  readonly differences: readonly Difference[];
  readonly conflicts: readonly Difference[];
  readonly files: number;
}): void {
  const { out, check, differences, conflicts, files } = result;
  if (differences.length === 0) {
    console.log(`${out} is up to date: ${files} files`);
  } else if (check) {
    for (const { path, kind } of differences) console.log(`${join(out, path)} ${TO_DO[kind]}`);
    console.error("The folder is not what the topology says. Export again, without --check.");
  } else if (conflicts.length > 0) {
    for (const { path, kind } of conflicts) console.error(`${join(out, path)} ${TO_DO[kind]}`);
    console.error(
      "Nothing was written. Put the change into the topology or into a file of its own, or export with --force.",
    );
  } else {
    for (const { path, kind } of differences) console.log(`${DONE[kind]} ${join(out, path)}`);
    console.log(`${out} holds ${files} files, ${differences.length} of them written or removed now`);
  }
}
