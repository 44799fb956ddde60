import { contains, prefixOf } from "../cidr";
import type { Rule } from "./rule";
import { subnetsOf } from "./subnets";

/** Every subnet lies inside the VPC and has a size that AWS allows. */
export const subnetsInVpc: Rule = {
  name: "subnets-in-vpc",
  severity: "error",
  reads: ["/network/cidr", "/network/zones", "/region"],
  check({ network }, report) {
    // No subnets fit into a range that is too small for a VPC of ours; vpc-size says what matters there.
    if (prefixOf(network.cidr) > 24) return;
    for (const { path, cidr } of subnetsOf(network)) {
      if (!contains(network.cidr, cidr)) {
        report(
          path,
          `is ${cidr}, which is outside the VPC's ${network.cidr}`,
          "Move it into network.cidr, or enlarge network.cidr",
        );
      } else if (prefixOf(cidr) > 28) {
        report(path, `is a /${prefixOf(cidr)}, but AWS' smallest subnet is a /28`, "Use a /28 or a larger one");
      }
    }
  },
};
