import type { Rule } from "./rule";

/** Every zone is one of the region's. */
export const zonesInRegion: Rule = {
  name: "zones-in-region",
  severity: "error",
  reads: ["/region", "/network/zones"],
  check({ region, network }, report) {
    network.zones.forEach(({ name }, index) => {
      if (name.slice(0, -1) !== region) {
        report(
          `/network/zones/${index}/name`,
          `is "${name}", which is not a zone of the region ${region}`,
          `Use a zone such as "${region}a", or change region`,
        );
      }
    });
  },
};
