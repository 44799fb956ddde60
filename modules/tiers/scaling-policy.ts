import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";

export interface ScalingPolicyProps {
  readonly name: string;
  readonly autoScalingGroupName: string;
  /** How many nodes come (positive) or go (negative). */
  readonly adjustment: number;
  /** How long after a change before the next, in seconds. A launch ends when its lifecycle hook is completed. */
  readonly cooldownSeconds: number;
  readonly alarm: {
    readonly name: string;
    readonly comparisonOperator: "GreaterThanOrEqualToThreshold" | "LessThanOrEqualToThreshold";
    /** Average CPU utilization of the group, in percent. */
    readonly cpuPercent: number;
    /** How long it must last. */
    readonly minutes: number;
  };
}

/** A simple scaling policy and the alarm that triggers it. Guide: "Create an auto scaling group". */
export class ScalingPolicy extends Construct {
  constructor(scope: Construct, id: string, props: ScalingPolicyProps) {
    super(scope, id);
    const { alarm, adjustment } = props;
    const policy = new AutoscalingPolicy(this, "Default", {
      name: props.name,
      autoscalingGroupName: props.autoScalingGroupName,
      policyType: "SimpleScaling",
      adjustmentType: "ChangeInCapacity",
      scalingAdjustment: adjustment,
      cooldown: props.cooldownSeconds,
    });
    new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: alarm.name,
      alarmDescription: `Average CPU utilization for ${alarm.minutes} minutes; triggers ${props.name}`,
      namespace: "AWS/EC2",
      metricName: "CPUUtilization",
      dimensions: { AutoScalingGroupName: props.autoScalingGroupName },
      statistic: "Average",
      comparisonOperator: alarm.comparisonOperator,
      threshold: alarm.cpuPercent,
      period: 60,
      evaluationPeriods: alarm.minutes,
      treatMissingData: "missing",
      alarmActions: [policy.arn],
    });
  }
}
