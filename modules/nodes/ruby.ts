/** An expression of Ruby that isn't a literal. */
export class RubyExpression {
  constructor(readonly code: string) {}
}

/** What can be written in Ruby: JSON's values and expressions. */
export type RubyValue =
  | string
  | number
  | boolean
  | null
  | RubyExpression
  | readonly RubyValue[]
  | { readonly [key: string]: RubyValue };

/**
 * A value as a literal of Ruby.
 *
 * Strings stand in single quotes, in which Ruby evaluates nothing: no `#{}` and no escapes but of quote and backslash.
 * Structures take a line a member where one line would be long.
 *
 * @param indent how deep the first line stands, in spaces
 */
export function ruby(value: RubyValue, indent = 0): string {
  if (value === null) return "nil";
  if (typeof value === "string") return `'${value.replace(/[\\']/g, "\\$&")}'`;
  if (value instanceof RubyExpression) return value.code;
  if (typeof value !== "object") return String(value);
  const members = Array.isArray(value)
    ? (value as readonly RubyValue[]).map((member) => (deeper: number) => ruby(member, deeper))
    : Object.entries(value).map(
        ([key, member]) =>
          (deeper: number) =>
            `${ruby(key)} => ${ruby(member, deeper)}`,
      );
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (members.length === 0) return open + close;
  const line = members.map((member) => member(indent)).join(", ");
  if (!line.includes("\n") && line.length <= MEMBERS_ON_A_LINE) {
    return Array.isArray(value) ? `[${line}]` : `{ ${line} }`;
  }
  const inner = " ".repeat(indent + 2);
  return `${open}\n${members.map((member) => `${inner}${member(indent + 2)},\n`).join("")}${" ".repeat(indent)}${close}`;
}

/** How long members may be together to stay on one line. */
const MEMBERS_ON_A_LINE = 80;
