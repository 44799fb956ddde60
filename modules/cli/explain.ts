import { Command } from "commander";
import type { Explained, Origin, PropertyExplained } from "../explain";
import { closest } from "../topology/closest";
import { cut, show } from "../topology/show";
import { type Colours, coloursOf, printJson } from "./output";
import { DEFAULT_TOPOLOGY, readForCommand } from "./topology-file";

const EXAMPLES = `
Examples:
  gitlab-aws explain                                    every value, and where it comes from
  gitlab-aws explain database                           those of one section
  gitlab-aws explain database.storage.iops              one property: unit, default, what a change of it does
  gitlab-aws explain network.zones[1].publicCidr

Exit codes: 0 explained, 1 the topology has errors, 2 there is no such property.`;

interface Options {
  readonly topology: string;
  readonly json?: true;
}

/** `gitlab-aws explain`: the effective topology, every value with where it comes from. */
export function explainCommand(): Command {
  return new Command("explain")
    .description("Say what a topology's values are, where they come from and what they do")
    .argument("[path]", "a property, such as database.storage; default: all of them")
    .option("-t, --topology <file>", "the topology file", DEFAULT_TOPOLOGY)
    .option("--json", "print the result as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (path: string | undefined, options: Options) => {
      process.exitCode = await run(path ?? "", options);
    });
}

async function run(text: string, { topology, json }: Options): Promise<number> {
  const { explainProperty, explainValues, formatPath, namesAt, nodeAt, parsePath } = await import("../explain");
  const path = parsePath(text);
  const node = nodeAt(path);
  if (!node) {
    const known = path.findLastIndex((_, index) => nodeAt(path.slice(0, index)));
    const parent = path.slice(0, known);
    const meant = closest(path[known] ?? "", namesAt(parent));
    const names = namesAt(parent).join(", ");
    console.error(
      `gitlab-aws: there is no property ${text}. ${meant ? `Did you mean ${formatPath([...parent, meant])}?` : `${formatPath(parent) || "A topology"} has ${names || "none"}.`}`,
    );
    return 2;
  }
  const loaded = readForCommand(topology, { json, warnings: false });
  if (!loaded) return 1;
  const colour = coloursOf(process.stdout);
  const property = path.length > 0 ? explainProperty(loaded, path) : undefined;
  const values = explainValues(loaded, path);
  const isSection = path.length === 0 || node.properties !== undefined || values.length > 1;
  if (json) printJson({ ...(property && { property }), ...(isSection && { values }) });
  else {
    if (property) process.stdout.write(propertyText(property, colour));
    if (isSection) process.stdout.write(`${property ? "\n" : ""}${valuesText(values, colour)}`);
  }
  return 0;
}

function valuesText(values: readonly Explained[], colour: Colours): string {
  const rows = values.map(({ path, value, origin, guide }) => [
    path,
    show(value, 60),
    cut(originText(origin), 60),
    guide ?? "",
  ]);
  const [first, second, third] = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(([path = "", value = "", origin = "", guide = ""]) =>
      [
        colour("bold", path.padEnd(first ?? 0)),
        value.padEnd(second ?? 0),
        colour("dim", `${origin.padEnd(guide ? (third ?? 0) : 0)}${guide && `  ${guide}`}`),
      ].join("  "),
    )
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

function propertyText(property: PropertyExplained, colour: Colours): string {
  const { path, description, type, unit, guide, value, origin, effect } = property;
  const rows: [string, string | undefined][] = [
    ["value", value === undefined || type === "object" ? undefined : show(value, 200)],
    ["from", origin && type !== "object" ? originText(origin) : undefined],
    ["type", type === "object" && effect === undefined ? undefined : type],
    ["unit", unit],
    ["default", property.default],
    ["allowed", property.allowed],
    ["guide", guide],
    ["ends up in", effect?.changes.join("\n")],
    ["a change", effect && changeText(effect.replaces)],
  ];
  const lines = rows.flatMap(([name, text]) =>
    text === undefined ? [] : text.split("\n").map((line, index) => `  ${(index === 0 ? name : "").padEnd(12)}${line}`),
  );
  return [colour("bold", path), `  ${description}`, ...(lines.length > 0 ? ["", ...lines] : []), ""].join("\n");
}

function changeText(replaces: readonly string[]): string {
  return replaces.length === 0 ? "replaces nothing" : ["replaces", ...replaces.map((one) => `  ${one}`)].join("\n");
}

function originText(origin: Origin): string {
  switch (origin.from) {
    case "file":
      return `${origin.file}:${origin.line}:${origin.column}`;
    case "size":
      return `size ${origin.size}`;
    case "default":
      return "default";
    case "derived":
      return `derived: ${origin.rule}`;
  }
}
