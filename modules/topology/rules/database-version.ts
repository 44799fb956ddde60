import { majorOf, requirementsOf } from "../gitlab-versions";
import type { Rule } from "./rule";

/** Source: GitLab's installation requirements, "PostgreSQL". */
export const databaseVersion: Rule = {
  name: "database-version",
  severity: "error",
  reads: ["/gitlab/version", "/database/engineVersion"],
  check({ gitlab, database }, report) {
    const supported = requirementsOf(gitlab.version)?.postgres.supported;
    if (!supported || supported.includes(majorOf(database.engineVersion))) return;
    const range = supported.length > 2 ? `${supported[0]} to ${supported.at(-1)}` : supported.join(" or ");
    report(
      "/database/engineVersion",
      `is "${database.engineVersion}", but GitLab ${gitlab.version} needs PostgreSQL ${range}`,
      `Use "${supported.at(-1)}", or remove it`,
    );
  },
};
