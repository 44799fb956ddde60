import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** A block of commands with what they print. */
const TRANSCRIPT = /(?<=^```console\n).*?(?=^```$)/gms;

/**
 * The pages of the documentation with transcripts, each with what its commands print now: in a ```` ```console ```` block, lines
 * that begin with `$ ` are commands, and what follows is their output. A page's commands run one after the other, in a copy of
 * docs/transcripts.
 */
export function generateTranscripts(): Record<string, string> {
  const pages = ["README.md", ...readdirSync("docs").map((name) => `docs/${name}`)].filter((name) =>
    name.endsWith(".md"),
  );
  return Object.fromEntries(
    pages.flatMap((page) => {
      const text = readFileSync(page, "utf8");
      return text.includes("```console\n") ? [[page, withOutputs(text)]] : [];
    }),
  );
}

function withOutputs(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "transcript-"));
  try {
    cpSync("docs/transcripts", folder, { recursive: true });
    return text.replace(TRANSCRIPT, (block) => {
      const commands = block.split("\n").filter((line) => line.startsWith("$ "));
      return commands.map((line) => `${line}\n${output(line.slice(2), folder)}`).join("\n");
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a command prints on both streams; the exit code too, where it isn't 0. */
function output(command: string, folder: string): string {
  const [run, main] = ["scripts/run.mjs", "modules/cli/main.ts"].map((path) => resolve(path));
  const script = command.replaceAll("npx gitlab-aws", `node ${run} ${main}`);
  const { TOPOLOGY: _, ...env } = process.env;
  const { stdout, status, error } = spawnSync("bash", ["-c", `exec 2>&1; set -o pipefail; ${script}`], {
    cwd: folder,
    encoding: "utf8",
    env: { ...env, NO_COLOR: "1" },
  });
  if (error) throw error;
  if (status !== 0 && status !== 1) throw new Error(`${command} ended with ${status}: ${stdout}`);
  const text = stdout.replace(/[ \t]+$/gm, "").trimEnd();
  return text ? `${text}\n` : "";
}
