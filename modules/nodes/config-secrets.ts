import type { Topology } from "../topology";

/** What stands in `gitlab.config` for a value that no file may hold. */
export interface SecretReference {
  /** ARN of a secret in AWS Secrets Manager. */
  readonly fromSecret: string;
}

export function isSecretReference(value: unknown): value is SecretReference {
  return typeof (value as Partial<SecretReference> | null)?.fromSecret === "string";
}

/** The ARNs of the secrets that `gitlab.config` names, each once, in order. The n-th is `config-<n>` on the nodes. */
export function configSecrets({ gitlab }: Pick<Topology, "gitlab">): string[] {
  return [...new Set(referencesIn(gitlab.config))];
}

function referencesIn(value: unknown): string[] {
  if (isSecretReference(value)) return [value.fromSecret];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(referencesIn) : [];
}
