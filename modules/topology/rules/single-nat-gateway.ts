import type { Rule } from "./rule";

/** Guide: "Create NAT Gateways", one a public subnet. */
export const singleNatGateway: Rule = {
  name: "single-nat-gateway",
  severity: "warning",
  reads: ["/network/natGateways"],
  check({ network }, report) {
    if (network.natGateways === "single") {
      report(
        "/network/natGateways",
        'is "single": when its zone fails, nodes in the others lose the internet too, and new ones can\'t install GitLab',
        'Use "per-zone"',
      );
    }
  },
};
