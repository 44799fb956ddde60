import { KNOWN_VERSIONS, requirementsOf } from "../gitlab-versions";
import type { Rule } from "./rule";

/** Each version has its own requirements and settings; we build those we know. */
export const gitlabVersion: Rule = {
  name: "gitlab-version",
  severity: "error",
  reads: ["/gitlab/version"],
  check({ gitlab }, report) {
    if (!requirementsOf(gitlab.version)) {
      report(
        "/gitlab/version",
        `is "${gitlab.version}", but supported are ${KNOWN_VERSIONS}`,
        "Use a version in this range",
      );
    }
  },
};
