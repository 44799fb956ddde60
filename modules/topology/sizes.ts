import { isObject } from "../json";
import type { TopologyFile } from "./config";

/**
 * What a size fills in where the topology says nothing. The tables count machines by role; here application nodes run
 * Rails and Sidekiq both, so that there are as many as have the vCPUs and the memory of the two roles together.
 *
 * - 20rps is one machine of 8 vCPUs for everything, which has no rows for stores: they get those of the next size.
 * - 40rps has two Rails nodes of 8 vCPUs and a Sidekiq node of 4 vCPUs and 15 GB: 20 vCPUs are three nodes.
 *
 * Source: GitLab's reference architectures, "Up to 20 RPS or 1,000 users" and "Up to 40 RPS or 2,000 users".
 */
const SIZES: Readonly<Record<NonNullable<TopologyFile["size"]>, Partial<TopologyFile>>> = {
  "20rps": {
    database: { instanceClass: "db.m5.large" },
    cache: { nodeType: "cache.m5.large" },
    gitaly: { instanceType: "m5.xlarge" },
    application: { instanceType: "c5.2xlarge", scaling: { min: 1, max: 2 } },
  },
  "40rps": {
    database: { instanceClass: "db.m5.large" },
    cache: { nodeType: "cache.m5.large" },
    gitaly: { instanceType: "m5.xlarge" },
    application: { instanceType: "c5.2xlarge", scaling: { min: 3, max: 5 } },
  },
};

/** What a size fills in; undefined where there is no such size. */
export function presetOf(size: unknown): Partial<TopologyFile> | undefined {
  return typeof size === "string" && Object.hasOwn(SIZES, size) ? SIZES[size as keyof typeof SIZES] : undefined;
}

/** A file's value with what its size fills in. */
export function withSize(value: unknown): unknown {
  return isObject(value) ? filledIn(value, presetOf(value.size)) : value;
}

function filledIn(value: unknown, preset: unknown): unknown {
  if (!isObject(value) || !isObject(preset)) return value;
  const missing = Object.entries(preset).filter(([key]) => !Object.hasOwn(value, key));
  const own = Object.entries(value).map(([key, member]) => [key, filledIn(member, preset[key])]);
  return Object.fromEntries([...missing, ...own]);
}
