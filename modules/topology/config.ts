// Generated from modules/topology/topology.schema.json by `npm run generate`. Don't edit.

// What a topology file may hold.

/**
 * A GitLab deployment on AWS over two to six availability zones. Three properties are required: region, domain and access.trustedCidrs.
 */
export interface TopologyFile {
  /**
   * The schema this file follows, for completion and checks in an editor. Nothing else reads it.
   */
  $schema?: string;
  /**
   * A topology file that this one builds on, relative to this one: an environment holds only what differs. Objects are merged, property by property; everything else replaces what the base says, lists as a whole; null takes the base's value away.
   */
  extends?: string;
  /**
   * The prefix of every AWS name, 16 characters at most. Two deployments in one account need two names: IAM names are global to the account.
   */
  name?: string;
  /**
   * A size of GitLab's reference architectures, by requests per second: 20rps (up to 1,000 users) or 40rps (up to 2,000 users). It fills in instance types and numbers of nodes that the topology doesn't set itself. Larger sizes need Gitaly Cluster.
   */
  size?: "20rps" | "40rps";
  /**
   * The AWS region everything is built in.
   */
  region:
    | "af-south-1"
    | "ap-east-1"
    | "ap-east-2"
    | "ap-northeast-1"
    | "ap-northeast-2"
    | "ap-northeast-3"
    | "ap-south-1"
    | "ap-south-2"
    | "ap-southeast-1"
    | "ap-southeast-2"
    | "ap-southeast-3"
    | "ap-southeast-4"
    | "ap-southeast-5"
    | "ap-southeast-6"
    | "ap-southeast-7"
    | "ca-central-1"
    | "ca-west-1"
    | "cn-north-1"
    | "cn-northwest-1"
    | "eu-central-1"
    | "eu-central-2"
    | "eu-north-1"
    | "eu-south-1"
    | "eu-south-2"
    | "eu-west-1"
    | "eu-west-2"
    | "eu-west-3"
    | "il-central-1"
    | "me-central-1"
    | "me-south-1"
    | "mx-central-1"
    | "sa-east-1"
    | "us-east-1"
    | "us-east-2"
    | "us-gov-east-1"
    | "us-gov-west-1"
    | "us-west-1"
    | "us-west-2";
  /**
   * The host name users type: the external URL is https://<domain>.
   */
  domain: string;
  gitlab?: GitlabFile;
  access: AccessFile;
  network?: NetworkFile;
  loadBalancer?: LoadBalancerFile;
  dns?: DnsFile;
  certificate?: CertificateFile;
  objectStorage?: ObjectStorageFile;
  database?: DatabaseFile;
  cache?: CacheFile;
  bastion?: BastionFile;
  gitaly?: GitalyFile;
  application?: ApplicationFile;
  encryption?: EncryptionFile;
  /**
   * Guard data: no destroy plan for stores, deletion protection, final snapshots, recovery windows. Turn it off only for a throwaway deployment.
   */
  protect?: boolean;
  backend?: BackendFile;
  /**
   * Warnings that are known and accepted, by name, each with the reason: it stands where the topology is reviewed, and in what validate prints.
   */
  silence?: {
    /**
     * Why the warning is accepted, in a sentence.
     */
    [k: string]: string;
  };
  /**
   * Tags of every resource, beside Application, Deployment and ManagedBy.
   */
  tags?: {
    /**
     * One tag's value. IAM allows these characters, other services more.
     */
    [k: string]: string;
  };
}
/**
 * Which GitLab runs. Database and cache versions follow from it.
 */
export interface GitlabFile {
  /**
   * The GitLab version, in full. Supported: 17.0.0 to 19.x.
   */
  version?: string;
  /**
   * Enterprise Edition (runs without a licence too) or Community Edition.
   */
  edition?: "ee" | "ce";
  /**
   * Where the container registry is to be found: https and a host name of its own, without a port. Its name needs a DNS record to the load balancer and a place in the certificate (certificate.alternativeNames).
   */
  registryUrl?: string;
  /**
   * Further settings of gitlab.rb on the application nodes, by section and key: gitlab_rails['smtp_enable'] is config.gitlab_rails.smtp_enable. In place of a password, { "fromSecret": "<ARN>" } names a secret in AWS Secrets Manager. Keys that the version doesn't have, and those that the deployment sets itself, are refused.
   */
  config?: {
    /**
     * One section's keys; a value is what JSON allows.
     */
    [k: string]: {
      [k: string]: unknown;
    };
  };
}
/**
 * Who may reach the deployment over SSH, and how operators sign in to instances.
 */
export interface AccessFile {
  /**
   * IPv4 and IPv6 ranges that may use SSH: port 22 of the load balancer (Git) and of the bastions.
   *
   * @minItems 1
   * @maxItems 40
   *
   * Items: One range.
   */
  trustedCidrs: string[];
  /**
   * Let operators open sessions on every instance through AWS Systems Manager Session Manager, with IAM in place of SSH keys.
   */
  sessionManager?: boolean;
  keyPair?: AccessKeyPairFile;
}
/**
 * The SSH key pair of bastions, Gitaly and application nodes: a public key to register, or the name of one that exists.
 */
export interface AccessKeyPairFile {
  /**
   * The key pair's name in EC2. With publicKey, the name it is registered under; alone, the name of an existing key pair.
   */
  name?: string;
  /**
   * An OpenSSH public key, RSA or ED25519. Never a private key.
   */
  publicKey?: string;
}
/**
 * The VPC, its subnets and their way to the internet.
 */
export interface NetworkFile {
  /**
   * The VPC's IPv4 range, /16 to /24.
   */
  cidr?: string;
  /**
   * The availability zones, each with a public and a private subnet. The first one holds Gitaly by default.
   *
   * @minItems 2
   * @maxItems 6
   */
  zones?: NetworkZoneFile[];
  /**
   * A NAT gateway in every zone, or a single one for all: cheaper, but private subnets lose the internet with its zone.
   */
  natGateways?: "per-zone" | "single";
  flowLogs?: NetworkFlowLogsFile;
}
/**
 * An availability zone with its two subnets.
 */
export interface NetworkZoneFile {
  /**
   * The zone's name.
   */
  name: string;
  /**
   * The public subnet's range.
   */
  publicCidr?: string;
  /**
   * The private subnet's range.
   */
  privateCidr?: string;
}
/**
 * VPC flow logs in CloudWatch Logs.
 */
export interface NetworkFlowLogsFile {
  /**
   * Record the VPC's accepted and rejected traffic.
   */
  enabled?: boolean;
  /**
   * How long they are kept.
   */
  retentionDays?:
    | 1
    | 3
    | 5
    | 7
    | 14
    | 30
    | 60
    | 90
    | 120
    | 150
    | 180
    | 365
    | 400
    | 545
    | 731
    | 1096
    | 1827
    | 2192
    | 2557
    | 2922
    | 3288
    | 3653;
}
/**
 * The internet-facing Network Load Balancer.
 */
export interface LoadBalancerFile {
  /**
   * What port 80 does: redirect to https, forward in clear (the guide's form), or none (no listener).
   */
  http?: "redirect" | "forward" | "none";
  /**
   * The predefined security policy of the TLS listener on port 443.
   */
  sslPolicy?: string;
  /**
   * Targets see the client's address as the source of a connection.
   */
  preserveClientIp?: boolean;
  /**
   * Send a PROXY protocol v2 header to the HTTP target group. Never to SSH: OpenSSH doesn't speak it.
   */
  proxyProtocol?: boolean;
  /**
   * Each load balancer node spreads its connections over the targets of all zones.
   */
  crossZone?: boolean;
  /**
   * Write the TLS listener's access logs to the access-logs bucket.
   */
  accessLogs?: boolean;
  /**
   * AWS refuses to delete the load balancer.
   */
  deletionProtection?: boolean;
}
/**
 * Where the domain's record is kept.
 */
export interface DnsFile {
  /**
   * Use an existing public Route 53 hosted zone, create one (its name servers are an output), or none: DNS is kept elsewhere.
   */
  zone?: "existing" | "create" | "none";
  /**
   * The hosted zone's domain name.
   */
  zoneName?: string;
  /**
   * The existing hosted zone's id, in place of a look-up by name.
   */
  zoneId?: string;
}
/**
 * The TLS certificate of the load balancer.
 */
export interface CertificateFile {
  /**
   * An existing certificate in ACM (same region) or IAM.
   */
  arn?: string;
  /**
   * Further names in the certificate ACM issues, all within the hosted zone.
   *
   * @maxItems 9
   *
   * Items: One name; a wildcard may stand first.
   */
  alternativeNames?: string[];
}
/**
 * The S3 buckets: one a GitLab object type, and one each for the registry, backups and access logs.
 */
export interface ObjectStorageFile {
  /**
   * What bucket names start with. S3 names are global to all AWS accounts.
   */
  bucketPrefix?: string;
  buckets?: ObjectStorageBucketsFile;
  /**
   * When overwritten and deleted object versions are removed.
   */
  noncurrentVersionDays?: number;
  /**
   * When the parts of an unfinished multipart upload are removed.
   */
  incompleteUploadDays?: number;
  /**
   * When access logs are removed.
   */
  accessLogDays?: number;
}
/**
 * Bucket names by type.
 */
export interface ObjectStorageBucketsFile {
  /**
   * CI job artifacts and logs.
   */
  artifacts?: string;
  /**
   * Merge request diffs.
   */
  "external-diffs"?: string;
  /**
   * Git Large File Storage objects.
   */
  lfs?: string;
  /**
   * Attachments and avatars.
   */
  uploads?: string;
  /**
   * The package registry.
   */
  packages?: string;
  /**
   * The dependency proxy's cache.
   */
  "dependency-proxy"?: string;
  /**
   * Terraform states that GitLab manages.
   */
  "terraform-state"?: string;
  /**
   * GitLab Pages sites.
   */
  pages?: string;
  /**
   * CI secure files.
   */
  "ci-secure-files"?: string;
  /**
   * Container images.
   */
  registry?: string;
  /**
   * Backups made by GitLab.
   */
  backups?: string;
  /**
   * The load balancer's access logs.
   */
  "access-logs"?: string;
}
/**
 * Amazon RDS for PostgreSQL.
 */
export interface DatabaseFile {
  /**
   * RDS for PostgreSQL; Aurora is not supported by GitLab.
   */
  engine?: "postgres";
  /**
   * The PostgreSQL version: a major one (RDS picks the minor one) or major.minor.
   */
  engineVersion?: string;
  /**
   * The RDS instance class. GitLab wants at least 2 GiB of shared buffers, a quarter of the memory.
   */
  instanceClass?: string;
  /**
   * A standby in another zone that takes over by itself.
   */
  multiAz?: boolean;
  storage?: DatabaseStorageFile;
  /**
   * The master user, which GitLab connects as.
   */
  username?: string;
  /**
   * The database GitLab uses.
   */
  databaseName?: string;
  /**
   * The port it listens on.
   */
  port?: number;
  /**
   * How long automated backups are kept, and so how far back a point-in-time restore reaches.
   */
  backupRetentionDays?: number;
  /**
   * The daily backup window, in UTC, at least 30 minutes long.
   */
  backupWindow?: string;
  /**
   * The weekly maintenance window, in UTC.
   */
  maintenanceWindow?: string;
  /**
   * Let RDS install minor versions in the maintenance window.
   */
  autoMinorVersionUpgrade?: boolean;
  /**
   * AWS refuses to delete the instance.
   */
  deletionProtection?: boolean;
  /**
   * Take a snapshot when the instance is deleted.
   */
  finalSnapshot?: boolean;
  /**
   * Database Insights, standard mode: what the database spends its time on.
   */
  performanceInsights?: boolean;
  /**
   * How often enhanced monitoring reads the operating system; 0 turns it off.
   */
  monitoringIntervalSeconds?: 0 | 1 | 5 | 10 | 15 | 30 | 60;
  /**
   * Which logs go to CloudWatch Logs.
   *
   * Items: One log.
   */
  logExports?: ("postgresql" | "upgrade")[];
  /**
   * The certificate authority of the instance's TLS certificate.
   */
  caCertificate?: string;
  /**
   * PostgreSQL parameters, beside those GitLab requires or in their place, within its requirements. New ones take effect at the next restart.
   */
  parameters?: {
    /**
     * One parameter's value.
     */
    [k: string]: string;
  };
}
/**
 * The instance's storage.
 */
export interface DatabaseStorageFile {
  /**
   * Provisioned IOPS (io1, io2) or General Purpose (gp3).
   */
  type?: "io1" | "io2" | "gp3";
  /**
   * The allocated storage.
   */
  sizeGib?: number;
  /**
   * The provisioned IOPS.
   */
  iops?: number;
  /**
   * How far storage autoscaling may grow it; 0 turns autoscaling off.
   */
  maxSizeGib?: number;
}
/**
 * Amazon ElastiCache, as Valkey or Redis.
 */
export interface CacheFile {
  /**
   * The engine the GitLab version supports.
   */
  engine?: "valkey" | "redis";
  /**
   * The engine's version.
   */
  engineVersion?: string;
  /**
   * The size of each node.
   */
  nodeType?: string;
  /**
   * Cluster mode; GitLab doesn't support it.
   */
  clusterMode?: false;
  /**
   * Replicas in another zone, and automatic failover to them.
   */
  multiAz?: boolean;
  /**
   * Read replicas beside the primary.
   */
  replicas?: number;
  /**
   * The zone of each node, the primary's first.
   *
   * @minItems 1
   * @maxItems 6
   *
   * Items: A zone of network.zones.
   */
  zones?: string[];
  /**
   * The port it listens on.
   */
  port?: number;
  /**
   * How long daily snapshots are kept; 0 takes none.
   */
  snapshotRetentionDays?: number;
  /**
   * The weekly maintenance window, in UTC.
   */
  maintenanceWindow?: string;
}
/**
 * Bastion hosts, one in every public subnet.
 */
export interface BastionFile {
  /**
   * Build them. Session Manager does without.
   */
  enabled?: boolean;
  /**
   * The EC2 instance type.
   */
  instanceType?: string;
  /**
   * The root volume's size.
   */
  rootVolumeSizeGib?: number;
}
/**
 * The Gitaly node, which holds the Git repositories.
 */
export interface GitalyFile {
  /**
   * The EC2 instance type.
   */
  instanceType?: string;
  /**
   * The zone whose private subnet it stands in. A volume can't leave its zone: changing this replaces the data volume.
   */
  zone?: string;
  /**
   * The root volume's size. Repositories are not on it.
   */
  rootVolumeSizeGib?: number;
  /**
   * Encrypt what application nodes and Gitaly say to each other: TLS on port 9999 in place of plain TCP on 8075, with a certificate that the node makes itself.
   */
  tls?: boolean;
  storage?: GitalyStorageFile;
}
/**
 * The data volume, which holds the repositories and outlives the instance.
 */
export interface GitalyStorageFile {
  /**
   * An EBS volume type: Provisioned IOPS (io1, io2) or General Purpose (gp3).
   */
  type?: "io1" | "io2" | "gp3";
  /**
   * The volume's size: big enough for all repositories.
   */
  sizeGib?: number;
  /**
   * The provisioned IOPS. GitLab asks for 8,000 read and 2,000 write operations per second.
   */
  iops?: number;
  /**
   * The throughput of a gp3 volume; other types have none to set.
   */
  throughputMibps?: number;
}
/**
 * The auto-scaled GitLab nodes.
 */
export interface ApplicationFile {
  /**
   * The EC2 instance type; a Graviton type gets an arm64 image.
   */
  instanceType?: string;
  /**
   * What nodes boot from: Ubuntu LTS, GitLab's official AMI for gitlab.version, or an AMI id.
   */
  image?: string;
  /**
   * The root volume's size. GitLab requires 40 GiB.
   */
  rootVolumeSizeGib?: number;
  /**
   * How long a node that is in service may fail health checks before it is replaced.
   */
  healthCheckGraceSeconds?: number;
  /**
   * How long the launch lifecycle hook waits for a node to report ready before it is replaced.
   */
  bootTimeoutSeconds?: number;
  scaling?: ApplicationScalingFile;
}
/**
 * How many nodes there are, and when that changes.
 */
export interface ApplicationScalingFile {
  /**
   * Never fewer nodes.
   */
  min?: number;
  /**
   * Nodes at creation; the scaling policies move it from there.
   */
  desired?: number;
  /**
   * Never more nodes.
   */
  max?: number;
  scaleOut?: ApplicationScalingScaleOutFile;
  scaleIn?: ApplicationScalingScaleInFile;
  /**
   * How long after one change before the next.
   */
  cooldownSeconds?: number;
}
/**
 * When a node is added.
 */
export interface ApplicationScalingScaleOutFile {
  /**
   * At or above this average CPU utilization.
   */
  cpuPercent?: number;
  /**
   * For this long.
   */
  minutes?: number;
}
/**
 * When a node is removed.
 */
export interface ApplicationScalingScaleInFile {
  /**
   * At or below this average CPU utilization.
   */
  cpuPercent?: number;
  /**
   * For this long.
   */
  minutes?: number;
}
/**
 * What data at rest is encrypted with: volumes, database, cache, buckets, secrets and logs.
 */
export interface EncryptionFile {
  /**
   * One customer-managed KMS key for all stores, or the keys AWS manages for each service.
   */
  keys?: "customer-managed" | "aws-managed";
  /**
   * An existing KMS key to use. docs/encryption.md lists what its policy must allow.
   */
  kmsKeyArn?: string;
}
/**
 * Where Terraform keeps its state: one a tier, or one for everything where the export's layout is modules.
 */
export interface BackendFile {
  /**
   * Files on this machine, an S3 bucket, HCP Terraform, or whatever is configured by terraform init.
   */
  type?: "local" | "s3" | "cloud" | "none";
  local?: BackendLocalFile;
  s3?: BackendS3File;
  cloud?: BackendCloudFile;
  none?: BackendNoneFile;
}
/**
 * Settings of the local backend.
 */
export interface BackendLocalFile {
  /**
   * The folder of the state files, relative to the project.
   */
  directory?: string;
}
/**
 * Settings of the S3 backend. It locks with a lock file and encrypts.
 */
export interface BackendS3File {
  /**
   * An existing bucket.
   */
  bucket: string;
  /**
   * The bucket's region.
   */
  region?: string;
  /**
   * What the states' keys start with: <keyPrefix>/<tier>.tfstate.
   */
  keyPrefix?: string;
  /**
   * The key of the one state of the export's layout modules.
   */
  key?: string;
}
/**
 * Settings of HCP Terraform.
 */
export interface BackendCloudFile {
  /**
   * The organization.
   */
  organization: string;
  /**
   * The project the workspaces belong to.
   */
  project?: string;
  /**
   * What workspace names start with: <workspacePrefix>-<tier>.
   */
  workspacePrefix?: string;
  /**
   * The one workspace of the export's layout modules.
   */
  workspace?: string;
}
/**
 * Settings of a backend that terraform init configures: the topology holds nothing of it but its type.
 */
export interface BackendNoneFile {
  /**
   * The type of the empty backend block.
   */
  type?: "azurerm" | "consul" | "cos" | "gcs" | "http" | "kubernetes" | "local" | "oss" | "pg" | "remote" | "s3";
}

// The same once each default is filled in.

/**
 * A GitLab deployment on AWS over two to six availability zones. Three properties are required: region, domain and access.trustedCidrs.
 */
export interface Topology {
  /**
   * The schema this file follows, for completion and checks in an editor. Nothing else reads it.
   */
  $schema?: string;
  /**
   * A topology file that this one builds on, relative to this one: an environment holds only what differs. Objects are merged, property by property; everything else replaces what the base says, lists as a whole; null takes the base's value away.
   */
  extends?: string;
  /**
   * The prefix of every AWS name, 16 characters at most. Two deployments in one account need two names: IAM names are global to the account.
   */
  name: string;
  /**
   * A size of GitLab's reference architectures, by requests per second: 20rps (up to 1,000 users) or 40rps (up to 2,000 users). It fills in instance types and numbers of nodes that the topology doesn't set itself. Larger sizes need Gitaly Cluster.
   */
  size?: "20rps" | "40rps";
  /**
   * The AWS region everything is built in.
   */
  region:
    | "af-south-1"
    | "ap-east-1"
    | "ap-east-2"
    | "ap-northeast-1"
    | "ap-northeast-2"
    | "ap-northeast-3"
    | "ap-south-1"
    | "ap-south-2"
    | "ap-southeast-1"
    | "ap-southeast-2"
    | "ap-southeast-3"
    | "ap-southeast-4"
    | "ap-southeast-5"
    | "ap-southeast-6"
    | "ap-southeast-7"
    | "ca-central-1"
    | "ca-west-1"
    | "cn-north-1"
    | "cn-northwest-1"
    | "eu-central-1"
    | "eu-central-2"
    | "eu-north-1"
    | "eu-south-1"
    | "eu-south-2"
    | "eu-west-1"
    | "eu-west-2"
    | "eu-west-3"
    | "il-central-1"
    | "me-central-1"
    | "me-south-1"
    | "mx-central-1"
    | "sa-east-1"
    | "us-east-1"
    | "us-east-2"
    | "us-gov-east-1"
    | "us-gov-west-1"
    | "us-west-1"
    | "us-west-2";
  /**
   * The host name users type: the external URL is https://<domain>.
   */
  domain: string;
  gitlab: GitlabConfig;
  access: AccessConfig;
  network: NetworkConfig;
  loadBalancer: LoadBalancerConfig;
  dns: DnsConfig;
  certificate: CertificateConfig;
  objectStorage: ObjectStorageConfig;
  database: DatabaseConfig;
  cache: CacheConfig;
  bastion: BastionConfig;
  gitaly: GitalyConfig;
  application: ApplicationConfig;
  encryption: EncryptionConfig;
  /**
   * Guard data: no destroy plan for stores, deletion protection, final snapshots, recovery windows. Turn it off only for a throwaway deployment.
   */
  protect: boolean;
  backend: BackendConfig;
  /**
   * Warnings that are known and accepted, by name, each with the reason: it stands where the topology is reviewed, and in what validate prints.
   */
  silence: {
    /**
     * Why the warning is accepted, in a sentence.
     */
    [k: string]: string;
  };
  /**
   * Tags of every resource, beside Application, Deployment and ManagedBy.
   */
  tags: {
    /**
     * One tag's value. IAM allows these characters, other services more.
     */
    [k: string]: string;
  };
}
/**
 * Which GitLab runs. Database and cache versions follow from it.
 */
export interface GitlabConfig {
  /**
   * The GitLab version, in full. Supported: 17.0.0 to 19.x.
   */
  version: string;
  /**
   * Enterprise Edition (runs without a licence too) or Community Edition.
   */
  edition: "ee" | "ce";
  /**
   * Where the container registry is to be found: https and a host name of its own, without a port. Its name needs a DNS record to the load balancer and a place in the certificate (certificate.alternativeNames).
   */
  registryUrl?: string;
  /**
   * Further settings of gitlab.rb on the application nodes, by section and key: gitlab_rails['smtp_enable'] is config.gitlab_rails.smtp_enable. In place of a password, { "fromSecret": "<ARN>" } names a secret in AWS Secrets Manager. Keys that the version doesn't have, and those that the deployment sets itself, are refused.
   */
  config: {
    /**
     * One section's keys; a value is what JSON allows.
     */
    [k: string]: {
      [k: string]: unknown;
    };
  };
}
/**
 * Who may reach the deployment over SSH, and how operators sign in to instances.
 */
export interface AccessConfig {
  /**
   * IPv4 and IPv6 ranges that may use SSH: port 22 of the load balancer (Git) and of the bastions.
   *
   * @minItems 1
   * @maxItems 40
   *
   * Items: One range.
   */
  trustedCidrs: string[];
  /**
   * Let operators open sessions on every instance through AWS Systems Manager Session Manager, with IAM in place of SSH keys.
   */
  sessionManager: boolean;
  keyPair?: AccessKeyPairConfig;
}
/**
 * The SSH key pair of bastions, Gitaly and application nodes: a public key to register, or the name of one that exists.
 */
export interface AccessKeyPairConfig {
  /**
   * The key pair's name in EC2. With publicKey, the name it is registered under; alone, the name of an existing key pair.
   */
  name: string;
  /**
   * An OpenSSH public key, RSA or ED25519. Never a private key.
   */
  publicKey?: string;
}
/**
 * The VPC, its subnets and their way to the internet.
 */
export interface NetworkConfig {
  /**
   * The VPC's IPv4 range, /16 to /24.
   */
  cidr: string;
  /**
   * The availability zones, each with a public and a private subnet. The first one holds Gitaly by default.
   *
   * @minItems 2
   * @maxItems 6
   */
  zones: NetworkZoneConfig[];
  /**
   * A NAT gateway in every zone, or a single one for all: cheaper, but private subnets lose the internet with its zone.
   */
  natGateways: "per-zone" | "single";
  flowLogs: NetworkFlowLogsConfig;
}
/**
 * An availability zone with its two subnets.
 */
export interface NetworkZoneConfig {
  /**
   * The zone's name.
   */
  name: string;
  /**
   * The public subnet's range.
   */
  publicCidr: string;
  /**
   * The private subnet's range.
   */
  privateCidr: string;
}
/**
 * VPC flow logs in CloudWatch Logs.
 */
export interface NetworkFlowLogsConfig {
  /**
   * Record the VPC's accepted and rejected traffic.
   */
  enabled: boolean;
  /**
   * How long they are kept.
   */
  retentionDays:
    | 1
    | 3
    | 5
    | 7
    | 14
    | 30
    | 60
    | 90
    | 120
    | 150
    | 180
    | 365
    | 400
    | 545
    | 731
    | 1096
    | 1827
    | 2192
    | 2557
    | 2922
    | 3288
    | 3653;
}
/**
 * The internet-facing Network Load Balancer.
 */
export interface LoadBalancerConfig {
  /**
   * What port 80 does: redirect to https, forward in clear (the guide's form), or none (no listener).
   */
  http: "redirect" | "forward" | "none";
  /**
   * The predefined security policy of the TLS listener on port 443.
   */
  sslPolicy: string;
  /**
   * Targets see the client's address as the source of a connection.
   */
  preserveClientIp: boolean;
  /**
   * Send a PROXY protocol v2 header to the HTTP target group. Never to SSH: OpenSSH doesn't speak it.
   */
  proxyProtocol: boolean;
  /**
   * Each load balancer node spreads its connections over the targets of all zones.
   */
  crossZone: boolean;
  /**
   * Write the TLS listener's access logs to the access-logs bucket.
   */
  accessLogs: boolean;
  /**
   * AWS refuses to delete the load balancer.
   */
  deletionProtection: boolean;
}
/**
 * Where the domain's record is kept.
 */
export interface DnsConfig {
  /**
   * Use an existing public Route 53 hosted zone, create one (its name servers are an output), or none: DNS is kept elsewhere.
   */
  zone: "existing" | "create" | "none";
  /**
   * The hosted zone's domain name.
   */
  zoneName: string;
  /**
   * The existing hosted zone's id, in place of a look-up by name.
   */
  zoneId?: string;
}
/**
 * The TLS certificate of the load balancer.
 */
export interface CertificateConfig {
  /**
   * An existing certificate in ACM (same region) or IAM.
   */
  arn?: string;
  /**
   * Further names in the certificate ACM issues, all within the hosted zone.
   *
   * @maxItems 9
   *
   * Items: One name; a wildcard may stand first.
   */
  alternativeNames: string[];
}
/**
 * The S3 buckets: one a GitLab object type, and one each for the registry, backups and access logs.
 */
export interface ObjectStorageConfig {
  /**
   * What bucket names start with. S3 names are global to all AWS accounts.
   */
  bucketPrefix: string;
  buckets: ObjectStorageBucketsConfig;
  /**
   * When overwritten and deleted object versions are removed.
   */
  noncurrentVersionDays: number;
  /**
   * When the parts of an unfinished multipart upload are removed.
   */
  incompleteUploadDays: number;
  /**
   * When access logs are removed.
   */
  accessLogDays: number;
}
/**
 * Bucket names by type.
 */
export interface ObjectStorageBucketsConfig {
  /**
   * CI job artifacts and logs.
   */
  artifacts: string;
  /**
   * Merge request diffs.
   */
  "external-diffs": string;
  /**
   * Git Large File Storage objects.
   */
  lfs: string;
  /**
   * Attachments and avatars.
   */
  uploads: string;
  /**
   * The package registry.
   */
  packages: string;
  /**
   * The dependency proxy's cache.
   */
  "dependency-proxy": string;
  /**
   * Terraform states that GitLab manages.
   */
  "terraform-state": string;
  /**
   * GitLab Pages sites.
   */
  pages: string;
  /**
   * CI secure files.
   */
  "ci-secure-files": string;
  /**
   * Container images.
   */
  registry: string;
  /**
   * Backups made by GitLab.
   */
  backups: string;
  /**
   * The load balancer's access logs.
   */
  "access-logs": string;
}
/**
 * Amazon RDS for PostgreSQL.
 */
export interface DatabaseConfig {
  /**
   * RDS for PostgreSQL; Aurora is not supported by GitLab.
   */
  engine: "postgres";
  /**
   * The PostgreSQL version: a major one (RDS picks the minor one) or major.minor.
   */
  engineVersion: string;
  /**
   * The RDS instance class. GitLab wants at least 2 GiB of shared buffers, a quarter of the memory.
   */
  instanceClass: string;
  /**
   * A standby in another zone that takes over by itself.
   */
  multiAz: boolean;
  storage: DatabaseStorageConfig;
  /**
   * The master user, which GitLab connects as.
   */
  username: string;
  /**
   * The database GitLab uses.
   */
  databaseName: string;
  /**
   * The port it listens on.
   */
  port: number;
  /**
   * How long automated backups are kept, and so how far back a point-in-time restore reaches.
   */
  backupRetentionDays: number;
  /**
   * The daily backup window, in UTC, at least 30 minutes long.
   */
  backupWindow?: string;
  /**
   * The weekly maintenance window, in UTC.
   */
  maintenanceWindow?: string;
  /**
   * Let RDS install minor versions in the maintenance window.
   */
  autoMinorVersionUpgrade: boolean;
  /**
   * AWS refuses to delete the instance.
   */
  deletionProtection: boolean;
  /**
   * Take a snapshot when the instance is deleted.
   */
  finalSnapshot: boolean;
  /**
   * Database Insights, standard mode: what the database spends its time on.
   */
  performanceInsights: boolean;
  /**
   * How often enhanced monitoring reads the operating system; 0 turns it off.
   */
  monitoringIntervalSeconds: 0 | 1 | 5 | 10 | 15 | 30 | 60;
  /**
   * Which logs go to CloudWatch Logs.
   *
   * Items: One log.
   */
  logExports: ("postgresql" | "upgrade")[];
  /**
   * The certificate authority of the instance's TLS certificate.
   */
  caCertificate: string;
  /**
   * PostgreSQL parameters, beside those GitLab requires or in their place, within its requirements. New ones take effect at the next restart.
   */
  parameters: {
    /**
     * One parameter's value.
     */
    [k: string]: string;
  };
}
/**
 * The instance's storage.
 */
export interface DatabaseStorageConfig {
  /**
   * Provisioned IOPS (io1, io2) or General Purpose (gp3).
   */
  type: "io1" | "io2" | "gp3";
  /**
   * The allocated storage.
   */
  sizeGib: number;
  /**
   * The provisioned IOPS.
   */
  iops: number;
  /**
   * How far storage autoscaling may grow it; 0 turns autoscaling off.
   */
  maxSizeGib: number;
}
/**
 * Amazon ElastiCache, as Valkey or Redis.
 */
export interface CacheConfig {
  /**
   * The engine the GitLab version supports.
   */
  engine: "valkey" | "redis";
  /**
   * The engine's version.
   */
  engineVersion: string;
  /**
   * The size of each node.
   */
  nodeType: string;
  /**
   * Cluster mode; GitLab doesn't support it.
   */
  clusterMode: false;
  /**
   * Replicas in another zone, and automatic failover to them.
   */
  multiAz: boolean;
  /**
   * Read replicas beside the primary.
   */
  replicas: number;
  /**
   * The zone of each node, the primary's first.
   *
   * @minItems 1
   * @maxItems 6
   *
   * Items: A zone of network.zones.
   */
  zones: string[];
  /**
   * The port it listens on.
   */
  port: number;
  /**
   * How long daily snapshots are kept; 0 takes none.
   */
  snapshotRetentionDays: number;
  /**
   * The weekly maintenance window, in UTC.
   */
  maintenanceWindow?: string;
}
/**
 * Bastion hosts, one in every public subnet.
 */
export interface BastionConfig {
  /**
   * Build them. Session Manager does without.
   */
  enabled: boolean;
  /**
   * The EC2 instance type.
   */
  instanceType: string;
  /**
   * The root volume's size.
   */
  rootVolumeSizeGib: number;
}
/**
 * The Gitaly node, which holds the Git repositories.
 */
export interface GitalyConfig {
  /**
   * The EC2 instance type.
   */
  instanceType: string;
  /**
   * The zone whose private subnet it stands in. A volume can't leave its zone: changing this replaces the data volume.
   */
  zone: string;
  /**
   * The root volume's size. Repositories are not on it.
   */
  rootVolumeSizeGib: number;
  /**
   * Encrypt what application nodes and Gitaly say to each other: TLS on port 9999 in place of plain TCP on 8075, with a certificate that the node makes itself.
   */
  tls: boolean;
  storage: GitalyStorageConfig;
}
/**
 * The data volume, which holds the repositories and outlives the instance.
 */
export interface GitalyStorageConfig {
  /**
   * An EBS volume type: Provisioned IOPS (io1, io2) or General Purpose (gp3).
   */
  type: "io1" | "io2" | "gp3";
  /**
   * The volume's size: big enough for all repositories.
   */
  sizeGib: number;
  /**
   * The provisioned IOPS. GitLab asks for 8,000 read and 2,000 write operations per second.
   */
  iops: number;
  /**
   * The throughput of a gp3 volume; other types have none to set.
   */
  throughputMibps?: number;
}
/**
 * The auto-scaled GitLab nodes.
 */
export interface ApplicationConfig {
  /**
   * The EC2 instance type; a Graviton type gets an arm64 image.
   */
  instanceType: string;
  /**
   * What nodes boot from: Ubuntu LTS, GitLab's official AMI for gitlab.version, or an AMI id.
   */
  image: string;
  /**
   * The root volume's size. GitLab requires 40 GiB.
   */
  rootVolumeSizeGib: number;
  /**
   * How long a node that is in service may fail health checks before it is replaced.
   */
  healthCheckGraceSeconds: number;
  /**
   * How long the launch lifecycle hook waits for a node to report ready before it is replaced.
   */
  bootTimeoutSeconds: number;
  scaling: ApplicationScalingConfig;
}
/**
 * How many nodes there are, and when that changes.
 */
export interface ApplicationScalingConfig {
  /**
   * Never fewer nodes.
   */
  min: number;
  /**
   * Nodes at creation; the scaling policies move it from there.
   */
  desired: number;
  /**
   * Never more nodes.
   */
  max: number;
  scaleOut: ApplicationScalingScaleOutConfig;
  scaleIn: ApplicationScalingScaleInConfig;
  /**
   * How long after one change before the next.
   */
  cooldownSeconds: number;
}
/**
 * When a node is added.
 */
export interface ApplicationScalingScaleOutConfig {
  /**
   * At or above this average CPU utilization.
   */
  cpuPercent: number;
  /**
   * For this long.
   */
  minutes: number;
}
/**
 * When a node is removed.
 */
export interface ApplicationScalingScaleInConfig {
  /**
   * At or below this average CPU utilization.
   */
  cpuPercent: number;
  /**
   * For this long.
   */
  minutes: number;
}
/**
 * What data at rest is encrypted with: volumes, database, cache, buckets, secrets and logs.
 */
export interface EncryptionConfig {
  /**
   * One customer-managed KMS key for all stores, or the keys AWS manages for each service.
   */
  keys: "customer-managed" | "aws-managed";
  /**
   * An existing KMS key to use. docs/encryption.md lists what its policy must allow.
   */
  kmsKeyArn?: string;
}
/**
 * Where Terraform keeps its state: one a tier, or one for everything where the export's layout is modules.
 */
export interface BackendConfig {
  /**
   * Files on this machine, an S3 bucket, HCP Terraform, or whatever is configured by terraform init.
   */
  type: "local" | "s3" | "cloud" | "none";
  local: BackendLocalConfig;
  s3?: BackendS3Config;
  cloud?: BackendCloudConfig;
  none?: BackendNoneConfig;
}
/**
 * Settings of the local backend.
 */
export interface BackendLocalConfig {
  /**
   * The folder of the state files, relative to the project.
   */
  directory: string;
}
/**
 * Settings of the S3 backend. It locks with a lock file and encrypts.
 */
export interface BackendS3Config {
  /**
   * An existing bucket.
   */
  bucket: string;
  /**
   * The bucket's region.
   */
  region: string;
  /**
   * What the states' keys start with: <keyPrefix>/<tier>.tfstate.
   */
  keyPrefix: string;
  /**
   * The key of the one state of the export's layout modules.
   */
  key: string;
}
/**
 * Settings of HCP Terraform.
 */
export interface BackendCloudConfig {
  /**
   * The organization.
   */
  organization: string;
  /**
   * The project the workspaces belong to.
   */
  project?: string;
  /**
   * What workspace names start with: <workspacePrefix>-<tier>.
   */
  workspacePrefix: string;
  /**
   * The one workspace of the export's layout modules.
   */
  workspace: string;
}
/**
 * Settings of a backend that terraform init configures: the topology holds nothing of it but its type.
 */
export interface BackendNoneConfig {
  /**
   * The type of the empty backend block.
   */
  type?: "azurerm" | "consul" | "cos" | "gcs" | "http" | "kubernetes" | "local" | "oss" | "pg" | "remote" | "s3";
}
