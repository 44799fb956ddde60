// `gitlab-aws export`, as it is run.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { SMALLEST } from "../synth";

const ROOT = resolve(__dirname, "../..");
const scratch = mkdtempSync(join(tmpdir(), "cli-"));
const temporary = join(scratch, "tmp");
mkdirSync(temporary);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function gitlabAws(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, "scripts/run.mjs"), join(ROOT, "modules/cli/main.ts"), ...args],
    { cwd: scratch, encoding: "utf8", env: { PATH: process.env.PATH, TMPDIR: temporary } },
  );
  return { status, stdout, stderr };
}

const topology = (changes: object = {}) =>
  writeFileSync(
    join(scratch, "topology.json"),
    JSON.stringify({
      ...SMALLEST,
      bastion: { enabled: false },
      gitaly: { storage: { type: "gp3", iops: 8000 } },
      ...changes,
    }),
  );
beforeEach(() => topology());

const out = join(scratch, "terraform");
const files = () => readdirSync(out, { recursive: true, encoding: "utf8" }).sort();

it("says what it wrote, and nothing the second time", () => {
  const first = gitlabAws("export", "--out", "terraform");
  expect(first).toMatchObject({ status: 0, stderr: "" });
  expect(first.stdout).toMatch(/^added terraform\/\.gitlab-aws\.json\nadded terraform\/README\.md\n/);
  expect(first.stdout).toMatch(/\nterraform holds \d+ files, \d+ of them written or removed now\n$/);
  const second = gitlabAws("export", "--out", "terraform");
  expect(second).toMatchObject({ status: 0, stderr: "" });
  expect(second.stdout).toMatch(/^terraform is up to date: \d+ files\n$/);
});

it("--check writes nothing, lists what differs, and exits 1", () => {
  expect(gitlabAws("export", "--out", "terraform", "--check").status).toBe(0);
  topology({ database: { backupRetentionDays: 20 } });
  const before = files();
  const { status, stdout, stderr } = gitlabAws("export", "--out", "terraform", "--check");
  expect(status).toBe(1);
  expect(stdout.split("\n")).toContain("terraform/modules/database/main.tf.json is out of date");
  expect(stderr).toBe("The folder is not what the topology says. Export again, without --check.\n");
  expect(files()).toEqual(before);
  expect(gitlabAws("export", "--out", "nowhere", "--check").status).toBe(1);
  expect(existsSync(join(scratch, "nowhere"))).toBe(false);
});

it("reports an edited file and writes nothing, unless --force says so", () => {
  const path = join(out, "modules/database/main.tf.json");
  const exported = readFileSync(path, "utf8");
  writeFileSync(path, `${exported}\n`);
  topology({ database: { backupRetentionDays: 20 } });
  const refused = gitlabAws("export", "--out", "terraform");
  expect(refused).toEqual({
    status: 1,
    stdout: "",
    stderr:
      "terraform/modules/database/main.tf.json was edited by hand\n" +
      "Nothing was written. Put the change into the topology or into a file of its own, or export with --force.\n",
  });
  expect(readFileSync(path, "utf8")).toBe(`${exported}\n`);
  const forced = gitlabAws("export", "--out", "terraform", "--force");
  expect(forced.status).toBe(0);
  expect(forced.stdout.split("\n")).toContain("overwritten terraform/modules/database/main.tf.json");
});

it("goes on in the layout and format that the folder has", () => {
  expect(gitlabAws("export", "--out", "stacks", "--layout", "stacks", "--format", "hcl").status).toBe(0);
  expect(gitlabAws("export", "--out", "stacks", "--check").status).toBe(0);
  const { status, stdout } = gitlabAws("export", "--out", "stacks", "--layout", "modules", "--json");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ out: "stacks", layout: "modules", format: "hcl", written: true });
  expect(readdirSync(join(scratch, "stacks")).sort()).toEqual(
    [
      ".gitlab-aws.json",
      "README.md",
      "backend.tf",
      "main.tf",
      "modules",
      "outputs.tf",
      "providers.tf",
      "versions.tf",
    ].sort(),
  );
});

it("refuses a topology with problems, which --json gives as such", () => {
  topology({ regoin: "us-west-2" });
  const { status, stdout, stderr } = gitlabAws("export", "--out", "refused");
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/^topology\.json:1:\d+ error: \/regoin is not a known property\.\n/);
  const json = gitlabAws("export", "--out", "refused", "--json");
  expect(JSON.parse(json.stdout).problems).toEqual([expect.objectContaining({ path: "/regoin", severity: "error" })]);
  expect(json).toMatchObject({ status: 1, stderr: "" });
  expect(existsSync(join(scratch, "refused"))).toBe(false);
});

it.each([
  [["export"], "required option '-o, --out <dir>' not specified"],
  [["export", "--out", "x", "--layout", "flat"], "Allowed choices are modules, stacks."],
  [["export", "--out", "x", "--check", "--force"], "cannot be used with option"],
  [["exprot"], "unknown command 'exprot'"],
])("exits 2 where the command isn't one: %j", (args, message) => {
  const { status, stdout, stderr } = gitlabAws(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(message);
});

it.each([[["--help"]], [["export", "--help"]]])("has help: %j", (args) => {
  const { status, stdout, stderr } = gitlabAws(...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^Usage: gitlab-aws/);
});

it("uses colours nowhere, and leaves nothing in the folder for temporary files", () => {
  const { stdout } = gitlabAws("export", "--out", "plain");
  expect(stdout).not.toContain("\u001b");
  expect(readdirSync(temporary)).toEqual([]);
});
