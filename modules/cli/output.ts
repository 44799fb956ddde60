import { styleText } from "node:util";
import { type LoadedTopology, type Problem, subject } from "../topology";
import { count } from "../topology/show";

/** Colours for one stream: only where it is a terminal, and nobody asked for none (https://no-color.org). */
export function coloursOf(stream: NodeJS.WriteStream): Colours {
  const wanted = process.env.NO_COLOR ? false : Boolean(stream.isTTY);
  return (style, text) => (wanted ? styleText(style, text, { validateStream: false }) : text);
}

/** Writes a text in a style. */
export type Colours = (style: Parameters<typeof styleText>[0], text: string) => string;

/** How much of a line is shown around what is wrong in it. */
const WIDTH = 100;

/**
 * A problem with its line, and a caret under what it is about:
 *
 *     topology.json:5:38 error: /database/storage/iops is 6000 on 100 GiB, which is 60 IOPS per GiB; io1 allows 50.
 *         5 | "iops": 6000
 *           |         ^^^^
 *       Raise database.storage.sizeGib to 120 or lower iops to 5000. [database-storage]
 */
export function renderProblem(problem: Problem, colour: Colours): string {
  const { file, position, path, message, fix, severity, rule } = problem;
  const place = `${file}:${position.line}:${position.column}`;
  const label = colour(severity === "error" ? "red" : "yellow", `${severity}:`);
  return [
    `${colour("bold", place)} ${label} ${subject(path)} ${message}.`,
    ...excerpt(problem, colour),
    `  ${fix}. ${colour("dim", `[${rule}]`)}`,
  ].join("\n");
}

function excerpt({ line, position, length }: Problem, colour: Colours): string[] {
  if (line.trim() === "") return [];
  const start = Math.max(0, Math.min(position.column - 1, line.length) - WIDTH / 2);
  const shown = line.slice(start, start + WIDTH).trimEnd();
  const column = position.column - 1 - start;
  const number = String(position.line);
  // Tabs stay tabs, so that the caret stands where the value does.
  const indent = shown.slice(0, column).replace(/[^\t]/g, " ").padEnd(column);
  const carets = "^".repeat(Math.max(1, Math.min(length, shown.length - column)));
  return [
    `${colour("dim", `${number.padStart(5)} |`)} ${shown}`,
    `${colour("dim", "      |")} ${indent}${colour("red", carets)}`,
  ];
}

/** Problems one below the other, with an empty line between them: errors, and warnings apart after them. */
export function renderProblems(problems: readonly Problem[], colour: Colours): string {
  const isError = ({ severity }: Problem) => severity === "error";
  const inOrder = [...problems.filter(isError), ...problems.filter((problem) => !isError(problem))];
  return inOrder.map((problem) => `${renderProblem(problem, colour)}\n`).join("\n");
}

/** A warning that the topology accepts, with its reason. */
export function renderSilenced({ problem, reason }: LoadedTopology["silenced"][number], colour: Colours): string {
  const { file, position, path, rule } = problem;
  return colour("dim", `${file}:${position.line}:${position.column} silenced: ${subject(path)} [${rule}]: ${reason}`);
}

/** `2 errors, 1 warning` */
export function countProblems(problems: readonly Problem[]): string {
  const of = (severity: Problem["severity"]) => problems.filter((problem) => problem.severity === severity).length;
  return [count(of("error"), "error"), count(of("warning"), "warning")]
    .filter((text) => !text.startsWith("0 "))
    .join(", ");
}

/** The one form of everything that `--json` prints. */
export function printJson(value: object): void {
  console.log(JSON.stringify(value, undefined, 2));
}
