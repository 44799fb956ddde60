import { type Finding, findingsAt } from "./findings";
import { type Asking, questions } from "./questions";
import { type Answers, settings } from "./settings";

/** Whoever was asked left: Ctrl-C, or the end of the input. */
export class Cancelled extends Error {}

/** Where questions are asked. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/**
 * Asks for what the answers don't say yet. Each new one is judged by the topology's schema and rules before the next
 * question; what is only doubtful is said, and the questions go on.
 *
 * @throws Cancelled
 */
export async function interview(given: Answers, { input, output }: Terminal): Promise<Answers> {
  // A prompt never hears of the end of its input (Ctrl-D); but node, left without anything to wait for, says so.
  const end = new AbortController();
  const abort = () => end.abort();
  process.once("beforeExit", abort);
  try {
    const prompts = await import("@inquirer/prompts");
    const context = { input, output, signal: end.signal };
    let answers = given;
    for (const { path } of settings.filter((setting) => !given.has(setting.path))) {
      const asking: Asking = { prompts, context, answers, errorsIn: (value) => errorsIn(answers, path, value) };
      const answer = await questions[path]?.(asking);
      if (answer === undefined) continue;
      answers = new Map([...answers, [path, answer]]);
      const doubts = findingsAt(answers, path).filter(({ severity }) => severity === "warning");
      for (const doubt of doubts) output.write(`  warning: ${sentence(doubt)}\n`);
    }
    return answers;
  } catch (error) {
    if (error instanceof Error && ["ExitPromptError", "AbortPromptError"].includes(error.name)) throw new Cancelled();
    throw error;
  } finally {
    process.off("beforeExit", abort);
  }
}

/** Why a value can't stand at a path, a line a reason. */
function errorsIn(answers: Answers, path: string, value: unknown): string | undefined {
  const found = findingsAt(value === undefined ? answers : new Map([...answers, [path, value]]), path);
  const errors = found.filter(({ severity }) => severity === "error");
  return errors.length > 0 ? errors.map(sentence).join("\n") : undefined;
}

function sentence({ path, message, fix }: Finding): string {
  return `${path} ${message}. ${fix}.`;
}
