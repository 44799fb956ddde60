import { type LoadedTopology, loadTopology, type Problem, TopologyError } from "../topology";
import { coloursOf, printJson, renderProblems } from "./output";

/** The topology that a command works on where none is named. */
export const DEFAULT_TOPOLOGY = process.env.TOPOLOGY ?? "topology.json";

interface Options {
  /** Whether what is said is JSON. @default - no */
  readonly json?: boolean;
  /** Whether warnings are said. @default - they are */
  readonly warnings?: boolean;
}

/**
 * Reads a topology for a command that does something with it. What is wrong with it is said, on stderr or, with `json`, as
 * `{ "problems": [...] }`; what is doubtful, on stderr.
 *
 * @returns undefined where it can't be used: the command ends with exit code 1
 */
export function readForCommand(file: string, options: Options = {}): LoadedTopology | undefined {
  return readAllForCommand([file], options)?.[0];
}

/**
 * The same for several topologies: what is wrong with any of them is said.
 *
 * @returns undefined where one can't be used
 */
export function readAllForCommand(
  files: readonly string[],
  { json, warnings = true }: Options = {},
): LoadedTopology[] | undefined {
  const loaded: LoadedTopology[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    try {
      loaded.push(loadTopology(file));
    } catch (error) {
      if (!(error instanceof TopologyError)) throw error;
      problems.push(...error.problems);
    }
  }
  const failed = loaded.length < files.length;
  const said = failed ? problems : warnings ? loaded.flatMap((one) => one.warnings) : [];
  if (!json) process.stderr.write(renderProblems(said, coloursOf(process.stderr)));
  else if (failed) printJson({ problems });
  return failed ? undefined : loaded;
}
