import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { Construct } from "constructs";
import { Tier } from "../terraform/tier";
import type { AwsNames } from "../topology/names";
import { partitionOf } from "../topology/regions";
import { InstanceRole } from "./instance-role";
import { type PolicyStatement, policyDocument } from "./policy";

export interface IamProps {
  readonly names: AwsNames;
  readonly region: string;
  /** Whether operators may open Session Manager sessions on the instances. */
  readonly sessionManager: boolean;
  /** Whether there are bastions. */
  readonly bastion: boolean;
  /** ARNs of the buckets GitLab keeps objects in. */
  readonly bucketArns: readonly string[];
  /** The key of buckets and secrets. @default - keys AWS manages, which need no permission */
  readonly kmsKeyArn?: string;
  /** ARNs of the secrets by who reads or fills them. */
  readonly secretArns: {
    readonly application: { readonly read: readonly string[]; readonly fill: readonly string[] };
    readonly gitaly: { readonly read: readonly string[]; readonly fill: readonly string[] };
  };
}

/**
 * What instances may do in AWS: a role and an instance profile each for application nodes, Gitaly and bastions.
 *
 * Guide: "Create an IAM EC2 instance role and profile".
 */
export class IamTier extends Tier {
  static readonly purpose =
    'Roles and instance profiles of application nodes, Gitaly and bastions. Guide: "Create an IAM EC2 instance role and profile".';

  /** Name of the application nodes' instance profile. */
  readonly applicationProfile: string;
  /** Name of Gitaly's instance profile. */
  readonly gitalyProfile: string;
  /** Name of the bastions' instance profile; undefined without bastions. */
  readonly bastionProfile?: string;

  constructor(scope: Construct, id: string, props: IamProps) {
    super(scope, id);
    const { names, secretArns, kmsKeyArn, sessionManager, region } = props;
    const application = new InstanceRole(this, "application", {
      name: names.applicationRole,
      region,
      sessionManager,
      statements: [
        readSecrets([...secretArns.application.read, ...secretArns.application.fill]),
        fillSecrets(secretArns.application.fill),
        useKey(kmsKeyArn),
        this.writeLogs(props, "application"),
        this.completeLaunches(props),
      ],
    });
    const objectStorage = new IamPolicy(this, "object_storage", {
      name: names.objectStoragePolicy,
      description: "GitLab's objects in S3",
      policy: objectStoragePolicy(props.bucketArns),
    });
    const objects = new IamRolePolicyAttachment(this, "application_object_storage", {
      role: application.roleName,
      policyArn: objectStorage.arn,
    });
    const gitaly = new InstanceRole(this, "gitaly", {
      name: names.gitalyRole,
      region,
      sessionManager,
      statements: [
        readSecrets([...secretArns.gitaly.read, ...secretArns.gitaly.fill]),
        fillSecrets(secretArns.gitaly.fill),
        useKey(kmsKeyArn),
        this.writeLogs(props, "gitaly"),
      ],
    });
    this.applicationProfile = this.output(
      "application_profile_name",
      "Name of the application nodes' instance profile.",
      application.profileName,
      { after: [objects] },
    );
    this.gitalyProfile = this.output(
      "gitaly_profile_name",
      "Name of the Gitaly node's instance profile.",
      gitaly.profileName,
    );
    if (props.bastion) {
      const bastion = new InstanceRole(this, "bastion", { name: names.bastionRole, region, sessionManager });
      this.bastionProfile = this.output(
        "bastion_profile_name",
        "Name of the bastions' instance profile.",
        bastion.profileName,
      );
    }
  }

  /** A node tells how it boots. */
  private writeLogs({ names, region }: IamProps, role: "application" | "gitaly"): PolicyStatement {
    return {
      Sid: "WriteLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${this.arnPrefix("logs", region)}:log-group:${names.nodeLogGroup(role)}:log-stream:*`,
    };
  }

  /** A node takes itself into service, or has itself replaced. */
  private completeLaunches({ names, region }: IamProps): PolicyStatement {
    return {
      Sid: "CompleteLaunches",
      Effect: "Allow",
      Action: "autoscaling:CompleteLifecycleAction",
      Resource: `${this.arnPrefix("autoscaling", region)}:autoScalingGroup:*:autoScalingGroupName/${names.autoScalingGroup}`,
    };
  }

  private arnPrefix(service: string, region: string): string {
    return `arn:${partitionOf(region)}:${service}:${region}:${this.accountId}`;
  }
}

/** The guide's policy, with its two multipart actions moved from the buckets to their keys, which they apply to. */
function objectStoragePolicy(bucketArns: readonly string[]): string {
  return policyDocument([
    {
      Sid: "Buckets",
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
      Resource: bucketArns,
    },
    {
      Sid: "Objects",
      Effect: "Allow",
      Action: [
        "s3:PutObject",
        "s3:GetObject",
        "s3:DeleteObject",
        "s3:PutObjectAcl",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
      ],
      Resource: bucketArns.map((arn) => `${arn}/*`),
    },
  ]);
}

function readSecrets(arns: readonly string[]): PolicyStatement {
  return {
    Sid: "ReadSecrets",
    Effect: "Allow",
    Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
    Resource: arns,
  };
}

function fillSecrets(arns: readonly string[]): PolicyStatement | undefined {
  if (arns.length === 0) return undefined;
  return { Sid: "FillSecrets", Effect: "Allow", Action: "secretsmanager:PutSecretValue", Resource: arns };
}

function useKey(arn: string | undefined): PolicyStatement | undefined {
  return arn === undefined
    ? undefined
    : { Sid: "UseKey", Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: arn };
}
