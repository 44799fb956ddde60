import {
  brokenFixtures,
  CURSOR,
  factsOf,
  jsonEditor,
  nest,
  objects,
  places,
  SCHEMA,
  textOf,
  uncovered,
  validFiles,
} from "./editor";

const editor = jsonEditor();
const files = validFiles(/\.jsonc?$/);
const all = places();

describe("squiggles", () => {
  test.each(brokenFixtures(/\.jsonc?$/))("$name: where our own messages point to", async (fixture) => {
    expect(uncovered(fixture, await editor.diagnostics(fixture.name, fixture.text))).toEqual([]);
  });

  test.each(files)("%s: none", async (path) => {
    const text = textOf(path);
    expect(await editor.diagnostics(path, text)).toEqual([]);
  });

  test.each(files.filter((path) => textOf(path).includes('"$schema"')))("%s names the schema itself", async (path) => {
    const text = textOf(path).replace('"region"', '"regoin"');
    const diagnostics = await jsonEditor({ associated: false }).diagnostics(path, text);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'Missing property "region".',
      "Property regoin is not allowed.",
    ]);
  });

  test("a file that extends another one may lack what that one has", async () => {
    expect(await editor.diagnostics("topology.json", '{ "extends": "./base.json", "protect": false }')).toEqual([]);
  });

  test("a pattern is said in words", async () => {
    const text = textOf("topology.json").replace("gitlab.example.com", "https://gitlab.example.com");
    expect((await editor.diagnostics("topology.json", text)).map(({ message }) => message)).toEqual([
      'Expected a host name in lower case, without scheme or port, for example "gitlab.example.com".',
    ]);
  });
});

describe("completion", () => {
  test.each(objects())("$pointer: every property is proposed, with its description", async ({ path, properties }) => {
    const text = JSON.stringify(nest(path, CURSOR)).replace(`"${CURSOR}"`, `{ ${CURSOR} }`);
    const proposals = await editor.proposals(text);
    expect(proposals.map(({ label, documentation }) => [label, documentation])).toEqual(
      properties.map(([key, { description = "" }]) => [key, expect.stringContaining(description)]),
    );
  });

  test("what is there already isn't proposed again", async () => {
    const proposals = await editor.proposals(
      `{ "database": { "storage": { "type": "gp3", "iops": 3000, ${CURSOR} } } }`,
    );
    expect(proposals.map(({ label }) => label)).toEqual(["sizeGib", "maxSizeGib"]);
  });

  test.each([
    ["the choices", `{ "database": { "storage": { "type": ${CURSOR} } } }`, ['"io1"', '"io2"', '"gp3"']],
    ["the default", `{ "database": { "port": ${CURSOR} } }`, ["5432"]],
    ["examples", `{ "application": { "image": ${CURSOR} } }`, ['"ubuntu"', '"gitlab"', '"ami-0123456789abcdef0"']],
  ])("for a value: %s", async (_, text, labels) => {
    expect((await editor.proposals(text)).map(({ label }) => label)).toEqual(labels);
  });

  test("an empty file becomes the smallest topology", async () => {
    const [proposal, ...others] = await editor.proposals(CURSOR);
    expect(others).toEqual([]);
    expect(JSON.parse(proposal?.insertText?.replaceAll("\\}", "}") ?? "")).toEqual(SCHEMA.examples?.[0]);
  });

  test("inserting access brings its list, ready to be filled in", async () => {
    const access = (await editor.proposals(`{ ${CURSOR} }`)).find(({ label }) => label === "access");
    expect(access?.insertText?.replace(/\s/g, "")).toBe('"access":{"trustedCidrs":["203.0.113.0/24"]\\}');
  });
});

describe("hover", () => {
  const over = (place: (typeof all)[number]) =>
    JSON.stringify(nest(place.path, place.node.examples?.[0])).replace(`"${place.key}":`, `"${CURSOR}${place.key}":`);

  test.each(all)("$pointer: description, default, unit and chapter", async (place) => {
    const text = await editor.hover(over(place));
    for (const fact of [place.node.description, ...factsOf(place)]) expect(text).toContain(fact);
  });

  test("as a whole", async () => {
    expect(await editor.hover(`{ "database": { "storage": { "${CURSOR}sizeGib": 100 } } }`)).toBe(
      "The allocated storage.\n\nDefault: `100` · 20 to 65536 GiB · Guide: *Create the database*",
    );
  });
});
