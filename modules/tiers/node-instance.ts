import { Instance } from "@cdktf/provider-aws/lib/instance";
import { Construct } from "constructs";

export interface NodeInstanceProps {
  /** The Name tag. */
  readonly name: string;
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
}

/** One instance that is kept, with IMDSv2 only and an encrypted root volume. */
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
      // An Elastic IP counts as an associated address when Terraform looks again.
      lifecycle: { ignoreChanges: ["ami", "associate_public_ip_address"] },
    });
    this.instanceId = instance.id;
    this.privateIp = instance.privateIp;
  }
}

/** Instance metadata for processes on the instance itself, with session tokens only. */
export const IMDS_V2 = { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 } as const;
