import type { Rule } from "./rule";

/** A key of one's own and AWS-managed keys exclude each other. */
export const encryptionKeys: Rule = {
  name: "encryption-keys",
  severity: "error",
  reads: ["/encryption"],
  check({ encryption }, report) {
    if (encryption.keys === "aws-managed" && encryption.kmsKeyArn) {
      report(
        "/encryption/kmsKeyArn",
        'is given, but encryption.keys is "aws-managed"',
        'Remove it, or set encryption.keys to "customer-managed"',
      );
    }
  },
};
