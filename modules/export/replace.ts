import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Difference, statusOf } from "./compare";
import { MANIFEST, manifestOf } from "./manifest";
import type { Tree, TreeOptions } from "./tree";

/** Where the new files wait, inside the folder: on the same file system, so that a rename is all that is left to do. */
export const STAGING = ".gitlab-aws.new";

/** What is to be done once all new files wait; under another name from the moment when it is being done. */
const PLAN = "plan.json";
const STARTED = "started.json";

/** The processes that are at it. */
const OWNERS = "pids";

/**
 * Makes a folder hold a tree, all of it or nothing: killed at any moment, this leaves the old tree or the new one.
 *
 * All new files are written aside first. A process of its own then renames them into place, in a few milliseconds; it has
 * been waiting for the word, and what ends this process, such as Ctrl-C or a kill, doesn't reach it. Should the machine
 * itself stop in these milliseconds, the next export finishes what was begun (`recover`).
 *
 * Files that aren't in `differences` are neither moved nor touched.
 */
export async function replace(
  folder: string,
  tree: Tree,
  options: TreeOptions,
  differences: readonly Difference[],
): Promise<void> {
  const content: Tree = { ...tree, [MANIFEST]: manifestOf(tree, options) };
  const remove = differences.filter(({ path }) => !(path in content)).map(({ path }) => path);
  // The manifest goes last: until it is there, the next export compares with what the old one says.
  const written = differences.filter(({ path }) => path in content && path !== MANIFEST).map(({ path }) => path);
  const write = [...written, MANIFEST];
  for (const path of write) assertReplaceable(folder, path);

  mkdirSync(folder, { recursive: true });
  recover(folder);
  const staging = join(realpathSync(folder), STAGING);
  // Fails where another export was faster.
  mkdirSync(staging);
  const committer = spawn(process.execPath, ["-e", COMMITTER, staging], {
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
  });
  const done = exit(committer);
  try {
    writeFileSync(join(staging, OWNERS), [process.pid, committer.pid].join(" "));
    for (const path of write) {
      const file = join(staging, "new", path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content[path] as string);
    }
    writeFileSync(join(staging, PLAN), JSON.stringify({ write, remove }));
    committer.stdin.end("go");
    await done;
  } catch (error) {
    committer.stdin.destroy();
    await done.catch(() => {});
    throw error;
  }
}

/**
 * Sees to what an export that was cut off left in a folder: finishes it where it had begun to rename, and clears away what
 * had only been waiting.
 *
 * @throws where that export is still at it
 */
export function recover(folder: string): void {
  const staging = join(folder, STAGING);
  if (!existsSync(staging)) return;
  const owners = readOr(join(staging, OWNERS), "").split(" ").map(Number);
  const running = owners.find((pid) => pid > 0 && isRunning(pid));
  if (running) {
    throw new Error(`another export is writing to ${folder}: process ${running}. If that isn't one, remove ${staging}`);
  }
  if (existsSync(join(staging, STARTED))) commit(realpathSync(staging));
  else rmSync(staging, { recursive: true, force: true });
}

/** @throws where a rename would fail: a folder lies in a file's place, or a file in a folder's */
function assertReplaceable(folder: string, path: string): void {
  if (statusOf(join(folder, path))?.isDirectory())
    throw new Error(`${join(folder, path)} is a folder, where a file has to go. Move it`);
  for (let parent = dirname(path); parent !== "."; parent = dirname(parent)) {
    if (statusOf(join(folder, parent))?.isFile())
      throw new Error(`${join(folder, parent)} is a file, where a folder has to go. Move it`);
  }
}

function isRunning(pid: number): boolean {
  // A process that has ended stays on Linux' list until its parent takes notice, which some containers' first one never does.
  if (/^\d+ \(.*\) Z /s.test(readOr(`/proc/${pid}/stat`, ""))) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function readOr(path: string, fallback: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return fallback;
  }
}

function exit(child: ReturnType<typeof spawn>): Promise<void> {
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.stdin?.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`the export wasn't put in place: ${stderr}`)),
    );
  });
}

/**
 * Renames what waits in the staging folder into place, removes what is no longer part of the tree, and the staging folder
 * last. Begun again, it goes on where it stopped.
 *
 * It is also run as a text of its own, by Node alone: nothing outside of it can be used here.
 */
function commit(staging: string): void {
  const fs = process.getBuiltinModule("node:fs");
  const path = process.getBuiltinModule("node:path");
  const folder = path.dirname(staging);
  const { write, remove } = JSON.parse(fs.readFileSync(path.join(staging, "started.json"), "utf8"));
  for (const file of write) {
    const from = path.join(staging, "new", file);
    if (!fs.existsSync(from)) continue;
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.renameSync(from, path.join(folder, file));
  }
  for (const file of remove) {
    fs.rmSync(path.join(folder, file), { force: true });
    for (let parent = path.dirname(file); parent !== "."; parent = path.dirname(parent)) {
      const inner = path.join(folder, parent);
      if (fs.existsSync(inner) && fs.readdirSync(inner).length === 0) fs.rmdirSync(inner);
    }
  }
  fs.rmSync(staging, { recursive: true });
}

/**
 * Waits for the word, and clears away what has been waiting where it never comes: whoever was to say it is gone. The name
 * that the plan gets says that the renaming began.
 */
const COMMITTER = `
const fs = process.getBuiltinModule("node:fs");
const staging = process.argv[1];
if (fs.readFileSync(0, "utf8") === "go") {
  fs.renameSync(staging + "/${PLAN}", staging + "/${STARTED}");
  (${commit})(staging);
} else {
  fs.rmSync(staging, { recursive: true, force: true });
}`;
