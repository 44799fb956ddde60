import { canonical, hasHostBits, isCidr } from "../cidr";
import type { Rule } from "./rule";

/**
 * AWS refuses ranges whose address has bits beyond the prefix, and ranges that aren't any. Ranges that it writes otherwise
 * than the topology would differ from it in every plan.
 */
export const cidrNotation: Rule = {
  name: "cidr-notation",
  severity: "error",
  reads: ["/access/trustedCidrs", "/network/cidr", "/network/zones"],
  check({ access, network }, report) {
    for (const [index, cidr] of access.trustedCidrs.entries()) check(`/access/trustedCidrs/${index}`, cidr);
    check("/network/cidr", network.cidr);
    network.zones.forEach((zone, index) => {
      check(`/network/zones/${index}/publicCidr`, zone.publicCidr);
      check(`/network/zones/${index}/privateCidr`, zone.privateCidr);
    });

    function check(path: string, cidr: string): void {
      if (!isCidr(cidr)) {
        report(
          path,
          `is "${cidr}", which is neither an IPv4 nor an IPv6 range`,
          'Use a range such as "203.0.113.0/24"',
        );
      } else if (hasHostBits(cidr)) {
        report(path, `is "${cidr}", which has address bits beyond its prefix`, `Use "${canonical(cidr)}"`);
      } else if (canonical(cidr) !== cidr) {
        report(path, `is "${cidr}", which AWS writes otherwise`, `Use "${canonical(cidr)}"`);
      }
    }
  },
};
