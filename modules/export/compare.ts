import { lstatSync, readFileSync, type Stats } from "node:fs";
import { join } from "node:path";
import { hash, MANIFEST, manifestOf, readManifest } from "./manifest";
import type { Tree, TreeOptions } from "./tree";

/**
 * What is to happen to a file: it isn't there yet, is out of date, or is no longer part of the tree; somebody edited it; or it
 * lies where one of ours would go.
 */
export type Kind = "add" | "change" | "remove" | "edited" | "foreign";

/** A file of a folder that differs from the tree. */
export interface Difference {
  /** From the folder, with slashes. */
  readonly path: string;
  readonly kind: Kind;
}

/** What keeps an export from writing: work of others would be lost. */
export function isConflict({ kind }: Difference): boolean {
  return kind === "edited" || kind === "foreign";
}

/** Compares a folder with the tree that belongs there, the manifest included. In order of paths. */
export function compare(folder: string, tree: Tree, options: TreeOptions): Difference[] {
  const known = readManifest(folder)?.files ?? {};
  const differences: Difference[] = [];
  for (const [path, content] of Object.entries(tree)) {
    const found = read(join(folder, path));
    if (found === undefined) differences.push({ path, kind: "add" });
    else if (!found.equals(Buffer.from(content)))
      differences.push({ path, kind: kindOf(found, known[path], "change") });
  }
  for (const [path, written] of Object.entries(known)) {
    const found = path in tree ? undefined : read(join(folder, path));
    if (found) differences.push({ path, kind: kindOf(found, written, "remove") });
  }
  const manifest = read(join(folder, MANIFEST));
  if (manifest?.toString() !== manifestOf(tree, options)) {
    differences.push({ path: MANIFEST, kind: manifest ? "change" : "add" });
  }
  return differences.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** A file that is still as it was written may be changed; one that isn't, or that we never wrote, is somebody's work. */
function kindOf(found: Buffer, written: string | undefined, otherwise: Kind): Kind {
  if (written === undefined) return "foreign";
  return hash(found) === written ? otherwise : "edited";
}

/** A file's content; undefined where there's none. What isn't a file is somebody's, whatever it holds. */
function read(path: string): Buffer | undefined {
  const stat = statusOf(path);
  if (!stat) return undefined;
  return stat.isFile() ? readFileSync(path) : Buffer.from("not a file");
}

/** What lies at a path itself, be it a link; undefined where nothing does, or a file where a folder should be. */
export function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
}
