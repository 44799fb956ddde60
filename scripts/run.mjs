// Runs a TypeScript entry point: `node scripts/run.mjs main.ts [arguments]`.
//
// The entry is bundled with esbuild into node_modules/.cache, and bundled anew only when one of its sources changed:
// loading one file is several times faster than loading cdktf and the provider's bindings module by module.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const entry = process.argv[2];
if (!entry) {
  console.error("usage: node scripts/run.mjs <entry.ts> [arguments]");
  process.exit(2);
}

const source = resolve(entry);
const key = createHash("sha256").update(source).digest("hex").slice(0, 8);
const cache = join(root, "node_modules", ".cache", "run");
const bundle = join(cache, `${basename(entry, ".ts")}-${key}.cjs`);
const stamps = `${bundle}.json`;
const stackTraces = /[\\/]cdktf[\\/]lib[\\/]tokens[\\/]private[\\/]stack-trace\.js$/;

if (!isFresh()) await build();
process.argv.splice(1, 2, source);
createRequire(import.meta.url)(bundle);

/** Whether every file that went into the bundle is as it was then. */
function isFresh() {
  if (!existsSync(bundle) || !existsSync(stamps)) return false;
  return Object.entries(JSON.parse(readFileSync(stamps, "utf8"))).every(([file, stamp]) => stampOf(file) === stamp);
}

function stampOf(file) {
  const stat = statSync(join(root, file), { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs}:${stat.size}` : "missing";
}

async function build() {
  const { build: esbuild } = await import("esbuild");
  // A name of its own, so that two runs at once don't write the same file.
  const fresh = `${bundle}.${process.pid}`;
  const { metafile } = await esbuild({
    entryPoints: [source],
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: "node20",
    // jsonc-parser's CommonJS build looks its modules up in a way that bundlers can't follow.
    mainFields: ["module", "main"],
    // What runs on the nodes, as text.
    loader: { ".sh": "text", ".py": "text", ".sql": "text", ".rb": "text", ".conf": "text", ".service": "text" },
    outfile: fresh,
    metafile: true,
    logLevel: "warning",
    // cdktf notes the whole call stack at each of its thousands of tokens, to name it in a few error messages. That is
    // a quarter of a synthesis, and the errors' own stacks tell as much.
    plugins: [
      {
        name: "without-creation-stacks",
        setup: ({ onLoad }) =>
          onLoad({ filter: stackTraces }, () => ({ contents: "exports.captureStackTrace = () => [];" })),
      },
    ],
    // Development tools stay what they are on disk; only the app is bundled.
    external: ["json-schema-to-typescript", "esbuild"],
  });
  // A dependency changes only with the lock file, so that one stamp stands for all of node_modules.
  const inputs = Object.keys(metafile.inputs).filter((file) => !file.includes("node_modules"));
  const files = [...inputs, "package-lock.json", relative(root, fileURLToPath(import.meta.url))];
  mkdirSync(cache, { recursive: true });
  renameSync(fresh, bundle);
  writeFileSync(fresh, JSON.stringify(Object.fromEntries(files.map((file) => [file, stampOf(file)]))));
  renameSync(fresh, stamps);
}
