import type { Construct } from "constructs";
import { Tier } from "../terraform/tier";
import type { ObjectStorageConfig } from "../topology";
import { BUCKET_TYPES, type BucketType } from "../topology/defaults";
import { partitionOf } from "../topology/regions";
import type { PolicyStatement } from "./policy";
import { SecureBucket } from "./secure-bucket";

export interface StorageProps {
  readonly config: ObjectStorageConfig;
  readonly region: string;
  /** What objects are encrypted with. @default - the key AWS manages for S3 */
  readonly kmsKeyArn?: string;
  /** Whether buckets and what is in them are guarded against deletion. */
  readonly protect: boolean;
}

/** The S3 buckets. Guide: "Amazon S3 object storage". */
export class StorageTier extends Tier {
  static readonly purpose =
    'S3 buckets for GitLab\'s objects, backups and access logs. Guide: "Amazon S3 object storage".';

  private readonly buckets: ReadonlyMap<BucketType, SecureBucket>;

  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id);
    const { config, kmsKeyArn, protect } = props;
    this.buckets = new Map(
      BUCKET_TYPES.map((type) => {
        const isLog = type === "access-logs";
        const bucket = new SecureBucket(this, type, {
          name: config.buckets[type],
          kmsKeyArn,
          protect,
          noncurrentVersionDays: config.noncurrentVersionDays,
          incompleteUploadDays: config.incompleteUploadDays,
          // Log delivery can't use the key AWS manages for S3, only S3's own encryption or a customer-managed key.
          ...(isLog && {
            expirationDays: config.accessLogDays,
            s3ManagedKeys: kmsKeyArn === undefined,
            statements: (arn) => logDelivery(arn, props.region, this.accountId),
          }),
        });
        return [type, bucket];
      }),
    );
    const outputs = (value: (bucket: SecureBucket) => string) =>
      Object.fromEntries([...this.buckets].map(([type, bucket]) => [type, value(bucket)]));
    this.output(
      "bucket_names",
      "Names of the buckets by type.",
      outputs(({ name }) => name),
    );
    this.output(
      "bucket_arns",
      "ARNs of the buckets by type.",
      outputs(({ arn }) => arn),
    );
  }

  /** A type's bucket. */
  bucket(type: BucketType): SecureBucket {
    return this.buckets.get(type) as SecureBucket;
  }
}

/** Source: Elastic Load Balancing, "Access logs for your Network Load Balancer", bucket policy. */
function logDelivery(bucketArn: string, region: string, account: string): PolicyStatement[] {
  const Principal = { Service: "delivery.logs.amazonaws.com" };
  const fromThisAccount = {
    StringEquals: { "aws:SourceAccount": account },
    ArnLike: { "aws:SourceArn": `arn:${partitionOf(region)}:logs:${region}:${account}:*` },
  };
  return [
    {
      Sid: "LogDeliveryAclCheck",
      Effect: "Allow",
      Principal,
      Action: "s3:GetBucketAcl",
      Resource: bucketArn,
      Condition: fromThisAccount,
    },
    {
      Sid: "LogDeliveryWrite",
      Effect: "Allow",
      Principal,
      Action: "s3:PutObject",
      Resource: `${bucketArn}/AWSLogs/${account}/*`,
      Condition: {
        ...fromThisAccount,
        StringEquals: { ...fromThisAccount.StringEquals, "s3:x-amz-acl": "bucket-owner-full-control" },
      },
    },
  ];
}
