import { requiredParameters } from "../database-parameters";
import { show } from "../show";
import type { Rule } from "./rule";

/** Parameters that GitLab has requirements for keep to them. */
export const databaseParameters: Rule = {
  name: "database-parameters",
  severity: "error",
  reads: ["/database/parameters"],
  check({ database }, report) {
    for (const { name, range } of requiredParameters) {
      const [least, most] = range;
      const given = database.parameters[name];
      if (given === undefined || isFormula(given)) continue;
      if (!(Number(given) >= least && Number(given) <= most)) {
        const expected = least === most ? least : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
        report(
          `/database/parameters/${name}`,
          `is ${show(given)}, but GitLab requires ${expected}`,
          "Remove it, or use a value that meets this",
        );
      }
    }
  },
};

function isFormula(value: string): boolean {
  return value.includes("{DBInstanceClassMemory");
}
