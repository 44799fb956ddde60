import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-lifecycle-hook";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import type { Construct } from "constructs";
import type { ApplicationEndpoints } from "../nodes/node-settings";
import { applicationUserData } from "../nodes/user-data";
import { Tier } from "../terraform/tier";
import { compressedUserData } from "../terraform/user-data";
import type { Topology } from "../topology";
import type { AwsNames } from "../topology/names";
import { architectureOf, gitlabImage, ubuntuImage } from "./image";
import { IMDS_V2, NODE_LOG_RETENTION_DAYS } from "./node-instance";
import { ScalingPolicy } from "./scaling-policy";

export interface ApplicationProps {
  readonly topology: Topology;
  readonly names: AwsNames;
  /** Where nodes find database, cache and Gitaly. */
  readonly endpoints: ApplicationEndpoints;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  readonly targetGroupArns: readonly string[];
  readonly instanceProfile: string;
  /** @default - no key pair */
  readonly keyName?: string;
  /** What volumes and logs are encrypted with. @default - the keys AWS manages */
  readonly kmsKeyArn?: string;
  /** Tags of instances and volumes: the provider's default tags don't reach what Auto Scaling launches. */
  readonly tags: Readonly<Record<string, string>>;
}

/** The root device of Ubuntu's and GitLab's images. */
const ROOT_DEVICE = "/dev/sda1";

/** The auto-scaled GitLab nodes. Guide: "Deploy GitLab inside an auto scaling group". */
export class ApplicationTier extends Tier {
  static readonly purpose =
    'The auto-scaled GitLab nodes, which configure themselves. Guide: "Deploy GitLab inside an auto scaling group".';

  /** Name of the auto scaling group. */
  readonly autoScalingGroupName: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ApplicationProps,
  ) {
    super(scope, id);
    const { names, topology } = props;
    const { scaling } = topology.application;
    const group = this.autoScalingGroup(this.launchTemplate());
    new ScalingPolicy(this, "scale_out", {
      name: names.scaleOutPolicy,
      autoScalingGroupName: group.name,
      adjustment: 1,
      cooldownSeconds: scaling.cooldownSeconds,
      alarm: {
        name: `${names.autoScalingGroup}-cpu-high`,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        cpuPercent: scaling.scaleOut.cpuPercent,
        minutes: scaling.scaleOut.minutes,
      },
    });
    new ScalingPolicy(this, "scale_in", {
      name: names.scaleInPolicy,
      autoScalingGroupName: group.name,
      adjustment: -1,
      cooldownSeconds: scaling.cooldownSeconds,
      alarm: {
        name: `${names.autoScalingGroup}-cpu-low`,
        comparisonOperator: "LessThanOrEqualToThreshold",
        cpuPercent: scaling.scaleIn.cpuPercent,
        minutes: scaling.scaleIn.minutes,
      },
    });
    this.autoScalingGroupName = this.output(
      "auto_scaling_group_name",
      "Name of the application nodes' auto scaling group.",
      group.name,
    );
  }

  private launchTemplate(): LaunchTemplate {
    const { topology, names, keyName, kmsKeyArn, tags } = this.props;
    const config = topology.application;
    const tagged = { ...tags, Name: names.application };
    return new LaunchTemplate(this, "launch_template", {
      name: names.launchTemplate,
      description: "GitLab application nodes",
      imageId: this.image(),
      instanceType: config.instanceType,
      keyName,
      userData: compressedUserData(this, applicationUserData(topology, this.props.endpoints)),
      vpcSecurityGroupIds: [this.props.securityGroupId],
      iamInstanceProfile: { name: this.props.instanceProfile },
      metadataOptions: IMDS_V2,
      // The scaling alarms look at one-minute metrics.
      monitoring: { enabled: true },
      blockDeviceMappings: [
        {
          deviceName: ROOT_DEVICE,
          ebs: {
            volumeType: "gp3",
            volumeSize: config.rootVolumeSizeGib,
            encrypted: "true",
            kmsKeyId: kmsKeyArn,
            deleteOnTermination: "true",
          },
        },
      ],
      tagSpecifications: [
        { resourceType: "instance", tags: tagged },
        { resourceType: "volume", tags: tagged },
      ],
      tags: { Name: names.launchTemplate },
    });
  }

  private image(): string {
    const { application: config, gitlab, region } = this.props.topology;
    const architecture = architectureOf(config.instanceType);
    switch (config.image) {
      case "ubuntu":
        return ubuntuImage(this, "image", region, architecture);
      case "gitlab":
        return gitlabImage(this, "image", gitlab, architecture);
      default:
        return config.image;
    }
  }

  private autoScalingGroup(template: LaunchTemplate): AutoscalingGroup {
    const { topology, names, kmsKeyArn, tags } = this.props;
    const config = topology.application;
    const { scaling, bootTimeoutSeconds } = config;
    const logs = new CloudwatchLogGroup(this, "logs", {
      name: names.nodeLogGroup("application"),
      retentionInDays: NODE_LOG_RETENTION_DAYS,
      kmsKeyId: kmsKeyArn,
    });
    const hook = {
      name: names.launchHook,
      lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
      heartbeatTimeout: bootTimeoutSeconds,
      // A node that doesn't report ready in time is replaced.
      defaultResult: "ABANDON",
    };
    const group = new AutoscalingGroup(this, "group", {
      name: names.autoScalingGroup,
      minSize: scaling.min,
      desiredCapacity: scaling.desired,
      maxSize: scaling.max,
      vpcZoneIdentifier: [...this.props.subnetIds],
      targetGroupArns: [...this.props.targetGroupArns],
      launchTemplate: { id: template.id, version: `\${${template.fqn}.latest_version}` },
      healthCheckType: "ELB",
      healthCheckGracePeriod: config.healthCheckGraceSeconds,
      defaultInstanceWarmup: config.healthCheckGraceSeconds,
      // Here for the first nodes, which start before a hook of its own could be added; below for changes to it.
      initialLifecycleHook: [hook],
      // A node counts when its hook is completed, so that the wait is a boot long.
      waitForCapacityTimeout: `${bootTimeoutSeconds}s`,
      instanceRefresh: {
        strategy: "Rolling",
        // New nodes come before old ones go.
        preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 150, skipMatching: true },
      },
      enabledMetrics: [
        "GroupDesiredCapacity",
        "GroupInServiceInstances",
        "GroupPendingInstances",
        "GroupTerminatingInstances",
        "GroupTotalInstances",
      ],
      tag: Object.entries({ ...tags, Name: names.application }).map(([key, value]) => ({
        key,
        value,
        propagateAtLaunch: true,
      })),
      // Nodes write to it as soon as they boot.
      dependsOn: [logs],
      // The scaling policies move the one; the other changes as a resource of its own, below: here it replaces the group.
      lifecycle: { ignoreChanges: ["desired_capacity", "initial_lifecycle_hook"] },
    });
    new AutoscalingLifecycleHook(this, "ready", { autoscalingGroupName: group.name, ...hook });
    return group;
  }
}
