import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { App, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { Tier } from "../../modules/terraform/tier";
import { TierStack } from "../../modules/terraform/tier-stack";
import { addresses, inOutdir, load, outputs, resource, SMALLEST, synthesizeApp } from "../synth";

const { topology } = load({ ...SMALLEST, name: "git", tags: { CostCenter: "42" } });

/** The stack `network`, filled by `fill`. */
function network(fill: (stack: TierStack) => void) {
  const stacks = synthesizeApp((app) => fill(new TierStack(app, "network", topology)));
  if (!stacks.network) throw new Error("nothing was synthesized");
  return stacks.network;
}

/** A tier that hands its VPC over in every form an output has. */
class NetworkTier extends Tier {
  readonly vpcId: string;
  readonly subnetIds: Readonly<Record<string, string>>;
  readonly cidrs: readonly string[];
  readonly region: string;
  /** Not an output. */
  readonly vpcArn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const vpc = new Vpc(this, "vpc", { cidrBlock: "10.0.0.0/16" });
    const subnet = new Subnet(this, "public_a", { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" });
    this.vpcArn = vpc.arn;
    this.vpcId = this.output("vpc_id", "Id of the VPC.", vpc.id);
    this.subnetIds = this.output("subnet_ids", "Ids of the subnets by zone.", { "us-west-2a": subnet.id });
    this.cidrs = this.output("cidrs", "Ranges.", [vpc.cidrBlock, subnet.cidrBlock]);
    this.region = this.output("region", "The region.", "us-west-2");
  }
}

/** Two stacks, the second of which reads from the first. */
function reader(read: (stack: TierStack, from: NetworkTier) => void) {
  return synthesizeApp((app) => {
    const from = new NetworkTier(new TierStack(app, "net-work", topology), "net-work");
    read(new TierStack(app, "reader", topology), from);
  });
}

describe("settings", () => {
  const { provider, terraform } = network(() => {});

  it("name the region, and tags for every resource", () => {
    expect(provider.aws).toEqual([
      {
        region: "us-west-2",
        default_tags: [
          { tags: { Application: "GitLab", Deployment: "git", ManagedBy: "Terraform", CostCenter: "42" } },
        ],
      },
    ]);
  });

  it("ask for the versions that the output is for", () => {
    expect(terraform).toMatchObject({
      required_version: ">= 1.11.0",
      required_providers: { aws: { source: "registry.terraform.io/hashicorp/aws", version: ">= 5.100.0, < 7.0.0" } },
    });
  });
});

describe("addresses", () => {
  it("are the construct ids below the stack, without a hash", () => {
    const stack = network((scope) => {
      const bucket = new Construct(new Construct(scope, "storage"), "access-logs");
      new Vpc(bucket, "policy", {});
    });
    expect(addresses(stack)).toEqual(["aws_vpc.storage_access_logs_policy"]);
  });

  it("leave out a tier that is called like its stack, and Default", () => {
    const stack = network((scope) => {
      const tier = new Construct(scope, "network");
      new Vpc(new Construct(tier, "main"), "Default", {});
      new Vpc(new Construct(tier, "network"), "Default", {});
    });
    expect(addresses(stack)).toEqual(["aws_vpc.main", "aws_vpc.network"]);
  });

  it("may be the same in two types, and in a resource and a data source", () => {
    const stack = network((scope) => {
      const unnamed = new Construct(scope, "Default");
      new Vpc(scope, "one", {});
      new Subnet(unnamed, "one", { vpcId: "vpc-0" });
      new DataAwsVpc(new Construct(unnamed, "Default"), "one", {});
    });
    expect(addresses(stack)).toEqual(["aws_subnet.one", "aws_vpc.one", "data.aws_vpc.one"]);
  });

  it("can't be shared: Terraform would know one of the two only", () => {
    const collide = () =>
      network((scope) => {
        new Vpc(new Construct(scope, "a"), "b", {});
        new Vpc(scope, "a-b", {});
      });
    expect(collide).toThrow("network/a/b and network/a-b would both be aws_vpc.a_b");
  });
});

describe("outputs", () => {
  it("are called as declared, and described", () => {
    const stack = network((scope) => {
      new NetworkTier(scope, "network");
    });
    expect(stack.output).toMatchObject({
      vpc_id: { description: "Id of the VPC.", value: "${aws_vpc.vpc.id}" },
      subnet_ids: { value: { "us-west-2a": "${aws_subnet.public_a.id}" } },
      cidrs: { value: ["${aws_vpc.vpc.cidr_block}", "${aws_subnet.public_a.cidr_block}"] },
      region: { value: "us-west-2" },
    });
    expect(Object.keys(outputs(stack))).toHaveLength(4);
  });

  it("are read by their names, members of maps and lists too", () => {
    const stacks = reader((stack, { vpcId, subnetIds, cidrs }) => {
      new Vpc(stack, "copy", { cidrBlock: cidrs[1], tags: { Of: vpcId, Text: `in ${subnetIds["us-west-2a"]}!` } });
    });
    expect(resource(stacks.reader, "aws_vpc", "copy")).toEqual({
      cidr_block: "${data.terraform_remote_state.net_work.outputs.cidrs[1]}",
      tags: {
        Of: "${data.terraform_remote_state.net_work.outputs.vpc_id}",
        Text: 'in ${data.terraform_remote_state.net_work.outputs.subnet_ids["us-west-2a"]}!',
      },
    });
    expect(Object.keys(stacks.reader?.data?.terraform_remote_state ?? {})).toEqual(["net_work"]);
    expect(Object.keys(stacks["net-work"]?.output ?? {})).toEqual(["cidrs", "region", "subnet_ids", "vpc_id"]);
  });

  it("that are literals need no state", () => {
    const stacks = reader((stack, { region }) => new Vpc(stack, "copy", { tags: { Region: region } }));
    expect(resource(stacks.reader, "aws_vpc", "copy").tags.Region).toBe("us-west-2");
    expect(stacks.reader?.data).toBeUndefined();
  });

  it("are all that other stacks can read", () => {
    const peek = () => reader((stack, { vpcArn }) => new Vpc(stack, "copy", { tags: { Of: vpcArn } }));
    expect(peek).toThrow("another stack reads aws_vpc.vpc.arn of net-work, which is not among its outputs");
  });

  it("make the reader depend on what it reads", () => {
    inOutdir((outdir) => {
      const app = new App({ outdir });
      // The reader first: the order of deployment isn't the order of composition.
      const stack = new TierStack(app, "reader", topology);
      const { vpcId } = new NetworkTier(new TierStack(app, "network", topology), "network");
      new Vpc(stack, "copy", { tags: { Of: vpcId } });
      app.synth();
      const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
      expect(stacks.reader.dependencies).toEqual(["network"]);
      expect(stacks.network.dependencies).toEqual([]);
    });
  });
});

describe("the account", () => {
  it("is looked up once, where it's asked for", () => {
    const stack = network((scope) => {
      new Vpc(scope, "a", { tags: { Account: scope.accountId } });
      new Vpc(scope, "b", { tags: { Account: scope.accountId } });
    });
    expect(addresses(stack)).toEqual(["aws_vpc.a", "aws_vpc.b", "data.aws_caller_identity.current"]);
    expect(resource(stack, "aws_vpc", "b").tags.Account).toBe("${data.aws_caller_identity.current.account_id}");
  });
});

describe("a tier outside a tier stack", () => {
  it("is told so", () => {
    inOutdir((outdir) => {
      const stack = new TerraformStack(new App({ outdir }), "plain");
      expect(() => new NetworkTier(stack, "network")).toThrow("plain/network is not inside a TierStack");
    });
  });
});
