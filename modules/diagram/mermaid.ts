import type { Link } from "./links";
import type { Diagram } from "./model";
import type { Service } from "./services";
import type { Member, Tier } from "./tiers";

/**
 * A diagram as a Mermaid flowchart. Mermaid places things itself, so there is less in it than in the drawing: a node a tier,
 * an arrow for who talks to whom, and a frame a zone that says what its subnets hold.
 */
export function mermaidOf(diagram: Diagram): string {
  const { title, subtitle, description, region, vpc, zones, tiers, entry, services, trusted, links } = diagram;
  const nodesIn = (subnets?: Tier["subnets"]) => tiers.filter((tier) => tier.subnets === subnets).map(node);
  const frames = zones.map((_, index) => `zone${index + 1}`);
  const lines = [
    `accTitle: ${flat(`${title}, ${subtitle}`)}`,
    `accDescr: ${flat(description)}`,
    `internet([${label("Internet", "users")}])`,
    `trusted([${label("Trusted networks", ...trusted)}])`,
    ...subgraph("region", `AWS Region ${region}`, [
      ...entry.map(node),
      ...subgraph("vpc", `VPC ${vpc.cidr}`, [
        ...nodesIn(undefined),
        ...subgraph("public", "Public subnets", nodesIn("public")),
        ...subgraph("private", "Private subnets", nodesIn("private")),
        ...zones.flatMap(({ name, publicCidr, privateCidr }, index) =>
          subgraph(`${frames[index]}`, name, [
            `${frames[index]}public[${label("Public subnet", publicCidr, ...membersIn(name, tiers, "public"))}]`,
            `${frames[index]}private[${label("Private subnet", privateCidr, ...membersIn(name, tiers, "private"))}]`,
          ]),
        ),
      ]),
      ...services.map(node),
    ]),
    `outbound([${label("Internet", "package servers, webhooks, AWS APIs")}])`,
    ...links.map(arrow),
    "nat --> outbound",
    "dns & certificate -.- loadBalancer",
    // Unseen: the zones belong below the tiers, and the services below the zones.
    `database & cache ~~~ ${frames.map((frame) => `${frame}public`).join(" & ")}`,
    ...frames.map((frame) => `${frame}public ~~~ ${frame}private`),
    ...services.map(({ id }, index) => `${frames[index % frames.length]}private ~~~ ${id}`),
  ];
  return `flowchart TB\n${indented(lines).join("\n")}\n`;
}

function subgraph(id: string, title: string, content: readonly string[]): string[] {
  return [`subgraph ${id}[${label(title)}]`, ...indented(content), "end"];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function node({ id, title, captions }: Tier | Service): string {
  return `${id}[${label(title, ...captions)}]`;
}

function arrow({ from, to, ports, via }: Link): string {
  return `${from} -->|${label(ports.join(", "))}| ${via ?? (to === "internet" ? "outbound" : to)}`;
}

function membersIn(zone: string, tiers: readonly Tier[], subnets: Tier["subnets"]): string[] {
  return tiers
    .filter((tier) => tier.subnets === subnets)
    .flatMap((tier) => tier.members.filter((member) => member.zone === zone).map((member) => memberText(tier, member)));
}

function memberText({ title: tier, subnets }: Tier, { title, caption }: Member): string {
  // In public subnets, the names say what they are.
  const name = subnets === "public" || title === tier ? title : `${tier}: ${title}`;
  return caption ? `${name}, ${caption}` : name;
}

/** Lines of text, quoted. */
function label(...lines: readonly string[]): string {
  return `"${lines.map(escaped).join("<br>")}"`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "#": "#35;",
  '"': "#quot;",
  "<": "#lt;",
  ">": "#gt;",
  "&": "#amp;",
};

/** Text that Mermaid takes for nothing else: it has entities of its own, with a # in place of the &. */
function escaped(text: string): string {
  return text.replace(/[#"<>&]/g, (character) => ENTITIES[character] as string);
}

/** Text up to the line's end, where a semicolon would end the statement. */
function flat(text: string): string {
  return text.replace(/[#;\n]/g, " ");
}
