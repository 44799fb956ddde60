import { awsNames, LOAD_BALANCER_NAME_LIMIT } from "../names";
import type { Rule } from "./rule";

/** Source: EC2 API, "CreateSecurityGroup"; Elastic Load Balancing API, "CreateLoadBalancer". */
const RESERVED = [
  { prefix: "sg-", what: "security groups", whose: "their ids" },
  { prefix: "internal-", what: "load balancers", whose: "the DNS names of internal ones" },
];

/** The names that AWS bounds, as they come out of `name`. */
export const nameLimits: Rule = {
  name: "name-limits",
  severity: "error",
  reads: ["/name"],
  check(topology, report) {
    const names = awsNames(topology);
    const limited = [
      { what: "load balancer", name: names.loadBalancer, limit: LOAD_BALANCER_NAME_LIMIT },
      { what: "target group", name: names.httpTargetGroup, limit: LOAD_BALANCER_NAME_LIMIT },
      { what: "target group", name: names.sshTargetGroup, limit: LOAD_BALANCER_NAME_LIMIT },
      { what: "target group", name: names.redirectTargetGroup, limit: LOAD_BALANCER_NAME_LIMIT },
      { what: "replication group", name: names.cache, limit: 40 },
      { what: "database", name: names.database, limit: 63 },
      { what: "role", name: names.applicationRole, limit: 64 },
    ];
    const worst = limited
      .map((one) => ({ ...one, excess: one.name.length - one.limit }))
      .reduce((most, one) => (one.excess > most.excess ? one : most));
    const reserved = RESERVED.find(({ prefix }) => `${topology.name}-`.startsWith(prefix));
    if (reserved) {
      report(
        "/name",
        `is "${topology.name}", which makes names of ${reserved.what} begin with "${reserved.prefix}"; AWS keeps that for ${reserved.whose}`,
        "Use another name",
      );
    }
    if (worst.excess > 0) {
      report(
        "/name",
        `is "${topology.name}", which makes the ${worst.what} name "${worst.name}" ${worst.name.length} characters long; AWS allows ${worst.limit}`,
        `Shorten name to ${topology.name.length - worst.excess} characters`,
      );
    }
  },
};
