// documents.py: what the scripts leave to Python.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAM = join(__dirname, "../../modules/nodes/scripts/documents.py");
const scratch = mkdtempSync(join(tmpdir(), "documents-"));
afterAll(() => rmSync(scratch, { recursive: true }));

function run(input: string, ...args: string[]): { status: number | null; stdout: string } {
  const { error, status, stdout, stderr } = spawnSync("python3", [PROGRAM, ...args], { input, encoding: "utf8" });
  if (error) throw new Error(`Python is missing: ${error.message}. Install it: apt-get install python3`);
  if (status === 1) throw new Error(stderr);
  return { status, stdout };
}

function file(name: string, content: unknown): string {
  const path = join(scratch, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

test("merge adds what is missing, and never touches what is there", () => {
  const shared = file("shared", { a: { x: "1", list: ["1"] }, b: "old" });
  const own = file("own", { a: { x: "2", list: ["2", "3"], y: "new" }, b: "new", c: { z: "new" } });
  const { status, stdout } = run("", "merge", shared, own);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ a: { x: "1", list: ["1"], y: "new" }, b: "old", c: { z: "new" } });
  expect(run("", "merge", shared, file("less", { b: "other" }))).toEqual({ status: 3, stdout: "" });
});

test("replace takes the new one, where it is new", () => {
  const shared = file("shared", { crt: "old" });
  expect(JSON.parse(run("", "replace", shared, file("own", { crt: "new" })).stdout)).toEqual({ crt: "new" });
  expect(run("", "replace", shared, file("own", { crt: "old" })).status).toBe(3);
});

test("pack and unpack keep files, and nobody but root reads private ones", () => {
  const [from, to] = [join(scratch, "from"), join(scratch, "to")];
  mkdirSync(from);
  mkdirSync(to);
  writeFileSync(join(from, "key"), "private\n");
  writeFileSync(join(from, "key.pub"), "public\n");
  run(run("", "pack", from).stdout, "unpack", to);
  expect(readdirSync(to).sort()).toEqual(["key", "key.pub"]);
  expect(readFileSync(join(to, "key"), "utf8")).toBe("private\n");
  expect([statSync(join(to, "key")).mode & 0o777, statSync(join(to, "key.pub")).mode & 0o777]).toEqual([0o600, 0o644]);
});

test("unpack doesn't leave its folder", () => {
  const to = join(scratch, "inside");
  mkdirSync(to);
  run(JSON.stringify({ "../outside": "x" }), "unpack", to);
  expect(existsSync(join(scratch, "outside"))).toBe(false);
  expect(readdirSync(to)).toEqual(["outside"]);
});

test("redact hides every secret, the lines of a key too, and nothing else", () => {
  const folder = join(scratch, "secrets");
  mkdirSync(folder);
  writeFileSync(join(folder, "password"), "hunter2hunter2");
  const shared = file("gitlab-secrets.json", { rails: { key: "-----BEGIN-----\nline-of-a-key\n", short: "on" } });
  const text = "password=hunter2hunter2 on 'line-of-a-key'\nregular expressions: .* stay\n";
  expect(run(text, "redact", folder, shared).stdout).toBe(
    "password=[secret] on '[secret]'\nregular expressions: .* stay\n",
  );
});

test.each([
  ['{"__type": "com.amazonaws#ThrottlingException", "message": "Rate exceeded"}', "ThrottlingException: Rate exceeded"],
  ['{"__type": "AccessDeniedException", "Message": "No"}', "AccessDeniedException: No"],
  [
    "<ErrorResponse><Error><Code>ValidationError</Code><Message>No active</Message></Error></ErrorResponse>",
    "ValidationError: No active",
  ],
  ["<html>", "no error message"],
])("error reads %s", (body, expected) => {
  expect(run(body, "error").stdout).toBe(`${expected}\n`);
});

test("log-events and put-secret carry any text", () => {
  const events = JSON.parse(
    run('1700000000000\tit\'s "so"\n1700000000001\t\n', "log-events", "/gitlab/application", "i-1").stdout,
  );
  expect(events).toEqual({
    logGroupName: "/gitlab/application",
    logStreamName: "i-1",
    logEvents: [
      { timestamp: 1700000000000, message: 'it\'s "so"' },
      { timestamp: 1700000000001, message: " " },
    ],
  });
  const secret = 'a"b\\c\nd';
  expect(JSON.parse(run(secret, "put-secret", "gitlab/x", "t".repeat(64)).stdout)).toEqual({
    SecretId: "gitlab/x",
    ClientRequestToken: "t".repeat(64),
    SecretString: secret,
  });
});
