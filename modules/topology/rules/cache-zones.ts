import { count } from "../show";
import type { Rule } from "./rule";
import { checkZone } from "./zones";

/** A zone a node, all of them with subnets, and a second one where failover is to help. */
export const cacheZones: Rule = {
  name: "cache-zones",
  severity: "error",
  reads: ["/cache/multiAz", "/cache/replicas", "/cache/zones", "/network/zones", "/region"],
  check({ cache, network }, report) {
    const nodes = cache.replicas + 1;
    if (cache.multiAz && cache.replicas === 0) {
      report(
        "/cache/replicas",
        "is 0, but Multi-AZ needs a replica to fail over to",
        "Raise it to 1 or more, or turn cache.multiAz off",
      );
      return;
    }
    if (cache.zones.length !== nodes) {
      report(
        "/cache/zones",
        `has ${count(cache.zones.length, "zone")} for ${count(nodes, "node")}, the primary and ${count(cache.replicas, "replica")}`,
        "Name one zone a node, or remove it",
      );
      return;
    }
    for (const [index, zone] of cache.zones.entries()) checkZone(zone, `/cache/zones/${index}`, network, report);
    // Where network.zones names one zone twice, zones-distinct says what matters.
    const names = network.zones.map(({ name }) => name);
    const distinct = new Set(names).size === names.length;
    if (cache.multiAz && distinct && new Set(cache.zones).size < 2) {
      report(
        "/cache/zones",
        `puts all nodes into ${cache.zones[0]}, but Multi-AZ needs two zones`,
        "Put a replica into another zone, or turn cache.multiAz off",
      );
    }
  },
};
