// The guide's deployment, applied by plain Terraform, and read back through the AWS CLI chapter by chapter.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { applicationUserData, bastionUserData, gitalyUserData } from "../../modules/nodes/user-data";
import { resolveTopology } from "../../modules/topology";
import { aws as awsOf, type Emulator, leftovers, lifecycleActions, startEmulator, storedPasswords } from "./emulator";
import { changes, type PlanChange, Terraform, terraformEnv } from "./harness";
import { createProject, type Project } from "./project";
import { type Provider, startProvider } from "./provider";

const DEFAULT_TOPOLOGY = JSON.parse(readFileSync(join(__dirname, "../../topology.json"), "utf8"));

/** More than Terraform's ten: the provider waits by the clock for most of a bucket's settings. */
const PARALLELISM = "-parallelism=50";

let emulator: Emulator;
let project: Project;
let provider: Provider;
let terraform: Terraform;
/** All that Terraform printed, and every plan as JSON: where no secret may occur. */
const written: string[] = [];

/** What the AWS CLI answers: JSON without types. */
// biome-ignore lint/suspicious/noExplicitAny: see above
type Answer = any;

/** What was asked before: nothing changes between the first apply and the last test, and each question takes a second. */
const answers = new Map<string, Answer>();

function aws(...args: string[]): Answer {
  const question = JSON.stringify(args);
  if (!answers.has(question)) answers.set(question, awsOf(emulator, ...args));
  return answers.get(question);
}

beforeAll(async () => {
  emulator = await startEmulator();
  // The guide: "Select an existing hosted zone".
  awsOf(emulator, "route53", "create-hosted-zone", "--name", "example.com", "--caller-reference", "e2e");
  project = await createProject(DEFAULT_TOPOLOGY);
  provider = await startProvider(terraformEnv(emulator, project.folder), project.folder);
  terraform = new Terraform(provider.env, (text) => written.push(text));
  await project.forEachTier(async (folder) => {
    await terraform.init(folder);
    await terraform.apply(folder, PARALLELISM);
  });
});

afterAll(async () => {
  await provider?.stop();
  await emulator?.stop();
  project?.remove();
});

const nameOf = ({ Tags = [] }: { Tags?: { Key: string; Value: string }[] }) =>
  Tags.find(({ Key }) => Key === "Name")?.Value;
const byName = (filter: string) => ["--filters", `Name=tag:Name,Values=${filter}`];

describe("Create an IAM EC2 instance role and profile", () => {
  it("lets application nodes use the buckets, and nothing else in S3", () => {
    const { Policies } = aws("iam", "list-policies", "--scope", "Local");
    const policy = Policies.find(({ PolicyName }: { PolicyName: string }) => PolicyName === "gl-s3-policy");
    const version = ["--policy-arn", policy.Arn, "--version-id", policy.DefaultVersionId];
    const [buckets, objects] = aws("iam", "get-policy-version", ...version).PolicyVersion.Document.Statement;
    const types = [
      ...["artifacts", "external-diffs", "lfs", "uploads", "packages", "dependency-proxy", "terraform-state", "pages"],
      ...["ci-secure-files", "registry", "backups"],
    ];
    const arns = types.map((type) => `arn:aws:s3:::gl-gitlab-example-com-${type}`);
    expect(buckets.Action).toEqual(["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"]);
    expect(buckets.Resource).toEqual(arns);
    expect(objects.Action).toContain("s3:AbortMultipartUpload");
    expect(objects.Resource).toEqual(arns.map((arn) => `${arn}/*`));
    const attached = aws("iam", "list-attached-role-policies", "--role-name", "GitLabS3Access").AttachedPolicies;
    expect(attached.map(({ PolicyName }: { PolicyName: string }) => PolicyName).sort()).toEqual([
      "AmazonSSMManagedInstanceCore",
      "gl-s3-policy",
    ]);
  });

  it("gives EC2 the role through an instance profile of the same name", () => {
    const { InstanceProfile } = aws("iam", "get-instance-profile", "--instance-profile-name", "GitLabS3Access");
    expect(InstanceProfile.Roles).toHaveLength(1);
    expect(InstanceProfile.Roles[0]).toMatchObject({
      RoleName: "GitLabS3Access",
      AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: "ec2.amazonaws.com" } }] },
    });
  });

  it("lets each role read just its secrets", () => {
    const statements = (role: string) =>
      aws("iam", "get-role-policy", "--role-name", role, "--policy-name", "access").PolicyDocument.Statement;
    const secrets = (role: string) =>
      statements(role)[0].Resource.map((arn: string) => arn.replace(/.*:secret:(.*)-\w{6}$/, "$1"));
    expect(secrets("gitlab-gitaly")).toEqual(["gitlab/gitaly-token", "gitlab/gitlab-secrets"]);
    expect(secrets("GitLabS3Access")).toEqual([
      "gitlab/database-password",
      "gitlab/cache-token",
      "gitlab/initial-root-password",
      "gitlab/gitaly-token",
      "gitlab/gitlab-secrets",
      "gitlab/ssh-host-keys",
    ]);
    expect(aws("iam", "list-role-policies", "--role-name", "gitlab-bastion").PolicyNames).toEqual([]);
  });
});

describe("Configuring the network", () => {
  it("Creating the VPC: range, DNS resolution and host names", () => {
    const [vpc] = aws("ec2", "describe-vpcs", ...byName("gitlab-vpc")).Vpcs;
    expect(vpc.CidrBlock).toBe("10.0.0.0/16");
    for (const [attribute, key] of [
      ["enableDnsSupport", "EnableDnsSupport"],
      ["enableDnsHostnames", "EnableDnsHostnames"],
    ] as const) {
      const answer = aws("ec2", "describe-vpc-attribute", "--vpc-id", vpc.VpcId, "--attribute", attribute);
      expect(answer[key]).toEqual({ Value: true });
    }
  });

  it("Subnets: four, two a zone, public ones assigning addresses", () => {
    const { Subnets } = aws("ec2", "describe-subnets", ...byName("gitlab-*"));
    const rows = Subnets.map((subnet: Record<string, unknown>) => [
      nameOf(subnet),
      subnet.AvailabilityZone,
      subnet.CidrBlock,
      subnet.MapPublicIpOnLaunch,
    ]).sort();
    expect(rows).toEqual([
      ["gitlab-private-10.0.1.0", "us-west-2a", "10.0.1.0/24", false],
      ["gitlab-private-10.0.3.0", "us-west-2b", "10.0.3.0/24", false],
      ["gitlab-public-10.0.0.0", "us-west-2a", "10.0.0.0/24", true],
      ["gitlab-public-10.0.2.0", "us-west-2b", "10.0.2.0/24", true],
    ]);
  });

  it("Internet Gateway: attached to the VPC", () => {
    const [gateway] = aws("ec2", "describe-internet-gateways", ...byName("gitlab-gateway")).InternetGateways;
    expect(gateway.Attachments).toEqual([{ State: "available", VpcId: vpcId() }]);
  });

  it("Create NAT Gateways: one in each public subnet, with an Elastic IP", () => {
    const { NatGateways } = aws("ec2", "describe-nat-gateways");
    const subnets = NatGateways.map(({ SubnetId }: { SubnetId: string }) => subnetName(SubnetId)).sort();
    expect(subnets).toEqual(["gitlab-public-10.0.0.0", "gitlab-public-10.0.2.0"]);
    for (const gateway of NatGateways) expect(gateway.NatGatewayAddresses[0].AllocationId).toMatch(/^eipalloc-/);
  });

  it("Route Tables: public through the internet gateway, private through their zone's NAT gateway", () => {
    const { RouteTables } = aws("ec2", "describe-route-tables", ...byName("gitlab-*"));
    const { NatGateways } = aws("ec2", "describe-nat-gateways");
    const summary = Object.fromEntries(
      RouteTables.map((table: Answer) => [
        nameOf(table),
        {
          default: (table.Routes as Record<string, string>[])
            .filter((route) => route.DestinationCidrBlock === "0.0.0.0/0")
            .map((route) => {
              const nat = NatGateways.find((one: Answer) => one.NatGatewayId === route.NatGatewayId);
              return nat ? `NAT in ${subnetName(nat.SubnetId)}` : route.GatewayId?.slice(0, 3);
            }),
          subnets: (table.Associations as Record<string, string>[])
            .map(({ SubnetId }) => subnetName(SubnetId as string))
            .sort(),
        },
      ]),
    );
    expect(summary).toEqual({
      "gitlab-public": { default: ["igw"], subnets: ["gitlab-public-10.0.0.0", "gitlab-public-10.0.2.0"] },
      "gitlab-private-a": { default: ["NAT in gitlab-public-10.0.0.0"], subnets: ["gitlab-private-10.0.1.0"] },
      "gitlab-private-b": { default: ["NAT in gitlab-public-10.0.2.0"], subnets: ["gitlab-private-10.0.3.0"] },
    });
  });

  it("keeps S3 traffic inside AWS, and empties the default security group", () => {
    const { VpcEndpoints } = aws("ec2", "describe-vpc-endpoints");
    expect(VpcEndpoints).toHaveLength(1);
    expect(VpcEndpoints[0]).toMatchObject({ ServiceName: "com.amazonaws.us-west-2.s3", VpcEndpointType: "Gateway" });
    expect(VpcEndpoints[0].RouteTableIds).toHaveLength(3);
    const filters = [`Name=vpc-id,Values=${vpcId()}`, "Name=group-name,Values=default"];
    const [group] = aws("ec2", "describe-security-groups", "--filters", ...filters).SecurityGroups;
    expect(group).toMatchObject({ IpPermissions: [], IpPermissionsEgress: [] });
  });

  it("records flow logs, encrypted and for a year", () => {
    const [flowLog] = aws("ec2", "describe-flow-logs").FlowLogs;
    expect(flowLog).toMatchObject({
      ResourceId: vpcId(),
      TrafficType: "ALL",
      LogDestination: expect.stringMatching(/:log-group:\/gitlab\/vpc-flow-logs$/),
    });
    const [group] = aws("logs", "describe-log-groups", "--log-group-name-prefix", "/gitlab/vpc-flow-logs").logGroups;
    expect(group).toMatchObject({ retentionInDays: 365, kmsKeyId: keyArn() });
  });
});

describe("Security groups", () => {
  it("let in exactly what the guide and its addendum allow", () => {
    expect(rules("IpPermissions")).toEqual(
      [
        "gitlab-loadbalancer-sec-group 80 from 0.0.0.0/0",
        "gitlab-loadbalancer-sec-group 80 from ::/0",
        "gitlab-loadbalancer-sec-group 443 from 0.0.0.0/0",
        "gitlab-loadbalancer-sec-group 443 from ::/0",
        "gitlab-loadbalancer-sec-group 22 from 203.0.113.0/24",
        "gitlab-app-sec-group 80 from gitlab-loadbalancer-sec-group",
        "gitlab-app-sec-group 8081 from gitlab-loadbalancer-sec-group",
        "gitlab-app-sec-group 22 from gitlab-loadbalancer-sec-group",
        "gitlab-app-sec-group 22 from bastion-sec-group",
        "gitlab-rds-sec-group 5432 from gitlab-app-sec-group",
        "gitlab-redis-sec-group 6379 from gitlab-app-sec-group",
        "gitlab-gitaly-sec-group 8075 from gitlab-app-sec-group",
        "gitlab-gitaly-sec-group 22 from bastion-sec-group",
        "bastion-sec-group 22 from 203.0.113.0/24",
      ].sort(),
    );
  });

  it("let out what the nodes need; database and cache nothing", () => {
    expect(rules("IpPermissionsEgress")).toEqual(
      [
        "gitlab-loadbalancer-sec-group 80 to gitlab-app-sec-group",
        "gitlab-loadbalancer-sec-group 8081 to gitlab-app-sec-group",
        "gitlab-loadbalancer-sec-group 22 to gitlab-app-sec-group",
        "gitlab-app-sec-group 5432 to gitlab-rds-sec-group",
        "gitlab-app-sec-group 6379 to gitlab-redis-sec-group",
        "gitlab-app-sec-group 8075 to gitlab-gitaly-sec-group",
        "gitlab-app-sec-group 80 to 0.0.0.0/0",
        "gitlab-app-sec-group 443 to 0.0.0.0/0",
        "gitlab-gitaly-sec-group 80 to 0.0.0.0/0",
        "gitlab-gitaly-sec-group 443 to 0.0.0.0/0",
        "bastion-sec-group 22 to gitlab-app-sec-group",
        "bastion-sec-group 22 to gitlab-gitaly-sec-group",
        "bastion-sec-group 80 to 0.0.0.0/0",
        "bastion-sec-group 443 to 0.0.0.0/0",
      ].sort(),
    );
  });
});

describe("Load Balancer", () => {
  it("is an internet-facing IPv4 Network Load Balancer in both public subnets, with its security group", () => {
    const lb = loadBalancer();
    expect(lb).toMatchObject({ Type: "network", Scheme: "internet-facing", IpAddressType: "ipv4" });
    const subnets = lb.AvailabilityZones.map(({ SubnetId }: { SubnetId: string }) => subnetName(SubnetId)).sort();
    expect(subnets).toEqual(["gitlab-public-10.0.0.0", "gitlab-public-10.0.2.0"]);
    expect(lb.SecurityGroups.map(groupName)).toEqual(["gitlab-loadbalancer-sec-group"]);
  });

  it("has cross-zone balancing, deletion protection and access logs", () => {
    const arn = loadBalancer().LoadBalancerArn;
    expect(attributes(aws("elbv2", "describe-load-balancer-attributes", "--load-balancer-arn", arn))).toMatchObject({
      "load_balancing.cross_zone.enabled": "true",
      "deletion_protection.enabled": "true",
      "access_logs.s3.enabled": "true",
      "access_logs.s3.bucket": "gl-gitlab-example-com-access-logs",
    });
  });

  it("listens on 22, 80 and 443, which alone has TLS and the certificate", () => {
    const { Listeners } = aws("elbv2", "describe-listeners", "--load-balancer-arn", loadBalancer().LoadBalancerArn);
    const groups = targetGroups();
    const summary = Listeners.map((listener: Answer) => [
      listener.Port,
      listener.Protocol,
      groups[(listener.DefaultActions as Record<string, string>[])[0]?.TargetGroupArn as string]?.TargetGroupName,
    ]).sort(([a]: number[], [b]: number[]) => (a as number) - (b as number));
    expect(summary).toEqual([
      [22, "TCP", "gitlab-loadbalancer-ssh-target"],
      [80, "TCP", "gitlab-redirect-target"],
      [443, "TLS", "gitlab-loadbalancer-http-target"],
    ]);
    const tls = Listeners.find(({ Port }: { Port: number }) => Port === 443);
    expect(tls.SslPolicy).toBe("ELBSecurityPolicy-TLS13-1-2-Res-2021-06");
    const certificate = aws("acm", "describe-certificate", "--certificate-arn", tls.Certificates[0].CertificateArn);
    expect(certificate.Certificate).toMatchObject({ DomainName: "gitlab.example.com", Status: "ISSUED" });
  });

  it("checks HTTP targets by readiness and SSH targets by TCP", () => {
    const groups = Object.values(targetGroups());
    expect(groups.find((group) => group.TargetGroupName === "gitlab-loadbalancer-http-target")).toMatchObject({
      Protocol: "TCP",
      Port: 80,
      TargetType: "instance",
      HealthCheckProtocol: "HTTP",
      HealthCheckPath: "/-/readiness",
      Matcher: { HttpCode: "200" },
    });
    expect(groups.find((group) => group.TargetGroupName === "gitlab-loadbalancer-ssh-target")).toMatchObject({
      Protocol: "TCP",
      Port: 22,
      HealthCheckProtocol: "TCP",
    });
  });

  it("preserves client addresses, and speaks no PROXY protocol", () => {
    for (const arn of Object.keys(targetGroups())) {
      const set = attributes(aws("elbv2", "describe-target-group-attributes", "--target-group-arn", arn));
      expect(set["preserve_client_ip.enabled"]).toBe("true");
      // Off is the default, which Terraform doesn't send.
      expect(set["proxy_protocol_v2.enabled"] ?? "false").toBe("false");
    }
  });

  it("Configure DNS: an alias A record in the existing zone, target health not evaluated", () => {
    const record = records("example.com.").find(({ Name }) => Name === "gitlab.example.com.");
    expect(record).toMatchObject({
      Type: "A",
      AliasTarget: { DNSName: expect.stringContaining("gitlab-loadbalancer"), EvaluateTargetHealth: false },
    });
  });
});

describe("PostgreSQL with RDS", () => {
  it("RDS Subnet Group: both private subnets", () => {
    const [group] = aws(
      "rds",
      "describe-db-subnet-groups",
      "--db-subnet-group-name",
      "gitlab-rds-group",
    ).DBSubnetGroups;
    const subnets = group.Subnets.map((one: Answer) => subnetName(one.SubnetIdentifier)).sort();
    expect(subnets).toEqual(["gitlab-private-10.0.1.0", "gitlab-private-10.0.3.0"]);
  });

  it("Create the database", () => {
    const [database] = aws("rds", "describe-db-instances", "--db-instance-identifier", "gitlab-db-ha").DBInstances;
    expect(database).toMatchObject({
      Engine: "postgres",
      DBInstanceClass: "db.m5.large",
      MultiAZ: true,
      StorageType: "io1",
      AllocatedStorage: 100,
      Iops: 1000,
      MaxAllocatedStorage: 500,
      MasterUsername: "gitlab",
      DBName: "gitlabhq_production",
      Endpoint: { Port: 5432 },
      PubliclyAccessible: false,
      AutoMinorVersionUpgrade: false,
      BackupRetentionPeriod: 7,
      StorageEncrypted: true,
      KmsKeyId: keyArn(),
      DeletionProtection: true,
      CACertificateIdentifier: "rds-ca-rsa2048-g1",
      MonitoringInterval: 60,
      PerformanceInsightsEnabled: true,
      EnabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      CopyTagsToSnapshot: true,
      DBSubnetGroup: { DBSubnetGroupName: "gitlab-rds-group" },
    });
    expect(database.EngineVersion).toMatch(/^17/);
    expect(database.VpcSecurityGroups.map((one: Answer) => groupName(one.VpcSecurityGroupId))).toEqual([
      "gitlab-rds-sec-group",
    ]);
  });

  it("has what GitLab requires in its parameter group", () => {
    const name = ["--db-parameter-group-name", "gitlab-db-ha-postgres17"];
    expect(aws("rds", "describe-db-parameter-groups", ...name).DBParameterGroups[0].DBParameterGroupFamily).toBe(
      "postgres17",
    );
    const { Parameters } = aws("rds", "describe-db-parameters", ...name);
    const values = Object.fromEntries(Parameters.map((one: Answer) => [one.ParameterName, one.ParameterValue]));
    expect(values).toMatchObject({ work_mem: "8192", statement_timeout: "60000" });
  });
});

describe("Redis with ElastiCache", () => {
  it("Redis Subnet Group: both private subnets", () => {
    const name = ["--cache-subnet-group-name", "gitlab-redis-group"];
    const [group] = aws("elasticache", "describe-cache-subnet-groups", ...name).CacheSubnetGroups;
    const subnets = group.Subnets.map((one: Answer) => subnetName(one.SubnetIdentifier)).sort();
    expect(subnets).toEqual(["gitlab-private-10.0.1.0", "gitlab-private-10.0.3.0"]);
  });

  it("Create the Redis Cluster: cluster mode off, Multi-AZ, encrypted, the engine GitLab 19 supports", () => {
    expect(replicationGroup()).toMatchObject({
      ClusterEnabled: false,
      MultiAZ: "enabled",
      AutomaticFailover: "enabled",
      CacheNodeType: "cache.t3.medium",
      AtRestEncryptionEnabled: true,
      TransitEncryptionEnabled: true,
      KmsKeyId: keyArn(),
      SnapshotRetentionLimit: 7,
      UserGroupIds: ["gitlab-redis"],
      Engine: "valkey",
    });
    expect(replicationGroup().MemberClusters).toHaveLength(3);
  });

  it("puts the last replica into another zone than the first two nodes", () => {
    const members = replicationGroup().NodeGroups[0].NodeGroupMembers;
    expect(members.map((one: Answer) => one.PreferredAvailabilityZone)).toEqual([
      "us-west-2a",
      "us-west-2a",
      "us-west-2b",
    ]);
  });

  it("evicts nothing", () => {
    const name = ["--cache-parameter-group-name", "gitlab-redis-valkey7"];
    const { Parameters } = aws("elasticache", "describe-cache-parameters", ...name);
    expect(Parameters).toContainEqual(
      expect.objectContaining({ ParameterName: "maxmemory-policy", ParameterValue: "noeviction" }),
    );
  });

  it("admits one user, default", () => {
    const [user] = aws("elasticache", "describe-users", "--user-id", "gitlab-redis-default").Users;
    expect(user).toMatchObject({ UserName: "default", Status: "active", AccessString: "on ~* &* +@all" });
  });
});

describe("Setting up Bastion Hosts", () => {
  const bastions = () => instances().filter((one) => nameOf(one)?.startsWith("Bastion Host"));

  it("Create Bastion Host A and B: one a public subnet, t2.micro, 8 GiB, Ubuntu LTS", () => {
    expect(
      bastions()
        .map((one) => [nameOf(one), one.InstanceType, subnetName(one.SubnetId)])
        .sort(),
    ).toEqual([
      ["Bastion Host A", "t2.micro", "gitlab-public-10.0.0.0"],
      ["Bastion Host B", "t2.micro", "gitlab-public-10.0.2.0"],
    ]);
    for (const bastion of bastions()) {
      expect(rootVolume(bastion)).toMatchObject({ Size: 8, Encrypted: true });
      expect(imageName(bastion.ImageId)).toMatch(/^ubuntu\/images\/hvm-ssd-gp3\/ubuntu-noble-24\.04-amd64-server-/);
      expect(bastion.SecurityGroups.map((one: Answer) => one.GroupName)).toEqual(["bastion-sec-group"]);
    }
  });

  it("Assign Elastic IP: one each", () => {
    const { Addresses } = aws("ec2", "describe-addresses", ...byName("Bastion Host *"));
    const holders = Addresses.map(({ InstanceId }: { InstanceId: string }) => InstanceId).sort();
    expect(holders).toEqual(
      bastions()
        .map(({ InstanceId }) => InstanceId)
        .sort(),
    );
  });
});

describe("Set up Gitaly", () => {
  const gitaly = () => instances().find((one) => nameOf(one) === "Gitaly") as ReturnType<typeof instances>[number];

  it("is one instance in the first private subnet", () => {
    expect(gitaly()).toMatchObject({ InstanceType: "m5.xlarge" });
    expect(subnetName(gitaly().SubnetId)).toBe("gitlab-private-10.0.1.0");
    expect(gitaly().PublicIpAddress).toBeUndefined();
    expect(gitaly().SecurityGroups).toEqual([expect.objectContaining({ GroupName: "gitlab-gitaly-sec-group" })]);
  });

  it("keeps repositories on an encrypted io1 volume of its own", () => {
    const [volume] = aws("ec2", "describe-volumes", ...byName("gitlab-gitaly-data")).Volumes;
    expect(volume).toMatchObject({ VolumeType: "io1", Size: 20, Iops: 1000, Encrypted: true, KmsKeyId: keyArn() });
    expect(volume.AvailabilityZone).toBe("us-west-2a");
    expect(volume.Attachments).toEqual([
      expect.objectContaining({ InstanceId: gitaly().InstanceId, Device: "/dev/sdf" }),
    ]);
  });

  it("has a private name", () => {
    const record = records("gitlab.internal.").find(({ Name }) => Name === "gitaly.gitlab.internal.");
    expect(record).toMatchObject({ Type: "A", TTL: 60, ResourceRecords: [{ Value: gitaly().PrivateIpAddress }] });
  });
});

describe("Amazon S3 object storage", () => {
  const buckets = () =>
    aws("s3api", "list-buckets")
      .Buckets.map(({ Name }: { Name: string }) => Name)
      .sort() as string[];

  it("has a bucket a type", () => {
    expect(buckets()).toEqual(
      [
        ...["access-logs", "artifacts", "backups", "ci-secure-files", "dependency-proxy", "external-diffs", "lfs"],
        ...["packages", "pages", "registry", "terraform-state", "uploads"],
      ].map((type) => `gl-gitlab-example-com-${type}`),
    );
  });

  it("keeps each private, encrypted, versioned, tidy and TLS-only", () => {
    for (const bucket of ["gl-gitlab-example-com-artifacts", "gl-gitlab-example-com-backups"]) {
      const get = (what: string) => aws("s3api", `get-${what}`, "--bucket", bucket);
      expect(get("public-access-block").PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      expect(get("bucket-ownership-controls").OwnershipControls.Rules).toEqual([
        { ObjectOwnership: "BucketOwnerEnforced" },
      ]);
      expect(get("bucket-encryption").ServerSideEncryptionConfiguration.Rules[0]).toMatchObject({
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: keyArn() },
      });
      expect(get("bucket-versioning").Status).toBe("Enabled");
      expect(get("bucket-lifecycle-configuration").Rules).toEqual([
        expect.objectContaining({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }),
        expect.objectContaining({ NoncurrentVersionExpiration: { NoncurrentDays: 30 } }),
      ]);
      expect(JSON.parse(get("bucket-policy").Policy).Statement[0]).toMatchObject({
        Effect: "Deny",
        Principal: "*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
    }
  });
});

describe("Deploy GitLab inside an auto scaling group", () => {
  const group = () =>
    aws("autoscaling", "describe-auto-scaling-groups", "--auto-scaling-group-names", "gitlab-auto-scaling-group")
      .AutoScalingGroups[0];

  it("Create a launch template: instance type, encrypted root volume, IMDSv2, instance profile", () => {
    const name = ["--launch-template-name", "gitlab-launch-template"];
    const [version] = aws("ec2", "describe-launch-template-versions", ...name).LaunchTemplateVersions;
    expect(version.LaunchTemplateData).toMatchObject({
      InstanceType: "c5.2xlarge",
      IamInstanceProfile: { Name: "GitLabS3Access" },
      MetadataOptions: { HttpTokens: "required", HttpEndpoint: "enabled", HttpPutResponseHopLimit: 1 },
      Monitoring: { Enabled: true },
    });
    expect(version.LaunchTemplateData.BlockDeviceMappings).toEqual([
      {
        DeviceName: "/dev/sda1",
        Ebs: expect.objectContaining({ VolumeSize: 40, VolumeType: "gp3", Encrypted: true, KmsKeyId: keyArn() }),
      },
    ]);
    expect(version.LaunchTemplateData.SecurityGroupIds.map(groupName)).toEqual(["gitlab-app-sec-group"]);
  });

  it("Create an auto scaling group: 2 of 2 to 4 nodes in the private subnets, ELB health checks", () => {
    expect(group()).toMatchObject({
      MinSize: 2,
      DesiredCapacity: 2,
      MaxSize: 4,
      HealthCheckType: "ELB",
      HealthCheckGracePeriod: 300,
      LaunchTemplate: { LaunchTemplateName: "gitlab-launch-template" },
    });
    expect(group().VPCZoneIdentifier.split(",").map(subnetName).sort()).toEqual([
      "gitlab-private-10.0.1.0",
      "gitlab-private-10.0.3.0",
    ]);
    const names = group().TargetGroupARNs.map((arn: string) => targetGroups()[arn]?.TargetGroupName);
    expect(names.sort()).toEqual([
      "gitlab-loadbalancer-http-target",
      "gitlab-loadbalancer-ssh-target",
      "gitlab-redirect-target",
    ]);
  });

  it("launches nodes with the deployment's tags, and holds them until they are ready", () => {
    const nodes = instances().filter((one) => nameOf(one) === "GitLab");
    expect(nodes).toHaveLength(2);
    for (const node of nodes) {
      expect(node.Tags).toContainEqual({ Key: "Deployment", Value: "gitlab" });
      expect(node.MetadataOptions?.HttpTokens ?? "required").toBe("required");
    }
    const name = ["--auto-scaling-group-name", "gitlab-auto-scaling-group"];
    expect(aws("autoscaling", "describe-lifecycle-hooks", ...name).LifecycleHooks).toEqual([
      expect.objectContaining({
        LifecycleHookName: "ready",
        LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
        HeartbeatTimeout: 3600,
        DefaultResult: "ABANDON",
      }),
    ]);
  });

  it("opens a lifecycle action for each node, by the hook that was there before the first one", async () => {
    const nodes = group().Instances.map(({ InstanceId }: Answer) => InstanceId);
    const actions = await lifecycleActions(emulator);
    expect(actions.map(({ InstanceId }) => InstanceId).sort()).toEqual(nodes.sort());
    for (const action of actions) {
      expect(action).toMatchObject({
        AutoScalingGroupName: "gitlab-auto-scaling-group",
        LifecycleHookName: "ready",
        LifecycleActionResult: null,
      });
    }
  });

  it("scales by the guide's policies and alarms", () => {
    const { ScalingPolicies } = aws("autoscaling", "describe-policies");
    const { MetricAlarms } = aws("cloudwatch", "describe-alarms");
    const summary = ScalingPolicies.map((policy: Record<string, string>) => {
      const alarm = MetricAlarms.find(({ AlarmActions }: { AlarmActions: string[] }) =>
        AlarmActions.includes(policy.PolicyARN as string),
      );
      return [policy.PolicyName, policy.ScalingAdjustment, alarm.MetricName, alarm.ComparisonOperator, alarm.Threshold];
    });
    expect(summary.sort()).toEqual([
      ["Scale Down Policy", -1, "CPUUtilization", "LessThanOrEqualToThreshold", 45],
      ["Scale Up Policy", 1, "CPUUtilization", "GreaterThanOrEqualToThreshold", 60],
    ]);
  });
});

describe("Install GitLab and create custom AMI: nodes configure themselves", () => {
  const { topology } = resolveTopology(DEFAULT_TOPOLOGY);
  const gitalyHost = () =>
    records("gitlab.internal.")
      .find(({ Name }) => Name.startsWith("gitaly."))
      ?.Name.slice(0, -1);

  /** What cloud-init on an instance gets, as EC2 holds it. */
  const userDataOf = (instance: Answer): string => {
    const attribute = ["--instance-id", instance.InstanceId, "--attribute", "userData"];
    return aws("ec2", "describe-instance-attribute", ...attribute).UserData.Value;
  };
  const named = (name: string) => instances().filter((one) => nameOf(one) === name);
  const templateUserData = (): string =>
    aws("ec2", "describe-launch-template-versions", "--launch-template-name", "gitlab-launch-template")
      .LaunchTemplateVersions[0].LaunchTemplateData.UserData;
  const text = (userData: string) => gunzipSync(Buffer.from(userData, "base64")).toString();
  const fileIn = (userData: string, path: string): string =>
    parse(text(userData)).write_files.find((file: Answer) => file.path === path).content;

  it("gives application nodes the rendered configuration, with the addresses that there are", () => {
    const [database] = aws("rds", "describe-db-instances", "--db-instance-identifier", "gitlab-db-ha").DBInstances;
    const endpoints = {
      database: database.Endpoint.Address,
      cache: replicationGroup().NodeGroups[0].PrimaryEndpoint.Address,
      gitaly: gitalyHost() as string,
    };
    const userData = templateUserData();
    expect(text(userData)).toBe(applicationUserData(topology, endpoints));
    expect(named("GitLab").map(userDataOf)).toEqual([userData, userData]);
    const settings = fileIn(userData, "/etc/gitlab-node/node.conf");
    expect(settings).toContain(`DATABASE_HOST='${endpoints.database}'\n`);
    expect(settings).toContain("GITALY_HOST='gitaly.gitlab.internal'\n");
    const config = fileIn(userData, "/etc/gitlab/gitlab.rb");
    for (const address of Object.values(endpoints)) expect(config).toContain(address);
  });

  it("gives the Gitaly node its own, with the data volume's id", () => {
    const [volume] = aws("ec2", "describe-volumes", ...byName("gitlab-gitaly-data")).Volumes;
    const [userData] = named("Gitaly").map(userDataOf) as [string];
    const endpoints = { gitaly: gitalyHost() as string, dataVolumeId: volume.VolumeId };
    expect(text(userData)).toBe(gitalyUserData(topology, endpoints));
    expect(fileIn(userData, "/etc/gitlab-node/node.conf")).toContain(`DATA_VOLUME='${volume.VolumeId}'\n`);
  });

  it("gives both bastions theirs", () => {
    const all = ["A", "B"].flatMap((letter) => named(`Bastion Host ${letter}`).map(userDataOf));
    expect(all.map(text)).toEqual([bastionUserData(), bastionUserData()]);
  });

  it("is cloud-config that EC2 takes, without a secret in it", () => {
    const all = [templateUserData(), ...["Gitaly", "Bastion Host A"].flatMap((name) => named(name).map(userDataOf))];
    const { SecretList } = aws("secretsmanager", "list-secrets");
    const values = SecretList.filter(({ SecretVersionsToStages }: Answer) => SecretVersionsToStages).map(
      ({ Name }: Answer) => secret(Name),
    );
    expect(values).toHaveLength(4);
    expect(all).toHaveLength(3);
    for (const userData of all) {
      expect(Buffer.from(userData, "base64").length).toBeLessThanOrEqual(16 * 1024);
      expect(text(userData).split("\n")[0]).toBe("#cloud-config");
      expect(values.filter((value: string) => text(userData).includes(value))).toEqual([]);
    }
  });

  it.each(["application", "gitaly"])(
    "has an encrypted log group for the boot of %s nodes, which they may write to",
    (role) => {
      const [logs] = aws("logs", "describe-log-groups", "--log-group-name-prefix", `/gitlab/${role}`).logGroups;
      expect(logs).toMatchObject({ logGroupName: `/gitlab/${role}`, retentionInDays: 90, kmsKeyId: keyArn() });
      const name = { application: "GitLabS3Access", gitaly: "gitlab-gitaly" }[role] as string;
      const policy = ["--role-name", name, "--policy-name", "access"];
      const { Statement } = aws("iam", "get-role-policy", ...policy).PolicyDocument;
      expect(Statement.find(({ Sid }: Answer) => Sid === "WriteLogs").Resource).toBe(
        `${logs.arn.replace(/:\*$/, "")}:log-stream:*`,
      );
    },
  );
});

describe("Encryption and secrets", () => {
  it("has one key, which rotates, behind an alias", () => {
    const { Aliases } = aws("kms", "list-aliases");
    expect(Aliases.map(({ AliasName }: { AliasName: string }) => AliasName)).toContain("alias/gitlab");
    expect(aws("kms", "get-key-rotation-status", "--key-id", keyArn())).toMatchObject({ KeyRotationEnabled: true });
  });

  it("holds generated passwords, and empty secrets for the nodes to fill", () => {
    for (const name of ["database-password", "cache-token", "initial-root-password", "gitaly-token"]) {
      expect(secret(`gitlab/${name}`)).toMatch(/^[A-Za-z0-9]{32}$/);
    }
    for (const name of ["gitlab-secrets", "ssh-host-keys"]) {
      const description = aws("secretsmanager", "describe-secret", "--secret-id", `gitlab/${name}`);
      expect(description).toMatchObject({ KmsKeyId: keyArn() });
      expect(description.VersionIdsToStages ?? {}).toEqual({});
    }
  });
});

describe("Afterwards", () => {
  it("a second plan changes nothing but what the emulator can't remember", async () => {
    const found: PlanChange[] = [];
    await project.forEachTier(async (folder, tier) => {
      const plan = await terraform.plan(folder);
      written.push(JSON.stringify(plan));
      found.push(...changes(plan).map((change) => ({ ...change, address: `${tier}: ${change.address}` })));
    });
    expect(found).toEqual([]);
  });

  it("Terraform had nothing to warn of", () => {
    expect(written.join("").match(/Warning: .*/g)).toBeNull();
  });

  it("no secret is in a state, a plan or what Terraform printed", () => {
    const secrets = ["database-password", "cache-token", "initial-root-password", "gitaly-token"].map((name) =>
      secret(`gitlab/${name}`),
    );
    const texts = [...written, ...Object.values(project.states())];
    expect(Object.keys(project.states()).sort()).toEqual([...project.tiers].sort());
    for (const value of secrets) expect(texts.filter((text) => text.includes(value))).toEqual([]);
  });

  it("database and cache have the passwords that Secrets Manager holds", async () => {
    const { databases, cacheUsers } = await storedPasswords(emulator);
    expect(databases["gitlab-db-ha"]).toBe(secret("gitlab/database-password"));
    expect(cacheUsers["gitlab-redis-default"]).toEqual([secret("gitlab/cache-token")]);
  });

  it("Terraform refuses to destroy what holds data", async () => {
    for (const tier of ["encryption", "secrets", "storage", "database", "cache", "gitaly"]) {
      const { code, stderr } = await terraform.attempt(project.stack(tier), ["plan", "-destroy", "-no-color"]);
      expect({ tier, code, refused: stderr.includes("Instance cannot be destroyed") }).toEqual({
        tier,
        code: 1,
        refused: true,
      });
    }
  });

  it("without protection everything can be destroyed, and nothing is left", async () => {
    await project.synthesize({ ...DEFAULT_TOPOLOGY, protect: false });
    await project.forEachTier((folder) => terraform.apply(folder, PARALLELISM));
    await project.forEachTierBackwards((folder) => terraform.destroy(folder, PARALLELISM));
    const [{ Id }] = awsOf(emulator, "route53", "list-hosted-zones").HostedZones;
    awsOf(emulator, "route53", "delete-hosted-zone", "--id", Id);
    expect(await leftovers(emulator)).toEqual([]);
  });
});

function vpcId(): string {
  return aws("ec2", "describe-vpcs", ...byName("gitlab-vpc")).Vpcs[0].VpcId;
}

function subnetName(id: string): string | undefined {
  return nameOf(aws("ec2", "describe-subnets", "--subnet-ids", id).Subnets[0]);
}

function keyArn(): string {
  return aws("kms", "describe-key", "--key-id", "alias/gitlab").KeyMetadata.Arn;
}

function groupName(id: string): string {
  return aws("ec2", "describe-security-groups", "--group-ids", id).SecurityGroups[0].GroupName;
}

/** `<group> <port> from|to <peer>`, sorted; every rule of every group of ours. */
function rules(direction: "IpPermissions" | "IpPermissionsEgress"): string[] {
  const { SecurityGroups } = aws("ec2", "describe-security-groups", "--filters", `Name=vpc-id,Values=${vpcId()}`);
  const names = new Map(SecurityGroups.map((one: Answer) => [one.GroupId, one.GroupName]));
  const word = direction === "IpPermissions" ? "from" : "to";
  const lines: string[] = SecurityGroups.flatMap((group: Answer) =>
    group[direction].flatMap((rule: Answer) =>
      [
        ...rule.IpRanges.map((range: Record<string, string>) => range.CidrIp),
        ...rule.Ipv6Ranges.map((range: Record<string, string>) => range.CidrIpv6),
        ...rule.UserIdGroupPairs.map((pair: Record<string, string>) => names.get(pair.GroupId)),
      ].map((peer) => {
        const ports = rule.FromPort === rule.ToPort ? rule.FromPort : `${rule.FromPort}-${rule.ToPort}`;
        return `${group.GroupName} ${ports} ${word} ${peer}`;
      }),
    ),
  );
  return lines.sort();
}

function loadBalancer() {
  return aws("elbv2", "describe-load-balancers", "--names", "gitlab-loadbalancer").LoadBalancers[0];
}

function targetGroups(): Record<string, Record<string, unknown>> {
  const { TargetGroups } = aws("elbv2", "describe-target-groups");
  return Object.fromEntries(TargetGroups.map((group: Record<string, string>) => [group.TargetGroupArn, group]));
}

function attributes(answer: { Attributes: { Key: string; Value: string }[] }): Record<string, string> {
  return Object.fromEntries(answer.Attributes.map(({ Key, Value }) => [Key, Value]));
}

function records(zone: string): { Name: string }[] {
  const { HostedZones } = aws("route53", "list-hosted-zones");
  const { Id } = HostedZones.find(({ Name }: { Name: string }) => Name === zone);
  return aws("route53", "list-resource-record-sets", "--hosted-zone-id", Id).ResourceRecordSets;
}

function replicationGroup() {
  return aws("elasticache", "describe-replication-groups", "--replication-group-id", "gitlab-redis")
    .ReplicationGroups[0];
}
function instances(): Answer[] {
  const { Reservations } = aws("ec2", "describe-instances");
  return Reservations.flatMap(({ Instances }: { Instances: unknown[] }) => Instances);
}
function rootVolume(instance: Answer) {
  const root = instance.BlockDeviceMappings.find((one: Answer) => one.DeviceName === instance.RootDeviceName);
  return aws("ec2", "describe-volumes", "--volume-ids", root.Ebs.VolumeId).Volumes[0];
}

function imageName(id: string): string {
  return aws("ec2", "describe-images", "--image-ids", id).Images[0].Name;
}

function secret(name: string): string {
  return aws("secretsmanager", "get-secret-value", "--secret-id", name).SecretString;
}
