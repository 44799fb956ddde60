import { Instance } from "@cdktf/provider-aws/lib/instance";
import { Tier } from "../../modules/terraform/tier";
import { TierStack } from "../../modules/terraform/tier-stack";
import { compressedUserData } from "../../modules/terraform/user-data";
import { load, resource, SMALLEST, synthesizeApp } from "../synth";

class NodeTier extends Tier {
  constructor(stack: TierStack) {
    super(stack, "node");
    const first = new Instance(this, "first", {});
    const userDataBase64 = compressedUserData(this, `#cloud-config\n# \${first} is ${first.id}\n`);
    new Instance(this, "second", { userDataBase64 });
    new Instance(this, "third", { userDataBase64 });
  }
}

it("is one local value, legible in a plan, which resources take compressed", () => {
  const { node } = synthesizeApp((app) => new NodeTier(new TierStack(app, "node", load(SMALLEST).topology)));
  expect(node?.locals).toEqual({ user_data: "#cloud-config\n# $${first} is ${aws_instance.first.id}\n" });
  for (const id of ["second", "third"]) {
    expect(resource(node, "aws_instance", id).user_data_base64).toBe("${base64gzip(local.user_data)}");
  }
});
