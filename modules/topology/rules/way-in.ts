import type { Rule } from "./rule";

/** Operators can reach the instances. */
export const wayIn: Rule = {
  name: "way-in",
  severity: "error",
  reads: ["/access/sessionManager", "/access/keyPair", "/bastion/enabled"],
  check({ access, bastion }, report) {
    if (access.sessionManager) return;
    const missing = !bastion.enabled ? "there are no bastions" : !access.keyPair ? "there is no key pair" : undefined;
    if (missing) {
      report(
        "/access/sessionManager",
        `is false and ${missing}: nobody could sign in to an instance`,
        "Turn it on, or enable bastions and give access.keyPair",
      );
    }
  },
};
