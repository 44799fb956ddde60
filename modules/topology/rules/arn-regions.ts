import { partitionOf } from "../regions";
import type { Rule } from "./rule";

/** A load balancer takes certificates, and a store takes keys, of its own region and partition only. */
export const arnRegions: Rule = {
  name: "arn-regions",
  severity: "error",
  reads: ["/region", "/certificate/arn", "/encryption/kmsKeyArn"],
  check({ region, certificate, encryption }, report) {
    check("/certificate/arn", certificate.arn, "certificate");
    check("/encryption/kmsKeyArn", encryption.kmsKeyArn, "key");

    function check(path: string, arn: string | undefined, what: string): void {
      if (!arn) return;
      const [, partition, , given] = arn.split(":");
      // IAM's certificates have no region.
      if (given && given !== region) {
        report(path, `is in ${given}, but the deployment is in ${region}`, `Use a ${what} of ${region}`);
      } else if (partition !== partitionOf(region)) {
        const expected = partitionOf(region);
        report(path, `is in the partition ${partition}, but ${region} is in ${expected}`, `Use a ${what} of ${region}`);
      }
    }
  },
};
