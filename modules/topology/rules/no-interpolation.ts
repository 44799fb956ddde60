import { show } from "../show";
import { pathToPointer } from "../source";
import type { Rule } from "./rule";

/**
 * Strings reach Terraform as they are, and it would evaluate a template in one: `${...}` could read any resource or file.
 * A topology describes, it doesn't compute. `gitlab.config` is escaped on its way: GitLab has placeholders of that form, but
 * none that look like cdktf's.
 */
export const noInterpolation: Rule = {
  name: "no-interpolation",
  severity: "error",
  // Everything; but what the schema refuses is gone from the topology, so that nothing here is about it.
  reads: [],
  check(topology, report) {
    for (const { path, text } of stringsIn(topology)) {
      const isConfig = path[0] === "gitlab" && path[1] === "config";
      const [template] = (isConfig ? TOKEN : TEMPLATE).exec(text) ?? [];
      if (template) {
        report(
          pathToPointer(path),
          `has ${show(template, 50)} in it, which ${isConfig ? "cdktf" : "Terraform"} would evaluate`,
          "Write the value itself",
        );
      }
    }
  },
};

const TEMPLATE = /[$%]\{.*/s;

/** What cdktf takes for a value of its own, and replaces before anything is escaped. */
const TOKEN = /[$#&]\{TfToken\[.*/s;

/** All texts, keys too. */
function stringsIn(value: unknown, path: readonly string[] = []): { path: readonly string[]; text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  return Object.entries(Object(value)).flatMap(([key, child]) => {
    const inner = [...path, key];
    return [{ path: inner, text: key }, ...stringsIn(child, inner)];
  });
}
