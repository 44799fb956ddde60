// What `npm pack` makes, in the hands of somebody who installs it: with cdktf, and with its maintained fork.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { run } from "./harness";

const CHECKOUT = resolve(__dirname, "../..");
const scratch = mkdtempSync(join(tmpdir(), "package-"));
const app = join(scratch, "app");
const fork = join(scratch, "fork");
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The environment without npm's own settings: this may be run by npm itself. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD)/i.test(name)));
const shell = (command: string, cwd = app) => run("sh", ["-euc", command], { cwd, env });

let packed: readonly string[];

beforeAll(async () => {
  const { stdout } = await shell(`npm pack --json --pack-destination ${scratch}`, CHECKOUT);
  const [{ filename, files }] = JSON.parse(stdout.slice(stdout.indexOf("[\n")));
  packed = files.map(({ path }: { path: string }) => path);
  const library = { "gitlab-aws": `file:../${filename}` };
  await Promise.all([
    install(app, (manifest) => ({ ...manifest, dependencies: { ...manifest.dependencies, ...library } })),
    install(fork, ({ devDependencies, ...manifest }) => ({
      ...manifest,
      dependencies: { ...documentedFork(), ...library },
      devDependencies: pick(devDependencies, ["@types/jest", "@types/node", "esbuild", "typescript"]),
    })),
  ]);
});

type Versions = Readonly<Record<string, string>>;

interface PackageJson {
  readonly dependencies: Versions;
  readonly devDependencies: Versions;
}

/** Installs the example app with other dependencies. */
async function install(folder: string, edit: (manifest: PackageJson) => object): Promise<void> {
  cpSync(join(CHECKOUT, "examples/app"), folder, {
    recursive: true,
    filter: (path) => !/node_modules|cdktf\.out|package-lock/.test(path),
  });
  const manifest = join(folder, "package.json");
  writeFileSync(manifest, JSON.stringify(edit(JSON.parse(readFileSync(manifest, "utf8")))));
  await shell("npm install --no-audit --no-fund --prefer-offline", folder);
}

/** The dependencies that docs/cdk-terrain.md tells to write. */
function documentedFork(): Versions {
  const [, block = ""] = /```json\n(.*?)```/s.exec(readFileSync(join(CHECKOUT, "docs/cdk-terrain.md"), "utf8")) ?? [];
  return JSON.parse(block);
}

function pick(versions: Versions, names: readonly string[]): Versions {
  return Object.fromEntries(names.map((name) => [name, versions[name] as string]));
}

it("contains what is needed and nothing else", () => {
  expect(packed.filter((path) => !/^dist\/(cli|types)\//.test(path)).sort()).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",

    "dist/index.js",
    "dist/testing.js",
    "package.json",
    "schemas/topology.schema.json",
  ]);
  const types = packed.filter((path) => path.startsWith("dist/types/"));
  expect(types.filter((path) => !path.endsWith(".d.ts"))).toEqual([]);
  expect(types).toContain("dist/types/tiers/network.d.ts");
  const command = packed.filter((path) => path.startsWith("dist/cli/"));
  expect(command).toContain("dist/cli/main.mjs");
  expect(command.filter((path) => !path.endsWith(".mjs"))).toEqual([]);
});

it("type-checks, synthesizes, and has helpers for tests", async () => {
  await shell("npm run typecheck");
  const { stderr } = await shell("npm test");
  expect(stderr).toContain("2 passed, 2 total");
  await shell("CHECKPOINT_DISABLE=1 DISABLE_VERSION_CHECK=1 CI=1 CDKTF_HOME=.cdktf npm run synth");
  expect(readdirSync(join(app, "cdktf.out/stacks"))).toHaveLength(15);
});

it("does what docs/library.md shows", async () => {
  const page = readFileSync(join(CHECKOUT, "docs/library.md"), "utf8");
  const [whole = "", tier = "", test = ""] = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
  writeFileSync(join(app, "__tests__/library.test.ts"), test);
  writeFileSync(join(app, "library.ts"), `${whole}\n${tier}`);
  writeFileSync(
    join(app, "tsconfig.library.json"),
    JSON.stringify({ extends: "./tsconfig.json", include: ["library.ts", "__tests__"] }),
  );
  await shell("npx tsc -p tsconfig.library.json");
  const { stderr } = await shell("npx jest library");
  expect(stderr).toContain("1 passed, 1 total");
});

it("brings a command that needs nothing else", async () => {
  await shell("npx gitlab-aws export --out terraform");
  expect(readdirSync(join(app, "terraform")).sort()).toContain("main.tf.json");
  await shell("npx gitlab-aws export --out terraform --check");
});

it("refuses a wrong use in types", async () => {
  writeFileSync(
    join(app, "main.ts"),
    'import { loadTopology } from "gitlab-aws";\nloadTopology("topology.json").topology.database.instanceClas;\n',
  );
  const { code, stdout } = await run("npx", ["tsc"], { cwd: app, env, allowFailure: true });
  expect(code).not.toBe(0);
  expect(stdout).toContain("instanceClass");
});

describe("on CDK Terrain, as docs/cdk-terrain.md has it", () => {
  it("installs without a conflict, and is the fork", () => {
    const { name, version } = JSON.parse(readFileSync(join(fork, "node_modules/cdktf/package.json"), "utf8"));
    expect(`${name}@${version}`).toBe(documentedFork().cdktf?.replace("npm:", ""));
  });

  it("type-checks and synthesizes an app: only the version in cdktf's own notes differs", async () => {
    await shell("npm run typecheck", fork);
    await shell(`${bundleAndRun(fork)}`, fork);
    expectSameButForVersion(join(fork, "cdktf.out"), join(app, "cdktf.out"));
  });

  it("runs this project's source: stacks differ in that version only, an exported tree in nothing", async () => {
    const source = join(fork, "source");
    mkdirSync(source);
    for (const name of ["main.ts", "modules", "schemas", "scripts", "package-lock.json"]) {
      cpSync(join(CHECKOUT, name), join(source, name), { recursive: true });
    }
    symlinkSync(join(fork, "node_modules"), join(source, "node_modules"));
    const outdirs = [source, CHECKOUT].map((root, index) => ({ root, out: join(scratch, `out-${index}`) }));
    for (const { root, out } of outdirs) {
      mkdirSync(out);
      const topology = join(CHECKOUT, "__tests__/fixtures/topologies/full.yaml");
      const command = (entry: string) => `node ${join(root, "scripts/run.mjs")} ${join(root, entry)}`;
      await shell(`TOPOLOGY=${topology} CDKTF_OUTDIR=${out} ${command("main.ts")}`, root);
      for (const form of ["--layout modules --format json", "--layout stacks --format hcl"]) {
        const tree = join(out, "exported", form.replaceAll(" ", ""));
        await shell(`${command("modules/cli/main.ts")} export --topology ${topology} --out ${tree} ${form}`, root);
      }
    }
    const [ofFork, own] = outdirs.map(({ out }) => out) as [string, string];
    expectSameButForVersion(ofFork, own);
    expect(filesIn(join(ofFork, "exported")).size).toBeGreaterThan(100);
    expect(filesIn(join(ofFork, "exported"))).toEqual(filesIn(join(own, "exported")));
  });
});

/** What an app's `cdktf.json` has run. */
function bundleAndRun(folder: string): string {
  return JSON.parse(readFileSync(join(folder, "cdktf.json"), "utf8")).app;
}

/** Compares synthesized stacks; where the fork's tell its version, cdktf's tell cdktf's. */
function expectSameButForVersion(ofFork: string, own: string): void {
  const read = (outdir: string, versions: Set<string>) =>
    new Map(
      [...filesIn(join(outdir, "stacks"))].map(([path, text]) => {
        const { "//": notes, ...content } = JSON.parse(text);
        const { version, ...metadata } = notes.metadata;
        versions.add(version);
        return [path, { ...content, "//": { ...notes, metadata } }];
      }),
    );
  const versions = { fork: new Set<string>(), own: new Set<string>() };
  const stacks = read(ofFork, versions.fork);
  expect(stacks.size).toBeGreaterThanOrEqual(14);
  expect(stacks).toEqual(read(own, versions.own));
  expect({ fork: [...versions.fork], own: [...versions.own] }).toEqual({
    fork: [documentedFork().cdktn],
    own: ["0.21.0"],
  });
}

/** Every file below a folder, by its way from there. */
function filesIn(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return new Map(paths.sort().map((path) => [relative(folder, path), readFileSync(path, "utf8")]));
}
