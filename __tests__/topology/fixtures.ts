import { readdirSync, readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { formatProblem, type Problem, readTopology, TopologyError } from "../../modules/topology";

const ROOT = join(__dirname, "..", "fixtures");

/** A topology with its golden output beside it. */
export interface Fixture {
  /** `database-storage/io1-ratio.json` */
  readonly name: string;
  /** The rule, refusal or schema keyword it's about. */
  readonly topic: string;
  /** What messages call it: `topology.json`, so that no path of the machine is in them. */
  readonly file: string;
  readonly path: string;
  readonly text: string;
  readonly golden: string;
}

/** All fixtures of a kind, sorted by name. */
export function fixtures(kind: "invalid" | "warnings"): Fixture[] {
  const root = join(ROOT, kind);
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => [".json", ".jsonc", ".yaml"].includes(extname(name)))
    .sort()
    .map((name) => ({
      name,
      topic: name.split(sep)[0] as string,
      file: `topology${extname(name)}`,
      path: join(root, name),
      text: readFileSync(join(root, name), "utf8"),
      golden: readFileSync(join(root, name.replace(/\.\w+$/, ".txt")), "utf8"),
    }));
}

/** What loading a fixture says, whether it throws or warns. */
export function problemsOf({ file, text }: Pick<Fixture, "file" | "text">): readonly Problem[] {
  try {
    return readTopology(file, text).warnings;
  } catch (error) {
    if (error instanceof TopologyError) return error.problems;
    throw error;
  }
}

/** The same as `npm run synth` prints it. */
export function outputOf(problems: readonly Problem[]): string {
  return problems.map((problem) => `${formatProblem(problem)}\n`).join("");
}
