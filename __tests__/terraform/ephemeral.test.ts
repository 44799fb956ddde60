import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { Construct } from "constructs";
import { EphemeralResource } from "../../modules/terraform/ephemeral";
import { TierStack } from "../../modules/terraform/tier-stack";
import { addresses, load, resource, SMALLEST, synthesizeApp } from "../synth";

const { topology } = load(SMALLEST);

describe("an ephemeral resource", () => {
  const stacks = synthesizeApp((app) => {
    const from = new TierStack(app, "from", topology);
    const vpc = new Vpc(from, "vpc", {});
    from.declareOutput("vpc_id", "Id of the VPC.", vpc.id);
    const stack = new TierStack(app, "stack", topology);
    const own = new Vpc(stack, "own", {});
    const read = new EphemeralResource(new Construct(stack, "db"), "password", "aws_secretsmanager_secret_version", {
      secret_id: vpc.id,
      version_stage: `stage of ${own.id}`,
      list: [vpc.id, 1, true],
    });
    new SecretsmanagerSecretVersion(stack, "copy", {
      secretId: own.id,
      secretStringWo: read.attribute("secret_string"),
      secretStringWoVersion: 1,
    });
  });

  it("is a block of its own, beside resources and data sources", () => {
    expect(addresses(stacks.stack)).toContain("ephemeral.aws_secretsmanager_secret_version.db_password");
    expect(stacks.stack?.resource).not.toHaveProperty("aws_secretsmanager_secret_version.db_password");
  });

  it("resolves references in its arguments, across stacks too", () => {
    expect(stacks.stack?.ephemeral?.aws_secretsmanager_secret_version?.db_password).toEqual({
      secret_id: "${data.terraform_remote_state.from.outputs.vpc_id}",
      version_stage: "stage of ${aws_vpc.own.id}",
      list: ["${data.terraform_remote_state.from.outputs.vpc_id}", 1, true],
    });
  });

  it("is referred to by write-only arguments", () => {
    expect(resource(stacks.stack, "aws_secretsmanager_secret_version", "copy").secret_string_wo).toBe(
      "${ephemeral.aws_secretsmanager_secret_version.db_password.secret_string}",
    );
  });
});
