import { oneLine } from "./show";
import type { Location } from "./source";

/** One thing that is wrong (or doubtful) in a topology file. */
export interface Problem extends Location {
  /** An error refuses the topology; a warning is only said. */
  readonly severity: "error" | "warning";
  /** What found it: `syntax`, `schema` or a rule's name. */
  readonly rule: string;
  /** A JSON pointer to the value, such as `/database/storage/iops`; empty for the whole file. */
  readonly path: string;
  /** What was given and what was expected, as a sentence without its full stop. */
  readonly message: string;
  /** The way out, as a sentence without its full stop. */
  readonly fix: string;
  /** What to write in place of what the location is about, without quotes. @default - that is for people to decide */
  readonly replacement?: string;
}

/** `topology.json:12:7 /database/storage/iops is 6000 on 100 GiB, ...; io1 allows 50. Raise ...` */
export function formatProblem(problem: Problem): string {
  const { file, position, path, message, fix, severity } = problem;
  const label = severity === "warning" ? "warning: " : "";
  return `${file}:${position.line}:${position.column} ${label}${subject(path)} ${message}. ${fix}.`;
}

/** What a problem is about, for people. */
export function subject(path: string): string {
  return oneLine(path) || "the file";
}

/** A topology file that can't be used. Its message has one line a problem. */
export class TopologyError extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(formatProblem).join("\n"));
    this.name = "TopologyError";
  }
}

/** File order: the way a reader goes through it. Errors come before warnings at the same place. */
export function inFileOrder(problems: readonly Problem[], files: readonly string[]): Problem[] {
  return [...problems].sort(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) ||
      a.position.line - b.position.line ||
      a.position.column - b.position.column ||
      a.severity.localeCompare(b.severity, "en") ||
      a.path.localeCompare(b.path, "en"),
  );
}
