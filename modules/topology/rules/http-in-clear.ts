import type { Rule } from "./rule";

/** Guide: "Load Balancer": its listener on port 80 serves GitLab itself. */
export const httpInClear: Rule = {
  name: "http-in-clear",
  severity: "warning",
  reads: ["/loadBalancer/http"],
  check({ loadBalancer }, report) {
    if (loadBalancer.http === "forward") {
      report(
        "/loadBalancer/http",
        'is "forward": who types http:// gets GitLab in clear, and whoever listens on the way gets the password',
        'Use "redirect"',
      );
    }
  },
};
