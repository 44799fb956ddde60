import { type Columns, GAP, HEADER } from "./columns";
import type { Diagram } from "./model";
import type { Service } from "./services";
import { type Area, type Block, centredLines, LEADING, lines, PADDING } from "./shapes";
import type { Tier } from "./tiers";

/** Above what a frame holds, for its name. */
export const FRAME_LABEL = 32;
/** Left of a text, where an icon is. */
const ICON = 44;

/** The internet: who comes in, and what nodes reach there. */
export function internetBlocks({ trusted }: Diagram, columns: Columns, frame: Area): Block[] {
  const y = frame.y + FRAME_LABEL;
  const height = frame.height - FRAME_LABEL - 16;
  const box = (id: string, from: number, to: number, texts: readonly string[], icon: string): Block => {
    const area = { x: from, y, width: to - from, height };
    return { ...area, id, look: "plain-box", icon, texts: lines(area, texts, { left: ICON }) };
  };
  const { spine } = columns;
  const label = lines({ ...frame, height: FRAME_LABEL + 4 }, ["Internet"], { left: 16, style: "label" });
  const [start, end] = [columns.left + 16, columns.right - 16];
  return [
    { ...frame, id: "internet", look: "internet-frame", texts: label },
    box("trusted", start, spine - 112 - GAP, ["Trusted networks", ...shortList(trusted, 2)], "shield"),
    box("users", spine - 112, spine + 112, ["Users", "web and Git over https"], "users"),
    box("outbound", end - 268, end, ["Package servers", "webhooks, AWS APIs"], "globe"),
  ];
}

/** Lines below a service's name. */
const MOST_CAPTIONS = 3;

/** Services side by side, as high as the one that says most. */
export function serviceBlocks(services: readonly Service[], at: Omit<Area, "height">): Block[] {
  const texts = services.map(({ title, captions }) => [title, ...shortList(captions, MOST_CAPTIONS)]);
  const height = PADDING * 2 + LEADING * Math.max(...texts.map(({ length }) => length));
  const areas = sideBySide({ ...at, height }, services.length);
  return services.map(({ id, elsewhere }, index) => {
    const area = areas[index] as Area;
    const look = elsewhere ? "elsewhere-box" : "plain-box";
    return { ...area, id, look, icon: id, texts: lines(area, texts[index] ?? [], { left: ICON }) };
  });
}

/** A frame around a zone and one around each of its subnets. */
export function zoneBlocks(
  { zones }: Diagram,
  columns: Columns,
  at: { zone: Span; public: Span; private: Span },
): Block[] {
  return zones.flatMap(({ name, publicCidr, privateCidr }, index) => {
    const zone = { x: columns.zoneAt(index), ...at.zone, width: columns.zoneWidth };
    const subnet = (kind: "public" | "private", title: string, cidr: string): Block => {
      const area = { x: zone.x + 8, ...at[kind], width: zone.width - 16 };
      const texts = centredLines({ ...area, height: SUBNET_LABEL }, [title, cidr], "caption");
      return { ...area, id: `${name} ${kind}`, look: `${kind}-frame`, texts };
    };
    return [
      { ...zone, id: name, look: "zone-frame", texts: centredLines({ ...zone, height: FRAME_LABEL }, [name], "label") },
      subnet("public", "Public subnet", publicCidr),
      subnet("private", "Private subnet", privateCidr),
    ];
  });
}

/** From where to where something reaches, in px from the top. */
export type Span = Pick<Area, "y" | "height">;

/** Above what a subnet holds: its kind and its range. */
const SUBNET_LABEL = 48;
/** Tiers of the public subnets say less. */
const ROW_HEIGHTS = { public: 60, private: 76 } as const;

/** The rows of one kind of subnet. */
export interface Rows extends Span {
  /** Where each tier is, by its id. */
  readonly areas: ReadonlyMap<string, Area>;
}

/** A row for each tier of one kind of subnet. */
export function rowsOf({ tiers }: Diagram, columns: Columns, subnets: "public" | "private", y: number): Rows {
  const height = ROW_HEIGHTS[subnets];
  const [x, width] = [columns.header, columns.bandsEnd - columns.header];
  const own = tiers.filter((tier) => tier.subnets === subnets);
  const rowAt = (index: number) => ({ x, y: y + SUBNET_LABEL + index * (height + GAP), width, height });
  return {
    y,
    height: SUBNET_LABEL + own.length * (height + GAP),
    areas: new Map(own.map(({ id }, index) => [id, rowAt(index)])),
  };
}

/** A tier's band: what it is, and what there is of it in which zone. */
export function tierBlocks(tier: Tier, diagram: Diagram, columns: Columns, row: Area): Block[] {
  const { id, kind, title, captions } = tier;
  const texts = lines({ ...row, width: HEADER }, [title, ...captions], { left: ICON });
  const within = id === "loadBalancer" ? listenerBlocks : memberBlocks;
  return [{ ...row, id, look: `${kind}-band`, icon: id, texts }, ...within(tier, diagram, columns, row)];
}

function listenerBlocks({ kind }: Tier, { listeners }: Diagram, columns: Columns, row: Area): Block[] {
  const room = {
    x: columns.zones,
    y: row.y + GAP,
    width: columns.zonesEnd - columns.zones,
    height: row.height - GAP * 2,
  };
  const areas = sideBySide(room, listeners.length);
  return listeners.map(({ port, protocol, purpose }, index) => {
    const area = areas[index] as Area;
    const texts = centredLines(area, [`${protocol} ${port}`, purpose], "label");
    return { ...area, id: `listener ${port}`, look: `${kind}-box`, texts };
  });
}

const MEMBER_HEIGHT = 44;

function memberBlocks({ id, kind, members }: Tier, { zones }: Diagram, columns: Columns, row: Area): Block[] {
  return members.map(({ zone, title, caption, spare }) => {
    const area = {
      x: columns.zoneAt(zones.findIndex(({ name }) => name === zone)) + 20,
      y: row.y + (row.height - MEMBER_HEIGHT) / 2,
      width: columns.zoneWidth - 40,
      height: MEMBER_HEIGHT,
    };
    const texts = centredLines(area, caption ? [title, caption] : [title], "member");
    return { ...area, id: `${zone} ${id}`, look: spare ? "spare-box" : `${kind}-box`, texts };
  });
}

/** An area in equal parts, with gaps between them. */
function sideBySide({ x, y, width, height }: Area, parts: number): Area[] {
  const edge = (index: number) => Math.round(x + (index * (width + GAP)) / parts);
  return Array.from({ length: parts }, (_, index) => ({
    x: edge(index),
    y,
    width: edge(index + 1) - GAP - edge(index),
    height,
  }));
}

/** Texts as far as there are lines for them. */
function shortList(texts: readonly string[], most: number): readonly string[] {
  if (texts.length <= most) return texts;
  return [...texts.slice(0, most - 1), `and ${texts.length - most + 1} more`];
}
