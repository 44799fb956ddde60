// Builds the package into dist/: the command, which needs nothing else, and the library with its types.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundleOptions, programOptions } from "./bundle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const dist = join(root, "dist");
rmSync(dist, { recursive: true, force: true });

await build({
  ...programOptions,
  absWorkingDir: root,
  entryPoints: { main: "modules/cli/main.ts" },
  outdir: join(dist, "cli"),
});
// What an app shares with the library, it has to have once: cdktf and the provider's classes stay outside.
await build({
  ...bundleOptions,
  absWorkingDir: root,
  entryPoints: { index: "modules/index.ts", testing: "modules/testing/index.ts" },
  outdir: dist,
  external: Object.keys({ ...dependencies, ...peerDependencies }).flatMap((name) => [name, `${name}/*`]),
});
execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", join(root, "tsconfig.build.json")], { stdio: "inherit" });
removeUnreachable(["index.d.ts", "testing/index.d.ts"].map((path) => join(dist, "types", path)));

/** Types that no entry point leads to are of no use to anybody. */
function removeUnreachable(entries) {
  const reached = new Set();
  const visit = (file) => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const [, path] of readFileSync(file, "utf8").matchAll(/(?:from |import\()"(\.[^"]*)"/g)) {
      const target = join(dirname(file), path);
      visit(existsSync(`${target}.d.ts`) ? `${target}.d.ts` : join(target, "index.d.ts"));
    }
  };
  entries.forEach(visit);
  const types = join(dist, "types");
  for (const path of readdirSync(types, { recursive: true, encoding: "utf8" })) {
    if (path.endsWith(".d.ts") && !reached.has(join(types, path))) rmSync(join(types, path));
  }
}
