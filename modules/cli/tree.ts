import { App } from "cdktf";
import { type Tree, type TreeOptions, terraformTree } from "../export";
import { composeGitLab } from "../gitlab";
import { inOutdir } from "../testing";
import type { Topology } from "../topology";

/** A topology as plain Terraform, synthesized in a folder that is gone afterwards. */
export function treeOf(topology: Topology, options: TreeOptions): Tree {
  return inOutdir((outdir) => {
    const app = new App({ outdir });
    composeGitLab(app, topology);
    return terraformTree(app, options);
  });
}
