import type { Position } from "./source";

/** One thing that is wrong (or doubtful) in a topology file. */
export interface Problem {
  /** An error refuses the topology; a warning is only said. */
  readonly severity: "error" | "warning";
  /** What found it: `syntax`, `schema` or a rule's name. */
  readonly rule: string;
  /** The file as the user named it. */
  readonly file: string;
  /** Where in the file, both counted from 1. */
  readonly position: Position;
  /** A JSON pointer to the value, such as `/database/storage/iops`; empty for the whole file. */
  readonly path: string;
  /** What was given and what was expected, as a sentence without its full stop. */
  readonly message: string;
  /** The way out, as a sentence without its full stop. */
  readonly fix: string;
}

/** `topology.json:12:7 /database/storage/iops is 6000 on 100 GiB, ...; io1 allows 50. Raise ...` */
export function formatProblem(problem: Problem): string {
  const { file, position, path, message, fix, severity } = problem;
  const label = severity === "warning" ? "warning: " : "";
  return `${file}:${position.line}:${position.column} ${label}${path || "the file"} ${message}. ${fix}.`;
}

/** A topology file that can't be used. Its message has one line a problem. */
export class TopologyError extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(formatProblem).join("\n"));
    this.name = "TopologyError";
  }
}

/** File order: the way a reader goes through it. Errors come before warnings at the same place. */
export function inFileOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) =>
      a.position.line - b.position.line ||
      a.position.column - b.position.column ||
      a.severity.localeCompare(b.severity, "en") ||
      a.path.localeCompare(b.path, "en"),
  );
}
