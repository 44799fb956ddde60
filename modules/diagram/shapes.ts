import { FONTS, fitted, type Style } from "./text";
import type { Kind } from "./tiers";

/** Where something is, in px from the drawing's top left corner. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function bottomOf({ y, height }: Area): number {
  return y + height;
}

/** A text on one line. */
export interface Text {
  readonly style: Style;
  /** Where it starts, or its middle. */
  readonly x: number;
  /** Its baseline. */
  readonly y: number;
  readonly text: string;
  readonly centred?: true;
}

/** An area that is drawn. */
export interface Block extends Area {
  readonly id: string;
  readonly look: Look;
  readonly texts: readonly Text[];
  readonly icon?: string;
}

/** What a block looks like. Frames hold other blocks, bands run through frames, and nothing overlaps a box. */
export type Look =
  | "internet-frame"
  | "region-frame"
  | "vpc-frame"
  | "zone-frame"
  | "public-frame"
  | "private-frame"
  | `${Kind}-band`
  | `${Kind}-box`
  | "spare-box"
  | "plain-box"
  | "elsewhere-box";

/** A line with an arrowhead where traffic arrives. */
export interface Arrow {
  readonly points: readonly Point[];
  /** In words: `GitLab to Amazon RDS on port 5432: PostgreSQL`. */
  readonly meaning: string;
  /** Traffic, an operator's session, or what belongs together without traffic. */
  readonly look: "traffic" | "operator" | "reference";
  readonly ports: readonly PortLabel[];
  /** What is said beside it. */
  readonly note?: Text;
}

export type Point = readonly [x: number, y: number];

/** Ports, beside or on an arrow. */
export interface PortLabel extends Area {
  readonly text: Text;
}

/** Lines of text from a block's top down, the first one above the others in rank. */
export function lines(
  area: Area,
  [title, ...captions]: readonly string[],
  { left, style = "title" }: { readonly left: number; readonly style?: Style },
): Text[] {
  const room = area.width - left - PADDING;
  const height = LEADING * (captions.length + 1);
  const top = area.y + (area.height - height) / 2;
  return [title ?? "", ...captions].map((text, index) => {
    const own = index === 0 ? style : "caption";
    return {
      style: own,
      x: area.x + left,
      y: baseline(top + LEADING * index, LEADING, own),
      text: fitted(text, own, room),
    };
  });
}

/** The same in the middle of a block. */
export function centredLines(area: Area, texts: readonly string[], style: Style): Text[] {
  return lines(area, texts, { left: PADDING, style }).map((text) => ({
    ...text,
    x: area.x + area.width / 2,
    centred: true,
  }));
}

/** What is left free between a block's edge and its text. */
export const PADDING = 12;

/** The distance of lines. */
export const LEADING = 18;

/** Where a text stands that is in the middle of a height: letters without descenders are about 0.7 of their size. */
export function baseline(top: number, height: number, style: Style): number {
  return Math.round(top + height / 2 + FONTS[style].size * 0.35);
}
