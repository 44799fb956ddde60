import type { Diagram } from "./model";

/** Around the drawing. */
export const MARGIN = 32;
/** Between what stands side by side. */
export const GAP = 12;
/** Inside of the region's and the VPC's frame. */
export const INSET = 24;
/** Left of the tiers, where traffic comes in on two lanes. */
const RAIL_IN = 124;
/** Right of the tiers, where traffic goes out on one. */
const RAIL_OUT = 96;
/** What a tier is, left of the zones. */
export const HEADER = 288;
/** Between the two, where the main way in runs. */
const SPINE = 72;
/** The width of a zone, by how many there are. */
const ZONE_WIDTHS: Readonly<Record<number, number>> = { 2: 248, 3: 216 };
const NARROW_ZONE = 184;

/** Where columns begin and end, in px from the left; lanes are where arrows run. */
export interface Columns {
  readonly left: number;
  readonly vpc: number;
  readonly farLane: number;
  readonly nearLane: number;
  readonly header: number;
  readonly spine: number;
  readonly zones: number;
  readonly zoneWidth: number;
  zoneAt(index: number): number;
  readonly zonesEnd: number;
  /** Where the tiers' bands end. */
  readonly bandsEnd: number;
  readonly outLane: number;
  readonly vpcEnd: number;
  readonly right: number;
}

/** The columns of a diagram: wider for fewer zones. */
export function columnsOf({ zones: { length } }: Diagram): Columns {
  const left = MARGIN;
  const vpc = left + INSET;
  const header = vpc + RAIL_IN;
  const zones = header + HEADER + SPINE;
  const zoneWidth = ZONE_WIDTHS[length] ?? NARROW_ZONE;
  const zonesEnd = zones + length * zoneWidth + (length - 1) * GAP;
  const vpcEnd = zonesEnd + RAIL_OUT;
  return {
    left,
    vpc,
    farLane: header - 100,
    nearLane: header - 72,
    header,
    spine: zones - SPINE / 2,
    zones,
    zoneWidth,
    zoneAt: (index) => zones + index * (zoneWidth + GAP),
    zonesEnd,
    bandsEnd: zonesEnd + GAP,
    outLane: zonesEnd + GAP + 44,
    vpcEnd,
    right: vpcEnd + INSET,
  };
}
