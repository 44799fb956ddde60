// Topologies in the documentation are there to be copied: each one must load.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { resolveTopology, type TopologyFile } from "../../modules/topology";
import { merged } from "../../modules/topology/overlay";
import { parseSource } from "../../modules/topology/source";
import schema from "../../modules/topology/topology.schema.json";
import { SMALLEST } from "../synth";

const ROOT = join(__dirname, "..", "..");
const PAGES = ["README.md", ...readdirSync(join(ROOT, "docs")).map((name) => join("docs", name))].filter((path) =>
  path.endsWith(".md"),
);

/** A block of code, and what is in it. */
interface Block {
  readonly place: string;
  readonly value: unknown;
}

/** The blocks of a page that are JSON or YAML, indented ones too. */
function blocks(page: string): Block[] {
  const text = readFileSync(join(ROOT, page), "utf8");
  return [...text.matchAll(/^( *)```(jsonc?|yaml)\n(.*?)^\1```$/gms)].map((match) => {
    const [, indent = "", format = "", code = ""] = match;
    const place = `${page}:${text.slice(0, match.index).split("\n").length}`;
    const { value, errors } = parseSource(`block.${format}`, code.replaceAll(new RegExp(`^${indent}`, "gm"), ""));
    if (errors.length > 0) throw new Error(`${place} can't be read: ${JSON.stringify(errors)}`);
    return { place, value };
  });
}

/** A topology, or a part of one. Other files have a `name`, too. */
function isTopology(block: Block): boolean {
  const known = Object.keys(schema.properties).filter((key) => key !== "name");
  return Object.keys(Object(block.value)).some((key) => known.includes(key));
}

const topologies = PAGES.flatMap(blocks).filter(isTopology);

test("there are some, whole ones and parts", () => {
  const whole = topologies.filter(({ value }) => "region" in Object(value));
  expect(whole.length).toBeGreaterThanOrEqual(4);
  expect(topologies.length - whole.length).toBeGreaterThanOrEqual(4);
});

test.each(topologies)("$place loads", ({ value }) => {
  // A part is on top of the smallest one.
  const topology = "region" in Object(value) ? value : merged(SMALLEST, value);
  expect(() => resolveTopology(topology as TopologyFile)).not.toThrow();
});
