import { spawnSync } from "node:child_process";

/** Runs a program of this machine's, and gives back what it prints. */
export function host(command: string, ...args: string[]): string {
  const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (error) throw new Error(`${command} doesn't run: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr.trim() || stdout.trim()}`);
  return stdout;
}

/** The same for what may fail, and for input; undefined where it does. */
export function attempt(command: string, ...args: string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: "utf8", timeout: 30_000 });
  return status === 0 ? stdout : undefined;
}

/** Milliseconds. Whatever takes longer, the host stood still meanwhile, as virtual machines may. */
const LONGEST_CHECK = 20_000;

/**
 * Waits until a condition holds.
 *
 * @param pause Milliseconds between two checks. They are synchronous, and this process is also what the machines ask: it must
 * not only check.
 */
export async function until<T>(
  what: string,
  seconds: number,
  check: () => T | undefined | false,
  pause = 400,
): Promise<T> {
  for (let waited = 0; waited < seconds * 1000; ) {
    const start = performance.now();
    const value = check();
    if (value !== undefined && value !== false) return value;
    await sleep(pause);
    waited += Math.min(performance.now() - start, LONGEST_CHECK + pause);
  }
  throw new Error(`waited ${seconds} s in vain: ${what}`);
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
