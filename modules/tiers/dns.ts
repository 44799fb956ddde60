import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import type { Construct } from "constructs";
import { Tier } from "../terraform/tier";
import type { DnsConfig } from "../topology";

export interface DnsProps {
  readonly config: DnsConfig;
  /** Whether a zone we create, and its records, are guarded against deletion. */
  readonly protect: boolean;
}

/** The public hosted zone of the domain. Guide: "Configure DNS for Load Balancer". */
export class DnsTier extends Tier {
  static readonly purpose = 'The domain\'s hosted zone in Route 53. Guide: "Configure DNS for Load Balancer".';

  /** The zone's id; undefined where DNS is kept outside Route 53. */
  readonly zoneId?: string;

  constructor(scope: Construct, id: string, { config, protect }: DnsProps) {
    super(scope, id);
    switch (config.zone) {
      case "none":
        return;
      case "existing":
        this.zoneId = config.zoneId ?? this.existing(config.zoneName);
        return;
      case "create":
        this.zoneId = this.created(config.zoneName, protect);
    }
  }

  private existing(name: string): string {
    const zone = new DataAwsRoute53Zone(this, "zone", { name, privateZone: false });
    return this.output("zone_id", "Id of the hosted zone.", zone.zoneId);
  }

  private created(name: string, protect: boolean): string {
    const zone = new Route53Zone(this, "zone", {
      name,
      forceDestroy: !protect,
      lifecycle: { preventDestroy: protect },
    });
    // A list that the provider knows after apply only: one output, not one a member.
    this.output(
      "name_servers",
      "The zone's name servers: enter them as NS records where the domain is registered.",
      `\${${zone.fqn}.name_servers}`,
      { input: "zone_name_servers" },
    );
    return this.output("zone_id", "Id of the hosted zone.", zone.zoneId);
  }
}
