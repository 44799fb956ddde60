import type { Topology } from "../config";

/**
 * Reports one problem: where, what was given and expected, and the way out. A message that names a value begins with "is",
 * so that "by default" can follow where the user never wrote that value. A replacement is what `validate --fix` puts in the
 * value's place.
 */
export type Report = (path: string, message: string, fix: string, replacement?: string) => void;

/** Something that JSON Schema can't say about a topology. One file a rule. */
export interface Rule {
  /** Kebab-case, stable: programs that read `Problem.rule` tell problems apart by it. */
  readonly name: string;
  /** An error refuses the topology; a warning is said and the work goes on. */
  readonly severity: "error" | "warning";
  /**
   * JSON pointers to what the rule looks at. It's skipped where the schema found a problem in any of them, since it would
   * judge something the user never wrote.
   */
  readonly reads: readonly string[];
  check(topology: Topology, report: Report): void;
}

/** A value that the schema refuses for a reason GitLab documents. */
export interface Refusal {
  readonly name: string;
  /** JSON pointer to the property. */
  readonly path: string;
  refuses(value: unknown): boolean;
  /** Why, as the rest of a sentence that begins with the value. */
  readonly reason: string;
  /** The way out. */
  readonly fix: string;
}
