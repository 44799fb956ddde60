import type { Rule } from "./rule";

/** The chosen backend has its settings, and no other backend has any. */
export const backendSettings: Rule = {
  name: "backend-settings",
  severity: "error",
  reads: ["/backend"],
  check({ backend }, report) {
    for (const type of ["s3", "cloud", "none"] as const) {
      // What `none` needs comes from elsewhere.
      if (type !== "none" && backend.type === type && !backend[type]) {
        const setting = type === "s3" ? "bucket" : "organization";
        report(`/backend/${type}`, `is missing, but backend.type is "${type}"`, `Add it with its ${setting}`);
      }
      if (backend.type !== type && backend[type]) {
        report(
          `/backend/${type}`,
          `is given, but backend.type is "${backend.type}"`,
          `Remove it, or set backend.type to "${type}"`,
        );
      }
    }
  },
};
