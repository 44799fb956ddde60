import { watch } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** Editors write a file in several steps. */
const SETTLE_MS = 100;

/**
 * Runs something again whenever one of some files changes, until the process is told to end.
 *
 * Folders are watched, not files: an editor that saves by renaming gives the name to another file.
 *
 * @param files which files; asked anew after each run, as a run may find that there are others
 */
export function watchFiles(files: () => readonly string[], run: () => Promise<unknown>): void {
  const known = new Set<string>();
  const folders = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const changed = (path: string) => {
    if (!known.has(path)) return;
    clearTimeout(timer);
    timer = setTimeout(again, SETTLE_MS);
  };
  // What is watched once stays so: nothing is missed between two runs.
  const watchAll = () => {
    for (const file of files().map((one) => resolve(one))) {
      known.add(file);
      const folder = dirname(file);
      if (folders.has(folder)) continue;
      folders.add(folder);
      watch(folder, (_, name) => changed(join(folder, name ?? basename(file))));
    }
  };
  const again = async () => {
    if (process.stdout.isTTY) console.clear();
    await run();
    watchAll();
  };
  watchAll();
}
