import { isCidr, prefixOf } from "../cidr";
import type { Rule } from "./rule";

/** SSH from anywhere is allowed, but not silently. */
export const openSsh: Rule = {
  name: "open-ssh",
  severity: "warning",
  reads: ["/access/trustedCidrs"],
  check({ access }, report) {
    access.trustedCidrs.forEach((cidr, index) => {
      if (isCidr(cidr) && prefixOf(cidr) === 0) {
        report(
          `/access/trustedCidrs/${index}`,
          `is ${cidr}: the whole internet may try SSH on the load balancer and the bastions`,
          "Name the ranges your users and operators come from",
        );
      }
    });
  },
};
