/** A part of a Terraform string: text as it stands, or what is between `${` and `}`. */
export type Segment = { readonly text: string } | { readonly expression: string };

/**
 * A string of Terraform's JSON syntax, taken apart. Escaped openings (`$${`, `%%{`) are text, and stay escaped; so are
 * directives (`%{ if }`), which have to stay in a string.
 *
 * Source: HashiCorp's "JSON Configuration Syntax", expression mapping; the language reference, "Strings and Templates".
 */
export function segments(template: string): Segment[] {
  const found: Segment[] = [];
  let text = "";
  let at = 0;
  const endText = () => {
    if (text) found.push({ text });
    text = "";
  };
  while (at < template.length) {
    const [escaped] = /^[$%]{2}\{/.exec(template.slice(at, at + 3)) ?? [];
    if (escaped) {
      text += escaped;
      at += escaped.length;
    } else if (template.startsWith("${", at)) {
      const end = endOfExpression(template, at + 2);
      endText();
      found.push({ expression: template.slice(at + 2, end).trim() });
      at = end + 1;
    } else {
      text += template[at];
      at += 1;
    }
  }
  endText();
  return found;
}

/** The place of the brace that ends an expression. Braces in the expression's own strings don't count. */
function endOfExpression(template: string, start: number): number {
  let depth = 0;
  for (let at = start; at < template.length; at++) {
    const sign = template[at];
    if (sign === '"') at = endOfString(template, at + 1);
    else if (sign === "{") depth += 1;
    else if (sign === "}" && depth === 0) return at;
    else if (sign === "}") depth -= 1;
  }
  throw new Error(`an expression isn't closed: ${template}`);
}

/** The place of the quote that ends a string inside an expression. */
function endOfString(template: string, start: number): number {
  for (let at = start; at < template.length; at++) {
    if (template[at] === "\\") at += 1;
    else if (template.startsWith("${", at) && template[at - 1] !== "$") at = endOfExpression(template, at + 2);
    else if (template[at] === '"') return at;
  }
  throw new Error(`a string in an expression isn't closed: ${template}`);
}
