import { SCHEMA_VERSION, versionOf } from "../schema-version";
import type { Rule } from "./rule";

/** A topology that was written for another version of the schema. */
export const schemaVersion: Rule = {
  name: "schema-version",
  severity: "error",
  reads: ["/$schema"],
  check({ $schema = "" }, report) {
    const version = versionOf($schema);
    if (version === undefined || version === SCHEMA_VERSION) return;
    const given = `is version ${version} of the schema, but this is gitlab-aws with version ${SCHEMA_VERSION}`;
    if (version > SCHEMA_VERSION) report("/$schema", given, "Install a newer gitlab-aws");
    else {
      const replacement = $schema.replace(/\d+(?=\D*$)/, String(SCHEMA_VERSION));
      report("/$schema", given, "Run validate --fix, and see CHANGELOG.md for what changed", replacement);
    }
  },
};
