import type { BackendFile } from "../../modules/topology";
import { SMALLEST, type Stacks, synthesize, TIERS } from "../synth";

const build = (backend: BackendFile): Stacks => synthesize({ ...SMALLEST, backend });
/** Where the database's stack reads the network's state. */
const networkState = ({ database }: Stacks) => database.data?.terraform_remote_state?.network;

describe("local", () => {
  const stacks = build({ local: { directory: "states/dev" } });

  it("keeps a file a tier, relative to the stack's folder, outside cdktf.out", () => {
    for (const tier of TIERS) {
      expect(stacks[tier].terraform.backend).toEqual({ local: { path: `../../../states/dev/${tier}.tfstate` } });
    }
  });

  it("is where other stacks read it", () => {
    expect(networkState(stacks)).toEqual({
      backend: "local",
      config: { path: "../../../states/dev/network.tfstate" },
      workspace: "${terraform.workspace}",
    });
  });
});

describe("S3", () => {
  const stacks = build({ type: "s3", s3: { bucket: "acme-states" } });

  it("keeps an object a tier, encrypted and locked, in the deployment's region and under its name", () => {
    for (const tier of TIERS) {
      expect(stacks[tier].terraform.backend).toEqual({
        s3: {
          bucket: "acme-states",
          region: "us-west-2",
          key: `gitlab/${tier}.tfstate`,
          encrypt: true,
          use_lockfile: true,
        },
      });
    }
  });

  it("is where other stacks read it", () => {
    expect(networkState(stacks)).toEqual({
      backend: "s3",
      config: { bucket: "acme-states", region: "us-west-2", key: "gitlab/network.tfstate", encrypt: true },
      workspace: "${terraform.workspace}",
    });
  });
});

describe("HCP Terraform", () => {
  const stacks = build({ type: "cloud", cloud: { organization: "acme", project: "git" } });

  it("has a workspace a tier in the project", () => {
    for (const tier of TIERS) {
      expect(stacks[tier].terraform).toMatchObject({
        cloud: { organization: "acme", workspaces: { name: `gitlab-${tier}`, project: "git" } },
      });
      expect(stacks[tier].terraform).not.toHaveProperty("backend");
    }
  });

  it("is where other stacks read it", () => {
    // Without `workspace`: a workspace that is named in the configuration is the only one there is.
    expect(networkState(stacks)).toEqual({
      backend: "remote",
      config: { organization: "acme", workspaces: { name: "gitlab-network" } },
    });
  });
});

describe("none", () => {
  it("writes an empty block of a type, for terraform init to fill in", () => {
    const stacks = build({ type: "none", none: { type: "http" } });
    for (const tier of TIERS) expect(stacks[tier].terraform.backend).toEqual({ http: {} });
  });

  it("writes no block where the type isn't known either", () => {
    const stacks = build({ type: "none" });
    for (const tier of TIERS) expect(stacks[tier].terraform).not.toHaveProperty("backend");
  });

  it("leaves it to a variable where other stacks read it", () => {
    const stacks = build({ type: "none" });
    expect(networkState(stacks)).toEqual({
      backend: '${var.remote_state["network"].backend}',
      config: '${var.remote_state["network"].config}',
      workspace: "${terraform.workspace}",
    });
    expect(Object.keys(stacks.database.variable ?? {})).toEqual(["remote_state"]);
    expect(stacks.database.variable?.remote_state).toMatchObject({
      description: expect.stringMatching(/^How to read the other tiers' states.*\.$/),
      type: "map(object({ backend = string, config = any }))",
    });
    expect(stacks.encryption).not.toHaveProperty("variable");
  });
});
