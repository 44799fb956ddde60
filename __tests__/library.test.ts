// Tiers in an app of somebody else's: what docs/library.md promises.
import { App } from "cdktf";
import { awsNames, DatabaseTier, NetworkTier, resolveTopology, TierStack, terraformTree } from "../modules";
import { addresses, inOutdir, outputs, resource, synthesize } from "../modules/testing";
import { SMALLEST } from "./synth";

const { topology } = resolveTopology(SMALLEST);

/** Two of the tiers in one stack, with a password and a security group that come from elsewhere. */
function compose(app: App): void {
  const stack = new TierStack(app, "data", topology, "Network and database.");
  const names = awsNames(topology);
  const { region } = topology;
  const network = new NetworkTier(stack, "network", { config: topology.network, names, region });
  new DatabaseTier(stack, "database", {
    config: topology.database,
    names,
    region,
    subnetIds: Object.values(network.privateSubnetIds),
    securityGroupId: "sg-0123456789abcdef0",
    passwordSecretArn: "arn:aws:secretsmanager:us-west-2:123456789012:secret:database-abcdef",
    protect: true,
  });
}

describe("two tiers in one stack", () => {
  const { data, ...others } = synthesize(compose);

  it("are in that stack alone, each below its own id", () => {
    expect(others).toEqual({});
    expect(addresses(data)).toEqual(
      expect.arrayContaining(["aws_vpc.network_vpc", "aws_db_instance.database_database"]),
    );
  });

  it("refer to each other directly", () => {
    expect(resource(data, "aws_db_subnet_group", "database_subnet_group").subnet_ids).toEqual([
      "${aws_subnet.network_private_a.id}",
      "${aws_subnet.network_private_b.id}",
    ]);
  });

  it("give out what they do in stacks of their own", () => {
    expect(outputs(data)).toMatchObject({ vpc_id: "${aws_vpc.network_vpc.id}" });
    expect(Object.keys(outputs(data)).sort()).toEqual([
      ...["address", "endpoint", "nat_public_ips", "private_subnet_ids", "public_subnet_ids", "vpc_id"],
    ]);
  });

  it("are exported like the project's own", () => {
    const tree = inOutdir((outdir) => {
      const app = new App({ outdir });
      compose(app);
      return terraformTree(app, { layout: "modules", format: "json" });
    });
    expect(Object.keys(tree)).toEqual(expect.arrayContaining(["main.tf.json", "modules/data/main.tf.json"]));
    expect(JSON.parse(tree["main.tf.json"] as string)).toEqual({ module: { data: { source: "./modules/data" } } });
  });
});
