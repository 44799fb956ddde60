import type { Rule } from "./rule";

/** Guide: "Create the database", its warning. */
export const burstableDatabase: Rule = {
  name: "burstable-database",
  severity: "warning",
  reads: ["/database/instanceClass"],
  check({ database }, report) {
    if (/^db\.t\d/.test(database.instanceClass)) {
      report(
        "/database/instanceClass",
        `is ${database.instanceClass}, a burstable class, which slows down under lasting load once its CPU credits are used up`,
        "Use a standard class such as db.m5.large",
      );
    }
  },
};
