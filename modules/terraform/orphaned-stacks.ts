import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type App, Manifest, TerraformStack } from "cdktf";

/**
 * Deletes the folders of stacks that the app no longer has, as `cdktf synth` does: what is left in them would look as if
 * it were still to be applied.
 */
export function removeOrphanedStacks(app: App): void {
  const folder = join(app.outdir, Manifest.stacksFolder);
  const known = new Set(app.node.children.filter(TerraformStack.isStack).map((stack) => stack.node.id));
  for (const name of readdirSync(folder)) {
    if (!known.has(name)) rmSync(join(folder, name), { recursive: true });
  }
}
