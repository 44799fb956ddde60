import { extname } from "node:path";
import { withoutSecrets } from "./show";

/** A place in a text, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A stretch of one line of a file. */
export interface Location {
  /** The file as the user named it. */
  readonly file: string;
  readonly position: Position;
  /** How many characters of the line are meant, 1 at least. */
  readonly length: number;
  /** The whole line, up to what may be a secret in it. */
  readonly line: string;
}

/** A stretch of a text, from `offset` to before `end`. */
export interface Range {
  readonly offset: number;
  readonly end: number;
}

/** A syntax error or a duplicate key. */
export interface Mistake {
  readonly offset: number;
  /** @default - one character */
  readonly end?: number;
  /** A JSON pointer; empty where the text can't be read. */
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

/** The same at its place. */
export type SyntaxProblem = Omit<Mistake, "offset" | "end"> & Location;

/** A parsed file that still knows where each value stands. */
export interface Source {
  /** The files that it stands in, as the user named them: one, then those that it extends. */
  readonly files: readonly string[];
  /** Undefined where there are errors. */
  readonly value: unknown;
  /** Why the text can't be read. */
  readonly errors: readonly SyntaxProblem[];
  /** Keys that are there twice, each at its second place. The value has the last one's. */
  readonly duplicates: readonly SyntaxProblem[];
  /** Where the value at a JSON pointer stands; where the key of its nearest existing parent does, if there is none. */
  locate(pointer: string): Location;
  /** Where the key that ends a JSON pointer stands, or that of its nearest existing parent. */
  locateKey(pointer: string): Location;
}

/** What the parsers of JSON and YAML have in common: the ranges of values and keys by JSON pointer. */
export interface ParsedText {
  readonly value: unknown;
  /** Whether there is nothing in it, or comments only. */
  readonly empty: boolean;
  readonly errors: readonly Mistake[];
  readonly duplicates: readonly Mistake[];
  /** Where the value at a path stands. */
  valueRange(path: readonly string[]): Range | undefined;
  /** Where the key at a path stands. */
  keyRange(path: readonly string[]): Range | undefined;
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
  const locationOf = locator(file, visible);
  const placed = ({ offset, end = offset + 1, ...problem }: Mistake): SyntaxProblem => ({
    ...problem,
    ...locationOf({ offset, end }),
  });
  const locate = (pointer: string, own: (path: readonly string[]) => Range | undefined): Location => {
    const path = pointerToPath(pointer);
    const parents = path.slice(1).map((_, index) => path.slice(0, path.length - 1 - index));
    const ranges = [own(path), ...parents.map((parent) => parsed.keyRange(parent) ?? parsed.valueRange(parent))];
    const range = ranges.find((one) => one !== undefined);
    // What stands nowhere is the whole file's, of which no line is worth showing.
    return range
      ? locationOf(range)
      : { ...locationOf(parsed.valueRange([]) ?? { offset: 0, end: 1 }), length: 1, line: "" };
  };
  return {
    files: [file],
    value: parsed.value,
    errors: parsed.empty ? [placed(EMPTY)] : firstOfEachLine(parsed.errors.map(placed)),
    duplicates: parsed.duplicates.map(placed),
    locate: (pointer) => locate(pointer, parsed.valueRange),
    locateKey: (pointer) => locate(pointer, parsed.keyRange),
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

function locator(file: string, text: string): (range: Range) => Location {
  return ({ offset, end }) => {
    const before = text.slice(0, offset);
    const start = before.lastIndexOf("\n") + 1;
    const [line = ""] = text.slice(start).split(/\r?\n/, 1);
    const column = offset - start + 1;
    // What is longer than its line is meant as far as the line goes.
    const length = Math.max(1, Math.min(end - offset, line.length - column + 1));
    return { file, position: { line: before.split("\n").length, column }, length, line: withoutSecrets(line) };
  };
}

/** `/a~1b/0` to `["a/b", "0"]`. */
export function pointerToPath(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replace(/~1/g, "/").replace(/~0/g, "~"));
}

/** What a JSON pointer leads to; undefined where it leads nowhere. */
export function valueAt(value: unknown, pointer: string): unknown {
  return pointerToPath(pointer).reduce<unknown>((parent, key) => Object(parent)[key], value);
}

/** `["a/b", 0]` to `/a~1b/0`. */
export function pathToPointer(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
}
