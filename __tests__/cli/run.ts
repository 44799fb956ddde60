import { program } from "../../modules/cli/program";

/** What a command printed, and its exit code. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `gitlab-aws <args>` in this process, as from a folder. */
export async function gitlabAws(folder: string, ...args: string[]): Promise<Outcome> {
  const printed = { stdout: "", stderr: "" };
  const capture = (stream: "stdout" | "stderr") =>
    jest.spyOn(process[stream], "write").mockImplementation((text) => {
      printed[stream] += String(text);
      return true;
    });
  const spies = [
    capture("stdout"),
    capture("stderr"),
    // jest's console doesn't write to the process' streams.
    jest.spyOn(console, "log").mockImplementation((text) => {
      printed.stdout += `${text}\n`;
    }),
    jest.spyOn(console, "error").mockImplementation((text) => {
      printed.stderr += `${text}\n`;
    }),
  ];
  const before = { folder: process.cwd(), code: process.exitCode };
  process.chdir(folder);
  process.exitCode = 0;
  try {
    const command = program();
    for (const one of [command, ...command.commands]) one.exitOverride();
    await command.parseAsync(args, { from: "user" });
    return { ...printed, code: Number(process.exitCode) };
  } catch (error) {
    const { exitCode } = error as { exitCode?: number };
    if (exitCode === undefined) throw error;
    return { ...printed, code: exitCode === 0 ? 0 : 2 };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.chdir(before.folder);
    process.exitCode = before.code;
  }
}
