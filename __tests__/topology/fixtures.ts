import { readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join, sep } from "node:path";
import { type Report, reportOf, reportText } from "../../modules/cli/report";
import { type Problem, readTopology } from "../../modules/topology";

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
  return (
    readdirSync(root, { recursive: true, encoding: "utf8" })
      // `<name>.base.yaml` is what one of them extends.
      .filter((name) => [".json", ".jsonc", ".yaml"].includes(extname(name)) && !/\.base\.\w+$/.test(name))
      .sort()
      .map((name) => ({
        name,
        topic: name.split(sep)[0] as string,
        file: `topology${extname(name)}`,
        path: join(root, name),
        text: readFileSync(join(root, name), "utf8"),
        golden: readFileSync(join(root, name.replace(/\.\w+$/, ".txt")), "utf8"),
      }))
  );
}

/** What `validate` finds in a fixture. */
export function report({ file, path, text }: Pick<Fixture, "file" | "path" | "text">): Report {
  const here = process.cwd();
  // What it extends lies beside it.
  process.chdir(dirname(path));
  try {
    return reportOf(file, () => readTopology(file, text));
  } finally {
    process.chdir(here);
  }
}

/** The same without the verdict. */
export function problemsOf(fixture: Pick<Fixture, "file" | "path" | "text">): readonly Problem[] {
  return report(fixture).problems;
}

/** The same as `validate` prints it. */
export function outputOf(fixture: Pick<Fixture, "file" | "path" | "text">): string {
  return reportText(report(fixture), (_, text) => text);
}
