import type { Rule } from "./rule";

/** A single guard turned off; `protect` turns off all of them, and has a warning of its own. */
export const noDeletionProtection: Rule = {
  name: "no-deletion-protection",
  severity: "warning",
  reads: ["/protect", "/database/deletionProtection", "/loadBalancer/deletionProtection"],
  check({ protect, database, loadBalancer }, report) {
    const unguarded = { database, loadBalancer };
    for (const [name, { deletionProtection }] of Object.entries(unguarded)) {
      if (protect && !deletionProtection) {
        report(
          `/${name}/deletionProtection`,
          `is false: whoever may delete it in the console or with the API deletes it at once`,
          "Remove it, or set it to true",
        );
      }
    }
  },
};
