import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isObject } from "../json";
import type { Topology, TopologyFile } from "./config";
import { resolveDefaults } from "./defaults";
import { overlay } from "./overlay";
import { inFileOrder, type Problem, TopologyError } from "./problem";
import { rules } from "./rules";
import { checkSchema } from "./schema";
import { oneLine } from "./show";
import { withSize } from "./sizes";
import { type Location, parseSource, type Source, type SyntaxProblem, valueAt } from "./source";

/** What a topology file says once it's read. */
export interface LoadedTopology {
  readonly topology: Topology;
  /** What is doubtful in it, in file order. */
  readonly warnings: readonly Problem[];
  /** Warnings that the topology accepts, each with its reason. */
  readonly silenced: readonly Silenced[];
  /** The files it was read from: the one that was named, then those that it extends. */
  readonly files: readonly string[];
  /** Where the value at a JSON pointer was given; undefined where it's a default. */
  whereGiven(pointer: string): Location | undefined;
}

/** A warning that the topology accepts. */
export interface Silenced {
  readonly problem: Problem;
  /** What the topology says to it. */
  readonly reason: string;
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

/** The same for a text that is in memory; `file` names it in messages and tells its format, and where what it extends is. */
export function readTopology(file: string, text: string): LoadedTopology {
  const source = withBase(parseSource(file, text), [file]);
  if (source.errors.length > 0) throw new TopologyError(inFileOrder(source.errors.map(syntaxProblem), source.files));
  const { topology, problems } = check(source);
  if (problems.some(({ severity }) => severity === "error")) {
    throw new TopologyError(inFileOrder(problems, source.files));
  }
  const reasonFor = ({ rule }: Problem): string | undefined => topology.silence[rule];
  const silenced = problems.flatMap((problem) => {
    const reason = reasonFor(problem);
    return reason === undefined ? [] : [{ problem, reason }];
  });
  return {
    topology,
    warnings: inFileOrder(
      problems.filter((problem) => reasonFor(problem) === undefined),
      source.files,
    ),
    silenced,
    files: source.files,
    whereGiven: (pointer) => (isGiven(source.value, pointer) ? source.locate(pointer) : undefined),
  };
}

/** The same for an object, for apps that build their topology in code. */
export function resolveTopology(topology: TopologyFile): LoadedTopology {
  return readTopology("topology.json", JSON.stringify(topology, null, 2));
}

/** A source with the file below it that its `extends` names, and so on. */
function withBase(source: Source, chain: readonly string[]): Source {
  const name = isObject(source.value) ? source.value.extends : undefined;
  if (typeof name !== "string" || source.errors.length > 0) return source;
  const problem = (message: string, fix: string): Source => ({
    ...source,
    errors: [{ ...source.locate("/extends"), path: "/extends", message: `is ${JSON.stringify(name)}${message}`, fix }],
  });
  const [file = ""] = chain.slice(-1);
  const base = join(dirname(file), name);
  if (chain.includes(base)) {
    return problem(
      `, which leads back here: ${[...chain, base].join(" extends ")}`,
      "Have one of them stand for itself",
    );
  }
  let text: string;
  try {
    text = readFileSync(base, "utf8");
  } catch (error) {
    return problem(`: ${base} ${reasonOf(error)}`, "Name a file, relative to this one");
  }
  return overlay(withBase(parseSource(base, text), [...chain, base]), source);
}

function check(source: Source): { topology: Topology; problems: Problem[] } {
  const { duplicates } = source;
  const sized = withSize(source.value);
  const checked = checkSchema(sized, source.value);
  // Which of two equal keys is meant, we can't tell: neither is judged.
  const schemaProblems = checked.problems.filter(({ path }) => !duplicates.some((one) => leadsInto(one.path, path)));
  const topology = resolveDefaults(checked.repaired);
  const problems: Problem[] = [
    ...duplicates.map(syntaxProblem),
    ...schemaProblems.map(
      ({ atKey, ...problem }): Problem => ({
        ...(atKey ? source.locateKey(problem.path) : source.locate(problem.path)),
        severity: "error",
        rule: "schema",
        ...problem,
      }),
    ),
  ];
  const broken = problems.map(({ path }) => path);
  const whose = (path: string): string => (isGiven(sized, path) ? `is by size ${topology.size} ` : "is by default ");
  const sound = rules.filter(({ reads }) => !reads.some((path) => broken.some((other) => related(path, other))));
  for (const rule of sound) {
    rule.check(topology, (path, message, fix, replacement) =>
      problems.push({
        ...source.locate(path),
        severity: rule.severity,
        rule: rule.name,
        path,
        message: oneLine(isGiven(source.value, path) ? message : message.replace(BY_DEFAULT, whose(path))),
        fix: oneLine(fix),
        ...(replacement !== undefined && { replacement }),
      }),
    );
  }
  for (const { name } of sound.filter(({ name }) => Object.hasOwn(topology.silence, name))) {
    if (problems.some(({ rule }) => rule === name)) continue;
    const path = `/silence/${name}`;
    problems.push({
      ...source.locateKey(path),
      severity: "warning",
      rule: "unused-silence",
      path,
      message: "has nothing to silence: the topology doesn't give this warning",
      fix: "Remove it",
    });
  }
  return { topology, problems };
}

function syntaxProblem(problem: SyntaxProblem): Problem {
  return { ...problem, severity: "error", rule: "syntax" };
}

/** How a rule's message begins when it names a value: a reader who never wrote that value should learn whose it is. */
const BY_DEFAULT = /^is (?!missing)/;

function isGiven(value: unknown, pointer: string): boolean {
  return valueAt(value, pointer) !== undefined;
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
    throw new TopologyError([
      {
        severity: "error",
        rule: "file",
        file,
        position: { line: 1, column: 1 },
        length: 1,
        line: "",
        path: "",
        message: reasonOf(error),
        fix: "Name another file: as an argument, or in the environment variable TOPOLOGY",
      },
    ]);
  }
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code === "ENOENT" ? "doesn't exist" : "can't be read";
}
