import { findNodeAtLocation, getNodePath, getNodeValue, type Node, type ParseError, parseTree } from "jsonc-parser";
import { type ParsedText, pathToPointer } from "./source";

/** `ParseErrorCode` of jsonc-parser, as a person would say it. */
const SYNTAX: Readonly<Record<number, string>> = {
  1: "has a symbol that JSON doesn't know",
  2: "has a number that JSON doesn't know",
  3: "needs a quoted property name here",
  4: "needs a value here",
  5: "needs a colon here",
  6: "needs a comma here",
  7: "needs a closing brace here",
  8: "needs a closing bracket here",
  9: "has something after its end",
  10: "has a comment where none may stand",
  11: "has a comment that doesn't end",
  12: "has a string that doesn't end",
  13: "has a number that doesn't end",
  14: "has an unfinished \\u escape",
  15: "has an escape that JSON doesn't know",
  16: "has a character that must be escaped",
};

/** Parses JSON with comments and trailing commas. */
export function parseJson(text: string): ParsedText {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false, allowEmptyContent: false });
  const at = (path: readonly string[]): Node | undefined => root && findNodeAtLocation(root, segmentsOf(root, path));
  return {
    value: root && getNodeValue(root),
    problems: [
      ...errors.map(({ error, offset }) => ({
        offset,
        path: "",
        message: `is not valid JSON: it ${SYNTAX[error] ?? "can't be read"}`,
        fix: "Correct the syntax at this place",
      })),
      ...(root ? duplicateKeys(root) : []),
    ],
    valueOffset: (path) => at(path)?.offset,
    keyOffset: (path) => at(path)?.parent?.children?.[0]?.offset,
  };
}

/** jsonc-parser wants array indices as numbers. */
function segmentsOf(root: Node, path: readonly string[]): (string | number)[] {
  const segments: (string | number)[] = [];
  for (const part of path) {
    const parent = findNodeAtLocation(root, segments);
    segments.push(parent?.type === "array" ? Number(part) : part);
  }
  return segments;
}

/** JSON keeps the last of two equal keys and says nothing; we say it. */
function duplicateKeys(node: Node): { offset: number; path: string; message: string; fix: string }[] {
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
            path: pathToPointer([...getNodePath(node), key.value as string]),
            message: "is given twice",
            fix: "Remove one of the two",
          }));
  return [...own, ...children.flatMap(duplicateKeys)];
}
