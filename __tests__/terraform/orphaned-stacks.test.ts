import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import { removeOrphanedStacks } from "../../modules/terraform/orphaned-stacks";
import { TierStack } from "../../modules/terraform/tier-stack";
import { inOutdir, load, SMALLEST } from "../synth";

it("removes the folders of stacks that are gone, and leaves the others", () => {
  inOutdir((outdir) => {
    const left = join(outdir, "stacks", "runner");
    mkdirSync(join(left, ".terraform"), { recursive: true });
    writeFileSync(join(left, "cdk.tf.json"), "{}");
    const app = new App({ outdir });
    const { topology } = load(SMALLEST);
    new TierStack(app, "network", topology);
    new TierStack(app, "bastion", topology);
    app.synth();
    // What Terraform keeps in a stack's folder stays.
    mkdirSync(join(outdir, "stacks", "network", ".terraform"));
    removeOrphanedStacks(app);
    expect(readdirSync(join(outdir, "stacks")).sort()).toEqual(["bastion", "network"]);
    expect(readdirSync(join(outdir, "stacks", "network")).sort()).toEqual([".terraform", "cdk.tf.json"]);
    expect(readdirSync(outdir).sort()).toEqual(["manifest.json", "stacks"]);
  });
});
