import { FONTS } from "./text";

/** A colour for light and for dark surroundings. */
export interface Colour {
  readonly light: string;
  readonly dark: string;
}

const colour = (light: string, dark: string): Colour => ({ light, dark });

/** The colours: neutral ones, and one for each kind of tier. */
export const COLOURS = {
  page: colour("#ffffff", "#0d1117"),
  region: colour("#f6f8fa", "#12171e"),
  subnet: colour("#f6f8fa", "#161b22"),
  box: colour("#ffffff", "#0d1117"),
  edge: colour("#d0d7de", "#363d46"),
  zone: colour("#8c959f", "#6e7681"),
  text: colour("#1f2328", "#e6edf3"),
  quiet: colour("#57606a", "#9da7b3"),
  arrow: colour("#424a53", "#afb8c1"),
  network: colour("#6e40c9", "#b392f0"),
  compute: colour("#b35900", "#f0a55c"),
  data: colour("#0a6c96", "#5cb8e6"),
} as const;

type Fill = Partial<Record<"fill" | "stroke", Colour>>;

/** What a class looks like, beside its colours. */
type Rule = readonly [selector: string, colours: Fill, rest?: string];

const { page, region, subnet, box, edge, zone, text, quiet, arrow } = COLOURS;

/** How much of a tier's colour is in its band. */
export const BAND_OPACITY = 0.07;

const kinds = (["network", "compute", "data"] as const).flatMap((kind): Rule[] => [
  [`.${kind}-band`, { fill: COLOURS[kind], stroke: COLOURS[kind] }, `fill-opacity:${BAND_OPACITY};stroke-opacity:.45`],
  [`.${kind}-box`, { fill: box, stroke: COLOURS[kind] }],
  [`.${kind}-band+.icon`, { stroke: COLOURS[kind] }],
]);

const RULES: readonly Rule[] = [
  [".page", { fill: page }],
  [".internet-frame", { fill: page, stroke: edge }],
  [".region-frame", { fill: region, stroke: edge }],
  [".vpc-frame", { fill: page, stroke: zone }, "stroke-width:1.5"],
  [".zone-frame", { stroke: zone }, "fill:none;stroke-dasharray:4 4"],
  [".public-frame,.private-frame", { fill: subnet, stroke: edge }],
  [".plain-box", { fill: box, stroke: edge }],
  [".elsewhere-box,.spare-box", { fill: box, stroke: zone }, "stroke-dasharray:4 4"],
  [".icon", { stroke: quiet }, "fill:none;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round"],
  ...kinds,
  [".line", { stroke: arrow }, "fill:none;stroke-width:1.5"],
  [".line.operator", {}, "stroke-dasharray:5 4"],
  [".line.reference", { stroke: zone }, "stroke-dasharray:1.5 4;stroke-linecap:round"],
  [".head", { fill: arrow }],
  [".ports", { fill: page, stroke: arrow }],
  ["text", { fill: text }, 'font-family:system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif'],
  [".subheading,.caption", { fill: quiet }],
  ...Object.entries(FONTS).map(
    ([style, { size, bold }]): Rule => [`.${style}`, {}, `font-size:${size}px${bold ? ";font-weight:600" : ""}`],
  ),
  [".centred", {}, "text-anchor:middle"],
];

/** The drawing's style sheet. Colours stand in it as they are: not every renderer knows CSS variables. */
export function styleSheet(): string {
  const light = RULES.map(([selector, fill, rest]) =>
    rule(selector, [...paints(fill, "light"), ...(rest ? [rest] : [])]),
  );
  const dark = RULES.filter(([, fill]) => Object.keys(fill).length > 0).map(([selector, fill]) =>
    rule(selector, paints(fill, "dark")),
  );
  return [...light, "@media (prefers-color-scheme: dark) {", ...dark, "}"].join("\n");
}

function paints(fill: Fill, scheme: keyof Colour): string[] {
  return Object.entries(fill).map(([property, colour]) => `${property}:${colour[scheme]}`);
}

function rule(selector: string, declarations: readonly string[]): string {
  const own = selector.split(",").map((one) => `.gitlab-aws ${one}`);
  return `${own.join(",")}{${declarations.join(";")}}`;
}
