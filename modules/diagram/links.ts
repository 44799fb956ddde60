import { type Flow, flows } from "../tiers/security-flows";
import type { Topology } from "../topology";
import type { Tier } from "./tiers";

/** Who a flow is between. */
export type Party = Flow["from"] | Flow["to"];

/** Traffic from one party to another. */
export interface Link {
  readonly from: Party;
  readonly to: Party;
  readonly ports: readonly number[];
  readonly why: readonly string[];
  /** What it leads through. @default - nothing */
  readonly via?: "nat";
}

/** Who talks to whom: the flows of the security groups, those between the same two as one. */
export function linksOf(topology: Topology): Link[] {
  const links = new Map<string, Link>();
  for (const { from, to, ports, why } of flows(topology).filter((flow) => flow.ports.length > 0)) {
    const key = `${from} ${to}`;
    const known = links.get(key);
    links.set(key, {
      from,
      to,
      ports: [...new Set([...(known?.ports ?? []), ...ports])].sort((a, b) => a - b),
      why: [...(known?.why ?? []), why],
      // Bastions have public addresses, and go out by themselves.
      ...(to === "internet" && from !== "bastion" && { via: "nat" as const }),
    });
  }
  return [...links.values()];
}

/** `GitLab to Amazon RDS on port 5432` */
export function linkText({ from, to, ports }: Link, tiers: readonly Tier[]): string {
  const outside = { internet: "Internet", trusted: "Trusted networks" } as const;
  const titleOf = (party: Party) =>
    tiers.find(({ id }) => id === party)?.title ?? outside[party as keyof typeof outside];
  return `${titleOf(from)} to ${titleOf(to)} on ${ports.length === 1 ? "port" : "ports"} ${ports.join(", ")}`;
}
