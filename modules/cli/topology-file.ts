import { type LoadedTopology, loadTopology, TopologyError } from "../topology";
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
export function readForCommand(file: string, { json, warnings = true }: Options = {}): LoadedTopology | undefined {
  try {
    const loaded = loadTopology(file);
    if (warnings && !json) process.stderr.write(renderProblems(loaded.warnings, coloursOf(process.stderr)));
    return loaded;
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error;
    if (json) printJson({ problems: error.problems });
    else process.stderr.write(renderProblems(error.problems, coloursOf(process.stderr)));
    return undefined;
  }
}
