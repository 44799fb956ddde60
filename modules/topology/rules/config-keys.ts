import { unknownKey } from "../../nodes/gitlab-keys";
import { pathToPointer } from "../source";
import type { Rule } from "./rule";

/** GitLab takes a key it doesn't know without a word, and the setting is missed when it's needed. */
export const configKeys: Rule = {
  name: "config-keys",
  severity: "error",
  reads: ["/gitlab"],
  check({ gitlab }, report) {
    for (const [section, keys] of Object.entries(gitlab.config)) {
      for (const key of Object.keys(keys)) {
        const unknown = unknownKey(gitlab.version, section, key);
        if (unknown) report(pathToPointer(["gitlab", "config", section, key]), unknown.reason, unknown.fix);
      }
    }
  },
};
