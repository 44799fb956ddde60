import { extname } from "node:path";
import { stringify } from "yaml";
import type { TopologyFile } from "../topology";
import { parseSource, pathToPointer, pointerToPath } from "../topology/source";
import { schemaOf, settings } from "./settings";

/** How a file's name ends, by the comments its format has: in plain JSON many programs take none. */
const COMMENTS: Readonly<Record<string, string | undefined>> = {
  ".json": undefined,
  ".jsonc": "//",
  ".yaml": "#",
  ".yml": "#",
};

const INTRODUCTION = "GitLab on AWS. docs/topology.md lists all properties; what isn't here has its default.";

/** Whether a topology can be written to a file of this name. */
export function isWritable(file: string): boolean {
  return extname(file) in COMMENTS;
}

/**
 * The text of a topology file, with a comment to each property where the format has comments.
 *
 * @param file its name, which tells the format
 * @param schema the way to the schema, for editors
 */
export function documentOf(file: string, topology: TopologyFile, schema?: string): string {
  const mark = COMMENTS[extname(file)];
  if (mark === "#") {
    const modeline = schema ? [`# yaml-language-server: $schema=${schema}`, "#"] : [];
    const text = commented(file, stringify(topology, { lineWidth: 0 }), mark);
    return [...modeline, `# ${INTRODUCTION}`, "", text].join("\n");
  }
  const text = `${JSON.stringify({ ...(schema && { $schema: schema }), ...topology }, null, 2)}\n`;
  return mark ? `${mark} ${INTRODUCTION}\n${commented(file, text, mark)}` : text;
}

/** A text with the schema's words above each setting, and a blank line between what is at the top. */
function commented(file: string, text: string, mark: string): string {
  const source = parseSource(file, text);
  const positionOf = (path: string) => source.locateKey(path).position;
  const [, ...others] = Object.keys(source.value as object);
  const blank = new Map(others.map((key) => [positionOf(pathToPointer([key])).line, ""]));
  const comments = new Map(
    settings
      .filter(({ path }) => isIn(source.value, path))
      .map(({ path }) => {
        const { line, column } = positionOf(path);
        return [line, `${" ".repeat(column - 1)}${mark} ${firstSentence(schemaOf(path).description)}`];
      }),
  );
  return text
    .split("\n")
    .flatMap((line, index) => [blank.get(index + 1) ?? [], comments.get(index + 1) ?? [], line].flat())
    .join("\n");
}

function isIn(value: unknown, path: string): boolean {
  return pointerToPath(path).reduce<unknown>((parent, key) => Object(parent)[key], value) !== undefined;
}

function firstSentence(text: string): string {
  return text.replace(/\. .*/s, ".");
}
