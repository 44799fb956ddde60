import { isSecretReference } from "../../nodes/config-secrets";
import { partitionOf } from "../regions";
import { show } from "../show";
import { pathToPointer } from "../source";
import type { Rule } from "./rule";

/** Names of keys whose values are secrets; not of those that say where one is, or how to deal with it. */
const SECRET_KEY =
  /(^|_)(password|passwd|passphrase|secret|token|secret_key|private_key|access_key|secret_access_key)$/;

const SECRET_ARN =
  /^arn:(aws|aws-cn|aws-us-gov):secretsmanager:([a-z0-9-]+):[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$/;

/** `gitlab.config` ends up in user data, which everyone reads who may describe an instance. */
export const configSecrets: Rule = {
  name: "config-secrets",
  severity: "error",
  reads: ["/region", "/gitlab/config"],
  check({ region, gitlab }, report) {
    visit(gitlab.config, ["gitlab", "config"]);

    function visit(value: unknown, path: readonly string[]): void {
      if (typeof value === "string" && value !== "" && SECRET_KEY.test(path.at(-1) as string)) {
        report(
          pathToPointer(path),
          "is a secret in clear, which would end up in user data",
          'Store it in AWS Secrets Manager, and write { "fromSecret": "<the ARN of the secret>" }',
        );
      } else if (isSecretReference(value)) {
        checkReference(value.fromSecret, Object.keys(value), path);
      } else if (typeof value === "object" && value !== null) {
        for (const [key, member] of Object.entries(value)) visit(member, [...path, key]);
      }
    }

    function checkReference(arn: string, keys: readonly string[], path: readonly string[]): void {
      const pointer = pathToPointer([...path, "fromSecret"]);
      const others = keys.filter((key) => key !== "fromSecret");
      if (others.length > 0) {
        report(
          pathToPointer(path),
          `has ${others.join(", ")} beside fromSecret`,
          "Leave fromSecret alone in its object",
        );
      }
      const [, partition, secretRegion] = SECRET_ARN.exec(arn) ?? [];
      if (!partition) {
        report(pointer, `is ${show(arn)}, but must be the ARN of a secret`, "Use the ARN that Secrets Manager shows");
      } else if (secretRegion !== region || partition !== partitionOf(region)) {
        report(pointer, `is in ${secretRegion}, but nodes read secrets of ${region}`, `Use a secret of ${region}`);
      }
    }
  },
};
