import { renameSync, rmSync, writeFileSync } from "node:fs";

/** Writes a file whole or not at all: whatever happens on the way, what was there before stays. */
export function writeFileWhole(file: string, text: string): void {
  const fresh = `${file}.${process.pid}.new`;
  try {
    writeFileSync(fresh, text);
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
