import type { Rule } from "./rule";

/**
 * GitLab requires 2 GiB of shared buffers, which the smallest classes have no memory for: PostgreSQL wouldn't start.
 *
 * Source: GitLab administration, "Tune PostgreSQL".
 */
export const databaseMemory: Rule = {
  name: "database-memory",
  severity: "error",
  reads: ["/database/instanceClass"],
  check({ database }, report) {
    if (/\.(micro|small)$/.test(database.instanceClass)) {
      report(
        "/database/instanceClass",
        `is "${database.instanceClass}", which has 2 GiB of memory at most; GitLab requires that much for shared buffers alone`,
        'Use "db.m5.large" or a bigger class; "db.t4g.medium" is the smallest for a trial',
      );
    }
  },
};
