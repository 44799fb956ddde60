import { isDeepStrictEqual } from "node:util";
import { Command } from "commander";
import type { Action, Change, Difference, TopologyDiff } from "../diff";
import { type Json, mapStrings } from "../json";
import { show } from "../topology/show";
import { type Colours, coloursOf, printJson } from "./output";
import { readAllForCommand } from "./topology-file";

const EXAMPLES = `
Examples:
  gitlab-aws diff old.json topology.json                what applying topology.json would do to what old.json built
  gitlab-aws diff staging.yaml production.yaml --json   for another program

In a merge request, with the file of the main branch as OLD: docs/diff.md

Exit codes: 0 nothing that holds data is destroyed or replaced (there may be other differences), 1 something is, or a
topology has errors, 2 the command isn't one.`;

interface Options {
  readonly json?: true;
}

/** `gitlab-aws diff`: what another topology does to a deployment, without Terraform. */
export function diffCommand(): Command {
  return new Command("diff")
    .description("Say what changes in AWS between two topologies, and what of it destroys data")
    .argument("<old>", "the topology file as it was applied")
    .argument("<new>", "the one to be applied")
    .option("--json", "print the result as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (before: string, after: string, options: Options) => {
      process.exitCode = await run([before, after], options);
    });
}

async function run(files: readonly [before: string, after: string], { json }: Options): Promise<number> {
  const [before, after] = readAllForCommand(files, { json, warnings: false }) ?? [];
  if (!before || !after) return 1;
  const { diffTopologies } = await import("../diff");
  const diff = diffTopologies(before.topology, after.topology);
  const losses = diff.differences.filter(({ loss }) => loss);
  if (json) printJson({ old: files[0], new: files[1], ...diff });
  else process.stdout.write(diffText(diff, coloursOf(process.stdout)));
  return diff.region || losses.length > 0 ? 1 : 0;
}

/** As Terraform's plans have them. */
const SIGNS: Readonly<Record<Action, string>> = { destroy: "-", replace: "-/+", update: "~", create: "+" };
const STYLES = { destroy: "red", replace: "red", update: "yellow", create: "green" } as const;
const ACTIONS = Object.keys(SIGNS) as Action[];

function diffText({ region, differences }: TopologyDiff, colour: Colours): string {
  if (region) {
    return `${colour(["red", "bold"], `THE REGION CHANGES from ${region.before} to ${region.after}.`)}
Terraform would look for everything in ${region.after}, find nothing and build an empty deployment; the old one would stay in
${region.before} with all data, out of Terraform's sight. Give the new one a name and a state of its own, then move the data.
`;
  }
  if (differences.length === 0) return "Nothing changes.\n";
  const tiers = [...new Set(differences.map(({ tier }) => tier))];
  const losses = differences.filter(({ loss }) => loss);
  return [
    ...(losses.length > 0 ? [lossesText(losses, colour)] : []),
    ...tiers.map((tier) => tierText(tier, differences, colour)),
    `${summary(differences, losses.length)}\n`,
  ].join("\n");
}

/** What is lost, first of all; resources of which the same is to be said, together. */
function lossesText(losses: readonly Difference[], colour: Colours): string {
  const groups = grouped(losses, ({ loss, refused }) => `  ${loss}${refused ? `\n  ${REFUSED}` : ""}\n`);
  const title = "DATA IS LOST: these hold data, and would be destroyed or replaced.";
  const text = groups.map(([what, group]) => {
    const lines = group.map(({ tier, ...one }) => `  ${headline(one, colour)} (${tier})\n`);
    return `${lines.join("")}${what.replace(/^/gm, "    ").trimEnd()}\n`;
  });
  return `${colour(["red", "bold"], title)}\n\n${text.join("\n")}`;
}

const REFUSED = "Terraform refuses to plan it while protect is on.";

/** A tier's resources, those together that change in the same way. */
function tierText(tier: string, differences: readonly Difference[], colour: Colours): string {
  const own = ACTIONS.flatMap((action) => differences.filter((one) => one.tier === tier && one.action === action));
  const groups = grouped(own, ({ action, changes, effect }) =>
    [action, ...changes.map(changeText), ...(effect ? [effect] : [])].map((line) => `      ${line}\n`).join(""),
  );
  const text = groups.map(([details, group]) => {
    const lines = group.map((one) => `  ${headline(one, colour)}\n`);
    return lines.join("") + details.slice(details.indexOf("\n") + 1);
  });
  return `${colour("bold", tier)}\n${text.join("")}`;
}

function headline({ action, address }: Pick<Difference, "action" | "address">, colour: Colours): string {
  return `${colour(STYLES[action], SIGNS[action].padStart(3))} ${address}`;
}

function changeText({ path, before, after, afterApply, replaces }: Change): string {
  const why = replaces ? "  # replaces it" : "";
  // It fills pages; the export has it to be read.
  if (path.startsWith("user_data")) return `user data${why}`;
  if (afterApply) return `${path}: ${valueText(before)} -> (known after apply)${why}`;
  const members = memberChanges(before, after);
  return `${path}: ${members ?? `${valueText(before)} -> ${valueText(after)}`}${why}`;
}

/** Which members of a list come and go; undefined where it's no list, or only in another order. */
function memberChanges(before: Json | undefined, after: Json | undefined): string | undefined {
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined;
  const missingIn = (list: readonly Json[]) => (one: Json) => !list.some((other) => isDeepStrictEqual(one, other));
  const gone = before.filter(missingIn(after)).map((one) => `- ${valueText(one)}`);
  const added = after.filter(missingIn(before)).map((one) => `+ ${valueText(one)}`);
  return gone.length + added.length > 0 ? [...gone, ...added].join(", ") : undefined;
}

/** A reference is shown as its stack has it, without the tier in front. */
function valueText(value: Json | undefined): string {
  return show(mapStrings(value, (text) => text.replace(/[\w-]+\/((data\.)?aws_\w+\.)/g, "$1")));
}

function summary(differences: readonly Difference[], losses: number): string {
  const counts = ACTIONS.map((action) => [action, differences.filter((one) => one.action === action).length] as const);
  const parts = counts.filter(([, number]) => number > 0).map(([action, number]) => `${number} to ${action}`);
  return `${parts.join(", ")}; ${losses > 0 ? `DATA IS LOST with ${losses} of them` : "no data is lost"}.`;
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): [key: string, group: T[]][] {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return [...groups];
}
