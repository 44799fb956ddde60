import {
  getNodePath,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
  stripComments,
} from "jsonc-parser";
import { type Mistake, type ParsedText, pathToPointer, type Range } from "./source";

/** `ParseErrorCode` of jsonc-parser: what is wrong, as the rest of a sentence, and the way out. */
const SYNTAX: Readonly<Record<string, readonly [message: string, fix: string]>> = {
  PropertyNameExpected: ["a property name in double quotes is missing before this place", "Add it"],
  ValueExpected: ["a value is missing before this place", "Add it"],
  ColonExpected: ["a colon is missing before this place", "Add it"],
  CommaExpected: ["a comma is missing before this place", "Add it"],
  CloseBraceExpected: ["a closing brace is missing before this place", "Add it"],
  CloseBracketExpected: ["a closing bracket is missing before this place", "Add it"],
  EndOfFileExpected: ["something follows its end", "Remove it"],
  UnexpectedEndOfComment: ["a comment doesn't end", "End it with */"],
  UnexpectedEndOfString: [
    "a string doesn't end on its line",
    "End it with a double quote, and write \\n for a line break in it",
  ],
  UnexpectedEndOfNumber: ["a number ends where a digit must follow", "Add the digit"],
  InvalidUnicode: ["a string has a \\u without four hexadecimal digits", "Add the digits"],
  InvalidEscapeCharacter: ["a string has a backslash before a character that needs none", "Write \\\\ for a backslash"],
  InvalidCharacter: ["a string has a control character in it", "Write \\t for a tab"],
  InvalidSymbol: [
    "this is neither a string in double quotes nor a number, true, false or null",
    "Put it in double quotes if it's a name or a text",
  ],
};

/** Parses JSON with comments and trailing commas. */
export function parseJson(text: string): ParsedText {
  const { root, errors } = parse(text);
  return {
    value: root && getNodeValue(root),
    empty: !root && stripComments(text).trim() === "",
    errors: withoutEchoes(text, errors).map((error) => mistake(error, text)),
    duplicates: root ? duplicateKeys(root) : [],
    valueRange: (path) => rangeOf(nodeAt(root, path)),
    keyRange: (path) => {
      const property = nodeAt(root, path)?.parent;
      return property?.type === "property" ? rangeOf(property.children?.[0]) : undefined;
    },
  };
}

function parse(text: string): { root: Node | undefined; errors: Mishap[] } {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false, allowEmptyContent: false });
  const named = errors.map(({ error, offset, length }) => ({ code: printParseErrorCode(error), offset, length }));
  return { root, errors: named };
}

/** An error of the parser. */
interface Mishap {
  readonly code: string;
  readonly offset: number;
  readonly length: number;
}

/** The errors that are not merely the parser's way of finding back after another one. */
function withoutEchoes(text: string, errors: readonly Mishap[]): Mishap[] {
  const symbols = errors.filter(({ code }) => code === "InvalidSymbol");
  // The parser skips a symbol it doesn't know, and is lost; so it reads on with a string in its place.
  const quoted = symbols.reduce((before, { offset, length }) => {
    const string = length > 1 ? `"${"x".repeat(length - 2)}"` : "0";
    return before.slice(0, offset) + string + before.slice(offset + length);
  }, text);
  const others = symbols.length > 0 ? parse(quoted).errors : errors;
  const inOrder = [...symbols, ...others].sort((one, other) => one.offset - other.offset);
  const unclosed = inOrder.findIndex(({ code }) => code === "UnexpectedEndOfString");
  return inOrder.filter(
    ({ code }, index) => (unclosed === -1 || index <= unclosed) && (index === 0 || code !== "EndOfFileExpected"),
  );
}

function rangeOf(node: Node | undefined): Range | undefined {
  return node && { offset: node.offset, end: node.offset + node.length };
}

function mistake({ code, offset, length }: Mishap, text: string): Mistake {
  const found = code === "CommaExpected" ? CLOSED_TOO_EARLY[text.charAt(offset)] : undefined;
  const [message, fix] = SYNTAX[found ?? code] ?? ["it can't be read from this place", "Correct it"];
  return { offset, end: offset + length, path: "", message: `is not valid JSON: ${message}`, fix };
}

/** Where a list or an object seems to go on, but the bracket of what it stands in closes, its own is missing. */
const CLOSED_TOO_EARLY: Readonly<Record<string, string>> = { "}": "CloseBracketExpected", "]": "CloseBraceExpected" };

function nodeAt(root: Node | undefined, path: readonly string[]): Node | undefined {
  return path.reduce<Node | undefined>((node, key) => {
    if (node?.type === "array") return node.children?.[Number(key)];
    // Of equal keys the last one gives the value.
    return node?.children?.findLast((property) => property.children?.[0]?.value === key)?.children?.[1];
  }, root);
}

/** JSON keeps the last of two equal keys and says nothing; we say it. */
function duplicateKeys(node: Node): Mistake[] {
  const children = node.children ?? [];
  const own =
    node.type !== "object"
      ? []
      : children
          .map((property) => property.children?.[0])
          .filter((key): key is Node => key !== undefined)
          .filter((key, index, keys) => keys.findIndex((other) => other.value === key.value) < index)
          .map((key) => ({
            offset: key.offset,
            end: key.offset + key.length,
            path: pathToPointer([...getNodePath(node), key.value as string]),
            message: "is given more than once",
            fix: "Keep one of them",
          }));
  return [...own, ...children.flatMap(duplicateKeys)];
}
