import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { Construct } from "constructs";
import { Tier } from "../terraform/tier";
import type { EncryptionConfig } from "../topology";
import type { AwsNames } from "../topology/names";
import { dnsSuffixOf, partitionOf } from "../topology/regions";
import { policyDocument } from "./policy";

export interface EncryptionProps {
  readonly config: EncryptionConfig;
  readonly names: AwsNames;
  readonly region: string;
  /** Whether the key is guarded against deletion. */
  readonly protect: boolean;
}

/** The KMS key that every store is encrypted with. */
export class EncryptionTier extends Tier {
  static readonly purpose = "The KMS key that volumes, databases, buckets, secrets and logs are encrypted with.";

  /** The key's ARN; undefined where each service uses the key AWS manages for it. */
  readonly kmsKeyArn?: string;

  constructor(scope: Construct, id: string, props: EncryptionProps) {
    super(scope, id);
    const { config, names, protect } = props;
    if (config.keys === "aws-managed") return;
    if (config.kmsKeyArn) {
      this.kmsKeyArn = config.kmsKeyArn;
      return;
    }
    const key = new KmsKey(this, "key", {
      description: `Data of ${names.application}`,
      enableKeyRotation: true,
      deletionWindowInDays: protect ? 30 : 7,
      policy: this.keyPolicy(props),
      tags: { Name: names.application },
      lifecycle: { preventDestroy: protect },
    });
    new KmsAlias(this, "alias", { name: names.keyAlias, targetKeyId: key.keyId });
    this.kmsKeyArn = this.output("kms_key_arn", "ARN of the KMS key that every store is encrypted with.", key.arn);
  }

  private keyPolicy({ region, names }: EncryptionProps): string {
    const partition = partitionOf(region);
    const suffix = dnsSuffixOf(region);
    const account = this.accountId;
    const use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];
    return policyDocument([
      {
        Sid: "AccountDecidesByIam",
        Effect: "Allow",
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        // As in the AWS-managed key of EBS: Auto Scaling's service-linked role launches instances with encrypted volumes,
        // and no identity policy can be attached to it.
        Sid: "VolumesThroughEc2",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [...use, "kms:CreateGrant"],
        Resource: "*",
        Condition: {
          StringEquals: { "kms:CallerAccount": account, "kms:ViaService": `ec2.${region}.${suffix}` },
        },
      },
      {
        Sid: "CloudWatchLogs",
        Effect: "Allow",
        Principal: { Service: `logs.${region}.${suffix}` },
        Action: use,
        Resource: "*",
        Condition: {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": names.logGroupPrefixes.map(
              (prefix) => `arn:${partition}:logs:${region}:${account}:log-group:${prefix}/*`,
            ),
          },
        },
      },
      {
        Sid: "LoadBalancerLogDelivery",
        Effect: "Allow",
        Principal: { Service: "delivery.logs.amazonaws.com" },
        Action: use,
        Resource: "*",
        Condition: {
          StringEquals: { "aws:SourceAccount": account },
          ArnLike: { "aws:SourceArn": `arn:${partition}:logs:${region}:${account}:*` },
        },
      },
    ]);
  }
}
