import {
  type Document,
  type ErrorCode,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from "yaml";
import { withoutSecrets } from "./show";
import { type Mistake, type ParsedText, pathToPointer, type Range } from "./source";

/** Messages of the parser that speak of its own interface. */
const MESSAGES: Partial<Record<ErrorCode, string>> = {
  MULTIPLE_DOCS: "a second document begins here",
  NON_STRING_KEY: "this key is a list or a map",
  TAG_RESOLVE_FAILED: "this tag is not known",
};

const FIXES: Partial<Record<ErrorCode, string>> = {
  BAD_INDENT: "Close what is open, and indent what belongs together by the same number of spaces",
  BAD_SCALAR_START: "Put the text in quotes",
  BLOCK_AS_IMPLICIT_KEY:
    "Put the text in quotes if a colon belongs to it, or else correct the indentation here or below",
  MISSING_CHAR: "Add it",
  MULTILINE_IMPLICIT_KEY: "Correct the indentation, or add the colon",
  MULTIPLE_DOCS: "Keep one document in the file",
  NON_STRING_KEY: "Use a property's name",
  TAB_AS_INDENT: "Indent with spaces",
  TAG_RESOLVE_FAILED: "Remove the tag: the topology takes plain values only",
};

/** Parses YAML 1.2 (core schema; no merge keys, no custom tags). */
export function parseYaml(text: string): ParsedText {
  const options = { prettyErrors: false, uniqueKeys: false, stringKeys: true, schema: "core", merge: false } as const;
  const document = parseDocument(text, options);
  const syntax = [...document.errors, ...document.warnings].map(({ code, message, pos: [offset] }) =>
    mistake(offset, MESSAGES[code] ?? plain(message), FIXES[code]),
  );
  const { value, errors } = syntax.length > 0 ? { value: undefined, errors: syntax } : dataOf(document);
  return {
    value,
    empty: syntax.length === 0 && isEmpty(document.contents),
    errors,
    duplicates: duplicateKeys(document.contents),
    valueRange: (path) => rangeOf(nodeAt(document, path)),
    keyRange: (path) => {
      const key = path.length === 0 ? undefined : pairAt(nodeAt(document, path.slice(0, -1)), path.at(-1))?.key;
      return isNode(key) ? rangeOf(key) : undefined;
    },
  };
}

/** Whether there are comments only, or a lone `---`. */
function isEmpty(contents: Document["contents"]): boolean {
  return contents === null || (isScalar(contents) && contents.value === null && !contents.source);
}

function mistake(offset: number, message: string, fix = "Correct the syntax at this place"): Mistake {
  return { offset, path: "", message: `is not valid YAML: ${message}`, fix };
}

/** The document as plain data, unless its aliases lead nowhere, into themselves or to more than memory holds. */
function dataOf(document: Document): { value: unknown; errors: Mistake[] } {
  const errors: Mistake[] = [];
  const offsets: number[] = [];
  visit(document, {
    Alias: (_, alias, ancestors) => {
      const [offset] = alias.range ?? [0];
      const target = alias.resolve(document);
      offsets.push(offset);
      if (!target) {
        errors.push(mistake(offset, `no anchor &${alias.source} stands before this alias`, "Write the value out"));
      } else if (ancestors.includes(target)) {
        errors.push(mistake(offset, `this alias stands inside its own anchor &${alias.source}`, "Write the value out"));
      }
    },
  });
  if (errors.length > 0) return { value: undefined, errors };
  try {
    return { value: document.toJS(), errors };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const message = "this alias and those after it multiply what they stand for too often";
    return { value: undefined, errors: [mistake(offsets[0] ?? 0, message, "Write the values out")] };
  }
}

/** A message of the parser in our form; some quote the text they are about. */
function plain(message: string): string {
  const line = withoutSecrets(message.replace(/\s+/g, " ").replace(/\.$/, ""));
  const [, quote] = /^Missing closing (["'])quote$/.exec(line) ?? [];
  return quote ? `a closing ${quote} is missing` : line.charAt(0).toLowerCase() + line.slice(1);
}

function rangeOf(node: Node | undefined): Range | undefined {
  return node?.range ? { offset: node.range[0], end: node.range[1] } : undefined;
}

function nodeAt(document: Document, path: readonly string[]): Node | undefined {
  const node = path.reduce<unknown>(
    (parent, key) => (isSeq(parent) ? parent.items[Number(key)] : pairAt(parent, key)?.value),
    document.contents,
  );
  return isNode(node) ? node : undefined;
}

/** Of equal keys the last one gives the value. */
function pairAt(node: unknown, name: string | undefined): Pair | undefined {
  return isMap(node) ? node.items.findLast(({ key }) => isScalar(key) && key.value === name) : undefined;
}

/** The parser could refuse equal keys, but wouldn't say which. */
function duplicateKeys(node: unknown, path: readonly (string | number)[] = []): Mistake[] {
  if (isSeq(node)) return node.items.flatMap((item, index) => duplicateKeys(item, [...path, index]));
  if (!isMap(node)) return [];
  const names = node.items.map(({ key }) => (isScalar(key) ? String(key.value) : ""));
  return node.items.flatMap(({ key, value }, index) => {
    const own = [...path, names[index] as string];
    const { offset, end } = (isNode(key) && rangeOf(key)) || { offset: 0, end: 1 };
    const again = names.indexOf(names[index] as string) < index;
    const duplicate = {
      offset,
      end,
      path: pathToPointer(own),
      message: "is given more than once",
      fix: "Keep one of them",
    };
    return [...(again ? [duplicate] : []), ...duplicateKeys(value, own)];
  });
}
