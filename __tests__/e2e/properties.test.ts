// Topologies that nobody thought of, as real Terraform with the real provider takes them. `SEED=n` tries others.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { resolveTopology, TopologyError, type TopologyFile } from "../../modules/topology";
import { exportTopology } from "../synth";
import { pathsIn, pathsOfSchema, SEED, topologies } from "../topology/arbitrary";
import { Terraform, terraformEnv, type Validation } from "./harness";
import { type Provider, startProvider } from "./provider";

/** How many trees one root module calls. */
const AT_ONCE = 10;

const sample = fc.sample(topologies, { seed: SEED, numRuns: 220 }).filter(isValid).slice(0, 200);
const batches = Array.from({ length: Math.ceil(sample.length / AT_ONCE) }, (_, index) => ({
  index,
  batch: sample.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
}));

const scratch = mkdtempSync(join(tmpdir(), "properties-"));
let provider: Provider;
let terraform: Terraform;

beforeAll(async () => {
  provider = await startProvider(terraformEnv({ env: {} }, scratch), scratch);
  terraform = new Terraform(provider.env);
});

afterAll(async () => {
  await provider?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

it("has topologies with every property of the schema", () => {
  const reached = new Set(sample.flatMap((topology) => pathsIn(topology)));
  expect(pathsOfSchema().filter((path) => !path.includes("=") && !reached.has(path))).toEqual([]);
  expect(sample).toHaveLength(200);
});

it.each(batches)("terraform takes batch $index of random topologies", async ({ index, batch }) => {
  const root = join(scratch, String(index));
  const names = batch.map((_, number) => `topology_${number}`);
  for (const [number, topology] of batch.entries()) {
    const format = number % 5 === 0 ? "hcl" : "json";
    write(join(root, names[number] as string), exportTopology(topology, { layout: "modules", format }));
  }
  const calls = Object.fromEntries(names.map((name) => [name, { source: `./${name}` }]));
  write(root, { "main.tf.json": JSON.stringify({ module: calls }) });
  await terraform.init(root, "-backend=false");
  const { diagnostics } = await terraform.validate(root);

  const faults = diagnostics.filter(({ summary }) => !EXPECTED.includes(summary));
  const refused = batch.flatMap((topology, number) => {
    const own = faults.filter(({ range }) => range?.filename.startsWith(`${names[number]}/`));
    return own.length > 0 ? [{ topology: JSON.stringify(topology), faults: own.map(said) }] : [];
  });
  expect(refused).toEqual([]);
  expect(faults).toEqual([]);
});

/** A tree is made to be a root module, and here it is called by another one. */
const EXPECTED = ["Backend configuration ignored", "Cloud configuration ignored"];

function said({ summary, detail = "", range }: Validation["diagnostics"][number]): string {
  return `${range?.filename}: ${summary} ${detail}`;
}

function isValid(topology: TopologyFile): boolean {
  try {
    resolveTopology(topology);
    return true;
  } catch (error) {
    if (error instanceof TopologyError) return false;
    throw error;
  }
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
