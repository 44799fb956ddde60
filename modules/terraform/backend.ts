import { TerraformBackend, TerraformRemoteState, type TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import type { JsonObject } from "../json";
import type { BackendConfig } from "../topology";

/** A state of the deployment, seen from a root module. */
export interface State {
  /** The tier whose state it is. @default - one state for the whole deployment */
  readonly tier?: string;
  /** The way from the root module's folder to the project's: local states' paths start there. */
  readonly project: string;
}

/** What stands in a root module's `terraform` block: `backend` or `cloud`, each with its arguments; or nothing. */
export interface BackendSettings {
  readonly backend?: Readonly<Record<string, JsonObject>>;
  readonly cloud?: JsonObject;
}

/**
 * The variable that tells where other tiers' states are, for `backend.type` `none`: who brings the backend's configuration
 * knows how to read from it.
 */
export const REMOTE_STATE_VARIABLE = {
  name: "remote_state",
  type: "map(object({ backend = string, config = any }))",
  description:
    "How to read the other tiers' states, by tier: the backend's type and its configuration, as terraform_remote_state takes them.",
} as const;

/** The topology's backend for one state. */
export function backendSettings(topology: BackendConfig, state: State): BackendSettings {
  switch (topology.type) {
    case "local":
      return { backend: { local: { path: localPath(topology, state) } } };
    case "s3":
      // A lock file in the bucket, not the deprecated DynamoDB table.
      return { backend: { s3: { ...s3Object(topology, state), use_lockfile: true } } };
    case "cloud": {
      const { organization, project } = settings(topology.cloud);
      const workspaces = { name: workspace(topology, state), ...(project && { project }) };
      return { cloud: { organization, workspaces } };
    }
    case "none":
      return topology.none?.type ? { backend: { [topology.none.type]: {} } } : {};
  }
}

/** The arguments of a `terraform_remote_state` that reads a tier's state. */
export function remoteStateArguments(topology: BackendConfig, state: Required<State>): JsonObject {
  switch (topology.type) {
    case "local":
      return {
        backend: "local",
        config: { path: localPath(topology, state) },
        workspace: "${terraform.workspace}",
      };
    case "s3":
      return { backend: "s3", config: s3Object(topology, state), workspace: "${terraform.workspace}" };
    case "cloud": {
      // Without `workspace`: a workspace that is named in the configuration is the only one there is.
      const { organization } = settings(topology.cloud);
      return { backend: "remote", config: { organization, workspaces: { name: workspace(topology, state) } } };
    }
    case "none": {
      const given = `var.${REMOTE_STATE_VARIABLE.name}["${state.tier}"]`;
      return {
        backend: `\${${given}.backend}`,
        config: `\${${given}.config}`,
        workspace: "${terraform.workspace}",
      };
    }
  }
}

function localPath({ local }: BackendConfig, { project, tier = "terraform" }: State): string {
  return `${project === "." ? "" : `${project}/`}${local.directory}/${tier}.tfstate`;
}

function s3Object(topology: BackendConfig, { tier }: State): JsonObject {
  const { bucket, region, keyPrefix, key } = settings(topology.s3);
  return { bucket, region, key: tier ? `${keyPrefix}/${tier}.tfstate` : key, encrypt: true };
}

function workspace(topology: BackendConfig, { tier }: State): string {
  const { workspacePrefix, workspace } = settings(topology.cloud);
  return tier ? `${workspacePrefix}-${tier}` : workspace;
}

function settings<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the rule backend-settings lets no backend without its settings through");
  return value;
}

/**
 * From a stack's folder, `cdktf.out/stacks/<tier>`, to the project's. Local states live outside `cdktf.out`, as synthesis
 * deletes the folders of stacks it no longer knows.
 */
const FROM_STACK = "../../..";

/** A stack's backend, with a state of its own. */
export class TierBackend extends TerraformBackend {
  constructor(
    private readonly stack: TerraformStack,
    private readonly topology: BackendConfig,
  ) {
    // cdktf's own command line looks at this name to tell where runs happen.
    super(stack, "backend", topology.type === "none" ? (topology.none?.type ?? "local") : topology.type);
  }

  private get state() {
    return { tier: this.stack.node.id, project: FROM_STACK };
  }

  override toTerraform(): object {
    return { terraform: backendSettings(this.topology, this.state) };
  }

  override toMetadata(): object {
    return { ...super.toMetadata(), ...(this.topology.type === "cloud" && { cloud: "tfc" }) };
  }

  override getRemoteStateDataSource(scope: Construct, id: string): TerraformRemoteState {
    const { name, type, description } = REMOTE_STATE_VARIABLE;
    if (this.topology.type === "none" && !scope.node.tryFindChild(name)) {
      new TerraformVariable(scope, name, { type, description });
    }
    return new TierState(scope, id, remoteStateArguments(this.topology, this.state));
  }
}

/** Another tier's state. */
class TierState extends TerraformRemoteState {
  constructor(
    scope: Construct,
    id: string,
    private readonly args: JsonObject,
  ) {
    super(scope, id, String(args.backend), {});
  }

  override toTerraform(): object {
    return { data: { terraform_remote_state: { [this.friendlyUniqueId]: this.args } } };
  }
}
