import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Construct } from "constructs";
import { type PolicyStatement, policyDocument } from "./policy";

export interface SecureBucketProps {
  /** The bucket's name, unique among all buckets of all AWS accounts. */
  readonly name: string;
  /** What objects are encrypted with. @default - the key AWS manages for S3 */
  readonly kmsKeyArn?: string;
  /** Encrypt with S3's own keys instead (SSE-S3). @default false */
  readonly s3ManagedKeys?: boolean;
  /** Whether the bucket and what is in it are guarded against deletion. */
  readonly protect: boolean;
  /** When overwritten and deleted versions are removed, in days. */
  readonly noncurrentVersionDays: number;
  /** When parts of unfinished uploads are removed, in days. */
  readonly incompleteUploadDays: number;
  /** When objects are removed, in days. @default - never */
  readonly expirationDays?: number;
  /** Who else may use the bucket, given its ARN. @default - nobody outside IAM */
  readonly statements?: (bucketArn: string) => readonly PolicyStatement[];
}

/** A private, encrypted, versioned bucket that speaks TLS only. */
export class SecureBucket extends Construct {
  /** The name. Whoever uses it waits for the bucket's policy to be in place. */
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: SecureBucketProps) {
    super(scope, id);
    const { name, protect, kmsKeyArn, s3ManagedKeys = false } = props;
    const { bucket, arn } = new S3Bucket(this, "Default", {
      bucket: name,
      forceDestroy: !protect,
      lifecycle: { preventDestroy: protect },
    });
    const block = new S3BucketPublicAccessBlock(this, "public_access", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "ownership", { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket,
      rule: [
        s3ManagedKeys
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
          : {
              applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
              bucketKeyEnabled: true,
            },
      ],
    });
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket,
      rule: [
        {
          id: "incomplete-uploads",
          status: "Enabled",
          filter: [{ prefix: "" }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: props.incompleteUploadDays }],
        },
        {
          id: "noncurrent-versions",
          status: "Enabled",
          filter: [{ prefix: "" }],
          noncurrentVersionExpiration: [{ noncurrentDays: props.noncurrentVersionDays }],
        },
        ...(props.expirationDays === undefined
          ? []
          : [
              {
                id: "expiration",
                status: "Enabled",
                filter: [{ prefix: "" }],
                expiration: [{ days: props.expirationDays }],
              },
            ]),
      ],
      // S3 takes rules on old versions only where there are versions.
      dependsOn: [versioning],
    });
    const policy = new S3BucketPolicy(this, "policy", {
      bucket,
      policy: policyDocument([tlsOnly(arn), ...(props.statements?.(arn) ?? [])]),
      // Setting both at once fails with a conflict now and then.
      dependsOn: [block],
    });
    this.name = policy.bucket;
    this.arn = arn;
  }
}

function tlsOnly(bucketArn: string): PolicyStatement {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
