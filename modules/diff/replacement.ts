import type { Json } from "../json";
import { architectureOf } from "../tiers/image";
import type { Deviation } from "./compare";

/** What the AWS provider makes of a change, by resource type. */
export interface Behaviour {
  /** Arguments and blocks whose change replaces the resource. */
  readonly replaces?: readonly string[];
  /** Arguments that keep their value in AWS when they're taken out: Terraform plans no change. */
  readonly keeps?: readonly string[];
  /** Attributes that are another one after any update. */
  readonly renews?: readonly string[];
  /** Whether the provider's default tags don't reach it. */
  readonly untagged?: true;
}

/**
 * Measured: plans of Terraform 1.11 with the AWS provider 5.100 for every property of the topology, on deployments that
 * exist (`replace_paths`, `after_unknown`, and where no change was planned). `keeps` and `untagged` are the provider's
 * schema as well.
 */
const BEHAVIOUR: Readonly<Record<string, Behaviour>> = {
  aws_acm_certificate: {
    replaces: ["domain_name", "subject_alternative_names"],
    keeps: ["subject_alternative_names"],
  },
  aws_acm_certificate_validation: { replaces: ["certificate_arn", "validation_record_fqdns"], untagged: true },
  aws_autoscaling_group: { replaces: ["name", "initial_lifecycle_hook"], untagged: true },
  aws_autoscaling_lifecycle_hook: { untagged: true },
  aws_autoscaling_policy: { replaces: ["autoscaling_group_name"], untagged: true },
  aws_cloudformation_stack: { replaces: ["name"], renews: ["outputs"] },
  aws_cloudwatch_log_group: { replaces: ["name"] },
  aws_cloudwatch_metric_alarm: { replaces: ["alarm_name"] },
  aws_db_instance: {
    replaces: ["db_name", "kms_key_id", "username"],
    keeps: [
      "backup_window",
      "database_insights_mode",
      "iops",
      "kms_key_id",
      "maintenance_window",
      "monitoring_role_arn",
      "performance_insights_kms_key_id",
      "performance_insights_retention_period",
    ],
  },
  aws_db_parameter_group: { replaces: ["family", "name"] },
  aws_db_subnet_group: { replaces: ["name"] },
  aws_default_security_group: { replaces: ["vpc_id"] },
  aws_ebs_volume: { replaces: ["availability_zone", "kms_key_id"], keeps: ["kms_key_id", "throughput"] },
  aws_eip: {},
  aws_eip_association: { replaces: ["instance_id"], untagged: true },
  aws_elasticache_parameter_group: { replaces: ["family", "name"] },
  aws_elasticache_replication_group: {
    replaces: ["kms_key_id", "port", "replication_group_id", "subnet_group_name"],
    keeps: ["maintenance_window"],
  },
  aws_elasticache_subnet_group: { replaces: ["name"] },
  aws_flow_log: { replaces: ["iam_role_arn", "log_destination", "vpc_id"] },
  aws_iam_instance_profile: { replaces: ["name"] },
  aws_iam_policy: { replaces: ["name"] },
  aws_iam_role: { replaces: ["name"] },
  aws_iam_role_policy: { replaces: ["role"], untagged: true },
  aws_iam_role_policy_attachment: { replaces: ["policy_arn", "role"], untagged: true },
  aws_instance: {
    replaces: ["key_name", "root_block_device.kms_key_id", "subnet_id"],
    keeps: ["key_name", "root_block_device.kms_key_id"],
  },
  aws_internet_gateway: {},
  aws_key_pair: { replaces: ["key_name", "public_key"] },
  aws_kms_alias: { replaces: ["name"], untagged: true },
  aws_kms_key: {},
  aws_launch_template: { replaces: ["name"], renews: ["latest_version"] },
  aws_lb: { replaces: ["name"] },
  aws_lb_listener: { replaces: ["load_balancer_arn"] },
  aws_lb_target_group: { replaces: ["name", "vpc_id"] },
  aws_nat_gateway: { replaces: ["subnet_id"] },
  aws_route: { replaces: ["route_table_id"], untagged: true },
  aws_route53_record: { replaces: ["name", "zone_id"], untagged: true },
  aws_route53_zone: { replaces: ["name"] },
  aws_route_table: { replaces: ["vpc_id"] },
  aws_route_table_association: { replaces: ["subnet_id"], untagged: true },
  aws_s3_bucket: { replaces: ["bucket"] },
  aws_s3_bucket_lifecycle_configuration: { replaces: ["bucket"], untagged: true },
  aws_s3_bucket_ownership_controls: { replaces: ["bucket"], untagged: true },
  aws_s3_bucket_policy: { replaces: ["bucket"], untagged: true },
  aws_s3_bucket_public_access_block: { replaces: ["bucket"], untagged: true },
  aws_s3_bucket_server_side_encryption_configuration: { replaces: ["bucket"], untagged: true },
  aws_s3_bucket_versioning: { replaces: ["bucket"], untagged: true },
  aws_secretsmanager_secret: { replaces: ["name"] },
  aws_secretsmanager_secret_version: { replaces: ["secret_id"], untagged: true },
  aws_security_group: { replaces: ["name", "vpc_id"] },
  aws_subnet: { replaces: ["cidr_block", "vpc_id"] },
  aws_volume_attachment: { replaces: ["instance_id", "volume_id"], untagged: true },
  aws_vpc: { replaces: ["cidr_block"] },
  aws_vpc_endpoint: { replaces: ["vpc_id"] },
  aws_vpc_security_group_egress_rule: { replaces: ["security_group_id"] },
  aws_vpc_security_group_ingress_rule: { replaces: ["security_group_id"] },
};

/** Arguments whose change replaces the resource in some cases only. */
const CONDITIONS: Readonly<Record<string, (before: Json, after: Json, afterApply: boolean) => boolean>> = {
  "aws_elasticache_replication_group.engine": (before) => before === "valkey",
  "aws_elasticache_replication_group.engine_version": (before, after) => Number(after) < Number(before),
  "aws_instance.instance_type": (before, after) => architectureOf(String(before)) !== architectureOf(String(after)),
  // A Network Load Balancer takes subnets, but doesn't give them back; the provider only looks where it knows them all.
  "aws_lb.subnets": (before, after, afterApply) => !afterApply && !isWithin(before, after),
};

/** @throws for a type that no tier has: nothing is known of it */
export function behaviourOf(type: string): Behaviour {
  const behaviour = BEHAVIOUR[type];
  if (!behaviour) throw new Error(`nothing is known of changes to ${type}`);
  return behaviour;
}

/**
 * Whether a resource is replaced for a change.
 *
 * @param afterApply whether the new value is known only after apply
 */
export function isReplacing(type: string, { path, before, after }: Deviation, afterApply: boolean): boolean {
  const condition = CONDITIONS[`${type}.${path}`];
  if (condition) return condition(before ?? null, after ?? null, afterApply);
  return behaviourOf(type).replaces?.some((one) => leadsTo(one, path)) ?? false;
}

/** Whether an argument that is taken out stays as it is. */
export function keepsValue(type: string, path: string): boolean {
  return behaviourOf(type).keeps?.some((one) => leadsTo(one, path)) ?? false;
}

/** Whether a path is an argument's, or goes into it. */
function leadsTo(argument: string, path: string): boolean {
  const names = path.replace(/\[[^\]]*\]/g, "");
  return names === argument || names.startsWith(`${argument}.`);
}

function isWithin(list: Json, other: Json): boolean {
  return Array.isArray(list) && Array.isArray(other) && list.every((one) => other.includes(one));
}
