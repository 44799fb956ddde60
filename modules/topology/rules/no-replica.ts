import type { Rule } from "./rule";

/** Guide: "Create the Redis Cluster", Multi-AZ with automatic failover. */
export const noReplica: Rule = {
  name: "no-replica",
  severity: "warning",
  reads: ["/cache/multiAz", "/cache/replicas"],
  check({ cache }, report) {
    const { multiAz, replicas } = cache;
    if (replicas > 0 && multiAz) return;
    const [path, given] = replicas === 0 ? ["/cache/replicas", "0"] : ["/cache/multiAz", "false"];
    report(
      path,
      `is ${given}: nothing takes over from the primary, and GitLab is down while it is, with jobs that waited lost`,
      "Have one replica at least, and cache.multiAz true",
    );
  },
};
