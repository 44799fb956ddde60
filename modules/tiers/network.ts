import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import type { Construct } from "constructs";
import { Tier } from "../terraform/tier";
import type { NetworkConfig, NetworkZoneConfig } from "../topology";
import type { AwsNames } from "../topology/names";
import { zoneLetter } from "../topology/regions";
import { assumedBy, policyDocument } from "./policy";

export interface NetworkProps {
  readonly config: NetworkConfig;
  readonly names: AwsNames;
  readonly region: string;
  /** What flow logs are encrypted with. @default - CloudWatch Logs' own key */
  readonly kmsKeyArn?: string;
}

const ANYWHERE = "0.0.0.0/0";

/**
 * The VPC, a public and a private subnet a zone, and the subnets' ways to the internet.
 *
 * What belongs to a zone is keyed by the zone's letter, so that adding or removing a zone leaves the others alone.
 * Guide: "Configuring the network".
 */
export class NetworkTier extends Tier {
  static readonly purpose =
    'The VPC with a public and a private subnet a zone, internet and NAT gateways, routes and flow logs. Guide: "Configuring the network".';

  /** The VPC's id. */
  readonly vpcId: string;
  /** Ids of the public subnets by zone name, in the topology's order. */
  readonly publicSubnetIds: Readonly<Record<string, string>>;
  /** Ids of the private subnets by zone name, in the topology's order. */
  readonly privateSubnetIds: Readonly<Record<string, string>>;

  private readonly vpc: Vpc;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: NetworkProps,
  ) {
    super(scope, id);
    const { config, names } = props;
    this.vpc = new Vpc(this, "vpc", {
      cidrBlock: config.cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: names.vpc },
    });
    // Whatever is launched without a group of its own reaches nothing and can't be reached.
    new DefaultSecurityGroup(this, "default", { vpcId: this.vpc.id, tags: { Name: `${names.vpc}-default` } });

    const publicSubnets = this.subnets("public");
    const privateSubnets = this.subnets("private");
    const internetGateway = new InternetGateway(this, "internet_gateway", {
      vpcId: this.vpc.id,
      tags: { Name: names.internetGateway },
    });
    const publicRoutes = this.publicRoutes(publicSubnets, internetGateway);
    const natGateways = this.natGateways(publicSubnets, internetGateway);
    const privateRoutes = this.privateRoutes(privateSubnets, natGateways);
    new VpcEndpoint(this, "s3", {
      vpcId: this.vpc.id,
      serviceName: `com.amazonaws.${props.region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: [publicRoutes, ...privateRoutes].map((table) => table.id),
      tags: { Name: names.s3Endpoint },
    });
    if (config.flowLogs.enabled) this.flowLogs();

    this.vpcId = this.output("vpc_id", "Id of the VPC.", this.vpc.id);
    // Who uses a subnet finds its way to the internet there, and loses it last.
    const after = this.node.children.filter((one) => one instanceof Route || one instanceof RouteTableAssociation);
    this.publicSubnetIds = this.output(
      "public_subnet_ids",
      "Ids of the public subnets by zone.",
      idsOf(publicSubnets),
      { after },
    );
    this.privateSubnetIds = this.output(
      "private_subnet_ids",
      "Ids of the private subnets by zone.",
      idsOf(privateSubnets),
      { after },
    );
    this.output(
      "nat_public_ips",
      "The addresses that instances in private subnets come from, by the NAT gateway's zone.",
      Object.fromEntries([...natGateways].map(([zone, gateway]) => [zone, gateway.publicIp])),
    );
  }

  private subnets(kind: "public" | "private"): Map<string, Subnet> {
    const { config, names } = this.props;
    return new Map(
      config.zones.map((zone: NetworkZoneConfig) => {
        const cidr = kind === "public" ? zone.publicCidr : zone.privateCidr;
        const subnet = new Subnet(this, `${kind}_${zoneLetter(zone.name)}`, {
          vpcId: this.vpc.id,
          availabilityZone: zone.name,
          cidrBlock: cidr,
          mapPublicIpOnLaunch: kind === "public",
          tags: { Name: names.subnet(kind, cidr) },
        });
        return [zone.name, subnet];
      }),
    );
  }

  /** One NAT gateway a zone, or the first zone's for all. */
  private natGateways(
    publicSubnets: ReadonlyMap<string, Subnet>,
    internetGateway: InternetGateway,
  ): Map<string, NatGateway> {
    const { config, names } = this.props;
    const zones = [...publicSubnets].slice(0, config.natGateways === "single" ? 1 : undefined);
    return new Map(
      zones.map(([zone, subnet]) => {
        const letter = zoneLetter(zone);
        const tags = { Name: names.natGateway(letter) };
        const address = new Eip(this, `nat_${letter}_address`, { domain: "vpc", tags });
        const gateway = new NatGateway(this, `nat_${letter}`, {
          allocationId: address.id,
          subnetId: subnet.id,
          tags,
          // AWS makes no public NAT gateway in a VPC that the internet isn't attached to yet.
          dependsOn: [internetGateway],
        });
        return [zone, gateway];
      }),
    );
  }

  private publicRoutes(subnets: ReadonlyMap<string, Subnet>, internetGateway: InternetGateway): RouteTable {
    const { names } = this.props;
    const table = new RouteTable(this, "public", { vpcId: this.vpc.id, tags: { Name: names.publicRouteTable } });
    new Route(this, "public_default", {
      routeTableId: table.id,
      destinationCidrBlock: ANYWHERE,
      gatewayId: internetGateway.id,
    });
    for (const [zone, subnet] of subnets) {
      new RouteTableAssociation(this, `public_${zoneLetter(zone)}_association`, {
        subnetId: subnet.id,
        routeTableId: table.id,
      });
    }
    return table;
  }

  private privateRoutes(
    subnets: ReadonlyMap<string, Subnet>,
    natGateways: ReadonlyMap<string, NatGateway>,
  ): RouteTable[] {
    const { names } = this.props;
    const [shared] = natGateways.values();
    return [...subnets].map(([zone, subnet]) => {
      const letter = zoneLetter(zone);
      const table = new RouteTable(this, `private_${letter}_routes`, {
        vpcId: this.vpc.id,
        tags: { Name: names.privateRouteTable(letter) },
      });
      new Route(this, `private_${letter}_default`, {
        routeTableId: table.id,
        destinationCidrBlock: ANYWHERE,
        natGatewayId: (natGateways.get(zone) ?? (shared as NatGateway)).id,
      });
      new RouteTableAssociation(this, `private_${letter}_association`, {
        subnetId: subnet.id,
        routeTableId: table.id,
      });
      return table;
    });
  }

  private flowLogs(): void {
    const { config, names, kmsKeyArn } = this.props;
    const group = new CloudwatchLogGroup(this, "flow_logs_group", {
      name: names.flowLogsLogGroup,
      retentionInDays: config.flowLogs.retentionDays,
      kmsKeyId: kmsKeyArn,
    });
    const role = new IamRole(this, "flow_logs_role", {
      name: names.flowLogsRole,
      assumeRolePolicy: assumedBy("vpc-flow-logs.amazonaws.com"),
    });
    const policy = new IamRolePolicy(this, "flow_logs_policy", {
      name: "write-flow-logs",
      role: role.id,
      policy: policyDocument([
        {
          Sid: "WriteFlowLogs",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          Resource: [group.arn, `${group.arn}:*`],
        },
      ]),
    });
    new FlowLog(this, "flow_logs", {
      vpcId: this.vpc.id,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 600,
      tags: { Name: names.vpc },
      dependsOn: [policy],
    });
  }
}

function idsOf(subnets: ReadonlyMap<string, Subnet>): Record<string, string> {
  return Object.fromEntries([...subnets].map(([zone, subnet]) => [zone, subnet.id]));
}
