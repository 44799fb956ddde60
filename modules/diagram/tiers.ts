import type { Topology } from "../topology";
import { awsNames } from "../topology/names";
import { zoneLetter } from "../topology/regions";
import { count } from "../topology/show";
import type { Party } from "./links";

/** A port of the load balancer. */
export interface Listener {
  readonly port: number;
  readonly protocol: "TLS" | "TCP";
  readonly purpose: string;
}

/** What has one job, over the zones. */
export interface Tier {
  readonly id: Exclude<Party, "internet" | "trusted"> | "nat";
  readonly kind: Kind;
  readonly title: string;
  readonly captions: readonly string[];
  /** Which subnets it is in. @default - in none: the load balancer has a listener in each public one */
  readonly subnets?: "public" | "private";
  readonly members: readonly Member[];
}

/** What the colours stand for. */
export type Kind = "network" | "compute" | "data";

/** What there is of a tier in one zone. */
export interface Member {
  /** The zone's name. */
  readonly zone: string;
  readonly title: string;
  readonly caption?: string;
  /** Whether there may be something, but isn't at first. @default - there is */
  readonly spare?: true;
}

/** From https down. */
export function listenersOf({ loadBalancer: { http }, gitlab: { registryUrl } }: Topology): Listener[] {
  const clear = http === "redirect" ? "redirects to https" : "web, in clear";
  return [
    { port: 443, protocol: "TLS", purpose: registryUrl ? "web, API, registry" : "web and API" },
    ...(http === "none" ? [] : [{ port: 80, protocol: "TCP", purpose: clear } as const]),
    { port: 22, protocol: "TCP", purpose: "Git over SSH" },
  ];
}

/** From the internet inwards. */
export function tiersOf(topology: Topology): Tier[] {
  const { loadBalancer, bastion, network, gitlab, application, gitaly, database, cache } = topology;
  const names = awsNames(topology);
  const zones = network.zones.map(({ name }) => name);
  const [first = "", second = ""] = zones;
  const everyZone = (member: (zone: string, index: number) => Omit<Member, "zone">): Member[] =>
    zones.map((zone, index) => ({ zone, ...member(zone, index) }));
  const single = network.natGateways === "single";
  const { min, max, desired } = application.scaling;
  // In which zones, isn't the topology's to say.
  const caption = "placed by RDS";
  return [
    {
      id: "loadBalancer",
      kind: "network",
      title: "Network Load Balancer",
      captions: ["in every public subnet", loadBalancer.crossZone ? "spreads over all zones" : "keeps to each zone"],
      members: [],
    },
    ...(bastion.enabled
      ? [
          {
            id: "bastion",
            kind: "compute",
            title: "Bastion hosts",
            captions: [bastion.instanceType],
            subnets: "public",
            members: everyZone((zone) => ({ title: names.bastion(zoneLetter(zone)) })),
          } as const,
        ]
      : []),
    {
      id: "nat",
      kind: "network",
      title: single ? "NAT gateway" : "NAT gateways",
      captions: [single ? "one for all zones" : "one in every zone"],
      subnets: "public",
      members: everyZone((zone) => ({ title: `NAT gateway ${zoneLetter(zone).toUpperCase()}` })).slice(
        0,
        single ? 1 : undefined,
      ),
    },
    {
      id: "application",
      kind: "compute",
      title: "GitLab",
      captions: [
        `${application.instanceType}, ${gitlab.edition.toUpperCase()} ${gitlab.version}`,
        `Auto Scaling, ${min === max ? count(min, "node") : `${min} to ${max} nodes`}`,
      ],
      subnets: "private",
      members: everyZone((_, index) => {
        const nodes = Math.floor((desired + zones.length - 1 - index) / zones.length);
        return nodes > 0 ? { title: count(nodes, "node") } : { title: "none at first", spare: true };
      }),
    },
    {
      id: "gitaly",
      kind: "data",
      title: "Gitaly",
      captions: [`${gitaly.instanceType}${gitaly.tls ? ", TLS" : ""}`, storage(gitaly.storage)],
      subnets: "private",
      members: [{ zone: gitaly.zone, title: "Gitaly", caption: "with its volume" }],
    },
    {
      id: "database",
      kind: "data",
      title: "Amazon RDS",
      captions: [`PostgreSQL ${database.engineVersion}, ${database.instanceClass}`, storage(database.storage)],
      subnets: "private",
      members: [
        { zone: first, title: database.multiAz ? "Primary" : "Instance", caption },
        ...(database.multiAz ? [{ zone: second, title: "Standby", caption }] : []),
      ],
    },
    {
      id: "cache",
      kind: "data",
      title: "Amazon ElastiCache",
      captions: [
        `${cache.engine === "valkey" ? "Valkey" : "Redis"} ${cache.engineVersion}, ${cache.nodeType}`,
        `${count(cache.replicas, "replica")}${cache.multiAz ? ", automatic failover" : ""}`,
      ],
      subnets: "private",
      members: zones.flatMap((zone) => cacheNodes(zone, cache.zones)),
    },
  ];
}

/** @param nodes each node's zone, the primary's first */
function cacheNodes(zone: string, nodes: readonly string[]): Member[] {
  const [primary, ...others] = nodes;
  const replicas = others.filter((one) => one === zone).length;
  const some = count(replicas, "replica");
  if (zone === primary) return [{ zone, title: "Primary", ...(replicas > 0 && { caption: `and ${some}` }) }];
  return replicas > 0 ? [{ zone, title: replicas === 1 ? "Replica" : some }] : [];
}

function storage({ sizeGib, type, iops }: { sizeGib: number; type: string; iops: number }): string {
  return `${sizeGib} GiB ${type}, ${iops} IOPS`;
}
