import { stringify } from "yaml";
import {
  brokenFixtures,
  CURSOR,
  factsOf,
  nest,
  objects,
  places,
  textOf,
  uncovered,
  validFiles,
  yamlEditor,
} from "./editor";

const editor = yamlEditor();
const files = validFiles(/\.yaml$/);
const all = places();

/** A merge key: a topology refuses it, the language server of YAML takes it for what it was until YAML 1.2. */
const MERGED = "/backend/s3/<<";

describe("squiggles", () => {
  test.each(brokenFixtures(/\.yaml$/))("$name: where our own messages point to", async (fixture) => {
    const left = uncovered(fixture, await editor.diagnostics(fixture.name, fixture.text));
    expect(left).toEqual(fixture.name.endsWith("merge-key.yaml") ? [MERGED] : []);
  });

  test.each(files)("%s: none", async (path) => {
    const text = textOf(path);
    expect(await editor.diagnostics(path, text)).toEqual([]);
  });

  test.each(files.filter((path) => textOf(path).includes("$schema")))("%s names the schema itself", async (path) => {
    const text = textOf(path).replace(/^region/m, "regoin");
    const diagnostics = await yamlEditor({ associated: false }).diagnostics(path, text);
    expect(diagnostics.map(({ message }) => message).sort()).toEqual([
      'Missing property "region".',
      "Property regoin is not allowed.",
    ]);
  });

  test("a file that extends another one may lack what that one has", async () => {
    expect(await editor.diagnostics("topology.yaml", "extends: ./base.yaml\nprotect: false\n")).toEqual([]);
  });

  test("a pattern is said in words", async () => {
    const path = "examples/production.yaml";
    const text = textOf(path).replace("version: 19.3.0", 'version: "19.3"');
    expect((await editor.diagnostics(path, text)).map(({ message }) => message)).toEqual([
      'Expected a full version, major.minor.patch, for example "19.3.0".',
    ]);
  });
});

describe("completion", () => {
  test.each(objects())("$pointer: every property is proposed, with its description", async ({ path, properties }) => {
    const text = stringify(nest(path, { [CURSOR]: null })).replace(/: null\n$/, "");
    const proposals = (await editor.proposals(text)).map(({ label, documentation }) => [label, documentation]);
    for (const [key, { description = "" }] of properties) {
      expect(proposals).toContainEqual([key, expect.stringContaining(description)]);
    }
  });

  test("what is there already isn't proposed again", async () => {
    const text = `database:\n  storage:\n    type: gp3\n    iops: 3000\n    ${CURSOR}\n`;
    expect((await editor.proposals(text)).map(({ label }) => label)).toEqual(["sizeGib", "maxSizeGib"]);
  });

  test.each([
    ["the choices", `database:\n  storage:\n    type: ${CURSOR}`, ["io1", "io2", "gp3"]],
    ["the default", `database:\n  port: ${CURSOR}`, ["5432"]],
    ["examples", `application:\n  image: ${CURSOR}`, ["ubuntu", "gitlab", "ami-0123456789abcdef0"]],
  ])("for a value: %s", async (_, text, labels) => {
    expect((await editor.proposals(text)).map(({ label }) => label)).toEqual(labels);
  });

  test("the default is marked as such", async () => {
    const proposals = await editor.proposals(`database:\n  storage:\n    type: ${CURSOR}`);
    expect(proposals.filter(({ detail }) => detail === "Default value").map(({ label }) => label)).toEqual(["io1"]);
  });

  test("inserting an object brings the defaults of its properties", async () => {
    const network = (await editor.proposals(`netw${CURSOR}`)).find(({ label }) => label === "network");
    expect(network?.insertText).toBe("network:\n  cidr: ${1:10.0.0.0/16}\n  natGateways: ${2:per-zone}");
  });
});

describe("hover", () => {
  const over = (place: (typeof all)[number]) =>
    stringify(nest(place.path, place.node.examples?.[0])).replace(`${place.key}:`, `${CURSOR}${place.key}:`);

  test.each(all)("$pointer: description, default, unit and chapter", async (place) => {
    const text = await editor.hover(over(place));
    for (const fact of [place.node.description, ...factsOf(place)]) expect(text).toContain(fact);
  });

  test("choices are listed", async () => {
    expect(await editor.hover(`database:\n  storage:\n    ${CURSOR}type: gp3\n`)).toContain(
      "Allowed Values:\n\n* `gp3`\n* `io1`\n* `io2`\n",
    );
  });
});
