import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
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
  static readonly purpose = "The load balancer's TLS certificate in AWS Certificate Manager.";

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
    // A name and its wildcard are proven by one record.
    const names = new Set([domain, ...alternativeNames].map((name) => name.replace(/^\*\./, "")));
    const records = [...names].map((name) => this.validationRecord(certificate, name, zoneId));
    const validation = new AcmCertificateValidation(this, "validation", {
      certificateArn: certificate.arn,
      validationRecordFqdns: records.map((record) => record.fqdn),
    });
    return this.output("certificate_arn", "ARN of the load balancer's certificate.", validation.certificateArn);
  }

  /**
   * The record that proves a name. ACM tells what is in it once the certificate is there, in a set without order; the names
   * are known before, so that each has a record of its own in every plan.
   */
  private validationRecord(certificate: AcmCertificate, name: string, zoneId: string): Route53Record {
    const option = (attribute: string) => {
      const options = `${certificate.fqn}.domain_validation_options`;
      return `\${[for option in ${options} : option.${attribute} if trimprefix(option.domain_name, "*.") == "${name}"][0]}`;
    };
    return new Route53Record(this, `validation_${name}`, {
      zoneId,
      name: option("resource_record_name"),
      type: option("resource_record_type"),
      records: [option("resource_record_value")],
      ttl: 60,
      // ACM asks for the same record each time: one may be left from an earlier certificate.
      allowOverwrite: true,
    });
  }
}
