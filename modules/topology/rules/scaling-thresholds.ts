import type { Rule } from "./rule";

/** A scale-in threshold at or above the scale-out threshold would add and remove nodes in turn. */
export const scalingThresholds: Rule = {
  name: "scaling-thresholds",
  severity: "error",
  reads: ["/application/scaling/scaleIn/cpuPercent", "/application/scaling/scaleOut/cpuPercent"],
  check({ application }, report) {
    const { scaleIn, scaleOut } = application.scaling;
    if (scaleIn.cpuPercent >= scaleOut.cpuPercent) {
      report(
        "/application/scaling/scaleIn/cpuPercent",
        `is ${scaleIn.cpuPercent} %, which is not below scaleOut.cpuPercent, ${scaleOut.cpuPercent} %: nodes would come and go`,
        `Lower it below ${scaleOut.cpuPercent}, or raise scaleOut.cpuPercent above ${scaleIn.cpuPercent}`,
      );
    }
  },
};
