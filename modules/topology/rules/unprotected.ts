import type { Rule } from "./rule";

/** The one switch that takes every guard off. */
export const unprotected: Rule = {
  name: "unprotected",
  severity: "warning",
  reads: ["/protect"],
  check({ protect }, report) {
    if (!protect) {
      report(
        "/protect",
        "is false: terraform destroy deletes repositories, database, buckets and secrets for good, with no last snapshot",
        "Remove it as soon as the deployment holds anything that counts",
      );
    }
  },
};
