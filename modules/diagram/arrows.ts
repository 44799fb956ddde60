import type { Columns } from "./columns";
import { type Link, linkText } from "./links";
import type { Diagram } from "./model";
import { type Area, type Arrow, baseline, bottomOf, type Point, type PortLabel, type Text } from "./shapes";
import { widthOf } from "./text";

/** How far beside a tier's middle the second arrow is, where there are two. */
const ASIDE = 14;

/**
 * An arrow for each link, and for what belongs to them.
 *
 * @param areas what arrows start and end at, by id
 */
export function arrowsOf(diagram: Diagram, columns: Columns, areas: ReadonlyMap<string, Area>): Arrow[] {
  const area = (id: string) => areas.get(id) as Area;
  return [
    ...references(columns, area),
    ...diagram.links.map(
      (link): Arrow => ({
        ...route(link, diagram.links, columns, area),
        look: isOperators(link) ? "operator" : "traffic",
        meaning: `${linkText(link, diagram.tiers)}: ${link.why.join("; ")}`,
      }),
    ),
  ];
}

/** Whether it is people at work on the machines. */
function isOperators({ from, to }: Link): boolean {
  return to === "bastion" || (from === "bastion" && to !== "internet");
}

type Find = (id: string) => Area;

/** Which way an arrow goes: in on the left and on the spine, out on the right. */
function route(link: Link, links: readonly Link[], columns: Columns, area: Find): Omit<Arrow, "look" | "meaning"> {
  const { from, to, ports, via } = link;
  const { farLane, nearLane, spine, outLane } = columns;
  const middle = (id: string) => area(id).y + area(id).height / 2;
  const atEntry = (y: number) => [label(ports, nearLane + 32, y)];

  if (from === "internet") {
    const points: Point[] = [
      [spine, bottomOf(area("users"))],
      [spine, area(to).y],
    ];
    return { points, ports: stack(ports, spine, middle("dns")) };
  }
  if (from === "loadBalancer") {
    const start = bottomOf(area(from));
    return {
      points: [
        [spine, start],
        [spine, area(to).y],
      ],
      ports: stack(ports, spine, start + 46),
    };
  }
  if (from === "trusted" && to === "bastion") {
    const y = middle(to) - ASIDE;
    // Operators leave the way of Git where that turns to the load balancer.
    const points: Point[] = [
      [farLane, middle("loadBalancer")],
      [farLane, y],
      [area(to).x, y],
    ];
    return { points, ports: atEntry(y), note: note("operators", farLane + 10, y - 16) };
  }
  if (from === "trusted") {
    const y = middle(to);
    const points: Point[] = [
      [farLane, bottomOf(area(from))],
      [farLane, y],
      [area(to).x, y],
    ];
    return { points, ports: atEntry(y), note: note("Git", farLane + 10, y - 16) };
  }
  if (via) {
    const [start, end] = [middle(from), middle(via) + ASIDE];
    const points: Point[] = [
      [endOf(area(from)), start],
      [outLane, start],
      [outLane, end],
      [endOf(area(via)), end],
    ];
    // On the piece that this arrow has for itself.
    const above = bottomOf(area(from === "gitaly" ? "application" : via));
    return { points, ports: [label(ports, outLane, (above + start) / 2)] };
  }
  if (to === "internet") {
    const start = middle(from);
    const points: Point[] = [
      [endOf(area(from)), start],
      [outLane, start],
      [outLane, bottomOf(area("outbound"))],
    ];
    return { points, ports: [label(ports, outLane, bottomOf(area("loadBalancer")) + 46)] };
  }
  const isOperator = from === "bastion";
  const isShared = links.some((other) => other.to === to && other.from === "bastion");
  const lane = isOperator ? farLane : nearLane;
  const start = middle(from) + ASIDE;
  const y = middle(to) + (isOperator ? -ASIDE : isShared ? ASIDE : 0);
  return {
    points: [
      [area(from).x, start],
      [lane, start],
      [lane, y],
      [area(to).x, y],
    ],
    ports: atEntry(y),
  };
}

/** What belongs together beside the links. */
function references({ outLane }: Columns, area: Find): Arrow[] {
  const down = (id: string, from: string, to: string): Point[] => {
    const x = area(id).x + Math.round(area(id).width / 2);
    return [
      [x, bottomOf(area(from))],
      [x, area(to).y],
    ];
  };
  const nat = area("nat");
  const y = nat.y + nat.height / 2 - ASIDE;
  const s3 = down("s3", "vpc", "s3");
  const [[x = 0] = []] = s3;
  return [
    {
      look: "reference",
      points: down("dns", "dns", "loadBalancer"),
      ports: [],
      meaning: "The domain's name leads to the load balancer",
    },
    {
      look: "reference",
      points: down("certificate", "certificate", "loadBalancer"),
      ports: [],
      meaning: "The certificate that the load balancer shows",
    },
    {
      look: "traffic",
      points: [
        [endOf(nat), y],
        [outLane, y],
        [outLane, bottomOf(area("outbound"))],
      ],
      ports: [],
      meaning: "From private subnets to the internet, through NAT gateways",
    },
    {
      look: "traffic",
      points: s3,
      ports: [],
      meaning: "From the VPC to S3, through a gateway endpoint",
      note: note("gateway endpoint", x + 12, area("s3").y - 20),
    },
  ];
}

const LABEL_HEIGHT = 18;

function label(ports: readonly number[], x: number, y: number): PortLabel {
  const text = ports.join(", ");
  const [width, top] = [Math.ceil(widthOf(text, "port")) + 12, y - LABEL_HEIGHT / 2];
  return {
    x: x - width / 2,
    y: top,
    width,
    height: LABEL_HEIGHT,
    text: { style: "port", x, y: baseline(top, LABEL_HEIGHT, "port"), text, centred: true },
  };
}

/** One below the other, around a middle. */
function stack(ports: readonly number[], x: number, middle: number): PortLabel[] {
  return ports.map((port, index) => label([port], x, middle + 22 * (index - (ports.length - 1) / 2)));
}

function note(text: string, x: number, y: number): Text {
  return { style: "caption", x, y, text };
}

function endOf({ x, width }: Area): number {
  return x + width;
}
