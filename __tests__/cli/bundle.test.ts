// What the command reads from disk before it does anything.
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");

interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly imports: readonly { readonly path: string; readonly kind: string }[];
        readonly inputs: Readonly<Record<string, unknown>>;
      }
    >
  >;
}

const { outputs }: Metafile = JSON.parse(
  execFileSync(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `import { build } from "esbuild";
       import { programOptions } from "./scripts/bundle.mjs";
       const entryPoints = { main: "modules/cli/main.ts" };
       const { metafile } = await build({ ...programOptions, entryPoints, outdir: "dist", write: false, metafile: true });
       console.log(JSON.stringify(metafile));`,
    ],
    { cwd: ROOT, encoding: "utf8", maxBuffer: 2 ** 28 },
  ),
);

/** The sources in a file, and in what it imports at once. */
function sources(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const { inputs = {}, imports = [] } = outputs[file] ?? {};
  const atOnce = imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => path);
  return [...Object.keys(inputs), ...atOnce.flatMap((path) => sources(path, seen))];
}

const packages = (files: readonly string[]) =>
  new Set(files.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []));

it("validates without cdktf, the provider and prompts", () => {
  const found = packages(sources("dist/main.mjs"));
  expect([...found].sort()).toEqual(["ajv", "commander", "jsonc-parser", "yaml"]);
});

it("has them where they are needed", () => {
  const all = [...packages(Object.keys(outputs).flatMap((file) => sources(file)))];
  expect(all).toEqual(expect.arrayContaining(["cdktf", "@cdktf/provider-aws", "@inquirer/prompts"]));
});
