import { ElasticacheParameterGroup } from "@cdktf/provider-aws/lib/elasticache-parameter-group";
import { ElasticacheReplicationGroup } from "@cdktf/provider-aws/lib/elasticache-replication-group";
import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group";
import type { Construct } from "constructs";
import { Tier } from "../terraform/tier";
import type { CacheConfig } from "../topology";
import { majorOf } from "../topology/gitlab-versions";
import type { AwsNames } from "../topology/names";
import { CacheUser } from "./cache-user";

export interface CacheProps {
  readonly config: CacheConfig;
  readonly names: AwsNames;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  /** The secret that holds the token GitLab signs in with. */
  readonly tokenSecretArn: string;
  /** Id of the secret's value. */
  readonly tokenVersionId: string;
  /** What data and snapshots are encrypted with. @default - the key AWS manages for ElastiCache */
  readonly kmsKeyArn?: string;
  /** Whether Terraform refuses to plan the cache's destruction, and a last snapshot is taken. */
  readonly protect: boolean;
}

/** Amazon ElastiCache, cluster mode disabled. Guide: "Redis with ElastiCache". */
export class CacheTier extends Tier {
  static readonly purpose = 'Amazon ElastiCache for Valkey or Redis, and its user. Guide: "Redis with ElastiCache".';

  /** The host that GitLab connects to: always the primary. */
  readonly address: string;

  constructor(scope: Construct, id: string, props: CacheProps) {
    super(scope, id);
    const { config, names, protect } = props;
    const major = majorOf(config.engineVersion);
    const subnetGroup = new ElasticacheSubnetGroup(this, "subnet_group", {
      name: names.cacheSubnetGroup,
      description: "Private subnets of GitLab's cache",
      subnetIds: [...props.subnetIds],
    });
    const parameterGroup = new ElasticacheParameterGroup(this, "parameter_group", {
      name: `${names.cache}-${config.engine}${major}`,
      family: `${config.engine}${major}`,
      description: "What GitLab requires of its cache",
      // Background jobs and sessions are kept here: nothing may be evicted.
      parameter: [{ name: "maxmemory-policy", value: "noeviction" }],
      lifecycle: { createBeforeDestroy: true },
    });
    const user = new CacheUser(this, "user", {
      name: names.cache,
      engine: config.engine,
      tokenSecretArn: props.tokenSecretArn,
      tokenVersionId: props.tokenVersionId,
    });
    const group = new ElasticacheReplicationGroup(this, "cache", {
      replicationGroupId: names.cache,
      description: "GitLab sessions, cache and background jobs",
      engine: config.engine,
      engineVersion: config.engineVersion,
      nodeType: config.nodeType,
      numCacheClusters: config.replicas + 1,
      preferredCacheClusterAzs: [...config.zones],
      multiAzEnabled: config.multiAz,
      automaticFailoverEnabled: config.multiAz,
      port: config.port,
      subnetGroupName: subnetGroup.name,
      securityGroupIds: [props.securityGroupId],
      parameterGroupName: parameterGroup.name,
      userGroupIds: [user.userGroupId],
      transitEncryptionEnabled: true,
      atRestEncryptionEnabled: "true",
      kmsKeyId: props.kmsKeyArn,
      snapshotRetentionLimit: config.snapshotRetentionDays,
      finalSnapshotIdentifier: protect ? `${names.cache}-final` : undefined,
      maintenanceWindow: config.maintenanceWindow,
      autoMinorVersionUpgrade: "false",
      applyImmediately: true,
      tags: { Name: names.cache },
      lifecycle: { preventDestroy: protect },
    });
    this.address = this.output(
      "primary_endpoint_address",
      "Host name of the cache's primary node.",
      group.primaryEndpointAddress,
      { input: "cache_address" },
    );
  }
}
