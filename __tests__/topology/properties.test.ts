// What holds for every topology, not only for those that somebody thought of: any that is valid comes out as Terraform, and
// any other is refused with the places of what is wrong, and nothing written. `SEED=n` tries others.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import { exportCommand } from "../../modules/cli/export";
import { type Problem, readTopology, TopologyError, type TopologyFile } from "../../modules/topology";
import { SMALLEST, synthesize, TIERS } from "../synth";
import { pathsIn, pathsOfSchema, SEED, topologies } from "./arbitrary";

/** The smallest ones first: where one fails, the first that does is told. */
const sample = fc
  .sample(topologies, { seed: SEED, numRuns: 1000 })
  .sort((one, other) => JSON.stringify(one).length - JSON.stringify(other).length);

describe("generated topologies", () => {
  test("have every property that the schema has, and make every choice", () => {
    const reached = new Set(sample.flatMap((topology) => pathsIn(topology)));
    expect(pathsOfSchema().filter((path) => !reached.has(path))).toEqual([]);
  });

  test("are what the rules allow", () => {
    const refused = sample.slice(-100).filter((topology) => outcomeOf("topology.json", textOf(topology)) === "refused");
    expect(refused.length).toBeLessThan(5);
  });

  test("are synthesized", () => {
    holdsFor(topologies, { numRuns: 60 }, (topology) => {
      fc.pre(outcomeOf("topology.json", textOf(topology)) === "fine");
      expect(Object.keys(synthesize(topology))).toEqual([...TIERS].sort());
    });
  });
});

/** What may stand anywhere: wrong types, borders, names with a meaning in JavaScript, and almost right texts. */
const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1, 7.5, 1e21, 3000, 65536, [], [[]], {}, { a: 1 }, [null], ["x", "x"]],
  ...[
    "",
    " ",
    "x",
    "\n",
    "${var.x}",
    "${TfToken[TOKEN.0]}",
    "%{ if }",
    "__proto__",
    "é😀",
    "a".repeat(300),
    "10.4.0.0/16",
    "10.4.0.7/33",
  ],
  ...["0.0.0.0/0", "::/0", "us-west-2b", "us-west-2z", "efs", "aurora", "none", "local", "cloud", "19.0.0", "9.9"],
  ...[
    "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA",
    { name: "us-west-2a" },
    { enabled: "yes" },
    [{ name: "us-west-2b" }],
  ],
];
const NAMES = [
  "two\nlines",
  "x",
  "",
  "${TfToken[TOKEN.0]}",
  "__proto__",
  "constructor",
  "toString",
  "name",
  "type",
  "zones",
  "a/b",
  "a~0b",
  "0",
  "length",
];

/** One value that is taken away, replaced, retyped, put in, or taken from elsewhere in the topology, where it's right. */
const edits = fc.record({
  kind: fc.constantFrom("remove" as const, "replace" as const, "retype" as const, "insert" as const, "copy" as const),
  place: fc.nat(),
  key: fc.nat(),
  from: fc.nat(),
  name: fc.constantFrom(...NAMES),
  value: fc.constantFrom(...VALUES),
});

type Edit = typeof edits extends fc.Arbitrary<infer T> ? T : never;

/** The smaller ones, which are read sooner, and together have everything as well. */
const small = sample.slice(0, 100);

const mutations = fc
  .tuple(fc.constantFrom(...small), fc.array(edits, { minLength: 1, maxLength: 5 }))
  .map(([topology, all]) => all.reduce(edited, copyOf(topology)));

describe("a mutated topology is fine, or refused with located problems", () => {
  test("by its values", () => {
    const outcomes = { fine: 0, refused: 0 };
    holdsFor(mutations, { numRuns: 4500 }, (mutated) => {
      outcomes[outcomeOf("topology.json", textOf(mutated))]++;
    });
    // Neither outcome is an accident.
    expect(outcomes.fine).toBeGreaterThan(150);
    expect(outcomes.refused).toBeGreaterThan(2500);
  });

  test("by its values, in what is read as YAML", () => {
    holdsFor(mutations, { numRuns: 300 }, (mutated) => void outcomeOf("topology.yaml", textOf(mutated)));
  });

  test("by its text", () => {
    // Fewer in YAML, whose parser takes longer.
    const texts = small.map((topology, index) =>
      index % 10 === 0
        ? { file: "topology.yaml", text: blockYaml(topology) }
        : { file: "topology.json", text: textOf(topology) },
    );
    const splices = fc.record({
      whole: fc.constantFrom(...texts),
      at: fc.nat(),
      scrap: fc.constantFrom(...'"{}[],:\n\t#%|', "  ", "//", "/*", "&a ", "*a", "- ", "!x "),
      removed: fc.nat(30),
    });
    holdsFor(splices, { numRuns: 5200 }, ({ whole: { file, text }, at, scrap, removed }) => {
      const place = at % text.length;
      outcomeOf(file, text.slice(0, place) + scrap + text.slice(place + removed));
    });
  });
});

describe("of a topology that is refused, an export writes nothing", () => {
  const scratch = mkdtempSync(join(tmpdir(), "properties-"));
  const file = join(scratch, "topology.json");
  const written = join(scratch, "written");
  const stderr = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  jest.spyOn(console, "error").mockReturnValue();
  jest.spyOn(console, "log").mockReturnValue();

  afterAll(() => {
    jest.restoreAllMocks();
    process.exitCode = undefined;
    rmSync(scratch, { recursive: true });
  });

  async function exported(text: string, out: string): Promise<unknown> {
    writeFileSync(file, text);
    stderr.mockClear();
    await exportCommand().parseAsync(["--out", out, "--topology", file], { from: "user" });
    return process.exitCode;
  }

  test("neither into a new folder nor into that of an export", async () => {
    expect(await exported(textOf(SMALLEST), written)).toBe(0);
    const before = filesIn(written);
    const out = join(scratch, "new");
    const property = fc.asyncProperty(mutations, async (mutated) => {
      fc.pre(outcomeOf("topology.json", textOf(mutated)) === "refused");
      expect(await exported(textOf(mutated), out)).toBe(1);
      expect(stderr).toHaveBeenCalled();
      expect(existsSync(out)).toBe(false);
      expect(await exported(textOf(mutated), written)).toBe(1);
      expect(filesIn(written)).toEqual(before);
    });
    await fc.assert(property, { seed: SEED, numRuns: 100 });
  });
});

/** Tells what failed with its seed and, shrunk, the smallest value that does. */
function holdsFor<T>(arbitrary: fc.Arbitrary<T>, options: { numRuns: number }, check: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, check), { seed: SEED, ...options });
}

function textOf(topology: unknown): string {
  return JSON.stringify(topology, null, 2);
}

/** Either a whole topology comes out, or problems that each have a place in the text. */
function outcomeOf(file: string, text: string): "fine" | "refused" {
  const lines = text.split("\n");
  try {
    const { topology } = readTopology(file, text);
    if (topology.network.zones.length < 2) throw new Error("there are fewer zones than the schema allows");
    return "fine";
  } catch (error) {
    // Another error would be a bug; its stack tells where.
    if (!(error instanceof TopologyError)) throw error;
    const { problems, message } = error;
    const flaws = problems.filter((problem) => !isLocated(problem, lines));
    // Asked first, as jest's matchers take longer than reading a topology.
    if (flaws.length > 0) expect(flaws).toEqual([]);
    if (!problems.some(({ severity }) => severity === "error")) expect(problems).toContainEqual({ severity: "error" });
    if (message.split("\n").length !== problems.length) expect(message.split("\n")).toHaveLength(problems.length);
    return "refused";
  }
}

/** Whether a problem is about a place in the text, and its words are for people. */
function isLocated({ position: { line, column }, length, message, fix }: Problem, lines: readonly string[]): boolean {
  const end = lines[line - 1]?.length;
  if (end === undefined || column < 1 || column > end + 1) return false;
  return length >= 1 && column + length <= Math.max(end, column) + 1 && !/undefined|\[object|\n/.test(message + fix);
}

type Container = Record<string, unknown> | unknown[];

/** Every object and list in a value. */
function containers(value: unknown): Container[] {
  if (value === null || typeof value !== "object") return [];
  return [value as Container, ...Object.values(value).flatMap(containers)];
}

/** A topology after one edit, which is done in place. */
function edited(topology: unknown, { kind, place, key: index, from, name, value }: Edit): unknown {
  const places = containers(topology);
  const target = pick(places, place) as Record<string, unknown>;
  const key = pick(Object.keys(target), index) ?? "x";
  const set = (where: string, what: unknown) =>
    Object.defineProperty(target, where, { value: what, enumerable: true, configurable: true, writable: true });
  if (kind === "remove") {
    if (Array.isArray(target)) target.splice(Number(key) || 0, 1);
    else delete target[key];
  } else if (kind === "replace") set(key, copyOf(value));
  else if (kind === "retype") set(key, retyped(target[key]));
  else if (kind === "insert") {
    if (Array.isArray(target)) target.push(copyOf(value));
    else set(name, copyOf(value));
  } else set(key, copyOf(pick(Object.values(pick(places, from) as Container), index) ?? null));
  return topology;
}

/** Not by structuredClone, whose objects fast-check can't tell for plain ones where jest runs it. */
function copyOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function pick<T>(items: readonly T[], index: number): T | undefined {
  return items[index % items.length];
}

function retyped(value: unknown): unknown {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return value % 2 === 0 ? String(value) : value * 1000;
  if (typeof value === "boolean") return value ? "yes" : 0;
  return JSON.stringify(value ?? "nothing");
}

/** The same in the style people write YAML in. */
function blockYaml(topology: TopologyFile): string {
  const document = parseDocument(textOf(topology));
  const unflow = (node: unknown): void => {
    if (isScalar(node)) node.type = "PLAIN";
    if (isMap(node) || isSeq(node)) node.flow = false;
    if (isMap(node)) for (const { key, value } of node.items) [key, value].forEach(unflow);
    if (isSeq(node)) node.items.forEach(unflow);
  };
  unflow(document.contents);
  return document.toString();
}

/** Every file with its content and when it was written. */
function filesIn(folder: string): Record<string, unknown> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => join(folder, name));
  return Object.fromEntries(
    files
      .filter((path) => statSync(path).isFile())
      .map((path) => [path, [statSync(path).mtimeMs, readFileSync(path, "utf8")]]),
  );
}
