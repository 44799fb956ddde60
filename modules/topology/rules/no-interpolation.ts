import { show } from "../show";
import { pathToPointer } from "../source";
import type { Rule } from "./rule";

/**
 * Strings reach Terraform as they are, and it would evaluate a template in one: `${...}` could read any resource or file.
 * A topology describes, it doesn't compute. `gitlab.config` is escaped on its way: GitLab has placeholders of that form.
 */
export const noInterpolation: Rule = {
  name: "no-interpolation",
  severity: "error",
  // Everything; but what the schema refuses is gone from the topology, so that nothing here is about it.
  reads: [],
  check(topology, report) {
    for (const { path, text } of stringsIn(topology)) {
      const [template] = /[$%]\{.*/s.exec(text) ?? [];
      if (template && !path.startsWith("/gitlab/config/")) {
        report(path, `has ${show(template, 50)} in it, which Terraform would evaluate`, "Write the value itself");
      }
    }
  },
};

function stringsIn(value: unknown, path: readonly string[] = []): { path: string; text: string }[] {
  if (typeof value === "string") return [{ path: pathToPointer(path), text: value }];
  return Object.entries(Object(value)).flatMap(([key, child]) => stringsIn(child, [...path, key]));
}
