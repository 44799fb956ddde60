// A topology in, the Terraform JSON of every tier out: the real flow, as `main.ts` runs it.
import { App } from "cdktf";
import * as stackTrace from "cdktf/lib/tokens/private/stack-trace";
import { type Tree, type TreeOptions, terraformTree } from "../modules/export";
import { composeGitLab } from "../modules/gitlab";
import { type Block, inOutdir, synthesize as synthesizeApp, type TerraformJson } from "../modules/testing";
import { type LoadedTopology, loadTopology, resolveTopology, type TopologyFile } from "../modules/topology";

export {
  addresses,
  addressesOf,
  type Block,
  type Blocks,
  dataSource,
  inOutdir,
  outputs,
  resource,
  resources,
  synthesize as synthesizeApp,
  type TerraformJson,
} from "../modules/testing";

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

/** The deployment as plain Terraform: files by path. */
export function exportTopology(topology: string | TopologyFile, options: TreeOptions): Tree {
  return exportApp((app) => composeGitLab(app, load(topology).topology), options);
}

/** Plain Terraform of an app that is composed by `compose`. */
export function exportApp(compose: (app: App) => void, options: TreeOptions): Tree {
  return inOutdir((outdir) => {
    const app = new App({ outdir });
    compose(app);
    return terraformTree(app, options);
  });
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
