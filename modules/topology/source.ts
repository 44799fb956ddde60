import { extname } from "node:path";

/** A place in a text, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A syntax error or a duplicate key, at its place. */
export interface SyntaxProblem {
  readonly position: Position;
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

/** A parsed file that still knows where each value stands. */
export interface Source {
  /** The file as the user named it. */
  readonly file: string;
  readonly value: unknown;
  readonly problems: readonly SyntaxProblem[];
  /** Where the value at a JSON pointer stands; where its nearest existing parent does, if there is none. */
  locate(pointer: string): Position;
  /** Where the key that ends a JSON pointer stands. */
  locateKey(pointer: string): Position;
}

/** What the parsers of JSON and YAML have in common: offsets of values and keys by JSON pointer. */
export interface ParsedText {
  readonly value: unknown;
  readonly problems: readonly { offset: number; path: string; message: string; fix: string }[];
  /** Offset of the value at a path. */
  valueOffset(path: readonly string[]): number | undefined;
  /** Offset of the key at a path. */
  keyOffset(path: readonly string[]): number | undefined;
}

/**
 * Parses a topology file: `.yaml` and `.yml` as YAML 1.2, everything else as JSON, in which comments and trailing commas
 * are allowed.
 *
 * Never throws on bad input: what is wrong with the text stands in `problems`.
 */
export function parseSource(file: string, text: string): Source {
  const parsed = parseText(file, text);
  const positionOf = lineCounter(text);
  const locate = (pointer: string, offsetOf: (path: readonly string[]) => number | undefined): Position => {
    for (let path = pointerToPath(pointer); ; path = path.slice(0, -1)) {
      const offset = offsetOf(path) ?? parsed.valueOffset(path);
      if (offset !== undefined || path.length === 0) return positionOf(offset ?? 0);
    }
  };
  return {
    file,
    value: parsed.value,
    problems: parsed.problems.map(({ offset, ...problem }) => ({ ...problem, position: positionOf(offset) })),
    locate: (pointer) => locate(pointer, parsed.valueOffset),
    locateKey: (pointer) => locate(pointer, parsed.keyOffset),
  };
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
