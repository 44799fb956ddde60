import { readFileSync } from "node:fs";
import type { Problem } from "../topology";
import { reportOf } from "./report";
import { writeFileWhole } from "./write-file";

/** Corrections can uncover others, as deep as the topology is at most. */
const ROUNDS = 10;

/**
 * Corrects what has one clear correction: misspelt names and values, and what an older version of the schema calls
 * otherwise. The rest of a file stays as it is, comments included.
 *
 * @returns the problems that were corrected
 */
export function fixFiles(files: readonly string[]): Problem[] {
  return files.flatMap((file) => {
    const done: Problem[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const problems = correctable(file);
      if (problems.length === 0) break;
      for (const path of new Set(problems.map((problem) => problem.file))) {
        rewrite(
          path,
          problems.filter((problem) => problem.file === path),
        );
      }
      done.push(...problems);
    }
    return done;
  });
}

function correctable(file: string): Problem[] {
  return reportOf(file).problems.filter(({ replacement }) => replacement !== undefined);
}

function rewrite(file: string, problems: readonly Problem[]): void {
  const [, mark = "", text = ""] = /^(\uFEFF?)(.*)$/s.exec(readFileSync(file, "utf8")) ?? [];
  const lines = text.split("\n");
  // From the end, so that the places before stay where they are.
  for (const { position, length, replacement = "" } of problems.toReversed()) {
    const line = lines[position.line - 1] ?? "";
    const start = position.column - 1;
    const given = line.slice(start, start + length);
    const quoted = /^["']/.test(given) ? JSON.stringify(replacement) : replacement;
    lines[position.line - 1] = line.slice(0, start) + quoted + line.slice(start + length);
  }
  writeFileWhole(file, mark + lines.join("\n"));
}
