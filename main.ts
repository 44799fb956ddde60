// The cdktf app: a topology file in, `cdktf.out/stacks/<tier>/cdk.tf.json` out.
import { App, TerraformStack } from "cdktf";
import { DEFAULT_TOPOLOGY, readForCommand } from "./modules/cli/topology-file";
import { composeGitLab } from "./modules/gitlab";
import { removeOrphanedStacks } from "./modules/terraform/orphaned-stacks";

const loaded = readForCommand(DEFAULT_TOPOLOGY);
if (loaded) {
  const app = new App();
  composeGitLab(app, loaded.topology);
  app.synth();
  removeOrphanedStacks(app);
  console.log(`Wrote ${app.node.children.filter(TerraformStack.isStack).length} stacks to ${app.outdir}/stacks`);
} else {
  process.exitCode = 1;
}
