import { mermaidOf } from "./mermaid";
import type { Diagram } from "./model";
import { svgOf } from "./svg";

export { type Diagram, diagramOf } from "./model";

/** The formats a diagram comes in. */
export const FORMATS = ["svg", "mermaid"] as const;

export type Format = (typeof FORMATS)[number];

/** A diagram as text. */
export function draw(diagram: Diagram, format: Format): string {
  return { svg: svgOf, mermaid: mermaidOf }[format](diagram);
}
