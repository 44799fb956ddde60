import type { Topology } from "../topology";
import { PORTS } from "./ports";

/** The security groups, one a role. */
export const GROUPS = ["loadBalancer", "application", "database", "cache", "gitaly", "bastion"] as const;

/** A role that has a security group. */
export type Group = (typeof GROUPS)[number];

/** Where traffic comes from or goes to outside the groups. */
export type Outside = "internet" | "trusted";

/** Traffic that is allowed: from one party to another, on TCP ports, for a reason. */
export interface Flow {
  readonly from: Group | Outside;
  readonly to: Group | "internet";
  readonly ports: readonly number[];
  /** Becomes the rules' description in AWS, which takes no apostrophes there. */
  readonly why: string;
}

/**
 * Who may talk to whom; whatever isn't here is refused.
 *
 * DNS, NTP and instance metadata come from addresses of the VPC that security groups don't filter.
 */
export function flows({ loadBalancer, database, cache, bastion, gitaly }: Topology): Flow[] {
  const http = { redirect: [PORTS.redirect], forward: [], none: [] }[loadBalancer.http];
  const publicPorts = loadBalancer.http === "none" ? [PORTS.https] : [PORTS.http, PORTS.https];
  return [
    { from: "internet", to: "loadBalancer", ports: publicPorts, why: "Web interface and API" },
    { from: "trusted", to: "loadBalancer", ports: [PORTS.ssh], why: "Git over SSH" },
    { from: "loadBalancer", to: "application", ports: [PORTS.http], why: "Web requests and health checks" },
    { from: "loadBalancer", to: "application", ports: http, why: "Redirects from http to https" },
    { from: "loadBalancer", to: "application", ports: [PORTS.ssh], why: "Git over SSH and its health checks" },
    { from: "application", to: "database", ports: [database.port], why: "PostgreSQL" },
    { from: "application", to: "cache", ports: [cache.port], why: "Redis or Valkey" },
    {
      from: "application",
      to: "gitaly",
      ports: [gitaly.tls ? PORTS.gitalyTls : PORTS.gitaly],
      why: "Git repositories",
    },
    { from: "application", to: "internet", ports: [PORTS.http, PORTS.https], why: "Packages, AWS APIs, webhooks" },
    // The load balancer is internet-facing: its name resolves to public addresses inside the VPC too.
    {
      from: "gitaly",
      to: "internet",
      ports: [PORTS.http, PORTS.https],
      why: "Internal API, packages, AWS APIs",
    },
    ...(bastion.enabled ? bastionFlows : []),
  ];
}

const bastionFlows: readonly Flow[] = [
  { from: "trusted", to: "bastion", ports: [PORTS.ssh], why: "Operators" },
  { from: "bastion", to: "application", ports: [PORTS.ssh], why: "Operators" },
  { from: "bastion", to: "gitaly", ports: [PORTS.ssh], why: "Operators" },
  { from: "bastion", to: "internet", ports: [PORTS.http, PORTS.https], why: "Security updates, AWS APIs" },
];
