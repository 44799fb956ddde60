/** How texts look: sizes in px. */
export const FONTS = {
  heading: { size: 24, bold: true },
  subheading: { size: 14, bold: false },
  title: { size: 14, bold: true },
  label: { size: 13, bold: true },
  member: { size: 13, bold: false },
  caption: { size: 12, bold: false },
  port: { size: 11, bold: true },
} as const;

export type Style = keyof typeof FONTS;

/** Widths of characters at 1 px, as DejaVu Sans has them: no font that the drawing names is wider. */
const WIDTHS: readonly (readonly [characters: RegExp, width: number])[] = [
  [/[ijlI.,:;'|! ]/, 0.34],
  [/[frt()[\]/\-"]/, 0.42],
  [/[cksvxyz?_]/, 0.59],
  [/[CDGHNOQU&w]/, 0.82],
  [/[mMW@%+<>=~#…]/, 1],
  [/[A-Z]/, 0.7],
  [/[ -~]/, 0.64],
];

/** How much wider bold text is. */
const BOLD = 1.13;

/** How wide a text gets at most, in px. */
export function widthOf(text: string, style: Style): number {
  const { size, bold } = FONTS[style];
  const width = [...text].reduce((sum, character) => {
    const [, one = 1] = WIDTHS.find(([characters]) => characters.test(character)) ?? [];
    return sum + one;
  }, 0);
  return width * size * (bold ? BOLD : 1);
}

/** A text, cut where there is no room for all of it. */
export function fitted(text: string, style: Style, room: number): string {
  if (widthOf(text, style) <= room) return text;
  const characters = [...text];
  while (characters.length > 0 && widthOf(`${characters.join("")}…`, style) > room) characters.pop();
  return `${characters.join("").trimEnd()}…`;
}
