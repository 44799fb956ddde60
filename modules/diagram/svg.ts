import { ICONS } from "./icons";
import { layoutOf } from "./layout";
import type { Diagram } from "./model";
import type { Arrow, Block, Point, PortLabel, Text } from "./shapes";
import { styleSheet } from "./theme";

/** A diagram as SVG, which follows the light or dark scheme of whoever looks at it. */
export function svgOf(diagram: Diagram): string {
  const { width, height, heading, blocks, arrows } = layoutOf(diagram);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" class="gitlab-aws" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="gitlab-aws-title gitlab-aws-desc">`,
    `<title id="gitlab-aws-title">${escaped(`${diagram.title}: ${diagram.subtitle}`)}</title>`,
    `<desc id="gitlab-aws-desc">${escaped(diagram.description)}</desc>`,
    `<style>\n${styleSheet()}\n</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...heading.map(textElement),
    ...blocks.flatMap(blockElements),
    ...(["reference", "operator", "traffic"] as const).flatMap((look) => lineElements(arrows, look)),
    // Above all lines.
    ...arrows.map(labelElement),
    "</svg>",
  ].join("\n")}\n`;
}

/** Text as it may stand in XML. */
export function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character] as string);
}

const RADIUS = 6;

function blockElements({ look, x, y, width, height, icon, texts }: Block): string[] {
  const path = icon && ICONS[icon];
  const iconY = (texts[0]?.y ?? y) - 17;
  return [
    `<rect class="${look}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${RADIUS}"/>`,
    ...(path ? [`<path class="icon" transform="translate(${x + 14} ${iconY}) scale(.92)" d="${path}"/>`] : []),
    ...texts.map(textElement),
  ];
}

function textElement({ style, x, y, text, centred }: Text): string {
  return `<text class="${style}${centred ? " centred" : ""}" x="${x}" y="${y}">${escaped(text)}</text>`;
}

/** Length and half the width of an arrowhead. */
const HEAD = [8, 4] as const;

/** One path for all lines of a look: where they run together, they are one line. */
function lineElements(arrows: readonly Arrow[], look: Arrow["look"]): string[] {
  const lines = arrows.filter((arrow) => arrow.look === look).map(({ points }) => rounded(points));
  return lines.length > 0 ? [`<path class="line ${look}" d="${lines.join(" ")}"/>`] : [];
}

function labelElement({ points, look, meaning, ports, note }: Arrow): string {
  const elements = [
    `<title>${escaped(meaning)}</title>`,
    ...(look === "reference" ? [] : [`<path class="head" d="${arrowhead(points)}"/>`]),
    ...ports.flatMap(portElements),
    ...(note ? [textElement(note)] : []),
  ];
  return `<g>${elements.join("")}</g>`;
}

function portElements({ x, y, width, height, text }: PortLabel): string[] {
  return [
    `<rect class="ports" x="${x}" y="${y}" width="${width}" height="${height}" rx="${height / 2}"/>`,
    textElement(text),
  ];
}

/** A line along points, with its corners rounded. */
function rounded(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const [before, after] = [points[index - 1], points[index + 1]];
      if (!before) return `M${point}`;
      if (!after) return `L${point}`;
      return `L${towards(point, before, RADIUS)} Q${point} ${towards(point, after, RADIUS)}`;
    })
    .join(" ");
}

/** A point at a distance from one point, in the direction of another. */
function towards([x, y]: Point, [toX, toY]: Point, distance: number): Point {
  return [x + Math.sign(toX - x) * distance, y + Math.sign(toY - y) * distance];
}

function arrowhead(points: readonly Point[]): string {
  const [before, tip] = points.slice(-2) as [Point, Point];
  const [length, half] = HEAD;
  const [x, y] = towards(tip, before, length);
  const isLevel = y === tip[1];
  const [one, other]: Point[] = isLevel
    ? [
        [x, y - half],
        [x, y + half],
      ]
    : [
        [x - half, y],
        [x + half, y],
      ];
  return `M${tip} L${one} L${other} Z`;
}
