import type { Rule } from "./rule";

/** A zone a node, all of them with subnets, and a second one where failover is to help. */
export const cacheZones: Rule = {
  name: "cache-zones",
  severity: "error",
  reads: ["/cache", "/network/zones", "/region"],
  check({ cache, network }, report) {
    const names = network.zones.map(({ name }) => name);
    if (cache.multiAz && cache.replicas === 0) {
      report(
        "/cache/replicas",
        "is 0, but Multi-AZ needs a replica to fail over to",
        "Raise it to 1 or more, or turn cache.multiAz off",
      );
      return;
    }
    if (cache.zones.length !== cache.replicas + 1) {
      report(
        "/cache/zones",
        `has ${cache.zones.length} zones for ${cache.replicas + 1} nodes, the primary and ${cache.replicas} replicas`,
        "Name one zone a node, or remove it",
      );
      return;
    }
    cache.zones.forEach((zone, index) => {
      if (!names.includes(zone)) {
        report(
          `/cache/zones/${index}`,
          `is "${zone}", which is not among network.zones: ${names.join(", ")}`,
          "Use one of these",
        );
      }
    });
    if (cache.multiAz && new Set(cache.zones).size < 2) {
      report(
        "/cache/zones",
        `puts all nodes into ${cache.zones[0]}, but Multi-AZ needs two zones`,
        "Put a replica into another zone, or turn cache.multiAz off",
      );
    }
  },
};
