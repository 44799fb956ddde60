// The cdktf app: a topology file in, `cdktf.out/stacks/<tier>/cdk.tf.json` out.
import { App, TerraformStack } from "cdktf";
import { composeGitLab } from "./modules/gitlab";
import { removeOrphanedStacks } from "./modules/terraform/orphaned-stacks";
import { formatProblem, loadTopology, TopologyError } from "./modules/topology";

try {
  const { topology, warnings } = loadTopology(process.env.TOPOLOGY ?? "topology.json");
  for (const warning of warnings) console.error(formatProblem(warning));
  const app = new App();
  composeGitLab(app, topology);
  app.synth();
  removeOrphanedStacks(app);
  console.log(`Wrote ${app.node.children.filter(TerraformStack.isStack).length} stacks to ${app.outdir}/stacks`);
} catch (error) {
  if (!(error instanceof TopologyError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
