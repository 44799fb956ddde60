import type { NetworkZoneConfig, Topology } from "../topology";
import { awsNames } from "../topology/names";
import { count } from "../topology/show";
import { type Link, linksOf, linkText } from "./links";
import { type Service, servicesOf } from "./services";
import { type Listener, listenersOf, type Tier, tiersOf } from "./tiers";

/** What a diagram shows, whatever it is drawn as. */
export interface Diagram {
  /** Where GitLab is: its host name. */
  readonly title: string;
  readonly subtitle: string;
  /** The diagram in words, for those who don't see it. */
  readonly description: string;
  readonly region: string;
  readonly vpc: { readonly name: string; readonly cidr: string };
  readonly zones: readonly NetworkZoneConfig[];
  /** The ranges that may use SSH. */
  readonly trusted: readonly string[];
  /** The domain's record and certificate. */
  readonly entry: readonly Service[];
  readonly listeners: readonly Listener[];
  /** From the internet inwards. */
  readonly tiers: readonly Tier[];
  /** What the deployment uses outside the VPC. */
  readonly services: readonly Service[];
  /** Who talks to whom. */
  readonly links: readonly Link[];
}

/** What a diagram of a deployment shows. */
export function diagramOf(topology: Topology): Diagram {
  const { region, domain, network, gitlab } = topology;
  const zones = count(network.zones.length, "availability zone");
  const edition = gitlab.edition === "ee" ? "Enterprise Edition" : "Community Edition";
  const subtitle = `GitLab ${gitlab.version} ${edition} on AWS, ${region}, ${zones}`;
  const diagram = {
    title: domain,
    subtitle,
    region,
    vpc: { name: awsNames(topology).vpc, cidr: network.cidr },
    zones: network.zones,
    trusted: topology.access.trustedCidrs,
    ...servicesOf(topology),
    listeners: listenersOf(topology),
    tiers: tiersOf(topology),
    links: linksOf(topology),
  };
  return { ...diagram, description: description(diagram) };
}

function description({ subtitle, vpc, zones, tiers, links }: Omit<Diagram, "description">): string {
  const sentences = [
    `${subtitle}: ${zones.map(({ name }) => name).join(", ")}`,
    `VPC ${vpc.cidr}`,
    ...tiers.map(({ title, captions }) => `${title}: ${captions.join(", ")}`),
    ...links.map((link) => linkText(link, tiers)),
  ];
  return sentences.map((sentence) => `${sentence}.`).join(" ");
}
