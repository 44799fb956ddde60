import { CloudBackend, LocalBackend, NamedCloudWorkspace, S3Backend, type TerraformStack } from "cdktf";
import type { BackendConfig } from "../topology";

/**
 * Where a local state's path starts. A stack's folder is `cdktf.out/stacks/<tier>`; states live outside `cdktf.out`, as
 * synthesis deletes the folders of stacks it no longer knows.
 */
const PROJECT = "../../..";

/** Gives a stack the topology's backend, with a state of its own. */
export function addBackend(stack: TerraformStack, backend: BackendConfig): void {
  const tier = stack.node.id;
  switch (backend.type) {
    case "local":
      new LocalBackend(stack, { path: `${PROJECT}/${backend.local.directory}/${tier}.tfstate` });
      return;
    case "s3": {
      const { bucket, region, keyPrefix } = settings(backend.s3);
      new S3Backend(stack, { bucket, region, key: `${keyPrefix}/${tier}.tfstate`, encrypt: true });
      // A lock file in the bucket; cdktf's types know only the deprecated DynamoDB table.
      stack.addOverride("terraform.backend.s3.use_lockfile", true);
      return;
    }
    case "cloud": {
      const { organization, project, workspacePrefix } = settings(backend.cloud);
      new CloudBackend(stack, {
        organization,
        workspaces: new NamedCloudWorkspace(`${workspacePrefix}-${tier}`, project),
      });
    }
  }
}

function settings<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the rule backend-settings lets no backend without its settings through");
  return value;
}
