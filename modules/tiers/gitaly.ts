import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EbsVolume } from "@cdktf/provider-aws/lib/ebs-volume";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import { VolumeAttachment } from "@cdktf/provider-aws/lib/volume-attachment";
import type { Construct } from "constructs";
import { gitalyUserData } from "../nodes/user-data";
import { Tier } from "../terraform/tier";
import { compressedUserData } from "../terraform/user-data";
import type { Topology } from "../topology";
import type { AwsNames } from "../topology/names";
import { architectureOf, ubuntuImage } from "./image";
import { NODE_LOG_RETENTION_DAYS, NodeInstance } from "./node-instance";

export interface GitalyProps {
  readonly topology: Topology;
  readonly names: AwsNames;
  readonly vpcId: string;
  /** The private subnet of the zone the topology names. */
  readonly subnetId: string;
  readonly securityGroupId: string;
  readonly instanceProfile: string;
  /** @default - no key pair */
  readonly keyName?: string;
  /** What volumes and logs are encrypted with. @default - the keys AWS manages */
  readonly kmsKeyArn?: string;
}

/** The device name the data volume is attached under. Nitro instances show it as an NVMe device. */
const DATA_DEVICE = "/dev/sdf";

/** The Gitaly node, its data volume and its private name. Guide: "Set up Gitaly". */
export class GitalyTier extends Tier {
  static readonly purpose = 'The Gitaly node with the volume that holds the repositories. Guide: "Set up Gitaly".';

  /** The name application nodes reach Gitaly by, whatever instance answers to it. */
  readonly host: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: GitalyProps,
  ) {
    super(scope, id);
    const { topology, names, kmsKeyArn } = props;
    const { gitaly: config, region, protect } = topology;
    const volume = this.dataVolume();
    // Before the instance, which writes to it as soon as it boots.
    const logs = new CloudwatchLogGroup(this, "logs", {
      name: names.nodeLogGroup("gitaly"),
      retentionInDays: NODE_LOG_RETENTION_DAYS,
      kmsKeyId: kmsKeyArn,
    });
    const instance = new NodeInstance(this, "gitaly", {
      name: names.gitaly,
      userData: compressedUserData(
        this,
        gitalyUserData(topology, { gitaly: names.gitalyHost, dataVolumeId: volume.id }),
      ),
      imageId: ubuntuImage(this, "image", region, architectureOf(config.instanceType)),
      instanceType: config.instanceType,
      subnetId: props.subnetId,
      securityGroupId: props.securityGroupId,
      instanceProfile: props.instanceProfile,
      keyName: props.keyName,
      kmsKeyArn: props.kmsKeyArn,
      rootVolumeSizeGib: config.rootVolumeSizeGib,
      terminationProtection: protect,
      dependsOn: [logs],
    });
    new VolumeAttachment(this, "data", {
      deviceName: DATA_DEVICE,
      volumeId: volume.id,
      instanceId: instance.instanceId,
      // A file system in use isn't torn away from under Gitaly.
      stopInstanceBeforeDetaching: true,
    });
    this.host = this.output("host", "Private name of the Gitaly node.", this.privateName(instance.privateIp), {
      input: "gitaly_host",
    });
    this.output("instance_id", "Instance id of the Gitaly node, for Session Manager.", instance.instanceId, {
      input: "gitaly_instance_id",
    });
    this.output("data_volume_id", "Id of the volume that holds the Git repositories.", volume.id, {
      input: "gitaly_data_volume_id",
    });
  }

  /**
   * A volume of its own, so that repositories outlive the instance. It has no final snapshot: the provider can't change
   * that of a volume that exists, and so couldn't take the guard off.
   */
  private dataVolume(): EbsVolume {
    const { topology, names, kmsKeyArn } = this.props;
    const { gitaly: config, protect } = topology;
    const { type, sizeGib, iops, throughputMibps } = config.storage;
    return new EbsVolume(this, "data_volume", {
      availabilityZone: config.zone,
      type,
      size: sizeGib,
      iops,
      throughput: throughputMibps,
      encrypted: true,
      kmsKeyId: kmsKeyArn,
      tags: { Name: names.gitalyDataVolume },
      lifecycle: { preventDestroy: protect },
    });
  }

  private privateName(privateIp: string): string {
    const { names, vpcId } = this.props;
    const zone = new Route53Zone(this, "private", {
      name: names.privateZone,
      comment: "Names of GitLab's nodes inside the VPC",
      vpc: [{ vpcId }],
    });
    const record = new Route53Record(this, "private_name", {
      zoneId: zone.zoneId,
      name: names.gitalyHost,
      type: "A",
      // Short, so that a replaced instance is found soon.
      ttl: 60,
      records: [privateIp],
    });
    return record.name;
  }
}
