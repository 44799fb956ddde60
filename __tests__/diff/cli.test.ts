// `gitlab-aws diff`, as it is run.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diffCommand } from "../../modules/cli/diff";
import type { Problem, TopologyFile } from "../../modules/topology";
import { SMALLEST } from "../synth";

const scratch = mkdtempSync(join(tmpdir(), "diff-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function file(name: string, changes: object = {}): string {
  const path = join(scratch, name);
  writeFileSync(path, JSON.stringify({ ...SMALLEST, ...changes } satisfies TopologyFile));
  return path;
}

async function diff(...args: string[]) {
  const printed = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    jest.spyOn(process[stream], "write").mockImplementation((text) => {
      printed[stream] += text;
      return true;
    });
  }
  jest.spyOn(console, "log").mockImplementation((text) => {
    printed.stdout += `${text}\n`;
  });
  try {
    await diffCommand().parseAsync(args, { from: "user" });
    return { code: process.exitCode, ...printed };
  } finally {
    jest.restoreAllMocks();
    process.exitCode = undefined;
  }
}

const old = file("old.json");

it("says that nothing changes", async () => {
  expect(await diff(old, file("same.json"))).toEqual({ code: 0, stdout: "Nothing changes.\n", stderr: "" });
});

it("groups what changes by tier, and exits 0 where no data is lost", async () => {
  const { code, stdout } = await diff(
    old,
    file("new.json", { database: { backupRetentionDays: 14 }, cache: { nodeType: "cache.m5.large" } }),
  );
  expect(code).toBe(0);
  expect(stdout).toBe(`cache
    ~ aws_elasticache_replication_group.cache
      node_type: "cache.t3.medium" -> "cache.m5.large"

database
    ~ aws_db_instance.database
      backup_retention_period: 7 -> 14

2 to update; no data is lost.
`);
});

it("puts what is lost first, and exits 1", async () => {
  const { code, stdout } = await diff(old, file("new.json", { gitaly: { zone: "us-west-2b" } }));
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^DATA IS LOST: .*\n\n {2}-\/\+ aws_ebs_volume\.data_volume \(gitaly\)\n {6}All Git repositories are lost\. /,
  );
  expect(stdout).toContain("      Terraform refuses to plan it while protect is on.\n");
  expect(stdout).toContain('      availability_zone: "us-west-2a" -> "us-west-2b"  # replaces it\n');
  expect(stdout).toContain('      instance_id: "${aws_instance.gitaly.id}" -> (known after apply)  # replaces it\n');
  expect(stdout).toMatch(/\n3 to replace, 1 to update; DATA IS LOST with 1 of them\.\n$/);
});

it("never prints user data, in either form", async () => {
  const changed = file("new.json", { gitlab: { config: { gitlab_rails: { gitlab_default_theme: 2 } } } });
  const text = await diff(old, changed);
  expect(text.stdout).toContain("      user data\n");
  const json = await diff(old, changed, "--json");
  for (const { stdout } of [text, json]) expect(stdout).not.toMatch(/#cloud-config|gitlab_default_theme/);
  expect(JSON.parse(json.stdout).differences[1]).toMatchObject({
    tier: "application",
    address: "aws_launch_template.launch_template",
    action: "update",
  });
});

it("another region is said to be another deployment", async () => {
  const { code, stdout } = await diff(old, file("new.json", { region: "eu-central-1" }));
  expect(code).toBe(1);
  expect(stdout).toMatch(/^THE REGION CHANGES from us-west-2 to eu-central-1\.\n/);
});

it("lists the problems of both files, and compares nothing", async () => {
  const [one, other] = [file("a.json", { region: "moon" }), file("b.json", { domain: 7 })];
  const { code, stdout, stderr } = await diff(one, other);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("a.json");
  expect(stderr).toContain("b.json");
  const json = await diff(one, other, "--json");
  expect(json.code).toBe(1);
  const errors = JSON.parse(json.stdout).problems.filter(({ severity }: Problem) => severity === "error");
  expect(errors.map(({ path }: Problem) => path)).toEqual(["/region", "/domain"]);
});
