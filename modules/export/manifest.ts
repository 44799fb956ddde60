import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isAbsolute, join, normalize } from "node:path";
import { canonicalJson, isObject } from "../json";
import type { Tree, TreeOptions } from "./tree";

/** The file that tells which files of a folder are an export's. */
export const MANIFEST = ".gitlab-aws.json";

/** What an export wrote: its files with their contents' SHA-256, and in which form. */
export interface ManifestContent extends TreeOptions {
  readonly files: Readonly<Record<string, string>>;
}

/** The tree's manifest, as text. */
export function manifestOf(tree: Tree, { layout, format }: TreeOptions): string {
  const files = Object.fromEntries(Object.entries(tree).map(([path, content]) => [path, hash(content)]));
  return canonicalJson({ files, format, layout });
}

/**
 * A folder's manifest; undefined where it has none.
 *
 * @throws where it isn't one: nothing tells then which files are whose
 */
export function readManifest(folder: string): ManifestContent | undefined {
  const path = join(folder, MANIFEST);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const content = parsed(text);
  if (!isManifest(content)) {
    throw new Error(`${path} is not a list of exported files. Restore it, or remove it and export with --force`);
  }
  return content;
}

/** A content's SHA-256. */
export function hash(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isManifest(content: unknown): content is ManifestContent {
  if (!isObject(content) || !isObject(content.files)) return false;
  return Object.entries(content.files).every(([path, value]) => isInside(path) && typeof value === "string");
}

/** A manifest comes from a repository that anybody may have written to: nothing outside of the folder is ever ours. */
function isInside(path: string): boolean {
  return !isAbsolute(path) && normalize(path) === path && !path.startsWith("..") && path !== ".";
}
