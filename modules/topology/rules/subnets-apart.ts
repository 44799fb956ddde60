import { overlap } from "../cidr";
import type { Rule } from "./rule";
import { subnetsOf } from "./subnets";

/** No two subnets share an address. */
export const subnetsApart: Rule = {
  name: "subnets-apart",
  severity: "error",
  reads: ["/network/cidr", "/network/zones", "/region"],
  check({ network }, report) {
    // Two entries for one zone have the same default subnets; zones-distinct says what matters there.
    const names = network.zones.map((zone) => zone.name);
    if (new Set(names).size < names.length) return;
    const subnets = subnetsOf(network);
    subnets.forEach(({ path, cidr }, index) => {
      const other = subnets.slice(0, index).find((earlier) => overlap(earlier.cidr, cidr));
      if (other)
        report(
          path,
          `is ${cidr}, which overlaps ${other.cidr} of ${other.path}`,
          "Give each subnet a range of its own",
        );
    });
  },
};
