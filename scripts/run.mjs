// Runs a TypeScript entry point: `node scripts/run.mjs main.ts [arguments]`.
//
// The entry is bundled with esbuild into node_modules/.cache, and bundled anew only when one of its sources changed:
// loading a few files is several times faster than loading cdktf and the provider's bindings module by module.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { programOptions } from "./bundle.mjs";

const AN_HOUR = 3_600_000;
const root = fileURLToPath(new URL("..", import.meta.url));
const entry = process.argv[2];
if (!entry) {
  console.error("usage: node scripts/run.mjs <entry.ts> [arguments]");
  process.exit(2);
}

const source = resolve(entry);
const key = createHash("sha256").update(source).digest("hex").slice(0, 8);
const cache = join(root, "node_modules", ".cache", "run");
const name = `${basename(entry, ".ts")}-${key}`;
/** Which folder has the bundle, and how its sources were then. */
const note = join(cache, `${name}.json`);

const bundle = freshBundle() ?? (await build());
process.argv.splice(1, 2, source);
await import(pathToFileURL(join(bundle, "main.mjs")).href);

/** The folder of a bundle of which every source is as it was then. */
function freshBundle() {
  if (!existsSync(note)) return undefined;
  const { folder, files } = JSON.parse(readFileSync(note, "utf8"));
  const isFresh = Object.entries(files).every(([file, stamp]) => stampOf(file) === stamp);
  return isFresh && existsSync(folder) ? folder : undefined;
}

function stampOf(file) {
  const stat = statSync(join(root, file), { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs}:${stat.size}` : "missing";
}

async function build() {
  const { build: esbuild } = await import("esbuild");
  // A folder of its own, so that two runs at once don't write the same files.
  const folder = join(cache, `${name}.${Date.now()}.${process.pid}`);
  const { metafile } = await esbuild({
    ...programOptions,
    entryPoints: { main: source },
    absWorkingDir: root,
    outdir: folder,
    metafile: true,
    // Development tools stay what they are on disk; only the app is bundled.
    external: ["json-schema-to-typescript", "esbuild"],
  });
  // A dependency changes only with the lock file, so that one stamp stands for all of node_modules.
  const inputs = Object.keys(metafile.inputs).filter((file) => !file.includes("node_modules"));
  const files = [...inputs, "package-lock.json", "scripts/bundle.mjs", relative(root, fileURLToPath(import.meta.url))];
  const stamps = Object.fromEntries(files.map((file) => [file, stampOf(file)]));
  writeFileSync(`${note}.${process.pid}`, JSON.stringify({ folder, files: stamps }));
  renameSync(`${note}.${process.pid}`, note);
  removeOld();
  return folder;
}

/** Removes bundles that nobody runs any more: a younger one may still import something on demand. */
function removeOld() {
  for (const other of readdirSync(cache).filter((one) => one.startsWith(`${name}.`))) {
    const made = Number(other.split(".")[1]);
    if (made < Date.now() - AN_HOUR) rmSync(join(cache, other), { recursive: true, force: true });
  }
}
