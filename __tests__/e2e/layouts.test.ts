// Every example, exported in every layout and format: valid to real Terraform, and the same plan whichever it is.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Format, Layout, Tree } from "../../modules/export";
import type { BackendFile } from "../../modules/topology";
import { exportTopology, load } from "../synth";
import { aws, type Emulator } from "./emulator";
import { type Configuration, type Plan, run, type Terraform } from "./harness";
import { type Sandbox, startSandbox } from "./sandbox";

const EXAMPLES = resolve(__dirname, "../../examples");
const TOPOLOGIES = readdirSync(EXAMPLES).filter((name) => /\.(json|jsonc|yaml)$/.test(name));
const LAYOUTS: readonly Layout[] = ["modules", "stacks"];
const FORMATS: readonly Format[] = ["json", "hcl"];

/** What Terraform says of the backend of a root module that another one calls. */
const IGNORED = ["Backend configuration ignored", "Cloud configuration ignored"];

/** The example whose root modules are validated each by itself. */
const ONE_BY_ONE = "production.yaml";

/** How many root modules are validated at a time. */
const AT_ONCE = 2;

let sandbox: Sandbox;
let emulator: Emulator;
let installing: Terraform;
let terraform: Terraform;
let secrets = 0;
const scratch = mkdtempSync(join(tmpdir(), "layouts-"));

beforeAll(async () => {
  sandbox = await startSandbox(scratch);
  ({ emulator, installing, terraform } = sandbox);
  for (const zone of ["example.com", "acme.io"]) {
    aws(emulator, "route53", "create-hosted-zone", "--name", zone, "--caller-reference", zone);
  }
});

afterAll(async () => {
  await sandbox?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

describe.each(TOPOLOGIES)("%s", (name) => {
  const file = join(EXAMPLES, name);

  it.each(LAYOUTS.flatMap((layout) => FORMATS.map((format) => [layout, format] as const)))(
    "as %s in %s: terraform takes it as it is",
    async (layout, format) => {
      const folder = write(join(scratch, name, `${layout}-${format}`), exportTopology(file, { layout, format }));
      await run("terraform", ["fmt", "-check", "-diff", "-recursive"], { cwd: folder, env: process.env });
      await inParallel(rootsOf(folder, name, layout, format), async (root) => {
        await installing.init(root, "-backend=false");
        const { valid, diagnostics } = await terraform.validate(root);
        const others = diagnostics.filter(({ summary }) => !IGNORED.includes(summary));
        expect({ root, valid, others }).toEqual({ root, valid: true, others: [] });
      });
    },
  );

  it("plans the same resources with the same arguments, whatever the layout and the format", async () => {
    const modules = await planned(file, name, "modules", "json");
    expect(resourcesOf(modules).size).toBeGreaterThan(100);

    const modulesInHcl = await planned(file, name, "modules", "hcl");
    expect([...resourcesOf(modulesInHcl)]).toEqual([...resourcesOf(modules)]);
    expect(modulesInHcl.output_changes).toEqual(modules.output_changes);

    // Every state holds what the plan of all modules knows, and something of the right form where it doesn't.
    const states = statesOf(file, modules, secretIn(load(file).topology.region));
    const stacks = await planned(file, name, "stacks", "json", states);
    expectSame(stacks, modules);
    expect(readingsOf(stacks)).toEqual(readingsOf(modules));

    const stacksInHcl = await planned(file, name, "stacks", "hcl", states);
    expect([...resourcesOf(stacksInHcl)]).toEqual([...resourcesOf(stacks)]);
    expect(readingsOf(stacksInHcl)).toEqual(readingsOf(stacks));
  });
});

/**
 * The root modules to validate. Of the layout stacks, one example's are all of them, each by itself; otherwise one root module
 * calls them, which is one command for all of them.
 */
function rootsOf(folder: string, name: string, layout: Layout, format: Format): string[] {
  if (layout === "modules") return [folder];
  const oneByOne = name === ONE_BY_ONE && format === "json";
  return oneByOne ? tiersIn(folder).map((tier) => join(folder, tier)) : [callAll(folder)];
}

/** A root module that calls all root modules of the layout stacks. Terraform only warns that their backends have no effect then. */
function callAll(folder: string): string {
  const root = join(folder, "all");
  const calls = tiersIn(folder).map((tier) => [tier.replaceAll("-", "_"), { source: `../${tier}` }]);
  write(root, { "main.tf.json": JSON.stringify({ module: Object.fromEntries(calls) }) });
  return root;
}

/** Plans an example's tree; states in files, as there's no other backend here. */
async function planned(file: string, name: string, layout: Layout, format: Format, states?: States): Promise<Plan> {
  const { topology } = load(file);
  const backend: BackendFile = { type: "local", local: { directory: "states" } };
  const given = { ...topology, backend };
  const folder = write(
    join(scratch, name, `plan-${layout}-${format}`),
    exportTopology({ ...given, s3: undefined, cloud: undefined } as never, { layout, format }),
  );
  if (!states) {
    await terraform.init(folder);
    return await terraform.plan(folder);
  }
  mkdirSync(join(folder, "states"));
  for (const [tier, outputs] of Object.entries(states)) {
    writeFileSync(join(folder, "states", `${tier}.tfstate`), JSON.stringify(state(outputs)));
  }
  // One plan for all root modules.
  const root = callAll(folder);
  await terraform.init(root);
  return await terraform.plan(root);
}

/** Output values by name, by tier. */
type States = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What each tier's state would hold after an apply: what the plan knows, made up where it doesn't. */
function statesOf(file: string, plan: Plan, secretArn: string): States {
  const stacks = exportTopology(file, { layout: "stacks", format: "json" });
  const root = JSON.parse(exportTopology(file, { layout: "modules", format: "json" })["outputs.tf.json"] as string);
  const names = new Map<string, string>();
  for (const [name, { value }] of Object.entries<{ value: string }>(root.output)) {
    names.set(value.replace(/^\$\{module\.(.*)\}$/, "$1"), name);
  }
  const tiers = Object.keys(stacks).filter((path) => path.endsWith("/outputs.tf.json"));
  return Object.fromEntries(
    tiers.map((path) => {
      const tier = dirname(path);
      const { output } = JSON.parse(stacks[path] as string);
      const values = Object.keys(output).map((name) => {
        const change = plan.output_changes?.[names.get(`${tier.replaceAll("-", "_")}.${name}`) as string];
        const value = name === "secret_arns" ? secretArn : madeUp(name);
        return [name, filledIn(change?.after, change?.after_unknown, value)];
      });
      return [tier, Object.fromEntries(values)];
    }),
  );
}

/** A secret that is there: one of the tiers reads its value while planning. */
function secretIn(region: string): string {
  const value = ["--secret-string", "any", "--region", region];
  return aws(emulator, "secretsmanager", "create-secret", "--name", `any-${++secrets}`, ...value).ARN;
}

/** A value with another one wherever it is unknown. */
function filledIn(known: unknown, unknown: unknown, value: string): unknown {
  if (unknown === true) return value;
  if (typeof unknown !== "object" || unknown === null) return known;
  if (Array.isArray(unknown))
    return unknown.map((inner, index) => filledIn((known as unknown[])?.[index], inner, value));
  const keys = new Set([...Object.keys(known ?? {}), ...Object.keys(unknown)]);
  return Object.fromEntries(
    [...keys].map((key) => [
      key,
      filledIn((known as Record<string, unknown>)?.[key], (unknown as Record<string, unknown>)[key], value),
    ]),
  );
}

function madeUp(name: string): string {
  if (/_arns?$/.test(name)) return "arn:aws:kms:us-west-2:123456789012:key/0a1b2c3d-0000-4000-8000-0123456789ab";
  if (/subnet_ids/.test(name)) return "subnet-0123456789abcdef0";
  if (/security_group_ids/.test(name)) return "sg-0123456789abcdef0";
  if (/vpc_id/.test(name)) return "vpc-0123456789abcdef0";
  return "made-up";
}

function state(outputs: Readonly<Record<string, unknown>>): object {
  const typed = Object.entries(outputs).map(([name, value]) => [name, { value, type: typeOf(value) }]);
  return { version: 4, terraform_version: "1.11.0", serial: 1, lineage: "e2e", outputs: Object.fromEntries(typed) };
}

function typeOf(value: unknown): unknown {
  if (Array.isArray(value)) return ["tuple", value.map(typeOf)];
  if (typeof value !== "object" || value === null) return "string";
  return ["object", Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, typeOf(inner)]))];
}

/** What a plan creates, by address: known arguments, and which ones are not. */
function resourcesOf({ resource_changes = [] }: Plan): Map<string, { after: unknown; unknown: unknown }> {
  const managed = resource_changes.filter(({ mode }) => mode === "managed");
  return new Map(
    managed.map(({ address, change }) => [address, { after: change.after, unknown: change.after_unknown }]),
  );
}

/** Compares where both plans know: the one of all modules knows less, as nothing is there yet. */
function expectSame(stacks: Plan, modules: Plan): void {
  const found = resourcesOf(stacks);
  const expected = resourcesOf(modules);
  expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [address, { after, unknown }] of expected) {
    const other = found.get(address);
    const known = withoutUnknown(other?.after, unknown);
    expect([address, known]).toEqual([address, withoutUnknown(after, unknown)]);
  }
}

/** A value without what is unknown. */
function withoutUnknown(value: unknown, unknown: unknown): unknown {
  if (unknown === true) return "(unknown)";
  if (Array.isArray(value)) return value.map((inner, index) => withoutUnknown(inner, (unknown as unknown[])?.[index]));
  if (typeof value !== "object" || value === null) return value;
  const keys = new Set([...Object.keys(value), ...Object.keys(unknown ?? {})]);
  return Object.fromEntries(
    [...keys]
      .sort()
      .map((key) => [
        key,
        withoutUnknown((value as Record<string, unknown>)[key], (unknown as Record<string, unknown>)?.[key]),
      ])
      .filter(([, inner]) => inner !== undefined && inner !== null),
  );
}

/** By resource, what it reads from other tiers: `network.vpc_id`. */
function readingsOf({ configuration }: Plan): Record<string, string[]> {
  const calls = configuration.root_module.module_calls ?? {};
  const rows = Object.entries(calls).flatMap(([tier, { module, expressions = {} }]) =>
    (module.resources ?? [])
      .filter(({ type }) => type !== "terraform_remote_state")
      .map(({ address, expressions: own }) => {
        const readings = references(own).flatMap((reference) => reading(reference, expressions));
        return [`${tier}.${address}`, [...new Set(readings)].sort()] as const;
      }),
  );
  return Object.fromEntries(rows);
}

function references(expressions: unknown): string[] {
  if (Array.isArray(expressions)) return expressions.flatMap(references);
  if (typeof expressions !== "object" || expressions === null) return [];
  return Object.entries(expressions).flatMap(([key, inner]) =>
    key === "references" ? (inner as string[]) : references(inner),
  );
}

function reading(reference: string, inputs: Configuration["expressions"]): string[] {
  const [, tier, output] = /^data\.terraform_remote_state\.(\w+)\.outputs\.(\w+)/.exec(reference) ?? [];
  if (tier) return [`${tier}.${output}`];
  const [, input = ""] = /^var\.(\w+)/.exec(reference) ?? [];
  const passed = inputs?.[input]?.references?.[0];
  return passed ? [passed.replace("module.", "")] : [];
}

function write(folder: string, tree: Tree): string {
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function tiersIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && entry.name !== "states").map(({ name }) => name);
}

async function inParallel<T>(items: readonly T[], action: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await action(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
