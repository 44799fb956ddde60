import { show } from "../show";
import type { Rule } from "./rule";

/** Gitaly stands in one of the zones that have subnets. */
export const gitalyZone: Rule = {
  name: "gitaly-zone",
  severity: "error",
  reads: ["/gitaly/zone", "/network/zones", "/region"],
  check({ gitaly, network }, report) {
    const names = network.zones.map(({ name }) => name);
    if (!names.includes(gitaly.zone)) {
      report(
        "/gitaly/zone",
        `is ${show(gitaly.zone)}, which is not among network.zones: ${[...new Set(names)].join(", ")}`,
        "Use one of these",
      );
    }
  },
};
