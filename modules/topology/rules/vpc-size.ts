import { prefixOf } from "../cidr";
import type { Rule } from "./rule";

/** AWS allows /16 to /28; below /24 the zones' subnets don't fit. */
export const vpcSize: Rule = {
  name: "vpc-size",
  severity: "error",
  reads: ["/network/cidr"],
  check({ network }, report) {
    const prefix = prefixOf(network.cidr);
    if (prefix < 16 || prefix > 24) {
      report(
        "/network/cidr",
        `is a /${prefix}, but a VPC for this deployment is /16 to /24`,
        'Use a range such as "10.0.0.0/16"',
      );
    }
  },
};
