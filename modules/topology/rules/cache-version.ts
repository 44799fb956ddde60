import { requirementsOf } from "../gitlab-versions";
import type { Rule } from "./rule";

/** Source: GitLab's installation requirements, "Redis". */
export const cacheVersion: Rule = {
  name: "cache-version",
  severity: "error",
  reads: ["/gitlab/version", "/cache/engine", "/cache/engineVersion"],
  check({ gitlab, cache }, report) {
    const needs = requirementsOf(gitlab.version)?.cache;
    if (!needs) return;
    const expected = `GitLab ${gitlab.version} needs ${needs.engine === "redis" ? "Redis" : "Valkey"} ${needs.supported}`;
    if (cache.engine !== needs.engine) {
      report(
        "/cache/engine",
        `is "${cache.engine}", but ${expected}`,
        `Use "${needs.engine}" with engineVersion "${needs.default}", or remove both`,
      );
    } else if (!`${cache.engineVersion}.`.startsWith(`${needs.supported}.`)) {
      report(
        "/cache/engineVersion",
        `is "${cache.engineVersion}", but ${expected}`,
        `Use "${needs.default}", or remove it`,
      );
    }
  },
};
