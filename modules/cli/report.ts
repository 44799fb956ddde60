import { type LoadedTopology, loadTopology, type Problem, TopologyError } from "../topology";
import { type Colours, countProblems, renderProblems, renderSilenced } from "./output";

/** What validation says of one file. */
export interface Report {
  readonly file: string;
  readonly valid: boolean;
  /** Errors and warnings, in file order. */
  readonly problems: readonly Problem[];
  readonly silenced: LoadedTopology["silenced"];
}

/** @param load what reads it */
export function reportOf(file: string, load: (file: string) => LoadedTopology = loadTopology): Report {
  try {
    const { warnings, silenced } = load(file);
    return { file, valid: true, problems: warnings, silenced };
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error;
    return { file, valid: false, problems: error.problems, silenced: [] };
  }
}

/** The same for people. */
export function reportText({ file, valid, problems, silenced }: Report, colour: Colours): string {
  const counts = [countProblems(problems), silenced.length > 0 ? `${silenced.length} silenced` : ""].filter(Boolean);
  const verdict = valid ? colour("green", "valid") : colour("red", "not valid");
  return [
    ...(problems.length > 0 ? [renderProblems(problems, colour)] : []),
    ...(silenced.length > 0 ? [...silenced.map((one) => renderSilenced(one, colour)), ""] : []),
    `${file} is ${[verdict, ...(counts.length > 0 ? [counts.join(", ")] : [])].join(": ")}\n`,
  ].join("\n");
}
