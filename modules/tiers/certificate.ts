import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { TerraformIterator } from "cdktf";
import type { Construct } from "constructs";
import { Tier } from "../terraform/tier";
import type { CertificateConfig } from "../topology";

export interface CertificateProps {
  readonly config: CertificateConfig;
  readonly domain: string;
  /** The hosted zone to validate through; needed where the certificate doesn't exist yet. */
  readonly zoneId?: string;
}

/** The load balancer's TLS certificate. Guide: "Requirements". */
export class CertificateTier extends Tier {
  /** ARN of the certificate, once it's valid. */
  readonly certificateArn: string;

  constructor(scope: Construct, id: string, { config, domain, zoneId }: CertificateProps) {
    super(scope, id);
    this.certificateArn = config.arn ?? this.issued(domain, config.alternativeNames, zoneId);
  }

  private issued(domain: string, alternativeNames: readonly string[], zoneId: string | undefined): string {
    if (!zoneId) throw new Error("the rule dns-zone lets no certificate without a hosted zone through");
    const certificate = new AcmCertificate(this, "certificate", {
      domainName: domain,
      subjectAlternativeNames: alternativeNames.length > 0 ? [...alternativeNames] : undefined,
      validationMethod: "DNS",
      tags: { Name: domain },
      // A replacement must be there before the listener lets go of the old one.
      lifecycle: { createBeforeDestroy: true },
    });
    // ACM decides which records prove the names; Terraform learns of them when the certificate is there.
    const options = TerraformIterator.fromComplexList(certificate.domainValidationOptions, "domain_name");
    const records = new Route53Record(this, "validation_record", {
      forEach: options,
      zoneId,
      name: options.getString("resource_record_name"),
      type: options.getString("resource_record_type"),
      records: [options.getString("resource_record_value")],
      ttl: 60,
      // A name and its wildcard are proven by one record.
      allowOverwrite: true,
    });
    const validation = new AcmCertificateValidation(this, "validation", {
      certificateArn: certificate.arn,
      validationRecordFqdns: [],
    });
    validation.addOverride("validation_record_fqdns", `\${[for record in ${records.fqn} : record.fqdn]}`);
    return this.output("certificate_arn", "ARN of the load balancer's certificate.", validation.certificateArn);
  }
}
