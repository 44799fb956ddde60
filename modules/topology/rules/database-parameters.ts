import { requiredParameters } from "../database-parameters";
import { show } from "../show";
import type { Rule } from "./rule";

/** Parameters that GitLab requires can't be set otherwise. */
export const databaseParameters: Rule = {
  name: "database-parameters",
  severity: "error",
  reads: ["/database/parameters"],
  check({ database }, report) {
    for (const { name, value } of requiredParameters) {
      if (name in database.parameters) {
        report(
          `/database/parameters/${name}`,
          `is ${show(database.parameters[name])}, but GitLab requires ${value}, which is set already`,
          "Remove it",
        );
      }
    }
  },
};
