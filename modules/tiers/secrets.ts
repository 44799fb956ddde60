import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import type { Construct } from "constructs";
import { EphemeralResource } from "../terraform/ephemeral";
import { Tier } from "../terraform/tier";
import type { AwsNames } from "../topology/names";

export interface SecretsProps {
  readonly names: AwsNames;
  readonly region: string;
  /** What secrets are encrypted with. @default - the key AWS manages for Secrets Manager */
  readonly kmsKeyArn?: string;
  /** Whether Gitaly has a certificate. */
  readonly gitalyTls: boolean;
  /** Whether deleted secrets can be recovered, for 30 days. */
  readonly protect: boolean;
}

/** Made here, once; no one has to see them. */
const GENERATED = {
  "database-password": "Password of GitLab's database user",
  "cache-token": "Token GitLab signs in to its cache with",
  "initial-root-password": "Password of GitLab's user root at the first sign-in",
  "gitaly-token": "Token GitLab signs in to Gitaly with",
} as const;

/** Made by a node, and taken by the others. */
const FILLED_BY_NODES = {
  "gitlab-secrets": "GitLab's own keys: gitlab-secrets.json, the same on all nodes",
  "ssh-host-keys": "SSH host keys of the application nodes, the same on all of them",
  "gitaly-certificate": "The certificate by which application nodes know Gitaly; its key never leaves the node",
} as const;

/** A secret of the deployment. */
export type Secret = keyof typeof GENERATED | keyof typeof FILLED_BY_NODES;

/** The length of generated passwords and tokens: 190 bits, and within ElastiCache's 16 to 128 characters. */
const LENGTH = 32;

/**
 * Passwords, tokens and keys in AWS Secrets Manager. Their values are in no state and in no plan: Terraform makes them as
 * ephemeral values and hands them over through write-only arguments.
 */
export class SecretsTier extends Tier {
  static readonly purpose =
    "Passwords, tokens and keys in AWS Secrets Manager. Their values are in no plan and no state.";

  private readonly arns = new Map<Secret, string>();
  private readonly versionIds = new Map<Secret, string>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: SecretsProps,
  ) {
    super(scope, id);
    for (const [secret, description] of Object.entries(GENERATED)) {
      const version = this.generated(secret as Secret, description);
      this.arns.set(secret as Secret, version.secretId);
      this.versionIds.set(secret as Secret, version.versionId);
    }
    for (const [secret, description] of Object.entries(FILLED_BY_NODES)) {
      if (secret === "gitaly-certificate" && !props.gitalyTls) continue;
      this.arns.set(secret as Secret, this.secret(secret as Secret, description).arn);
    }
    this.output("secret_arns", "ARNs of the secrets in AWS Secrets Manager.", Object.fromEntries(this.arns));
    this.output(
      "secret_version_ids",
      "Ids of the values that Terraform made last.",
      Object.fromEntries(this.versionIds),
    );
    const { region, names } = props;
    const rootPassword = names.secret("initial-root-password");
    this.output(
      "initial_root_password_command",
      "The command that prints the password of GitLab's user root at the first sign-in.",
      `aws secretsmanager get-secret-value --region ${region} --secret-id ${rootPassword} --query SecretString --output text`,
    );
  }

  /** A secret's ARN. Where Terraform makes the value, whoever uses the ARN waits for the value to be there. */
  arn(secret: Secret): string {
    return this.arns.get(secret) as string;
  }

  /** The id of the value that Terraform made last, for those who have to notice that it's another one. */
  versionId(secret: keyof typeof GENERATED): string {
    return this.versionIds.get(secret) as string;
  }

  private generated(id: Secret, description: string): SecretsmanagerSecretVersion {
    const secret = this.secret(id, description);
    const password = new EphemeralResource(this, `${id}_value`, "aws_secretsmanager_random_password", {
      password_length: LENGTH,
      // Passwords end up in URLs and configuration files: letters and digits need no escaping anywhere.
      exclude_punctuation: true,
    });
    return new SecretsmanagerSecretVersion(this, `${id}_version`, {
      secretId: secret.id,
      secretStringWo: password.attribute("random_password"),
      // Raising it makes and stores a new value.
      secretStringWoVersion: 1,
    });
  }

  private secret(id: Secret, description: string): SecretsmanagerSecret {
    const { names, kmsKeyArn, protect } = this.props;
    return new SecretsmanagerSecret(this, id, {
      name: names.secret(id),
      description,
      kmsKeyId: kmsKeyArn,
      recoveryWindowInDays: protect ? 30 : 0,
      lifecycle: { preventDestroy: protect },
    });
  }
}
