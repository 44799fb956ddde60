import type { Rule } from "./rule";

/** min <= desired <= max. */
export const scalingBounds: Rule = {
  name: "scaling-bounds",
  severity: "error",
  reads: ["/application/scaling/min", "/application/scaling/desired", "/application/scaling/max"],
  check({ application }, report) {
    const { min, desired, max } = application.scaling;
    if (min > max) {
      report(
        "/application/scaling/max",
        `is ${max}, which is below min, ${min}`,
        `Raise max to ${min} or lower min to ${max}`,
      );
    } else if (desired < min || desired > max) {
      report(
        "/application/scaling/desired",
        `is ${desired}, but must be between min, ${min}, and max, ${max}`,
        "Use a value in between, or remove it: it defaults to min",
      );
    }
  },
};
