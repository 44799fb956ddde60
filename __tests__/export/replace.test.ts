// How an export goes into a folder: all of it or nothing, and nothing of anybody else's.
import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { compare, isConflict, readManifest, recover, replace, type Tree } from "../../modules/export";
import { STAGING } from "../../modules/export/replace";

const FORM = { layout: "modules", format: "json" } as const;
const ROOT = resolve(__dirname, "../..");

const scratch = mkdtempSync(join(tmpdir(), "replace-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let folder: string;
let count = 0;
beforeEach(() => {
  count += 1;
  folder = join(scratch, String(count), "terraform");
});

const OLD: Tree = { "main.tf.json": "old\n", "modules/a/main.tf.json": "a\n", "modules/b/main.tf.json": "b\n" };
const NEW: Tree = { "main.tf.json": "new\n", "modules/a/main.tf.json": "a\n", "modules/c/main.tf.json": "c\n" };

async function put(tree: Tree): Promise<void> {
  await replace(folder, tree, FORM, compare(folder, tree, FORM));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** All files of a folder by path, but the list of them. */
function filesIn(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const entries = files.map((entry): [string, string] => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(root.length + 1), readFileSync(path, "utf8")];
  });
  return Object.fromEntries(entries.filter(([path]) => path !== ".gitlab-aws.json").sort());
}

describe("a folder that isn't there", () => {
  it("is made, with a list of what is ours", async () => {
    await put(OLD);
    expect(filesIn(folder)).toEqual(OLD);
    expect(Object.keys(readManifest(folder)?.files ?? {})).toEqual(Object.keys(OLD));
    expect(readManifest(folder)).toMatchObject(FORM);
    expect(compare(folder, OLD, FORM)).toEqual([]);
  });
});

describe("another tree", () => {
  it("changes, adds and removes files, and folders that are empty then", async () => {
    await put(OLD);
    expect(compare(folder, NEW, FORM)).toEqual([
      { path: ".gitlab-aws.json", kind: "change" },
      { path: "main.tf.json", kind: "change" },
      { path: "modules/b/main.tf.json", kind: "remove" },
      { path: "modules/c/main.tf.json", kind: "add" },
    ]);
    await put(NEW);
    expect(filesIn(folder)).toEqual(NEW);
    expect(readdirSync(join(folder, "modules"))).toEqual(["a", "c"]);
  });

  it("leaves files of others alone, in folders that lose their last file of ours too", async () => {
    await put(OLD);
    const mine = {
      "override.tf": "mine\n",
      ".terraform.lock.hcl": "lock\n",
      "modules/b/extra.tf": "mine\n",
      "modules/mine/main.tf": "mine\n",
      "terraform-state/terraform.tfstate": "{}\n",
    };
    for (const [path, text] of Object.entries(mine)) write(path, text);
    await put(NEW);
    expect(filesIn(folder)).toEqual({ ...NEW, ...mine });
  });

  it("writes a file again that somebody deleted", async () => {
    await put(OLD);
    rmSync(join(folder, "main.tf.json"));
    expect(compare(folder, OLD, FORM)).toEqual([{ path: "main.tf.json", kind: "add" }]);
  });
});

describe("work of others", () => {
  it.each([
    ["a file of ours that somebody edited", "main.tf.json", "edited"],
    ["a file of ours that somebody edited and that would go", "modules/b/main.tf.json", "edited"],
    ["a file of theirs where one of ours would go", "modules/c/main.tf.json", "foreign"],
  ])("is a conflict: %s", async (_, path, kind) => {
    await put(OLD);
    write(path, "mine\n");
    const differences = compare(folder, NEW, FORM);
    expect(differences.filter(isConflict)).toEqual([{ path, kind }]);
  });

  it("is none where it is what we would write", async () => {
    await put(OLD);
    write("main.tf.json", "new\n");
    write("modules/c/main.tf.json", "c\n");
    expect(compare(folder, NEW, FORM).filter(isConflict)).toEqual([]);
  });

  it("is a link in the place of a file too", async () => {
    await put(OLD);
    write("elsewhere", "new\n");
    symlinkSync("../../elsewhere", join(folder, "modules/c"));
    rmSync(join(folder, "main.tf.json"));
    symlinkSync("elsewhere", join(folder, "main.tf.json"));
    expect(compare(folder, OLD, FORM)).toEqual([{ path: "main.tf.json", kind: "edited" }]);
  });
});

describe("what can't be written", () => {
  it.each([
    [
      "a folder in a file's place",
      "main.tf.json/inner",
      /main\.tf\.json is a folder, where a file has to go\. Move it$/,
    ],
    ["a file in a folder's place", "modules/c", /modules\/c is a file, where a folder has to go\. Move it$/],
  ])("is refused before anything is: %s", async (_, path, message) => {
    write("modules/a/main.tf.json", "before\n");
    write(path, "mine\n");
    const before = filesIn(folder);
    await expect(put(NEW)).rejects.toThrow(message);
    expect(filesIn(folder)).toEqual(before);
  });

  it.each(["[]", "{", '{"files": {"../../etc/passwd": "0"}}', '{"files": {"/etc/passwd": "0"}}'])(
    "is a list of files that isn't one, or names files elsewhere: %s",
    (text) => {
      write(".gitlab-aws.json", text);
      expect(() => compare(folder, NEW, FORM)).toThrow(
        /\.gitlab-aws\.json is not a list of exported files\. Restore it, or remove it and export with --force$/,
      );
    },
  );
});

describe("an export that was cut off", () => {
  beforeEach(() => put(OLD));

  const interrupted = (name: string) => {
    const staging = join(folder, STAGING);
    for (const [path, text] of Object.entries(NEW)) {
      mkdirSync(join(staging, "new", dirname(path)), { recursive: true });
      writeFileSync(join(staging, "new", path), text);
    }
    const plan = { write: Object.keys(NEW), remove: ["modules/b/main.tf.json"] };
    writeFileSync(join(staging, name), JSON.stringify(plan));
    return staging;
  };

  it("before it renamed anything is forgotten", () => {
    interrupted("plan.json");
    recover(folder);
    expect(filesIn(folder)).toEqual(OLD);
  });

  it("while it renamed is finished", () => {
    const staging = interrupted("started.json");
    // As far as it came.
    writeFileSync(join(folder, "main.tf.json"), "new\n");
    rmSync(join(staging, "new/main.tf.json"));
    recover(folder);
    expect(filesIn(folder)).toEqual(NEW);
  });

  it("is left alone while it runs", async () => {
    const staging = interrupted("plan.json");
    writeFileSync(join(staging, "pids"), `${process.pid}`);
    expect(() => recover(folder)).toThrow(`another export is writing to ${folder}: process ${process.pid}. `);
    await expect(put(NEW)).rejects.toThrow("another export is writing");
    expect(existsSync(staging)).toBe(true);
  });
});

describe("killed at any moment", () => {
  // What is killed is a process that only writes: the moments fall where they count.
  const ENTRY = join(__dirname, "put.ts");
  const MOMENTS = 200;
  const FILES = 60;
  const big = (text: string): Tree =>
    Object.fromEntries(
      Array.from({ length: FILES }, (_, index) => [`modules/${index % 14}/${index}.tf.json`, `${text}\n`.repeat(2000)]),
    );

  it(`leaves the old tree or the new one, and files of others, at ${MOMENTS} random moments`, async () => {
    const trees = ["one", "two"].map((text) => big(text));
    const inputs = trees.map((tree, index) => {
      const input = join(scratch, `tree-${index}.json`);
      writeFileSync(input, JSON.stringify(tree));
      return input;
    });
    const bundle = join(scratch, "put.cjs");
    const built = spawnSync(
      join(ROOT, "node_modules/.bin/esbuild"),
      [ENTRY, "--bundle", "--platform=node", `--outfile=${bundle}`, "--log-level=error"],
      { encoding: "utf8" },
    );
    expect(built.stderr).toBe("");
    const start = (index: number) =>
      spawn(process.execPath, [bundle, folder, inputs[index] as string], { detached: true, stdio: "ignore" });
    const ended = (child: ReturnType<typeof start>) =>
      new Promise<number | null>((done) => child.on("close", (code) => done(code)));

    const began = performance.now();
    expect(await ended(start(0))).toBe(0);
    const duration = performance.now() - began;
    write("override.tf", "mine\n");

    const outcomes = { old: 0, new: 0 };
    let current = 0;
    for (let moment = 0; moment < MOMENTS; moment++) {
      const next = 1 - current;
      const child = start(next);
      const killed = new Promise((done) => setTimeout(done, Math.random() * duration * 1.1)).then(() => {
        // With all that it started in its group.
        if (child.exitCode === null && child.pid) process.kill(-child.pid, "SIGKILL");
      });
      await Promise.all([ended(child), killed]);
      await quiet();
      const found = Object.entries(filesIn(folder)).filter(([path]) => !path.startsWith(STAGING));
      const { "override.tf": mine, ...ours } = Object.fromEntries(found);
      expect(mine).toBe("mine\n");
      const [text] = Object.values(ours).map((content) => content.slice(0, 3));
      const expected = trees[text === "two" ? 1 : 0] as Tree;
      expect(Object.keys(ours)).toEqual(Object.keys(expected).sort());
      expect(Object.keys(ours).filter((path) => ours[path] !== expected[path])).toEqual([]);
      if (text === (next === 1 ? "two" : "one")) {
        outcomes.new += 1;
        current = next;
      } else {
        outcomes.old += 1;
      }
    }
    // Both happen, or the moments weren't chosen well.
    expect(outcomes.old).toBeGreaterThan(10);
    expect(outcomes.new).toBeGreaterThan(10);
  }, 120_000);

  /** Waits for the process that renames: it may have got the word, or clears away what it waited for. */
  async function quiet(): Promise<void> {
    let forgotten = 0;
    for (let tries = 0; tries < 2000; tries++) {
      if (!existsSync(join(folder, STAGING))) return;
      // It goes away by itself, but where the kill came before anybody waited for the word.
      forgotten = existsSync(join(folder, STAGING, "pids")) ? 0 : forgotten + 1;
      if (forgotten > 60) return;
      await new Promise((done) => setTimeout(done, 5));
    }
    throw new Error("the process that renames doesn't end");
  }
});
