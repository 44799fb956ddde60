// Runs `gitlab-aws init` in a folder of its own, and answers what it asks.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { loadTopology } from "../../modules/topology";
import { parseSource } from "../../modules/topology/source";

const ROOT = resolve(__dirname, "../..");

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  /** Without colours and movements of the cursor. */
  readonly stderr: string;
}

/** What the program says, and what is typed then: keys, or `end` for the end of the input. */
export type Exchange = readonly [says: string, typed: string | { readonly end: true } | (() => string)];

export const ENTER = "\r";
export const DOWN = "\u001b[B";
export const CTRL_C = "\u0003";
/** Ctrl-U, which clears the line, then another answer. */
export const instead = (answer: string) => `\u0015${answer}${ENTER}`;

/** An empty folder for each test. */
export function scratch(): { readonly folder: string; files(): string[]; read(file: string): string } {
  const root = mkdtempSync(join(tmpdir(), "init-"));
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(root, "test-"));
  });
  afterAll(() => rmSync(root, { recursive: true }));
  return {
    get folder() {
      return folder;
    },
    files: () => readdirSync(folder).sort(),
    read: (file) => readFileSync(join(folder, file), "utf8"),
  };
}

/** The command in a folder, at a terminal where there is something to be said. */
export async function init(
  folder: string,
  args: readonly string[],
  { exchanges, env = {} }: { exchanges?: readonly Exchange[]; env?: NodeJS.ProcessEnv } = {},
): Promise<Run> {
  const terminal = exchanges ? { TERMINAL: "1" } : {};
  const child = spawn(process.execPath, [join(ROOT, "scripts/run.mjs"), join(__dirname, "entry.ts"), ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...terminal, ...env },
  });
  const left = [...(exchanges ?? [])];
  let stdout = "";
  let stderr = "";
  let heard = 0;
  child.stdin.on("error", () => {});
  if (!exchanges) child.stdin.end();
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
    const said = stripVTControlCharacters(stderr);
    const [next] = left;
    if (!next || !said.slice(heard).includes(next[0])) return;
    heard = said.length;
    left.shift();
    const typed = typeof next[1] === "function" ? next[1]() : next[1];
    if (typeof typed === "string") child.stdin.write(typed);
    else child.stdin.end();
  });
  // Whoever waits for something that isn't said waits for good.
  const patience = setTimeout(() => child.kill("SIGKILL"), 20_000);
  const status = await new Promise<number | null>((done) => child.on("close", done));
  clearTimeout(patience);
  if (left.length > 0) throw new Error(`never said "${left[0]?.[0]}":\n${stripVTControlCharacters(stderr)}`);
  return { status, stdout, stderr: stripVTControlCharacters(stderr) };
}

/** What stands in a topology file, which has to be one without errors. */
export function written(file: string): unknown {
  loadTopology(file);
  return parseSource(file, readFileSync(file, "utf8")).value;
}
