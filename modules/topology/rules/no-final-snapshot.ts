import type { Rule } from "./rule";

/** A single guard turned off; `protect` turns off all of them, and has a warning of its own. */
export const noFinalSnapshot: Rule = {
  name: "no-final-snapshot",
  severity: "warning",
  reads: ["/protect", "/database/finalSnapshot"],
  check({ protect, database }, report) {
    if (protect && !database.finalSnapshot) {
      report(
        "/database/finalSnapshot",
        "is false: when the instance is deleted, its data is gone with its automated backups",
        "Remove it, or set it to true",
      );
    }
  },
};
