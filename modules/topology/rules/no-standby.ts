import type { Rule } from "./rule";

/** Guide: "Create the database", Multi-AZ deployment. */
export const noStandby: Rule = {
  name: "no-standby",
  severity: "warning",
  reads: ["/database/multiAz"],
  check({ database }, report) {
    if (!database.multiAz) {
      report(
        "/database/multiAz",
        "is false: there is no standby, and GitLab is down from a failure of the database or its zone until both are back",
        "Remove it, or set it to true",
      );
    }
  },
};
