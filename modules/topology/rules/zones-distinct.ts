import type { Rule } from "./rule";

/** No zone is named twice. */
export const zonesDistinct: Rule = {
  name: "zones-distinct",
  severity: "error",
  reads: ["/network/zones"],
  check({ network }, report) {
    network.zones.forEach(({ name }, index) => {
      const first = network.zones.findIndex((zone) => zone.name === name);
      if (first < index) {
        report(
          `/network/zones/${index}/name`,
          `is "${name}", as is /network/zones/${first}/name`,
          "Name each zone once; two zones are the least",
        );
      }
    });
  },
};
