import { readFileSync } from "node:fs";
import type { Topology, TopologyFile } from "./config";
import { resolveDefaults } from "./defaults";
import { inFileOrder, type Problem, TopologyError } from "./problem";
import { rules } from "./rules";
import { checkSchema } from "./schema";
import { parseSource, type Source } from "./source";

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
  if (source.problems.length > 0) {
    throw new TopologyError(
      inFileOrder(source.problems.map((one) => ({ ...one, severity: "error", rule: "syntax", file }))),
    );
  }
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
  const { problems: schemaProblems, repaired } = checkSchema(source.value);
  const topology = resolveDefaults(repaired);
  const problems: Problem[] = schemaProblems.map(({ path, atKey, message, fix }) => ({
    severity: "error",
    rule: "schema",
    file: source.file,
    position: atKey ? source.locateKey(path) : source.locate(path),
    path,
    message,
    fix,
  }));
  const broken = schemaProblems.map(({ path }) => path);
  for (const rule of rules.filter(({ reads }) => !reads.some((path) => broken.some((other) => related(path, other))))) {
    rule.check(topology, (path, message, fix) =>
      problems.push({
        severity: rule.severity,
        rule: rule.name,
        file: source.file,
        position: source.locate(path),
        path,
        message,
        fix,
      }),
    );
  }
  return { topology, problems };
}

/** Whether one of two JSON pointers leads into the other. */
function related(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
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
        message: `${reason}`,
        fix: "Name another file in the environment variable TOPOLOGY",
      },
    ]);
  }
}
