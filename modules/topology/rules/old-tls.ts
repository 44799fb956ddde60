import type { Rule } from "./rule";

/**
 * Policies that let a client settle for TLS 1.0 or 1.1.
 *
 * Source: Elastic Load Balancing, "Security policies for your Network Load Balancer".
 */
const OLD = /^ELBSecurityPolicy-(2015-05|2016-08|FS-2018-06|FS-1-1-|TLS-1-[01]-|TLS13-1-[01]-)/;

export const oldTls: Rule = {
  name: "old-tls",
  severity: "warning",
  reads: ["/loadBalancer/sslPolicy"],
  check({ loadBalancer }, report) {
    if (OLD.test(loadBalancer.sslPolicy)) {
      report(
        "/loadBalancer/sslPolicy",
        `is ${loadBalancer.sslPolicy}, which allows TLS 1.0 or 1.1: connections that can be broken`,
        "Remove it, or use a policy that begins with TLS 1.2, such as ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
      );
    }
  },
};
