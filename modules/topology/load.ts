import { readFileSync } from "node:fs";
import type { Topology, TopologyFile } from "./config";
import { resolveDefaults } from "./defaults";
import { inFileOrder, type Problem, TopologyError } from "./problem";
import { rules } from "./rules";
import { checkSchema } from "./schema";
import { parseSource, pointerToPath, type Source, type SyntaxProblem } from "./source";

/** What a topology file says once it's read. */
export interface LoadedTopology {
  readonly topology: Topology;
  /** What is doubtful in it, in file order. */
  readonly warnings: readonly Problem[];
}

/**
 * Reads, checks and completes a topology file.
 *
 * @param file path to JSON (comments allowed) or YAML, by its extension
 * @throws TopologyError with every problem of the file
 */
export function loadTopology(file: string): LoadedTopology {
  return readTopology(file, readText(file));
}

/** The same for a text that is in memory; `file` names it in messages and tells its format. */
export function readTopology(file: string, text: string): LoadedTopology {
  const source = parseSource(file, text);
  if (source.errors.length > 0) throw new TopologyError(inFileOrder(source.errors.map(syntaxProblem(file))));
  const { topology, problems } = check(source);
  const errors = problems.filter((problem) => problem.severity === "error");
  if (errors.length > 0) throw new TopologyError(inFileOrder(problems));
  return { topology, warnings: inFileOrder(problems) };
}

/** The same for an object, for apps that build their topology in code. */
export function resolveTopology(topology: TopologyFile): LoadedTopology {
  return readTopology("topology.json", JSON.stringify(topology, null, 2));
}

function check(source: Source): { topology: Topology; problems: Problem[] } {
  const { file, duplicates } = source;
  const checked = checkSchema(source.value);
  // Which of two equal keys is meant, we can't tell: neither is judged.
  const schemaProblems = checked.problems.filter(({ path }) => !duplicates.some((one) => leadsInto(one.path, path)));
  const topology = resolveDefaults(checked.repaired);
  const problems: Problem[] = [
    ...duplicates.map(syntaxProblem(file)),
    ...schemaProblems.map(
      ({ path, atKey, message, fix }): Problem => ({
        severity: "error",
        rule: "schema",
        file,
        position: atKey ? source.locateKey(path) : source.locate(path),
        path,
        message,
        fix,
      }),
    ),
  ];
  const broken = problems.map(({ path }) => path);
  for (const rule of rules.filter(({ reads }) => !reads.some((path) => broken.some((other) => related(path, other))))) {
    rule.check(topology, (path, message, fix) =>
      problems.push({
        severity: rule.severity,
        rule: rule.name,
        file,
        position: source.locate(path),
        path,
        message: isGiven(source.value, path) ? message : message.replace(BY_DEFAULT, "is by default "),
        fix,
      }),
    );
  }
  return { topology, problems };
}

function syntaxProblem(file: string): (problem: SyntaxProblem) => Problem {
  return (problem) => ({ ...problem, severity: "error", rule: "syntax", file });
}

/** How a rule's message begins when it names a value: a reader who never wrote that value should learn whose it is. */
const BY_DEFAULT = /^is (?!missing)/;

function isGiven(value: unknown, pointer: string): boolean {
  const given = pointerToPath(pointer).reduce<unknown>((parent, key) => Object(parent)[key], value);
  return given !== undefined;
}

/** Whether one of two JSON pointers leads into the other. */
function related(one: string, other: string): boolean {
  return leadsInto(one, other) || leadsInto(other, one);
}

function leadsInto(outer: string, inner: string): boolean {
  return inner === outer || inner.startsWith(`${outer}/`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === "ENOENT" ? "doesn't exist" : "can't be read";
    throw new TopologyError([
      {
        severity: "error",
        rule: "file",
        file,
        position: { line: 1, column: 1 },
        path: "",
        message: reason,
        fix: "Name another file in the environment variable TOPOLOGY",
      },
    ]);
  }
}
