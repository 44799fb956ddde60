// A topology in, the Terraform JSON of every tier out: the real flow, as `main.ts` runs it.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Manifest } from "cdktf";
import * as stackTrace from "cdktf/lib/tokens/private/stack-trace";
import { composeGitLab } from "../modules/gitlab";
import { type LoadedTopology, loadTopology, resolveTopology, type TopologyFile } from "../modules/topology";

// As in `scripts/run.mjs`: noting the call stack at each token takes two thirds of a synthesis here.
Object.assign(stackTrace, { captureStackTrace: () => [] });

/** The tiers, in the order they are composed. */
export const TIERS = [
  "encryption",
  "network",
  "security",
  "secrets",
  "storage",
  "iam",
  "dns",
  "certificate",
  "load-balancer",
  "database",
  "cache",
  "bastion",
  "gitaly",
  "application",
] as const;

export type TierName = (typeof TIERS)[number];

/** The arguments of one block. */
// biome-ignore lint/suspicious/noExplicitAny: Terraform's JSON has no types
export type Block = Record<string, any>;

/** Blocks by type, and then by name. */
export type Blocks = Record<string, Record<string, Block>>;

/** One stack's `cdk.tf.json`. */
export interface TerraformJson {
  readonly resource?: Blocks;
  readonly data?: Blocks;
  readonly ephemeral?: Blocks;
  readonly locals?: Readonly<Record<string, string>>;
  readonly output?: Record<string, Block>;
  readonly provider: Record<string, Block[]>;
  readonly terraform: Block;
}

export type Stacks = Record<TierName, TerraformJson>;

/** The five lines that every topology starts from. */
export const SMALLEST: TopologyFile = {
  region: "us-west-2",
  domain: "gitlab.example.com",
  access: { trustedCidrs: ["203.0.113.0/24"] },
};

/** A topology file's path, or what would stand in it. */
export function load(topology: string | TopologyFile): LoadedTopology {
  return typeof topology === "string" ? loadTopology(topology) : resolveTopology(topology);
}

/** The deployment's stacks. */
export function synthesize(topology: string | TopologyFile): Stacks {
  return synthesizeApp((app) => composeGitLab(app, load(topology).topology)) as Stacks;
}

/** The stacks of an app that is composed by `compose`. */
export function synthesizeApp(compose: (app: App) => void): Record<string, TerraformJson> {
  return inOutdir((outdir) => {
    const app = new App({ outdir });
    compose(app);
    app.synth();
    const folder = join(outdir, Manifest.stacksFolder);
    const names = readdirSync(folder).sort();
    return Object.fromEntries(
      names.map((name) => [name, JSON.parse(readFileSync(join(folder, name, "cdk.tf.json"), "utf8"))]),
    );
  });
}

/** Runs `use` with a folder that is gone afterwards. */
export function inOutdir<T>(use: (outdir: string) => T): T {
  const outdir = mkdtempSync(join(tmpdir(), "cdktf-out-"));
  try {
    return use(outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** A stack's resources of one type, by name, without cdktf's metadata. */
export function resources(stack: TerraformJson | undefined, type: string): Record<string, Block> {
  return blocks(stack?.resource, type);
}

/** The arguments of `aws_vpc.vpc`. */
export function resource(stack: TerraformJson | undefined, type: string, id: string): Block {
  return one(resources(stack, type), `${type}.${id}`, id);
}

/** The arguments of `data.aws_ami.image`. */
export function dataSource(stack: TerraformJson | undefined, type: string, id: string): Block {
  return one(blocks(stack?.data, type), `data.${type}.${id}`, id);
}

/** The values of a stack's outputs. */
export function outputs(stack: TerraformJson): Record<string, unknown> {
  return Object.fromEntries(Object.entries(stack.output ?? {}).map(([name, { value }]) => [name, value]));
}

/** All of a stack's addresses, such as `aws_vpc.vpc`, `data.aws_ami.image` and `ephemeral.aws_x.y`, sorted. */
export function addresses(stack: TerraformJson | undefined): string[] {
  return addressesOf(stack).map(([address]) => address);
}

/** All of a stack's blocks with their addresses. */
export function addressesOf(stack: TerraformJson | undefined): [address: string, block: Block][] {
  const of = (prefix: string, all: Blocks = {}) =>
    Object.keys(all).flatMap((type) =>
      Object.entries(blocks(all, type)).map(([id, block]): [string, Block] => [`${prefix}${type}.${id}`, block]),
    );
  return [...of("", stack?.resource), ...of("data.", stack?.data), ...of("ephemeral.", stack?.ephemeral)].sort(
    ([one], [other]) => (one < other ? -1 : 1),
  );
}

/** What cloud-init gets, as it stands in the stack: with references, and with what Terraform must not evaluate escaped. */
export function userData(stack: TerraformJson): string {
  const text = stack.locals?.user_data;
  if (text === undefined) throw new Error("there is no local.user_data");
  return text;
}

/** How a stack reads another one's output: `${data.terraform_remote_state.network.outputs.vpc_id}`. */
export function outputOf(tier: TierName, output: string): string {
  return `\${data.terraform_remote_state.${tier.replaceAll("-", "_")}.outputs.${output}}`;
}

/** The statements of a policy, whose references may hold quotes. */
export function statements(policy: string): Block[] {
  const { Version, Statement } = parseTemplate(policy);
  if (Version !== "2012-10-17") throw new Error(`the policy's version is ${Version}`);
  return Statement;
}

/** JSON text with references in it, as an object. */
export function parseTemplate(text: string): Block {
  return JSON.parse(text.replace(/\$\{.*?\}/g, (reference) => reference.replaceAll('"', '\\"')));
}

function blocks(all: Blocks | undefined, type: string): Record<string, Block> {
  return Object.fromEntries(
    Object.entries(all?.[type] ?? {}).map(([id, { "//": _, ...block }]): [string, Block] => [id, block]),
  );
}

function one(found: Record<string, Block>, address: string, id: string): Block {
  const block = found[id];
  if (!block) throw new Error(`there is no ${address}; there are ${Object.keys(found).join(", ") || "none"}`);
  return block;
}
