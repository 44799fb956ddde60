import { Instance } from "@cdktf/provider-aws/lib/instance";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface NodeInstanceProps {
  /** The Name tag. */
  readonly name: string;
  /** What cloud-init makes of the instance: compressed, in base64. */
  readonly userData: string;
  /**
   * Whether other user data makes another instance, before the old one goes. Otherwise the instance is stopped and started
   * with it. @default false
   */
  readonly replaceOnUserDataChange?: boolean;
  /** The AMI it boots from; a newer one never replaces it. */
  readonly imageId: string;
  readonly instanceType: string;
  readonly subnetId: string;
  readonly securityGroupId: string;
  readonly instanceProfile: string;
  /** @default - no key pair */
  readonly keyName?: string;
  readonly rootVolumeSizeGib: number;
  /** What the root volume is encrypted with. @default - the key AWS manages for EBS */
  readonly kmsKeyArn?: string;
  /** Whether AWS refuses to terminate the instance. @default false */
  readonly terminationProtection?: boolean;
  /** What has to be there before it boots. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/** One instance outside the auto scaling group, with IMDSv2 only and an encrypted root volume. */
export class NodeInstance extends Construct {
  readonly instanceId: string;
  readonly privateIp: string;

  constructor(scope: Construct, id: string, props: NodeInstanceProps) {
    super(scope, id);
    const instance = new Instance(this, "Default", {
      ami: props.imageId,
      instanceType: props.instanceType,
      subnetId: props.subnetId,
      vpcSecurityGroupIds: [props.securityGroupId],
      // Public subnets assign addresses by default.
      associatePublicIpAddress: false,
      iamInstanceProfile: props.instanceProfile,
      keyName: props.keyName,
      userDataBase64: props.userData,
      userDataReplaceOnChange: props.replaceOnUserDataChange ?? false,
      disableApiTermination: props.terminationProtection ?? false,
      metadataOptions: IMDS_V2,
      rootBlockDevice: {
        volumeType: "gp3",
        volumeSize: props.rootVolumeSizeGib,
        encrypted: true,
        kmsKeyId: props.kmsKeyArn,
        tags: { Name: props.name },
      },
      tags: { Name: props.name },
      dependsOn: props.dependsOn,
      lifecycle: {
        createBeforeDestroy: props.replaceOnUserDataChange || undefined,
        // An Elastic IP counts as an associated address when Terraform looks again.
        ignoreChanges: ["ami", "associate_public_ip_address"],
      },
    });
    this.instanceId = instance.id;
    this.privateIp = instance.privateIp;
  }
}

/** How long the logs of nodes that boot are kept. */
export const NODE_LOG_RETENTION_DAYS = 90;

/** Instance metadata for processes on the instance itself, with session tokens only. */
export const IMDS_V2 = { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 } as const;
