import type { Rule } from "./rule";

/** Docker takes no certificate for another name, and has no button to go on regardless. */
export const registryCertificate: Rule = {
  name: "registry-certificate",
  severity: "error",
  reads: ["/gitlab/registryUrl", "/domain", "/certificate"],
  check({ gitlab, domain, certificate }, report) {
    // What is in a certificate of somebody's own, only AWS knows.
    if (!gitlab.registryUrl || certificate.arn) return;
    const host = gitlab.registryUrl.replace("https://", "");
    if (host === domain) {
      report(
        "/gitlab/registryUrl",
        `is the domain of GitLab itself, "${domain}"`,
        "Give the registry a name of its own, for example https://registry.example.com",
      );
    } else if (!certificate.alternativeNames.some((name) => name === host || name === host.replace(/^[^.]+/, "*"))) {
      report(
        "/gitlab/registryUrl",
        `is ${host}, which the certificate isn't for`,
        `Add "${host}" to certificate.alternativeNames`,
      );
    }
  },
};
