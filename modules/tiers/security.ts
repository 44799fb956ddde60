import { KeyPair } from "@cdktf/provider-aws/lib/key-pair";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { Construct } from "constructs";
import { Tier } from "../terraform/tier";
import type { Topology } from "../topology";
import { isIpv6Cidr } from "../topology/cidr";
import type { AwsNames } from "../topology/names";
import { type Flow, flows, GROUPS, type Group } from "./security-flows";

export interface SecurityProps {
  readonly topology: Topology;
  readonly names: AwsNames;
  readonly vpcId: string;
}

const DESCRIPTIONS: Readonly<Record<Group, string>> = {
  loadBalancer: "GitLab load balancer",
  application: "GitLab application nodes",
  database: "GitLab database",
  cache: "GitLab cache",
  gitaly: "GitLab Gitaly node",
  bastion: "GitLab bastion hosts",
};

/**
 * The security groups, one a role, with the rules that follow from the table of flows; and the SSH key pair.
 *
 * Guide: the security groups of "Load Balancer", "RDS Security Group", "Create a Redis Security Group", "Create Bastion
 * Host A" and "Set up Gitaly".
 */
export class SecurityTier extends Tier {
  static readonly purpose =
    "Security groups, one a role, with every flow between them as a rule; and the SSH key pair.";

  /** Name of the instances' key pair, if they have one. */
  readonly keyName?: string;

  private readonly groups: ReadonlyMap<Group, SecurityGroup>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: SecurityProps,
  ) {
    super(scope, id);
    const { topology } = props;
    this.groups = this.securityGroups();
    for (const flow of flows(topology)) this.allow(flow);
    this.keyName = this.keyPair();
    this.output(
      "security_group_ids",
      "Ids of the security groups by role.",
      Object.fromEntries([...this.groups].map(([role, group]) => [snakeCase(role), group.id])),
    );
  }

  /** The id of a role's security group. */
  groupId(role: Group): string {
    const group = this.groups.get(role);
    if (!group) throw new Error(`${this.node.path} has no security group for ${role}`);
    return group.id;
  }

  private securityGroups(): Map<Group, SecurityGroup> {
    const { topology, names, vpcId } = this.props;
    const groupNames: Record<Group, string> = {
      loadBalancer: names.loadBalancerSecurityGroup,
      application: names.applicationSecurityGroup,
      database: names.databaseSecurityGroup,
      cache: names.cacheSecurityGroup,
      gitaly: names.gitalySecurityGroup,
      bastion: names.bastionSecurityGroup,
    };
    const roles = GROUPS.filter((role) => role !== "bastion" || topology.bastion.enabled);
    return new Map(
      roles.map((role) => {
        const name = groupNames[role];
        return [
          role,
          new SecurityGroup(this, snakeCase(role), {
            name,
            description: DESCRIPTIONS[role],
            vpcId,
            tags: { Name: name },
          }),
        ];
      }),
    );
  }

  /** An ingress rule where the flow arrives and an egress rule where it leaves, a port and a range each. */
  private allow({ from, to, ports, why }: Flow): void {
    for (const port of ports) {
      const common = { ipProtocol: "tcp", fromPort: port, toPort: port, description: why };
      const source = this.groups.get(from as Group);
      const target = this.groups.get(to as Group);
      if (target) {
        for (const { key, ...peer } of source
          ? [{ key: from, referencedSecurityGroupId: source.id }]
          : this.ranges(from)) {
          new VpcSecurityGroupIngressRule(this, snakeCase(`${to}_from_${key}_${port}`), {
            securityGroupId: target.id,
            ...common,
            ...peer,
          });
        }
      }
      if (source) {
        // The VPC has IPv4 only, so that nothing leaves it over IPv6.
        const peer = target ? { referencedSecurityGroupId: target.id } : { cidrIpv4: "0.0.0.0/0" };
        new VpcSecurityGroupEgressRule(this, snakeCase(`${from}_to_${to}_${port}`), {
          securityGroupId: source.id,
          ...common,
          ...peer,
        });
      }
    }
  }

  private ranges(from: Flow["from"]): { key: string; cidrIpv4?: string; cidrIpv6?: string }[] {
    if (from === "internet") {
      return [
        { key: "internet_ipv4", cidrIpv4: "0.0.0.0/0" },
        { key: "internet_ipv6", cidrIpv6: "::/0" },
      ];
    }
    // Keyed by the range itself, so that adding one leaves the others alone.
    return this.props.topology.access.trustedCidrs.map((cidr) => ({
      key: cidr.replace(/[^0-9a-fA-F]/g, "_"),
      ...(isIpv6Cidr(cidr) ? { cidrIpv6: cidr } : { cidrIpv4: cidr }),
    }));
  }

  private keyPair(): string | undefined {
    const { keyPair } = this.props.topology.access;
    if (!keyPair?.publicKey) return keyPair?.name;
    const created = new KeyPair(this, "key_pair", { keyName: keyPair.name, publicKey: keyPair.publicKey });
    return this.output("key_name", "Name of the instances' SSH key pair.", created.keyName);
  }
}

function snakeCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
