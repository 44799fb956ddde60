// `gitlab-aws diagram`, in this process.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommanderError } from "commander";
import { diagramCommand } from "../../modules/cli/diagram";
import { diagramOf, draw } from "../../modules/diagram";
import { resolveTopology } from "../../modules/topology";
import { SMALLEST } from "../synth";

const folder = mkdtempSync(join(tmpdir(), "diagram-"));
const file = join(folder, "topology.json");
const bad = join(folder, "bad.json");
writeFileSync(file, JSON.stringify(SMALLEST));
writeFileSync(bad, JSON.stringify({ ...SMALLEST, region: "moon-1" }));
afterAll(() => rmSync(folder, { recursive: true }));

const diagram = diagramOf(resolveTopology(SMALLEST).topology);

async function run(...args: string[]) {
  const said = { stdout: "", stderr: "" };
  const listen = (name: "stdout" | "stderr") =>
    jest.spyOn(process[name], "write").mockImplementation((text) => {
      said[name] += text;
      return true;
    });
  const log = jest.spyOn(console, "log").mockImplementation((text) => {
    said.stdout += `${text}\n`;
  });
  const spies = [listen("stdout"), listen("stderr"), log];
  process.exitCode = undefined;
  const command = diagramCommand().exitOverride();
  try {
    await command.parseAsync(args, { from: "user" });
    return { status: process.exitCode, ...said };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { status: error.code, ...said };
  } finally {
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
  }
}

test("SVG on standard output, and nothing of the topology's warnings", async () => {
  expect(await run(file)).toEqual({ status: 0, stdout: draw(diagram, "svg"), stderr: "" });
});

test("Mermaid", async () => {
  expect(await run(file, "--format", "mermaid")).toEqual({ status: 0, stdout: draw(diagram, "mermaid"), stderr: "" });
});

test("--json", async () => {
  const { stdout } = await run(file, "--format", "mermaid", "--json");
  expect(JSON.parse(stdout)).toEqual({ format: "mermaid", text: draw(diagram, "mermaid") });
  const refused = await run(bad, "--json");
  expect(refused).toMatchObject({ status: 1, stderr: "" });
  expect(JSON.parse(refused.stdout).problems).toContainEqual(
    expect.objectContaining({ path: "/region", severity: "error" }),
  );
});

test("--out writes the file, over an earlier one, and leaves nothing else", async () => {
  const out = join(folder, "out");
  const before = readdirSync(folder);
  for (const format of ["mermaid", "svg"] as const) {
    const { status, stdout } = await run(file, "--format", format, "--out", out);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `Wrote ${out}\n` });
    expect(readFileSync(out, "utf8")).toBe(draw(diagram, format));
  }
  expect(readdirSync(folder).sort()).toEqual([...before, "out"].sort());
});

test("a topology with problems: exit code 1, said on stderr, and the file stays", async () => {
  const out = join(folder, "kept");
  writeFileSync(out, "as before");
  const { status, stdout, stderr } = await run(bad, "--out", out);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("/region");
  expect(readFileSync(out, "utf8")).toBe("as before");
});

test("--out makes the folder", async () => {
  const out = join(folder, "docs", "images", "gitlab.svg");
  expect(await run(file, "--out", out)).toEqual({ status: 0, stdout: `Wrote ${out}\n`, stderr: "" });
  expect(readFileSync(out, "utf8")).toBe(draw(diagram, "svg"));
});

test("a format that doesn't exist is wrong use", async () => {
  const { status, stderr } = await run(file, "--format", "png");
  expect(status).toBe("commander.invalidArgument");
  expect(stderr).toContain("svg, mermaid");
});
