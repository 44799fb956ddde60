import { writeFileSync } from "node:fs";
import { rules } from "../../modules/topology/rules";
import { refusals } from "../../modules/topology/rules/refusals";
import { fixtures, outputOf, problemsOf, report } from "./fixtures";

// `UPDATE_GOLDEN=1 npx jest invalid` writes the outputs anew, to be reviewed as a diff.
if (process.env.UPDATE_GOLDEN) {
  for (const fixture of [...fixtures("invalid"), ...fixtures("warnings")]) {
    writeFileSync(fixture.path.replace(/\.\w+$/, ".txt"), outputOf(fixture));
  }
}

const invalid = fixtures("invalid");
const warnings = fixtures("warnings");
const all = [...invalid, ...warnings];

describe("a topology that can't be used", () => {
  test.each(invalid)("$name: the whole message", (fixture) => {
    expect(outputOf(fixture)).toBe(fixture.golden);
    expect(report(fixture).valid).toBe(false);
  });
});

describe("a topology with something doubtful", () => {
  test.each(warnings)("$name: the whole message", (fixture) => {
    expect(outputOf(fixture)).toBe(fixture.golden);
    expect(report(fixture).valid).toBe(true);
  });
});

describe("every message", () => {
  test.each(all)("$name: in file order, with place, value and way out, on one line", (fixture) => {
    const problems = problemsOf(fixture);
    const own = problems.filter(({ file }) => file === fixture.file);
    const places = own.map(({ position }) => position.line * 10_000 + position.column);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    const lines = fixture.text.split("\n");
    for (const { position, path, message, fix } of own) {
      expect(path).toMatch(/^(\/.+)?$/);
      expect(position.line).toBeLessThanOrEqual(lines.length);
      expect(position.column).toBeLessThanOrEqual((lines[position.line - 1]?.length ?? 0) + 1);
      expect(message).toMatch(/^(is|are|has|puts) [^\n]+[^.\n]$/);
      expect(fix).toMatch(/^[A-Z][^\n]+[^.\n]$/);
      expect(`${message} ${fix}`).not.toMatch(/undefined|\[object|function/);
    }
  });

  test("no message tells more than the beginning of a secret", () => {
    const outputs = all.map(({ golden }) => golden).join("");
    const secrets = all.flatMap(({ text }) => text.match(/(b3Bl|MIIE)[A-Za-z0-9+/]{20,}/g) ?? []);
    expect(secrets.length).toBeGreaterThanOrEqual(4);
    for (const secret of secrets) expect(outputs).not.toContain(secret.slice(0, 8));
  });
});

describe("the fixtures", () => {
  test("there are enough of them, in each format", () => {
    expect(invalid.length).toBeGreaterThanOrEqual(100);
    for (const file of ["topology.json", "topology.jsonc", "topology.yaml"]) {
      expect(invalid.filter((fixture) => fixture.file === file).length).toBeGreaterThanOrEqual(5);
    }
  });

  test("each has a golden of its own", () => {
    const names = all.map(({ path }) => path.replace(/\.\w+$/, ""));
    expect(new Set(names).size).toBe(names.length);
  });

  const named = rules.map(({ name, severity }) => ({ name, severity }));

  test.each(named)("$severity $name has one", ({ name, severity }) => {
    const found = all.filter(({ topic }) => topic === name).flatMap(problemsOf);
    expect(found).toContainEqual(expect.objectContaining({ rule: name, severity }));
  });

  test.each([...refusals])("refusal $name has one", ({ name, path, reason, fix }) => {
    const found = all.filter(({ topic }) => topic === name).flatMap(problemsOf);
    expect(found).toContainEqual(
      expect.objectContaining({ rule: "schema", path, message: expect.stringContaining(reason), fix }),
    );
  });

  test("every refusal and every rule has a file name of its own", () => {
    const names = [...rules, ...refusals].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
