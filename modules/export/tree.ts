import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type App, Manifest, TerraformStack } from "cdktf";
import { TierStack } from "../terraform/tier-stack";
import { blockPathsOf } from "./block-paths";
import { type Format, terraformFiles } from "./folder";
import { guide, inOrder } from "./guide";
import { type Deployment, foldersOf, identifier, type Layout } from "./layouts";
import { readme } from "./readme";
import { readStack } from "./tier-module";

/** What an export makes of an app. */
export interface TreeOptions {
  /** A root module that calls a module a tier, or a root module a tier. */
  readonly layout: Layout;
  readonly format: Format;
}

/** Files by their way from the tree's folder, with slashes, in order. */
export type Tree = Readonly<Record<string, string>>;

/**
 * Plain Terraform from an app's tiers. The app is synthesized for it, into its own `outdir`.
 *
 * The same app gives the same bytes.
 *
 * @throws where a stack isn't a `TierStack`, or the layout can't hold what is in one
 */
export function terraformTree(app: App, { layout, format }: TreeOptions): Tree {
  app.synth();
  const stacks = app.node.children.filter(TerraformStack.isStack).map((stack) => TierStack.of(stack));
  const deployment = readDeployment(app.outdir, stacks);
  const blockPaths = blockPathsOf(stacks);
  const files = foldersOf(layout, deployment).flatMap((folder) => {
    const text = folder.path === "" ? guide(layout, deployment) : folder.purpose;
    const content = { ...terraformFiles(folder, format, blockPaths), "README.md": readme(folder, text) };
    return Object.entries(content).map(
      ([name, file]) => [folder.path ? `${folder.path}/${name}` : name, file] as const,
    );
  });
  if (layout === "stacks") {
    files.push(["README.md", `# GitLab on AWS: ${deployment.domain}\n\n${guide(layout, deployment)}\n`]);
  }
  return Object.fromEntries(files.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function readDeployment(outdir: string, stacks: readonly TierStack[]): Deployment {
  const [first] = stacks;
  if (!first) throw new Error("the app has no stacks to export");
  const names = new Map(stacks.map(({ node }) => [identifier(node.id), node.id]));
  const tiers = stacks.map((stack) => {
    const file = join(outdir, Manifest.stacksFolder, stack.node.id, "cdk.tf.json");
    return readStack(stack, JSON.parse(readFileSync(file, "utf8")), (id) => names.get(id) ?? id);
  });
  const order = inOrder(tiers);
  return {
    tiers: tiers.sort((one, other) => order.indexOf(one.name) - order.indexOf(other.name)),
    domain: first.topology.domain,
    backend: first.topology.backend,
  };
}
