import type { Refusal } from "./rule";

/** Guide: "Create the Redis Cluster". */
export const cacheClusterMode: Refusal = {
  name: "cache-cluster-mode",
  path: "/cache/clusterMode",
  refuses: (value) => value === true,
  reason: "GitLab doesn't support Redis or Valkey in cluster mode",
  fix: "Remove it; cache.replicas and cache.multiAz spread the cache over zones without cluster mode",
};
