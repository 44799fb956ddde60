import { isMap, isNode, isScalar, parseDocument } from "yaml";
import type { ParsedText } from "./source";

/** Parses YAML 1.2 (core schema; no merge keys, no custom tags). */
export function parseYaml(text: string): ParsedText {
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true, stringKeys: true });
  const problems = document.errors.map((error) => ({
    offset: error.pos[0],
    path: "",
    message: `is not valid YAML: ${error.message.replace(/\s+/g, " ").replace(/\.$/, "")}`,
    fix: "Correct the syntax at this place",
  }));
  return {
    // Aliases without an anchor make toJS() throw, and they are among the errors already.
    value: problems.length > 0 ? undefined : document.toJS(),
    problems,
    valueOffset: (path) => {
      const node = path.length === 0 ? document.contents : document.getIn(path.map(segment), true);
      return isNode(node) ? node.range?.[0] : undefined;
    },
    keyOffset: (path) => {
      const parent = path.length < 2 ? document.contents : document.getIn(path.slice(0, -1).map(segment), true);
      const pair = isMap(parent)
        ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
        : undefined;
      return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
    },
  };
}

/** yaml looks into sequences by number. */
function segment(part: string): string | number {
  return /^(0|[1-9][0-9]*)$/.test(part) ? Number(part) : part;
}
