import type { Rule } from "./rule";

/** The domain and the certificate's names belong to the hosted zone, and there is a zone where one is needed. */
export const dnsZone: Rule = {
  name: "dns-zone",
  severity: "error",
  reads: ["/domain", "/dns", "/certificate"],
  check({ domain, dns, certificate }, report) {
    if (dns.zoneId && dns.zone !== "existing") {
      report("/dns/zoneId", `is given, but dns.zone is "${dns.zone}"`, 'Remove it, or set dns.zone to "existing"');
    }
    if (certificate.arn && certificate.alternativeNames.length > 0) {
      report(
        "/certificate/alternativeNames",
        "are given, but certificate.arn names a certificate that exists",
        "Remove one of the two",
      );
    }
    if (dns.zone === "none") {
      if (!certificate.arn) {
        report(
          "/dns/zone",
          'is "none", but ACM validates the certificate it issues through a hosted zone',
          'Name a certificate in certificate.arn, or use "existing" or "create"',
        );
      }
      return;
    }
    if (!isWithin(domain, dns.zoneName)) {
      report(
        "/dns/zoneName",
        `is "${dns.zoneName}", to which the domain ${domain} doesn't belong`,
        `Use "${domain}" or a parent of it`,
      );
      return;
    }
    certificate.alternativeNames.forEach((name, index) => {
      if (!isWithin(name.replace(/^\*\./, ""), dns.zoneName)) {
        report(
          `/certificate/alternativeNames/${index}`,
          `is "${name}", which doesn't belong to the hosted zone ${dns.zoneName}`,
          "Remove it, or name a certificate that has it in certificate.arn",
        );
      }
    });
  },
};

function isWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}
