import { extname } from "node:path";

/** A place in a text, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A syntax error or a duplicate key. */
export interface Mistake {
  readonly offset: number;
  /** A JSON pointer; empty where the text can't be read. */
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

/** The same at its place. */
export type SyntaxProblem = Omit<Mistake, "offset"> & { readonly position: Position };

/** A parsed file that still knows where each value stands. */
export interface Source {
  /** The file as the user named it. */
  readonly file: string;
  /** Undefined where there are errors. */
  readonly value: unknown;
  /** Why the text can't be read. */
  readonly errors: readonly SyntaxProblem[];
  /** Keys that are there twice, each at its second place. The value has the last one's. */
  readonly duplicates: readonly SyntaxProblem[];
  /** Where the value at a JSON pointer stands; where the key of its nearest existing parent does, if there is none. */
  locate(pointer: string): Position;
  /** Where the key that ends a JSON pointer stands, or that of its nearest existing parent. */
  locateKey(pointer: string): Position;
}

/** What the parsers of JSON and YAML have in common: offsets of values and keys by JSON pointer. */
export interface ParsedText {
  readonly value: unknown;
  /** Whether there is nothing in it, or comments only. */
  readonly empty: boolean;
  readonly errors: readonly Mistake[];
  readonly duplicates: readonly Mistake[];
  /** Offset of the value at a path. */
  valueOffset(path: readonly string[]): number | undefined;
  /** Offset of the key at a path. */
  keyOffset(path: readonly string[]): number | undefined;
}

const EMPTY: Mistake = {
  offset: 0,
  path: "",
  message: "is empty",
  fix: "Describe a deployment in it: region, domain and access.trustedCidrs are required",
};

/**
 * Parses a topology file: `.yaml` and `.yml` as YAML 1.2, everything else as JSON, in which comments and trailing commas
 * are allowed.
 *
 * Never throws on bad input: what is wrong with the text stands in `errors` and `duplicates`.
 */
export function parseSource(file: string, text: string): Source {
  // Some editors begin a file with a byte order mark, which no one sees.
  const visible = text.replace(/^\uFEFF/, "");
  const parsed = parseText(file, visible);
  const positionOf = lineCounter(visible);
  const placed = ({ offset, ...problem }: Mistake): SyntaxProblem => ({ ...problem, position: positionOf(offset) });
  const locate = (pointer: string, own: (path: readonly string[]) => number | undefined): Position => {
    const path = pointerToPath(pointer);
    const parents = path.map((_, index) => path.slice(0, path.length - 1 - index));
    const offsets = [own(path), ...parents.map((parent) => parsed.keyOffset(parent) ?? parsed.valueOffset(parent))];
    return positionOf(offsets.find((offset) => offset !== undefined) ?? 0);
  };
  return {
    file,
    value: parsed.value,
    errors: parsed.empty ? [placed(EMPTY)] : firstOfEachLine(parsed.errors.map(placed)),
    duplicates: parsed.duplicates.map(placed),
    locate: (pointer) => locate(pointer, parsed.valueOffset),
    locateKey: (pointer) => locate(pointer, parsed.keyOffset),
  };
}

/** What follows a syntax error on its line is mostly the parser's way of finding back. */
function firstOfEachLine(problems: readonly SyntaxProblem[]): SyntaxProblem[] {
  const lines = problems.map(({ position }) => position.line);
  return problems.filter((_, index) => lines.indexOf(lines[index] as number) === index);
}

function parseText(file: string, text: string): ParsedText {
  // Loaded on demand: each parser costs as much time as the rest of the validation.
  return [".yaml", ".yml"].includes(extname(file))
    ? (require("./source-yaml") as typeof import("./source-yaml")).parseYaml(text)
    : (require("./source-json") as typeof import("./source-json")).parseJson(text);
}

function lineCounter(text: string): (offset: number) => Position {
  return (offset) => {
    const before = text.slice(0, offset);
    const lineStart = before.lastIndexOf("\n") + 1;
    return { line: before.split("\n").length, column: offset - lineStart + 1 };
  };
}

/** `/a~1b/0` to `["a/b", "0"]`. */
export function pointerToPath(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replace(/~1/g, "/").replace(/~0/g, "~"));
}

/** `["a/b", 0]` to `/a~1b/0`. */
export function pathToPointer(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
}
