import { isObject, type Json, type JsonObject, jsonText, mapStrings } from "../json";
import { type Segment, segments } from "./template";

/**
 * Tells which arguments are nested blocks, by their path in the block they are in: `health_check`, `filter.condition`.
 * JSON doesn't tell a block from an attribute that holds an object; HCL does.
 */
export type IsBlock = (path: string) => boolean;

/** An attribute whose value is written as it stands: a reference, a type, a keyword. */
export class Raw {
  constructor(readonly text: string) {}
}

type Value = Json | Raw | readonly Raw[];

/** What a block's braces hold. */
export interface Body {
  readonly [argument: string]: Value;
}

/** A block with its labels: `resource "aws_vpc" "vpc" { ... }`. */
export interface Block {
  readonly type: string;
  readonly labels?: readonly string[];
  readonly body: Body;
  /** @default - no argument is a block */
  readonly isBlock?: IsBlock;
  /** Blocks inside it that have labels. @default - none */
  readonly children?: readonly Block[];
}

/** Arguments that every block knows, and where they go: how many, and which provider, first; what guards it, last. */
const FIRST = ["source", "count", "for_each", "provider"];
const LAST = ["depends_on", "lifecycle"];

/** Longer lists go one item a line. */
const LINE_WIDTH = 100;

/** Starts a line of a text of several lines, which isn't indented. No such text has this character. */
const VERBATIM = "\u0000";

/** Blocks as a file of HCL, in the form that `terraform fmt` leaves alone. */
export function hclFile(blocks: readonly Block[]): string {
  return blocks.map((block) => `${lines(block).join("\n").replaceAll(VERBATIM, "")}\n`).join("\n");
}

function indented(inner: readonly string[]): string[] {
  return inner.map((line) => (line && !line.startsWith(VERBATIM) ? `  ${line}` : line));
}

function lines({ type, labels = [], body, isBlock = () => false, children = [] }: Block): string[] {
  const head = [type, ...labels.map((label) => JSON.stringify(label))].join(" ");
  const inner = [...bodyLines(body, isBlock), ...children.flatMap(lines)];
  return inner.length > 0 ? [`${head} {`, ...indented(inner), "}"] : [`${head} {}`];
}

function bodyLines(body: Body, isBlock: IsBlock): string[] {
  const names = Object.keys(body).sort(byPlace);
  const nested = (name: string) => name === "lifecycle" || name === "dynamic" || isBlock(name);
  const attributes = names
    .filter((name) => !nested(name))
    .map((name): [string, string[]] => {
      const value = body[name] as Value;
      return [name, (typeof value === "string" ? heredoc(value) : undefined) ?? valueLines(value)];
    });
  const blocks = names.filter(nested).flatMap((name) => nestedBlocks(name, body[name] as Json, isBlock));
  const groups = attributes.length > 0 ? [aligned(attributes), ...blocks] : blocks;
  return groups.flatMap((group, index) => (index > 0 ? ["", ...group] : group));
}

function nestedBlocks(name: string, value: Json, isBlock: IsBlock): string[][] {
  if (name === "dynamic") {
    return Object.entries(value as JsonObject).flatMap(([label, items]) =>
      (Array.isArray(items) ? items : [items]).map((body: JsonObject) =>
        lines({
          type: name,
          labels: [label],
          body,
          isBlock: (path) => path === "content" || isBlock(path.replace(/^content/, label)),
        }),
      ),
    );
  }
  const bodies = (Array.isArray(value) ? value : [value]) as JsonObject[];
  return bodies.map((body) =>
    lines({
      type: name,
      body: name === "lifecycle" ? lifecycle(body) : body,
      isBlock: (path) => isBlock(`${name}.${path}`) || (name === "lifecycle" && /^(pre|post)condition$/.test(path)),
    }),
  );
}

/** What `lifecycle` names are references, not strings. */
function lifecycle(body: JsonObject): Body {
  const raw = (value: Json): Value => (Array.isArray(value) ? references(value) : new Raw(String(value)));
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      ["ignore_changes", "replace_triggered_by"].includes(name) ? raw(value) : value,
    ]),
  );
}

/** A list of references, as `depends_on` holds them. */
export function references(addresses: Json): Raw[] {
  return (addresses as readonly string[]).map((address) => new Raw(address));
}

function byPlace(one: string, other: string): number {
  const place = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) - FIRST.length : 1 + LAST.indexOf(name));
  return place(one) - place(other) || (one < other ? -1 : 1);
}

/**
 * `name = value` lines with their equals signs in one column, as far as values end on their line: whatever opens a bracket
 * that it doesn't close starts a new column, and so does what follows a text of several lines.
 */
function aligned(attributes: readonly (readonly [string, readonly string[]])[]): string[] {
  const result: string[] = [];
  let column: [string, readonly string[]][] = [];
  const endColumn = () => {
    const width = Math.max(...column.map(([name]) => name.length));
    for (const [name, [first, ...rest]] of column) result.push(`${name.padEnd(width)} = ${first}`, ...rest);
    column = [];
  };
  for (const [name, value] of attributes) {
    const heredoc = value.length > 1 && value[0]?.startsWith("<<");
    if (value.length > 1 && !heredoc) {
      if (column.length > 0) endColumn();
      result.push(`${name} = ${value[0]}`, ...value.slice(1));
      continue;
    }
    column.push([name, value]);
    if (heredoc) endColumn();
  }
  if (column.length > 0) endColumn();
  return result;
}

function valueLines(value: Value): string[] {
  if (value instanceof Raw) return [value.text];
  if (typeof value === "string") return textLines(value);
  if (Array.isArray(value)) return listLines(value);
  if (isObject(value)) return objectLines(value);
  return [JSON.stringify(value)];
}

function listLines(items: readonly Value[]): string[] {
  const all = items.map(valueLines);
  const flat = `[${all.map(([line]) => line).join(", ")}]`;
  if (all.every((item) => item.length === 1) && flat.length <= LINE_WIDTH) return [flat];
  return ["[", ...indented(all.flatMap((item) => [...item.slice(0, -1), `${item.at(-1)},`])), "]"];
}

function objectLines(value: JsonObject): string[] {
  const attributes = Object.keys(value)
    .sort()
    .map((key): [string, string[]] => [keyOf(key), valueLines(value[key] as Json)]);
  return attributes.length > 0 ? ["{", ...indented(aligned(attributes)), "}"] : ["{}"];
}

function keyOf(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && key !== "for" ? key : quoted(segments(key));
}

function textLines(text: string): string[] {
  return encodedJson(text) ?? [expression(text)];
}

/** A string as the expression it is, or as a string. */
function expression(text: string): string {
  const parts = segments(text);
  const [only] = parts;
  return parts.length === 1 && only && "expression" in only ? only.expression : quoted(parts);
}

function quoted(parts: readonly Segment[]): string {
  const inner = parts.map((part) => ("text" in part ? escaped(part.text) : `\${${part.expression}}`));
  return `"${inner.join("")}"`;
}

/** JSON's escapes are HCL's as well, but for backspace and form feed, which HCL only has by number. */
const BY_NUMBER: Readonly<Record<string, string>> = { "\\b": "\\u0008", "\\f": "\\u000c" };

function escaped(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(/\\./g, (sign) => BY_NUMBER[sign] ?? sign);
}

/** A text of several lines, which stays readable as it is. Nothing is escaped in it but `${` and `%{`. */
function heredoc(text: string): string[] | undefined {
  if (!/\n.*\n$/s.test(text) || /[^\P{Cc}\n\t]/u.test(text)) return undefined;
  const inner = text.slice(0, -1).split("\n");
  let mark = "EOT";
  while (inner.some((line) => line.trim() === mark)) mark += "_";
  return [`<<${mark}`, ...[...inner, mark].map((line) => VERBATIM + line)];
}

/** Stands for each reference while the text around it is read as JSON. */
const MARK = "\u0001";

/** JSON in a string, such as a policy, as `jsonencode({ ... })`: where that gives the same text. */
function encodedJson(text: string): string[] | undefined {
  if (!/^[[{].*[}\]]$/s.test(text)) return undefined;
  const parts = segments(text);
  const expressions = parts.flatMap((part) => ("expression" in part ? [part.expression] : []));
  const marked = parts.map((part) => ("text" in part ? part.text : escaped(MARK))).join("");
  const value = parsed(marked);
  if (value === undefined || jsonText(value) !== marked) return undefined;
  // Keys are in order, so that references come back in the order in which they were met.
  const restored = mapStrings(value, (inner) => inner.replaceAll(MARK, () => `\${${expressions.shift()}}`));
  // One of them is part of a key.
  if (expressions.length > 0) return undefined;
  const [first = "", ...rest] = valueLines(restored);
  return rest.length > 0 ? [`jsonencode(${first}`, ...rest.slice(0, -1), `${rest.at(-1)})`] : [`jsonencode(${first})`];
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
