import type { Rule } from "./rule";

/** What AWS manages is encrypted too, but nobody here decides who may decrypt it. */
export const awsManagedKeys: Rule = {
  name: "aws-managed-keys",
  severity: "warning",
  reads: ["/encryption/keys"],
  check({ encryption }, report) {
    if (encryption.keys === "aws-managed") {
      report(
        "/encryption/keys",
        'is "aws-managed": access to the data can\'t be revoked in one place, nor a snapshot be shared with another account',
        'Remove it, or use "customer-managed"',
      );
    }
  },
};
