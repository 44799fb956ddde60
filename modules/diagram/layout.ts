import { arrowsOf } from "./arrows";
import { FRAME_LABEL, internetBlocks, rowsOf, serviceBlocks, tierBlocks, zoneBlocks } from "./blocks";
import { type Columns, columnsOf, GAP, HEADER, INSET, MARGIN } from "./columns";
import type { Diagram } from "./model";
import { type Area, type Arrow, type Block, bottomOf, LEADING, lines, PADDING, type Text } from "./shapes";
import { fitted } from "./text";

/** A diagram as shapes, in the order in which they are drawn. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly heading: readonly Text[];
  readonly blocks: readonly Block[];
  readonly arrows: readonly Arrow[];
}

/** How wide record and certificate get together. */
const MOST_ENTRY = 660;

/** What stands where: from the internet down, zones as columns, and tiers as rows through them. */
export function layoutOf(diagram: Diagram): Layout {
  const columns = columnsOf(diagram);
  const { left, right, vpc: vpcLeft, vpcEnd, header, zones, zonesEnd, bandsEnd } = columns;

  const internet = { x: left, y: 96, width: right - left, height: 120 };
  const outside = internetBlocks(diagram, columns, internet);

  const regionTop = bottomOf(internet) + 28;
  const entryWidth = Math.min(zonesEnd - zones, MOST_ENTRY);
  const entry = serviceBlocks(diagram.entry, { x: zones, y: regionTop + 20, width: entryWidth });

  const vpcTop = bottomOf(entry[0] as Area) + INSET;
  const balancer = { x: header, y: vpcTop + 56, width: bandsEnd - header, height: 76 };
  const zonesTop = bottomOf(balancer) + INSET;
  const publicRows = rowsOf(diagram, columns, "public", zonesTop + FRAME_LABEL);
  const privateRows = rowsOf(diagram, columns, "private", publicRows.y + publicRows.height + GAP);
  const zonesBottom = privateRows.y + privateRows.height + 8;
  const vpc = { x: vpcLeft, y: vpcTop, width: vpcEnd - vpcLeft, height: zonesBottom + INSET - vpcTop };

  const used = serviceBlocks(diagram.services, { x: vpcLeft, y: bottomOf(vpc) + 48, width: vpc.width });
  const regionBottom = bottomOf(used[0] as Area) + INSET;
  const region = { x: left, y: regionTop, width: right - left, height: regionBottom - regionTop };

  const tierAreas = new Map([["loadBalancer", balancer], ...publicRows.areas, ...privateRows.areas]);
  const blocks: Block[] = [
    ...outside,
    frame("region", region, ["AWS Region", diagram.region], columns),
    frame("vpc", vpc, [`VPC ${diagram.vpc.cidr}`, diagram.vpc.name], columns),
    ...zoneBlocks(diagram, columns, {
      zone: { y: zonesTop, height: zonesBottom - zonesTop },
      public: { y: publicRows.y, height: publicRows.height },
      private: { y: privateRows.y, height: privateRows.height },
    }),
    ...diagram.tiers.flatMap((tier) => tierBlocks(tier, diagram, columns, tierAreas.get(tier.id) as Area)),
    ...entry,
    ...used,
  ];
  return {
    width: right + MARGIN,
    height: regionBottom + MARGIN,
    heading: headingOf(diagram, columns),
    blocks,
    arrows: arrowsOf(diagram, columns, new Map(blocks.map((block) => [block.id, block]))),
  };
}

/** The region's or the VPC's frame. Its name is above the tiers' ones, out of the arrows' way. */
function frame(kind: "region" | "vpc", area: Area, texts: readonly string[], { header }: Columns): Block {
  const label = { x: header, y: area.y + 8, width: HEADER + PADDING, height: LEADING * 2 };
  return { ...area, id: kind, look: `${kind}-frame`, texts: lines(label, texts, { left: 0, style: "label" }) };
}

function headingOf({ title, subtitle }: Diagram, { left, right }: Columns): Text[] {
  const room = right - left;
  return [
    { style: "heading", x: left, y: 48, text: fitted(title, "heading", room) },
    { style: "subheading", x: left, y: 74, text: fitted(subtitle, "subheading", room) },
  ];
}
