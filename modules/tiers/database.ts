import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { Construct } from "constructs";
import { EphemeralResource } from "../terraform/ephemeral";
import { Tier } from "../terraform/tier";
import type { DatabaseConfig } from "../topology";
import { databaseParameters } from "../topology/database-parameters";
import { majorOf } from "../topology/gitlab-versions";
import type { AwsNames } from "../topology/names";
import { GP3_STRIPED_GIB } from "../topology/rds-storage";
import { partitionOf } from "../topology/regions";
import { assumedBy } from "./policy";

export interface DatabaseProps {
  readonly config: DatabaseConfig;
  readonly names: AwsNames;
  readonly region: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  /** The secret that holds the master password. */
  readonly passwordSecretArn: string;
  /** What storage, backups, logs and insights are encrypted with. @default - the keys AWS manages */
  readonly kmsKeyArn?: string;
  /** Whether Terraform refuses to plan the instance's destruction. */
  readonly protect: boolean;
}

/** How long the database's logs are kept in CloudWatch Logs. */
const LOG_RETENTION_DAYS = 90;

/** Database Insights' standard mode keeps a week. */
const INSIGHTS_RETENTION_DAYS = 7;

/** Amazon RDS for PostgreSQL. Guide: "PostgreSQL with RDS". */
export class DatabaseTier extends Tier {
  static readonly purpose = 'Amazon RDS for PostgreSQL. Guide: "PostgreSQL with RDS".';

  /** The host that GitLab connects to. */
  readonly address: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DatabaseProps,
  ) {
    super(scope, id);
    const { config, names, kmsKeyArn, protect } = props;
    const { storage } = config;
    const password = new EphemeralResource(this, "password", "aws_secretsmanager_secret_version", {
      secret_id: props.passwordSecretArn,
    });
    const subnetGroup = new DbSubnetGroup(this, "subnet_group", {
      name: names.databaseSubnetGroup,
      description: "Private subnets of GitLab's database",
      subnetIds: [...props.subnetIds],
    });
    const monitoring = config.monitoringIntervalSeconds > 0 ? this.monitoringRole() : undefined;
    const instance = new DbInstance(this, "database", {
      identifier: names.database,
      engine: config.engine,
      engineVersion: config.engineVersion,
      instanceClass: config.instanceClass,
      multiAz: config.multiAz,

      storageType: storage.type,
      allocatedStorage: storage.sizeGib,
      iops: storage.type !== "gp3" || storage.sizeGib >= GP3_STRIPED_GIB ? storage.iops : undefined,
      maxAllocatedStorage: storage.maxSizeGib,
      storageEncrypted: true,
      kmsKeyId: kmsKeyArn,

      dbName: config.databaseName,
      username: config.username,
      passwordWo: password.attribute("secret_string"),
      // To be raised with the secret's own version, so that RDS takes the new password.
      passwordWoVersion: 1,
      port: config.port,

      dbSubnetGroupName: subnetGroup.name,
      vpcSecurityGroupIds: [props.securityGroupId],
      publiclyAccessible: false,
      caCertIdentifier: config.caCertificate,
      parameterGroupName: this.parameterGroup().name,

      backupRetentionPeriod: config.backupRetentionDays,
      backupWindow: config.backupWindow,
      maintenanceWindow: config.maintenanceWindow,
      copyTagsToSnapshot: true,
      autoMinorVersionUpgrade: config.autoMinorVersionUpgrade,
      // The topology's engineVersion is the consent; without this, RDS refuses a new major version.
      allowMajorVersionUpgrade: true,
      deletionProtection: config.deletionProtection,
      skipFinalSnapshot: !config.finalSnapshot,
      finalSnapshotIdentifier: config.finalSnapshot ? `${names.database}-final` : undefined,
      deleteAutomatedBackups: !protect,

      databaseInsightsMode: config.performanceInsights ? "standard" : undefined,
      performanceInsightsEnabled: config.performanceInsights,
      performanceInsightsKmsKeyId: config.performanceInsights ? kmsKeyArn : undefined,
      performanceInsightsRetentionPeriod: config.performanceInsights ? INSIGHTS_RETENTION_DAYS : undefined,
      monitoringInterval: config.monitoringIntervalSeconds,
      monitoringRoleArn: monitoring?.arn,
      enabledCloudwatchLogsExports: [...config.logExports],
      tags: { Name: names.database },
      dependsOn: this.logGroups(),
      lifecycle: { preventDestroy: protect },
    });

    this.address = this.output("address", "Host name of the database.", instance.address, {
      input: "database_address",
    });
    this.output("endpoint", "Host name and port of the database.", instance.endpoint, { input: "database_endpoint" });
  }

  private parameterGroup(): DbParameterGroup {
    const { config, names } = this.props;
    const major = majorOf(config.engineVersion);
    return new DbParameterGroup(this, "parameter_group", {
      // The major version is in the name: an upgrade needs the new group beside the old one.
      name: `${names.database}-postgres${major}`,
      family: `postgres${major}`,
      description: "What GitLab requires of PostgreSQL",
      parameter: databaseParameters(config.parameters),
      lifecycle: { createBeforeDestroy: true },
    });
  }

  /** RDS would make the groups itself, unencrypted and kept forever. */
  private logGroups(): CloudwatchLogGroup[] {
    const { config, names, kmsKeyArn } = this.props;
    return config.logExports.map(
      (log) =>
        new CloudwatchLogGroup(this, `${log}_logs`, {
          name: names.databaseLogGroup(log),
          retentionInDays: LOG_RETENTION_DAYS,
          kmsKeyId: kmsKeyArn,
        }),
    );
  }

  private monitoringRole(): IamRole {
    const { names, region } = this.props;
    const role = new IamRole(this, "monitoring", {
      name: names.monitoringRole,
      assumeRolePolicy: assumedBy("monitoring.rds.amazonaws.com"),
    });
    new IamRolePolicyAttachment(this, "monitoring_access", {
      role: role.name,
      policyArn: `arn:${partitionOf(region)}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole`,
    });
    return role;
  }
}
