import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gitlabAws } from "./run";

const ROOT = resolve(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "validate-"));
afterAll(() => rmSync(folder, { recursive: true }));

const REQUIRED = `region: us-west-2
domain: gitlab.example.com
access:
  trustedCidrs: [203.0.113.0/24]
  keyPair: { name: ops }
gitaly: { storage: { type: gp3, iops: 8000 } }
`;

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

const read = (name: string) => readFileSync(join(folder, name), "utf8");

describe("one file", () => {
  it("that is fine", async () => {
    write("fine.yaml", REQUIRED);
    expect(await gitlabAws(folder, "validate", "fine.yaml")).toEqual({
      code: 0,
      stdout: "fine.yaml is valid\n",
      stderr: "",
    });
  });

  it("that isn't: its lines with carets, what was given, what was expected, and the way out", async () => {
    write("bad.yaml", `${REQUIRED}database:\n\tstorage: x\n`);
    expect((await gitlabAws(folder, "validate", "bad.yaml")).code).toBe(1);
    write(
      "worse.json",
      '{\n\t"region": "us-west-2", "domain": 5,\n\t"access": { "trustedCidrs": [] }, "protekt": false }',
    );
    expect(await gitlabAws(folder, "validate", "worse.json")).toEqual({
      code: 1,
      stderr: "",
      stdout: `worse.json:2:35 error: /domain is 5, but must be a string.
    2 | \t"region": "us-west-2", "domain": 5,
      | \t                                 ^
  Put it in quotes, for example "gitlab.example.com". [schema]

worse.json:3:30 error: /access/trustedCidrs has 0 items, but must have at least 1.
    3 | \t"access": { "trustedCidrs": [] }, "protekt": false }
      | \t                            ^^
  Add 1. [schema]

worse.json:3:36 error: /protekt is not a known property.
    3 | \t"access": { "trustedCidrs": [] }, "protekt": false }
      | \t                                  ^^^^^^^^^
  Did you mean protect? If not, remove it. [schema]

worse.json:1:1 warning: /gitaly/storage/iops is by default 1000, but GitLab asks for 8000 read and 2000 write operations per second under load.
  Use gp3 with 8000, or io1 with 8000 on 160 GiB. [gitaly-iops]

worse.json:3:2 warning: /access/keyPair is missing: the bastions take no SSH, only Session Manager reaches them.
    3 | \t"access": { "trustedCidrs": [] }, "protekt": false }
      | \t^^^^^^^^
  Give access.keyPair.publicKey, or set bastion.enabled to false. [bastion-key-pair]

worse.json is not valid: 3 errors, 2 warnings
`,
    });
  });

  it("shows no secret that stands on a line with something wrong", async () => {
    const key = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQ";
    write(
      "secret.yaml",
      `region: us-west-2\ndomain: gitlab.example.com\naccess: { keyPair: { publicKey: "-----BEGIN OPENSSH PRIVATE KEY----- ${key}" } }\n`,
    );
    const { code, stdout } = await gitlabAws(folder, "validate", "secret.yaml");
    expect(code).toBe(1);
    expect(stdout).not.toContain(key.slice(0, 8));
  });
});

describe("several files", () => {
  it("are all read, and one that isn't fine makes the exit code 1", async () => {
    write("one.yaml", REQUIRED);
    write("two.yaml", `${REQUIRED}size: huge\n`);
    const { code, stdout } = await gitlabAws(folder, "validate", "one.yaml", "two.yaml", "three.yaml");
    expect(code).toBe(1);
    expect(stdout.split("\n").filter((line) => /is (not )?valid/.test(line))).toEqual([
      "one.yaml is valid",
      "two.yaml is not valid: 1 error",
      "three.yaml is not valid: 1 error",
    ]);
  });

  it("--json has the problems of each, with their places", async () => {
    const { stdout } = await gitlabAws(folder, "validate", "one.yaml", "two.yaml", "--json");
    expect(JSON.parse(stdout)).toEqual({
      files: [
        { file: "one.yaml", valid: true, problems: [], silenced: [] },
        {
          file: "two.yaml",
          valid: false,
          silenced: [],
          problems: [
            {
              severity: "error",
              rule: "schema",
              file: "two.yaml",
              position: { line: 7, column: 7 },
              length: 4,
              line: "size: huge",
              path: "/size",
              message: 'is "huge", but must be one of "20rps", "40rps"',
              fix: "Use one of these values",
            },
          ],
        },
      ],
    });
  });
});

describe("--fix", () => {
  it("corrects what has one clear correction, and leaves the rest as it stands", async () => {
    write(
      "base.yaml",
      `${REQUIRED}# Ours.\nloadBalanser:   # of the network kind\n    http: "redirct"\ndatabase: { multiaz: false, storage: { type: 'gp33', iops: 3000, maxSize: 0 } }\n`,
    );
    write("top.json", '\uFEFF{ "extends": "./base.yaml",\r\n  "gitlab": { "editon": "ce" } } // end\r\n');
    const { code, stdout } = await gitlabAws(folder, "validate", "--fix", "top.json");
    expect(stdout.split("\n").slice(0, 6)).toEqual([
      "top.json:2:15 fixed: /gitlab/editon: edition",
      "base.yaml:8:1 fixed: /loadBalanser: loadBalancer",
      "base.yaml:10:13 fixed: /database/multiaz: multiAz",
      "base.yaml:10:46 fixed: /database/storage/type: gp3",
      "base.yaml:10:66 fixed: /database/storage/maxSize: maxSizeGib",
      "base.yaml:9:11 fixed: /loadBalancer/http: redirect",
    ]);
    expect(code).toBe(0);
    expect(read("base.yaml")).toBe(
      `${REQUIRED}# Ours.\nloadBalancer:   # of the network kind\n    http: "redirect"\ndatabase: { multiAz: false, storage: { type: "gp3", iops: 3000, maxSizeGib: 0 } }\n`,
    );
    expect(read("top.json")).toBe('\uFEFF{ "extends": "./base.yaml",\r\n  "gitlab": { "edition": "ce" } } // end\r\n');
  });

  it("brings a topology of an older version of the schema up to date", async () => {
    write("old.yaml", `$schema: urn:gitlab-aws:topology:0\n${REQUIRED}`);
    expect(await gitlabAws(folder, "validate", "old.yaml", "--fix")).toMatchObject({ code: 0 });
    expect(read("old.yaml")).toBe(`$schema: urn:gitlab-aws:topology:1\n${REQUIRED}`);
  });
});

describe("--watch", () => {
  it("validates again when the file changes, or one that it extends, and ends at Ctrl-C", async () => {
    write("watched-base.yaml", REQUIRED);
    write("watched.yaml", "extends: ./watched-base.yaml\n");
    const command = [
      join(ROOT, "scripts/run.mjs"),
      join(ROOT, "modules/cli/main.ts"),
      "validate",
      "watched.yaml",
      "--watch",
    ];
    const child = spawn(process.execPath, command, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    try {
      let printed = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        printed += text;
      });
      const says = async (verdict: string) => {
        while (!printed.endsWith(`${verdict}\n`)) await new Promise((done) => setTimeout(done, 20));
        printed = "";
      };
      await says("watched.yaml is valid");
      // As editors save: another file takes the name.
      write("watched.yaml.new", "extends: ./watched-base.yaml\nsize: huge\n");
      renameSync(join(folder, "watched.yaml.new"), join(folder, "watched.yaml"));
      await says("watched.yaml is not valid: 1 error");
      write("watched.yaml", "extends: ./watched-base.yaml\n");
      await says("watched.yaml is valid");
      write("watched-base.yaml", `${REQUIRED}protect: maybe\n`);
      await says("watched.yaml is not valid: 1 error");
      const ended = once(child, "exit");
      child.kill("SIGINT");
      expect(await ended).toEqual([null, "SIGINT"]);
    } finally {
      child.kill("SIGKILL");
    }
  }, 30_000);
});

it.each([[["validate", "--unknown"]], [["valdate"]], [["explain", "nothing.here"]]])(
  "a wrong use: %j",
  async (args) => {
    expect((await gitlabAws(folder, ...args)).code).toBe(2);
  },
);
