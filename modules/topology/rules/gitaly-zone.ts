import type { Rule } from "./rule";
import { checkZone } from "./zones";

/** Gitaly stands in one of the zones that have subnets. */
export const gitalyZone: Rule = {
  name: "gitaly-zone",
  severity: "error",
  reads: ["/gitaly/zone", "/network/zones", "/region"],
  check({ gitaly, network }, report) {
    checkZone(gitaly.zone, "/gitaly/zone", network, report);
  },
};
