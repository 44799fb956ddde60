/** One of cdktf's tokens with the dollar signs before it, or the start of what Terraform would take for a template. */
const TEMPLATE = /(?<dollars>\$*)(?<token>\$\{TfToken\[[^\]]*\]\})|[$%](?=\{)/g;

/**
 * A text as Terraform has to read it to get just this text: `${` and `%{` start templates in every string, and are doubled
 * to stand for themselves. cdktf's tokens in the text still resolve.
 *
 * Source: HashiCorp's language reference, "Strings and Templates", escape sequences. Only the sign next to the brace counts:
 * `$$${` is `$${`.
 */
export function terraformLiteral(text: string): string {
  return text.replace(TEMPLATE, (found: string, dollars: string | undefined, token: string | undefined) => {
    if (!token) return found + found;
    // A dollar sign right before a reference would make it a literal; as a template of its own it doesn't.
    return dollars ? `\${"${dollars}"}${token}` : token;
  });
}
