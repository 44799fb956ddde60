import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbTargetGroup, type LbTargetGroupConfig } from "@cdktf/provider-aws/lib/lb-target-group";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import type { Construct } from "constructs";
import { Tier } from "../terraform/tier";
import type { LoadBalancerConfig } from "../topology";
import type { AwsNames } from "../topology/names";
import { PORTS } from "./ports";

export interface LoadBalancerProps {
  readonly config: LoadBalancerConfig;
  readonly names: AwsNames;
  readonly domain: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  readonly certificateArn: string;
  /** Name of the bucket for access logs. */
  readonly accessLogsBucket: string;
  /** The container registry's host name. @default - no container registry */
  readonly registryHost?: string;
  /** The hosted zone of the domain. @default - no record: DNS is kept elsewhere */
  readonly zoneId?: string;
}

/** The Network Load Balancer and the domain's record. Guide: "Load Balancer", "Configure DNS for Load Balancer". */
export class LoadBalancerTier extends Tier {
  static readonly purpose =
    'The Network Load Balancer with its listeners and target groups, and the domain\'s records. Guide: "Load Balancer".';

  /** ARNs of the target groups that application nodes register with. */
  readonly targetGroupArns: readonly string[];

  private readonly loadBalancer: Lb;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: LoadBalancerProps,
  ) {
    super(scope, id);
    const { config, names, domain, zoneId } = props;
    this.loadBalancer = new Lb(this, "load_balancer", {
      name: names.loadBalancer,
      loadBalancerType: "network",
      internal: false,
      ipAddressType: "ipv4",
      subnets: [...props.subnetIds],
      // A Network Load Balancer made without a security group can never get one.
      securityGroups: [props.securityGroupId],
      enableCrossZoneLoadBalancing: config.crossZone,
      enableDeletionProtection: config.deletionProtection,
      accessLogs: config.accessLogs ? { bucket: props.accessLogsBucket, enabled: true } : undefined,
      tags: { Name: names.loadBalancer },
    });

    const http = this.targetGroup("http", names.httpTargetGroup, PORTS.http, {
      proxyProtocolV2: config.proxyProtocol,
      healthCheck: readiness,
    });
    const ssh = this.targetGroup("ssh", names.sshTargetGroup, PORTS.ssh, { healthCheck: connection });
    this.listen("ssh", PORTS.ssh, ssh);
    this.listen("https", PORTS.https, http, { certificateArn: props.certificateArn, sslPolicy: config.sslPolicy });
    const targetGroups = [http, ssh];
    if (config.http === "forward") this.listen("http", PORTS.http, http);
    if (config.http === "redirect") {
      // The port only redirects: whether a node is healthy shows on the HTTP port. With proxy protocol that port wants a
      // header, which load balancers send in the checks of the HTTP target group only.
      const redirect = this.targetGroup("redirect", names.redirectTargetGroup, PORTS.redirect, {
        healthCheck: config.proxyProtocol ? connection : { ...readiness, port: String(PORTS.http) },
      });
      this.listen("http", PORTS.http, redirect);
      targetGroups.push(redirect);
    }
    if (zoneId) {
      this.record("domain", domain, zoneId);
      if (props.registryHost) this.record("registry", props.registryHost, zoneId);
    }

    this.targetGroupArns = this.output(
      "target_group_arns",
      "ARNs of the target groups that application nodes register with.",
      targetGroups.map((group) => group.arn),
    );
    this.output("url", "Where GitLab is.", `https://${domain}`);
    this.output(
      "load_balancer_dns_name",
      "The load balancer's own name, for a DNS record that is kept elsewhere.",
      this.loadBalancer.dnsName,
    );
  }

  private targetGroup(
    id: string,
    name: string,
    port: number,
    specific: Pick<LbTargetGroupConfig, "proxyProtocolV2" | "healthCheck">,
  ): LbTargetGroup {
    return new LbTargetGroup(this, `${id}_target`, {
      name,
      port,
      protocol: "TCP",
      targetType: "instance",
      ipAddressType: "ipv4",
      vpcId: this.props.vpcId,
      preserveClientIp: String(this.props.config.preserveClientIp),
      // Long enough for clones and pushes under way, short enough for an upgrade to end.
      deregistrationDelay: "120",
      connectionTermination: true,
      ...specific,
      tags: { Name: name },
    });
  }

  private listen(
    id: string,
    port: number,
    target: LbTargetGroup,
    tls?: { certificateArn: string; sslPolicy: string },
  ): void {
    new LbListener(this, id, {
      loadBalancerArn: this.loadBalancer.arn,
      port,
      protocol: tls ? "TLS" : "TCP",
      ...tls,
      defaultAction: [{ type: "forward", targetGroupArn: target.arn }],
    });
  }

  private record(id: string, name: string, zoneId: string): void {
    new Route53Record(this, id, {
      zoneId,
      name,
      type: "A",
      alias: {
        name: this.loadBalancer.dnsName,
        zoneId: this.loadBalancer.zoneId,
        evaluateTargetHealth: false,
      },
    });
  }
}

/** GitLab's readiness endpoint; any answer but 200, redirects included, is a failure. */
const readiness = {
  protocol: "HTTP",
  path: "/-/readiness",
  matcher: "200",
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  interval: 10,
  timeout: 6,
} as const;

/** Whether the port takes connections. */
const connection = { protocol: "TCP", healthyThreshold: 2, unhealthyThreshold: 2, interval: 10, timeout: 6 } as const;
