import type { Rule } from "./rule";

/** A load balancer takes certificates, and a store takes keys, of its own region only. */
export const arnRegions: Rule = {
  name: "arn-regions",
  severity: "error",
  reads: ["/region", "/certificate/arn", "/encryption/kmsKeyArn"],
  check({ region, certificate, encryption }, report) {
    check("/certificate/arn", certificate.arn, "certificate");
    check("/encryption/kmsKeyArn", encryption.kmsKeyArn, "key");

    function check(path: string, arn: string | undefined, what: string): void {
      const given = arn?.split(":")[3];
      if (given && given !== region)
        report(path, `is in ${given}, but the deployment is in ${region}`, `Use a ${what} of ${region}`);
    }
  },
};
