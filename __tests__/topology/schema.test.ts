import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../modules/topology/rules";
import { type SchemaNode, withoutReferences } from "../../modules/topology/schema-node";
import schema from "../../modules/topology/topology.schema.json";
import { strictAjv } from "../../scripts/generate-validator";

// Its formatter imports modules in a way that jest has no support for; nothing here formats.
jest.mock("json-schema-to-typescript", () => ({}));

const ROOT = join(__dirname, "..", "..");

/** A node with its pointer, and whether its parent requires it. */
interface Place {
  readonly path: string;
  readonly node: SchemaNode;
  readonly required: boolean;
  readonly kind: "root" | "property" | "item" | "value";
}

/** Every node that a value in a file can belong to, references followed. */
function walk(node: SchemaNode, path = "", required = false, kind: Place["kind"] = "root"): Place[] {
  const values = node.additionalProperties;
  return [
    { path: path || "/", node, required, kind },
    ...Object.entries(node.properties ?? {}).flatMap(([key, child]) =>
      walk(child, `${path}/${key}`, node.required?.includes(key), "property"),
    ),
    ...(node.items ? walk(node.items, `${path}/0`, false, "item") : []),
    ...(values && typeof values === "object" ? walk(values as SchemaNode, `${path}/*`, false, "value") : []),
  ];
}

const places = walk(withoutReferences(schema as SchemaNode));
const properties = places.filter(({ kind }) => kind === "property");
const MAPS = ["/tags", "/database/parameters", "/silence"];

test("the walk reaches the depths of the schema", () => {
  const paths = places.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      "/region",
      "/network/zones/0/publicCidr",
      "/application/scaling/scaleIn/cpuPercent",
      "/tags/*",
      "/backend/s3/keyPrefix",
    ]),
  );
  expect(paths.length).toBeGreaterThan(120);
});

test.each(places)("$path is described, as a sentence", ({ node }) => {
  expect(node.description).toMatch(/^[A-Z0-9<].*\.$/);
});

test.each(properties)("$path has one way to be absent", ({ node, required }) => {
  const ways = [required, "default" in node, "x-default" in node, "x-absent" in node].filter(Boolean);
  expect(ways).toHaveLength(1);
});

test.each(places)("$path has examples that its own schema allows", ({ node }) => {
  expect(node.examples?.length).toBeGreaterThan(0);
  for (const example of node.examples ?? []) expect(errorsOf(node, example)).toEqual([]);
});

test.each(properties.filter(({ node }) => "default" in node))("$path has a default it allows", ({ node }) => {
  expect(errorsOf(node, node.default)).toEqual([]);
});

function errorsOf(node: SchemaNode, value: unknown): unknown[] {
  // Ajv fills in the defaults of properties, but in strict mode it refuses one of the whole.
  const { default: _, ...own } = node;
  const validate = strictAjv().compile(own);
  validate(structuredClone(value));
  return validate.errors ?? [];
}

const numbers = places.filter(({ node }) => node.type === "integer" || node.type === "number");

test.each(numbers)("$path has a unit, and bounds or choices", ({ node }) => {
  expect(node["x-unit"]).toEqual(expect.any(String));
  if (!node.enum) expect([node.minimum, node.maximum]).toEqual([expect.any(Number), expect.any(Number)]);
});

test.each(places.filter(({ node }) => node.pattern))("$path says in words what its pattern expects", ({ node }) => {
  expect(node["x-expected"]).toMatch(/[^.]$/);
});

test.each(places.filter(({ node }) => node.propertyNames))("$path says in words what its names are", ({ node }) => {
  expect((node.propertyNames as SchemaNode)["x-expected"]).toEqual(expect.any(String));
});

test.each(places.filter(({ node }) => node.type === "object"))("$path refuses unknown properties", ({ path, node }) => {
  if (MAPS.includes(path)) expect(node.additionalProperties).toEqual(expect.objectContaining({ type: "string" }));
  // Its keys are GitLab's, and a rule knows them.
  else if (path === "/gitlab/config")
    expect(node.additionalProperties).toEqual(expect.objectContaining({ type: "object" }));
  else if (path === "/gitlab/config/*") expect(node.additionalProperties).toBe(true);
  else expect(node.additionalProperties).toBe(false);
});

test("silence takes the name of every warning", () => {
  const silence = places.find(({ path }) => path === "/silence")?.node.propertyNames as SchemaNode;
  expect(silence.enum).toEqual(rules.filter(({ severity }) => severity === "warning").map(({ name }) => name));
});

test("ajv compiles it in strict mode", () => {
  expect(() => strictAjv().compile(schema)).not.toThrow();
});

test("every keyword that can be violated has a fixture with its message", () => {
  const annotations = /^(x-.*|\$.*|title|description|default|examples|properties|items|definitions)$/;
  const keywords = new Set(places.flatMap(({ node }) => Object.keys(node)).filter((key) => !annotations.test(key)));
  // Cluster mode is the only constant, and refused with GitLab's reason.
  keywords.delete("const");
  for (const keyword of keywords) {
    expect([keyword, existsSync(join(__dirname, "..", "fixtures", "invalid", keyword))]).toEqual([keyword, true]);
  }
});

test("what is generated from it is fresh", () => {
  const command = ["scripts/run.mjs", "__tests__/topology/print-generated.ts"];
  const output = execFileSync(process.execPath, command, { cwd: ROOT, encoding: "utf8", maxBuffer: 2 ** 24 });
  const files = Object.entries(JSON.parse(output) as Record<string, string>);
  expect(files.length).toBeGreaterThanOrEqual(3);
  for (const [file, content] of files) {
    expect([file, readFileSync(join(ROOT, file), "utf8") === content]).toEqual([file, true]);
  }
});
