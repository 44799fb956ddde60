import type { Rule } from "./rule";

/** Bastions without a key pair take no SSH connection. */
export const bastionKeyPair: Rule = {
  name: "bastion-key-pair",
  severity: "warning",
  reads: ["/access/sessionManager", "/access/keyPair", "/bastion/enabled"],
  check({ access, bastion }, report) {
    if (bastion.enabled && !access.keyPair && access.sessionManager) {
      report(
        "/access/keyPair",
        "is missing: the bastions take no SSH, only Session Manager reaches them",
        "Give access.keyPair.publicKey, or set bastion.enabled to false",
      );
    }
  },
};
