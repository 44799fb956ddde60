import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { type Fixture, fixtures } from "./fixtures";

const ROOT = join(__dirname, "..", "..");
const SMALLEST = fixtures("warnings").find(({ name }) => name === "smallest.json") as Fixture;

let folder: string;
let outdir: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "synth-"));
  outdir = join(folder, "cdktf.out");
});

afterEach(() => rmSync(folder, { recursive: true }));

/** `npm run synth` with a topology and a folder of its own. */
function synth(topology: string): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, TOPOLOGY: topology, CDKTF_OUTDIR: outdir };
  return spawnSync(process.execPath, ["scripts/run.mjs", "main.ts"], { cwd: ROOT, env, encoding: "utf8" });
}

/** What a fixture's golden says without the verdict, with the file as the user named it here. */
function goldenOf({ golden, file }: Fixture, named: string): string {
  return golden.replace(/\n[^\n]*\n$/, "").replaceAll(new RegExp(`^${file.replace(".", "\\.")}:`, "gm"), `${named}:`);
}

const bad = ["many/first-attempt.jsonc", "many/production.yaml", "syntax/missing-comma.json", "type/sequence.yaml"];

test.each(bad)("%s: exit code 1, every problem on stderr, nothing else and nothing written", (name) => {
  const fixture = fixtures("invalid").find((one) => one.name === name) as Fixture;
  const file = relative(ROOT, fixture.path);
  expect(synth(file)).toMatchObject({ status: 1, stdout: "", stderr: goldenOf(fixture, file) });
  expect(readdirSync(folder)).toEqual([]);
});

test("a file that doesn't exist: exit code 1, said on stderr, nothing written", () => {
  expect(synth("nowhere.yaml")).toMatchObject({
    status: 1,
    stdout: "",
    stderr:
      "nowhere.yaml:1:1 error: the file doesn't exist.\n  Name another file: as an argument, or in the environment variable TOPOLOGY. [file]\n",
  });
  expect(readdirSync(folder)).toEqual([]);
});

test("a good one: exit code 0, warnings on stderr only, a stack a tier written", () => {
  const file = relative(ROOT, SMALLEST.path);
  expect(synth(file)).toMatchObject({
    status: 0,
    stdout: `Wrote 14 stacks to ${outdir}/stacks\n`,
    stderr: goldenOf(SMALLEST, file),
  });
  const stacks = readdirSync(join(outdir, "stacks"));
  expect(stacks).toEqual(expect.arrayContaining(["network", "database", "gitaly", "application"]));
  for (const stack of stacks) expect(existsSync(join(outdir, "stacks", stack, "cdk.tf.json"))).toBe(true);
});

test("a bad one leaves what an earlier synthesis wrote", () => {
  synth(relative(ROOT, SMALLEST.path));
  const written = readdirSync(outdir, { recursive: true });
  expect(synth("nowhere.yaml").status).toBe(1);
  expect(readdirSync(outdir, { recursive: true })).toEqual(written);
});
