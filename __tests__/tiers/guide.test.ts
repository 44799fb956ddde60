// The default topology against the guide, chapter by chapter: https://docs.gitlab.com/install/aws/
import { applicationUserData, bastionUserData, gitalyUserData } from "../../modules/nodes/user-data";
import { terraformLiteral } from "../../modules/terraform/literal";
import {
  addressesOf,
  type Block,
  dataSource,
  load,
  outputOf,
  outputs,
  resource,
  resources,
  type Stacks,
  statements,
  synthesize,
  TIERS,
  userData,
} from "../synth";

const KEY = outputOf("encryption", "kms_key_arn");
const VPC = outputOf("network", "vpc_id");
const PUBLIC_SUBNETS = ["a", "b"].map((letter) => outputOf("network", `public_subnet_ids["us-west-2${letter}"]`));
const PRIVATE_SUBNETS = ["a", "b"].map((letter) => outputOf("network", `private_subnet_ids["us-west-2${letter}"]`));
/** Compressed, as EC2 takes 16 KiB; the text itself is there to be read. */
const USER_DATA = "${base64gzip(local.user_data)}";
const ACCOUNT = "${data.aws_caller_identity.current.account_id}";
const PROTECTED = { prevent_destroy: true };
const IMDS_V2 = { http_endpoint: "enabled", http_tokens: "required", http_put_response_hop_limit: 1 };

const groupOf = (role: string) => outputOf("security", `security_group_ids["${role}"]`);
const secretOf = (secret: string) => outputOf("secrets", `secret_arns["${secret}"]`);
const bucketOf = (type: string) => outputOf("storage", `bucket_arns["${type}"]`);

const stacks: Stacks = synthesize("topology.json");
const network = stacks.network;
const security = stacks.security;
const loadBalancer = stacks["load-balancer"];

it("has a stack for every tier", () => {
  expect(Object.keys(stacks)).toEqual([...TIERS].sort());
});

describe("Create an IAM EC2 instance role and profile", () => {
  const { iam } = stacks;
  const ASSUMED_BY_EC2 = [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }];
  const OBJECT_BUCKETS = [
    "artifacts",
    "external-diffs",
    "lfs",
    "uploads",
    "packages",
    "dependency-proxy",
    "terraform-state",
    "pages",
    "ci-secure-files",
    "registry",
    "backups",
  ].map(bucketOf);
  const writeLogs = (role: string) => ({
    Sid: "WriteLogs",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: `arn:aws:logs:us-west-2:${ACCOUNT}:log-group:/gitlab/${role}:log-stream:*`,
  });

  const USE_KEY = { Sid: "UseKey", Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: KEY };

  it("has the policy gl-s3-policy: bucket actions on the buckets, object actions on their keys", () => {
    const { name, policy } = resource(iam, "aws_iam_policy", "object_storage");
    expect(name).toBe("gl-s3-policy");
    expect(statements(policy)).toEqual([
      {
        Sid: "Buckets",
        Effect: "Allow",
        Action: ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
        Resource: OBJECT_BUCKETS,
      },
      {
        Sid: "Objects",
        Effect: "Allow",
        Action: [
          "s3:PutObject",
          "s3:GetObject",
          "s3:DeleteObject",
          "s3:PutObjectAcl",
          "s3:AbortMultipartUpload",
          "s3:ListMultipartUploadParts",
        ],
        Resource: OBJECT_BUCKETS.map((arn) => `${arn}/*`),
      },
    ]);
  });

  it.each([
    ["application", "GitLabS3Access"],
    ["gitaly", "gitlab-gitaly"],
    ["bastion", "gitlab-bastion"],
  ])("has a role and an instance profile for %s: %s", (id, name) => {
    const role = resource(iam, "aws_iam_role", id);
    expect(role.name).toBe(name);
    expect(statements(role.assume_role_policy)).toEqual(ASSUMED_BY_EC2);
    expect(resource(iam, "aws_iam_instance_profile", `${id}_profile`)).toMatchObject({
      name,
      role: `\${aws_iam_role.${id}.name}`,
    });
  });

  it("attaches the policy to application nodes only, and Session Manager to all instances", () => {
    const attached = Object.values(resources(iam, "aws_iam_role_policy_attachment")).map(({ role, policy_arn }) => [
      role,
      policy_arn,
    ]);
    const sessionManager = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
    expect(attached.sort()).toEqual([
      ["${aws_iam_role.application.name}", "${aws_iam_policy.object_storage.arn}"],
      ["${aws_iam_role.application.name}", sessionManager],
      ["${aws_iam_role.bastion.name}", sessionManager],
      ["${aws_iam_role.gitaly.name}", sessionManager],
    ]);
  });

  it("lets application nodes read their secrets and fill those the nodes make", () => {
    const { role, policy } = resource(iam, "aws_iam_role_policy", "application_access");
    expect(role).toBe("${aws_iam_role.application.id}");
    expect(statements(policy)).toEqual([
      {
        Sid: "ReadSecrets",
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        Resource: [
          secretOf("database-password"),
          secretOf("cache-token"),
          secretOf("initial-root-password"),
          secretOf("gitaly-token"),
          secretOf("gitlab-secrets"),
          secretOf("ssh-host-keys"),
        ],
      },
      {
        Sid: "FillSecrets",
        Effect: "Allow",
        Action: "secretsmanager:PutSecretValue",
        Resource: [secretOf("gitlab-secrets"), secretOf("ssh-host-keys")],
      },
      USE_KEY,
      writeLogs("application"),
      {
        Sid: "CompleteLaunches",
        Effect: "Allow",
        Action: "autoscaling:CompleteLifecycleAction",
        Resource: `arn:aws:autoscaling:us-west-2:${ACCOUNT}:autoScalingGroup:*:autoScalingGroupName/gitlab-auto-scaling-group`,
      },
    ]);
  });

  it("lets Gitaly read its two secrets, and bastions none", () => {
    const { role, policy } = resource(iam, "aws_iam_role_policy", "gitaly_access");
    expect(role).toBe("${aws_iam_role.gitaly.id}");
    expect(statements(policy)).toEqual([
      {
        Sid: "ReadSecrets",
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        Resource: [secretOf("gitaly-token"), secretOf("gitlab-secrets")],
      },
      USE_KEY,
      writeLogs("gitaly"),
    ]);
    expect(Object.keys(resources(iam, "aws_iam_role_policy"))).toEqual(["application_access", "gitaly_access"]);
  });

  it("grants nothing on a wildcard resource", () => {
    const policies = TIERS.flatMap((tier) =>
      ["aws_iam_policy", "aws_iam_role_policy"].flatMap((type) => Object.values(resources(stacks[tier], type))),
    );
    expect(policies).toHaveLength(4);
    for (const { policy } of policies) {
      for (const { Action, Resource } of statements(policy)) {
        expect([Action].flat().filter((action) => action.includes("*"))).toEqual([]);
        // A reference to one thing, and at most what is below it.
        // An auto scaling group's ARN has an id in it that nobody knows before, a log stream's name is the instance's.
        for (const one of [Resource].flat()) {
          expect(one).toMatch(
            /^\$\{[^*}]+\}(\/\*|:\*)?$|^arn:[^*]+:log-group:[^*]+:log-stream:\*$|:autoScalingGroup:\*:autoScalingGroupName\/[^*]+$/,
          );
        }
      }
    }
  });
});

describe("Creating the Virtual Private Cloud (VPC)", () => {
  it("is gitlab-vpc, 10.0.0.0/16, with DNS resolution and hostnames", () => {
    expect(resource(network, "aws_vpc", "vpc")).toEqual({
      cidr_block: "10.0.0.0/16",
      enable_dns_support: true,
      enable_dns_hostnames: true,
      tags: { Name: "gitlab-vpc" },
    });
  });

  it("leaves the default security group without rules", () => {
    expect(resource(network, "aws_default_security_group", "default")).toEqual({
      vpc_id: "${aws_vpc.vpc.id}",
      tags: { Name: "gitlab-vpc-default" },
    });
  });

  it("keeps flow logs of all traffic for a year", () => {
    expect(resource(network, "aws_flow_log", "flow_logs")).toEqual({
      vpc_id: "${aws_vpc.vpc.id}",
      traffic_type: "ALL",
      log_destination_type: "cloud-watch-logs",
      log_destination: "${aws_cloudwatch_log_group.flow_logs_group.arn}",
      iam_role_arn: "${aws_iam_role.flow_logs_role.arn}",
      max_aggregation_interval: 600,
      tags: { Name: "gitlab-vpc" },
      depends_on: ["aws_iam_role_policy.flow_logs_policy"],
    });
    expect(resource(network, "aws_cloudwatch_log_group", "flow_logs_group")).toEqual({
      name: "/gitlab/vpc-flow-logs",
      retention_in_days: 365,
      kms_key_id: KEY,
    });
    const role = resource(network, "aws_iam_role", "flow_logs_role");
    expect(role.name).toBe("gitlab-flow-logs");
    expect(statements(role.assume_role_policy)).toEqual([
      { Effect: "Allow", Principal: { Service: "vpc-flow-logs.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
    const group = "${aws_cloudwatch_log_group.flow_logs_group.arn}";
    expect(statements(resource(network, "aws_iam_role_policy", "flow_logs_policy").policy)).toEqual([
      {
        Sid: "WriteFlowLogs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
        Resource: [group, `${group}:*`],
      },
    ]);
  });
});

describe("Subnets", () => {
  it("are the guide's four", () => {
    const rows = Object.values(resources(network, "aws_subnet")).map((subnet) => {
      expect(subnet.vpc_id).toBe("${aws_vpc.vpc.id}");
      return [subnet.tags.Name, subnet.map_public_ip_on_launch, subnet.availability_zone, subnet.cidr_block];
    });
    expect(rows).toEqual([
      ["gitlab-private-10.0.1.0", false, "us-west-2a", "10.0.1.0/24"],
      ["gitlab-private-10.0.3.0", false, "us-west-2b", "10.0.3.0/24"],
      ["gitlab-public-10.0.0.0", true, "us-west-2a", "10.0.0.0/24"],
      ["gitlab-public-10.0.2.0", true, "us-west-2b", "10.0.2.0/24"],
    ]);
  });
});

describe("Internet Gateway", () => {
  it("is gitlab-gateway, attached to the VPC", () => {
    expect(resource(network, "aws_internet_gateway", "internet_gateway")).toEqual({
      vpc_id: "${aws_vpc.vpc.id}",
      tags: { Name: "gitlab-gateway" },
    });
  });
});

describe("Create NAT Gateways", () => {
  it("puts one with an Elastic IP into each public subnet", () => {
    const gateway = (letter: string) => ({
      allocation_id: `\${aws_eip.nat_${letter}_address.id}`,
      subnet_id: `\${aws_subnet.public_${letter}.id}`,
      tags: { Name: `gitlab-nat-${letter}` },
      depends_on: ["aws_internet_gateway.internet_gateway"],
    });
    const address = (letter: string) => ({ domain: "vpc", tags: { Name: `gitlab-nat-${letter}` } });
    expect(resources(network, "aws_nat_gateway")).toEqual({ nat_a: gateway("a"), nat_b: gateway("b") });
    expect(resources(network, "aws_eip")).toEqual({ nat_a_address: address("a"), nat_b_address: address("b") });
  });
});

describe("Route Tables", () => {
  it("are gitlab-public, gitlab-private-a and gitlab-private-b", () => {
    const table = (name: string) => ({ vpc_id: "${aws_vpc.vpc.id}", tags: { Name: name } });
    expect(resources(network, "aws_route_table")).toEqual({
      public: table("gitlab-public"),
      private_a_routes: table("gitlab-private-a"),
      private_b_routes: table("gitlab-private-b"),
    });
  });

  it("lead public subnets to the internet gateway, private ones to the NAT gateway of their zone", () => {
    const everywhere = { destination_cidr_block: "0.0.0.0/0" };
    expect(resources(network, "aws_route")).toEqual({
      public_default: {
        ...everywhere,
        route_table_id: "${aws_route_table.public.id}",
        gateway_id: "${aws_internet_gateway.internet_gateway.id}",
      },
      private_a_default: {
        ...everywhere,
        route_table_id: "${aws_route_table.private_a_routes.id}",
        nat_gateway_id: "${aws_nat_gateway.nat_a.id}",
      },
      private_b_default: {
        ...everywhere,
        route_table_id: "${aws_route_table.private_b_routes.id}",
        nat_gateway_id: "${aws_nat_gateway.nat_b.id}",
      },
    });
  });

  it("are associated with their subnets", () => {
    const association = (table: string, subnet: string) => ({
      route_table_id: `\${aws_route_table.${table}.id}`,
      subnet_id: `\${aws_subnet.${subnet}.id}`,
    });
    expect(resources(network, "aws_route_table_association")).toEqual({
      public_a_association: association("public", "public_a"),
      public_b_association: association("public", "public_b"),
      private_a_association: association("private_a_routes", "private_a"),
      private_b_association: association("private_b_routes", "private_b"),
    });
  });

  it("lead to S3 through a gateway endpoint", () => {
    expect(resource(network, "aws_vpc_endpoint", "s3")).toEqual({
      vpc_id: "${aws_vpc.vpc.id}",
      service_name: "com.amazonaws.us-west-2.s3",
      vpc_endpoint_type: "Gateway",
      route_table_ids: [
        "${aws_route_table.public.id}",
        "${aws_route_table.private_a_routes.id}",
        "${aws_route_table.private_b_routes.id}",
      ],
      tags: { Name: "gitlab-s3" },
    });
  });
});

describe("Security groups of all chapters", () => {
  const group = (name: string, description: string) => ({ name, description, vpc_id: VPC, tags: { Name: name } });
  const nameOf = (reference: string) => /^\$\{aws_security_group\.(\w+)\.id\}$/.exec(reference)?.[1];
  const peerOf = ({ referenced_security_group_id, cidr_ipv4, cidr_ipv6 }: Block) =>
    nameOf(referenced_security_group_id ?? "") ?? cidr_ipv4 ?? cidr_ipv6;
  /** The rules as a reader of the network diagram would write them. */
  const table = (type: string) =>
    Object.values(resources(security, type)).map((rule) => {
      expect(rule).toMatchObject({ ip_protocol: "tcp", from_port: rule.to_port });
      return [nameOf(rule.security_group_id), peerOf(rule), rule.to_port, rule.description].join(" | ");
    });

  it("are the guide's, and one for application nodes", () => {
    expect(resources(security, "aws_security_group")).toEqual({
      load_balancer: group("gitlab-loadbalancer-sec-group", "GitLab load balancer"),
      application: group("gitlab-app-sec-group", "GitLab application nodes"),
      database: group("gitlab-rds-sec-group", "GitLab database"),
      cache: group("gitlab-redis-sec-group", "GitLab cache"),
      gitaly: group("gitlab-gitaly-sec-group", "GitLab Gitaly node"),
      bastion: group("bastion-sec-group", "GitLab bastion hosts"),
    });
  });

  it("let in just this", () => {
    expect(table("aws_vpc_security_group_ingress_rule")).toEqual([
      "application | bastion | 22 | Operators",
      "application | load_balancer | 22 | Git over SSH and its health checks",
      "application | load_balancer | 80 | Web requests and health checks",
      "application | load_balancer | 8081 | Redirects from http to https",
      "bastion | 203.0.113.0/24 | 22 | Operators",
      "cache | application | 6379 | Redis or Valkey",
      "database | application | 5432 | PostgreSQL",
      "gitaly | application | 8075 | Git repositories",
      "gitaly | bastion | 22 | Operators",
      "load_balancer | 203.0.113.0/24 | 22 | Git over SSH",
      "load_balancer | 0.0.0.0/0 | 443 | Web interface and API",
      "load_balancer | 0.0.0.0/0 | 80 | Web interface and API",
      "load_balancer | ::/0 | 443 | Web interface and API",
      "load_balancer | ::/0 | 80 | Web interface and API",
    ]);
  });

  it("let out just this", () => {
    expect(table("aws_vpc_security_group_egress_rule")).toEqual([
      "application | cache | 6379 | Redis or Valkey",
      "application | database | 5432 | PostgreSQL",
      "application | gitaly | 8075 | Git repositories",
      "application | 0.0.0.0/0 | 443 | Packages, AWS APIs, webhooks",
      "application | 0.0.0.0/0 | 80 | Packages, AWS APIs, webhooks",
      "bastion | application | 22 | Operators",
      "bastion | gitaly | 22 | Operators",
      "bastion | 0.0.0.0/0 | 443 | Security updates, AWS APIs",
      "bastion | 0.0.0.0/0 | 80 | Security updates, AWS APIs",
      "gitaly | 0.0.0.0/0 | 443 | Internal API, packages, AWS APIs",
      "gitaly | 0.0.0.0/0 | 80 | Internal API, packages, AWS APIs",
      "load_balancer | application | 22 | Git over SSH and its health checks",
      "load_balancer | application | 80 | Web requests and health checks",
      "load_balancer | application | 8081 | Redirects from http to https",
    ]);
  });

  it("have no rules anywhere else, and no key pair by default", () => {
    expect(Object.keys(security.resource ?? {})).toEqual([
      "aws_security_group",
      "aws_vpc_security_group_egress_rule",
      "aws_vpc_security_group_ingress_rule",
    ]);
    const elsewhere = TIERS.filter((tier) => tier !== "security").flatMap((tier) =>
      Object.keys(stacks[tier].resource ?? {}).filter((type) => type.includes("security_group")),
    );
    expect(elsewhere).toEqual(["aws_default_security_group"]);
  });
});

describe("Load Balancer", () => {
  const targetGroup = {
    protocol: "TCP",
    target_type: "instance",
    ip_address_type: "ipv4",
    vpc_id: VPC,
    preserve_client_ip: "true",
    deregistration_delay: "120",
    connection_termination: true,
  };
  const twice = { healthy_threshold: 2, unhealthy_threshold: 2, interval: 10, timeout: 6 };
  const readiness = { protocol: "HTTP", path: "/-/readiness", matcher: "200", ...twice };

  it("is gitlab-loadbalancer: internet-facing, IPv4, in both public subnets, with its security group", () => {
    expect(resources(loadBalancer, "aws_lb")).toEqual({
      load_balancer: {
        name: "gitlab-loadbalancer",
        load_balancer_type: "network",
        internal: false,
        ip_address_type: "ipv4",
        subnets: PUBLIC_SUBNETS,
        security_groups: [groupOf("load_balancer")],
        enable_cross_zone_load_balancing: true,
        enable_deletion_protection: true,
        access_logs: { bucket: outputOf("storage", 'bucket_names["access-logs"]'), enabled: true },
        tags: { Name: "gitlab-loadbalancer" },
      },
    });
  });

  it("listens on 22, 80 and, with TLS, on 443", () => {
    const listener = (port: number, target: string, tls: object = { protocol: "TCP" }) => ({
      load_balancer_arn: "${aws_lb.load_balancer.arn}",
      port,
      ...tls,
      default_action: [{ type: "forward", target_group_arn: `\${aws_lb_target_group.${target}.arn}` }],
    });
    expect(resources(loadBalancer, "aws_lb_listener")).toEqual({
      ssh: listener(22, "ssh_target"),
      http: listener(80, "redirect_target"),
      https: listener(443, "http_target", {
        protocol: "TLS",
        certificate_arn: outputOf("certificate", "certificate_arn"),
        ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
      }),
    });
  });

  it("has the guide's target groups, and one that only redirects", () => {
    expect(resources(loadBalancer, "aws_lb_target_group")).toEqual({
      http_target: {
        ...targetGroup,
        name: "gitlab-loadbalancer-http-target",
        port: 80,
        proxy_protocol_v2: false,
        health_check: readiness,
        tags: { Name: "gitlab-loadbalancer-http-target" },
      },
      ssh_target: {
        ...targetGroup,
        name: "gitlab-loadbalancer-ssh-target",
        port: 22,
        health_check: { protocol: "TCP", ...twice },
        tags: { Name: "gitlab-loadbalancer-ssh-target" },
      },
      redirect_target: {
        ...targetGroup,
        name: "gitlab-redirect-target",
        port: 8081,
        health_check: { ...readiness, port: "80" },
        tags: { Name: "gitlab-redirect-target" },
      },
    });
  });
});

describe("Configure DNS for Load Balancer", () => {
  it("uses the existing zone of the domain", () => {
    expect(dataSource(stacks.dns, "aws_route53_zone", "zone")).toEqual({ name: "example.com", private_zone: false });
    expect(stacks.dns.resource).toBeUndefined();
  });

  it("has an alias A record to the load balancer, target health not evaluated", () => {
    expect(resources(loadBalancer, "aws_route53_record")).toEqual({
      domain: {
        zone_id: outputOf("dns", "zone_id"),
        name: "gitlab.example.com",
        type: "A",
        alias: {
          name: "${aws_lb.load_balancer.dns_name}",
          zone_id: "${aws_lb.load_balancer.zone_id}",
          evaluate_target_health: false,
        },
      },
    });
  });
});

describe("Requirements", () => {
  const { certificate } = stacks;

  it("has ACM issue a certificate for the domain", () => {
    expect(resource(certificate, "aws_acm_certificate", "certificate")).toEqual({
      domain_name: "gitlab.example.com",
      validation_method: "DNS",
      tags: { Name: "gitlab.example.com" },
      lifecycle: { create_before_destroy: true },
    });
  });

  it("validates it through the zone, and hands it over once it's valid", () => {
    const option = (attribute: string) =>
      `\${[for option in aws_acm_certificate.certificate.domain_validation_options : option.${attribute} if trimprefix(option.domain_name, "*.") == "gitlab.example.com"][0]}`;
    expect(resource(certificate, "aws_route53_record", "validation_gitlab_example_com")).toEqual({
      zone_id: outputOf("dns", "zone_id"),
      name: option("resource_record_name"),
      type: option("resource_record_type"),
      records: [option("resource_record_value")],
      ttl: 60,
      allow_overwrite: true,
    });
    expect(resource(certificate, "aws_acm_certificate_validation", "validation")).toEqual({
      certificate_arn: "${aws_acm_certificate.certificate.arn}",
      validation_record_fqdns: ["${aws_route53_record.validation_gitlab_example_com.fqdn}"],
    });
    expect(outputs(certificate)).toEqual({
      certificate_arn: "${aws_acm_certificate_validation.validation.certificate_arn}",
    });
  });
});

describe("PostgreSQL with RDS", () => {
  const { database } = stacks;

  it("RDS Subnet Group: gitlab-rds-group over the private subnets", () => {
    expect(resource(database, "aws_db_subnet_group", "subnet_group")).toEqual({
      name: "gitlab-rds-group",
      description: "Private subnets of GitLab's database",
      subnet_ids: PRIVATE_SUBNETS,
    });
  });

  it("Create the database: gitlab-db-ha", () => {
    expect(resources(database, "aws_db_instance")).toEqual({
      database: {
        identifier: "gitlab-db-ha",
        engine: "postgres",
        engine_version: "17",
        instance_class: "db.m5.large",
        multi_az: true,
        storage_type: "io1",
        allocated_storage: 100,
        iops: 1000,
        max_allocated_storage: 500,
        storage_encrypted: true,
        kms_key_id: KEY,
        db_name: "gitlabhq_production",
        username: "gitlab",
        password_wo: "${ephemeral.aws_secretsmanager_secret_version.password.secret_string}",
        password_wo_version: 1,
        port: 5432,
        db_subnet_group_name: "${aws_db_subnet_group.subnet_group.name}",
        vpc_security_group_ids: [groupOf("database")],
        publicly_accessible: false,
        ca_cert_identifier: "rds-ca-rsa2048-g1",
        parameter_group_name: "${aws_db_parameter_group.parameter_group.name}",
        backup_retention_period: 7,
        copy_tags_to_snapshot: true,
        auto_minor_version_upgrade: false,
        allow_major_version_upgrade: true,
        deletion_protection: true,
        skip_final_snapshot: false,
        final_snapshot_identifier: "gitlab-db-ha-final",
        delete_automated_backups: false,
        database_insights_mode: "standard",
        performance_insights_enabled: true,
        performance_insights_kms_key_id: KEY,
        performance_insights_retention_period: 7,
        monitoring_interval: 60,
        monitoring_role_arn: "${aws_iam_role.monitoring.arn}",
        enabled_cloudwatch_logs_exports: ["postgresql", "upgrade"],
        tags: { Name: "gitlab-db-ha" },
        depends_on: ["aws_cloudwatch_log_group.postgresql_logs", "aws_cloudwatch_log_group.upgrade_logs"],
        lifecycle: PROTECTED,
      },
    });
  });

  it("takes its password from the secret", () => {
    expect(database.ephemeral?.aws_secretsmanager_secret_version).toMatchObject({
      password: { secret_id: secretOf("database-password") },
    });
  });

  it("has a parameter group with what GitLab requires", () => {
    const parameter = (name: string, value: string, apply_method = "immediate") => ({ name, value, apply_method });
    expect(resource(database, "aws_db_parameter_group", "parameter_group")).toEqual({
      name: "gitlab-db-ha-postgres17",
      family: "postgres17",
      description: "What GitLab requires of PostgreSQL",
      parameter: [
        parameter("rds.force_ssl", "1"),
        parameter("work_mem", "8192"),
        parameter("statement_timeout", "60000"),
        parameter("maintenance_work_mem", "GREATEST({DBInstanceClassMemory*1024/63963136},65536)"),
        parameter("shared_buffers", "GREATEST({DBInstanceClassMemory/32768},262144)", "pending-reboot"),
        parameter("max_connections", "GREATEST({DBInstanceClassMemory/9531392},400)", "pending-reboot"),
      ],
      lifecycle: { create_before_destroy: true },
    });
  });

  it("has encrypted log groups that are there before it, and a role for enhanced monitoring", () => {
    const logs = (log: string) => ({
      name: `/aws/rds/instance/gitlab-db-ha/${log}`,
      retention_in_days: 90,
      kms_key_id: KEY,
    });
    expect(resources(database, "aws_cloudwatch_log_group")).toEqual({
      postgresql_logs: logs("postgresql"),
      upgrade_logs: logs("upgrade"),
    });
    const role = resource(database, "aws_iam_role", "monitoring");
    expect(role.name).toBe("gitlab-rds-monitoring");
    expect(statements(role.assume_role_policy)).toEqual([
      { Effect: "Allow", Principal: { Service: "monitoring.rds.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
    expect(resources(database, "aws_iam_role_policy_attachment")).toEqual({
      monitoring_access: {
        role: "${aws_iam_role.monitoring.name}",
        policy_arn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
      },
    });
  });
});

describe("Redis with ElastiCache", () => {
  const { cache } = stacks;

  it("Redis Subnet Group: gitlab-redis-group over the private subnets", () => {
    expect(resource(cache, "aws_elasticache_subnet_group", "subnet_group")).toEqual({
      name: "gitlab-redis-group",
      description: "Private subnets of GitLab's cache",
      subnet_ids: PRIVATE_SUBNETS,
    });
  });

  it("Create the Redis Cluster: gitlab-redis, a primary and two replicas, the last one in another zone", () => {
    expect(resources(cache, "aws_elasticache_replication_group")).toEqual({
      cache: {
        replication_group_id: "gitlab-redis",
        description: "GitLab sessions, cache and background jobs",
        engine: "valkey",
        engine_version: "7.2",
        node_type: "cache.t3.medium",
        num_cache_clusters: 3,
        preferred_cache_cluster_azs: ["us-west-2a", "us-west-2a", "us-west-2b"],
        multi_az_enabled: true,
        automatic_failover_enabled: true,
        port: 6379,
        subnet_group_name: "${aws_elasticache_subnet_group.subnet_group.name}",
        security_group_ids: [groupOf("cache")],
        parameter_group_name: "${aws_elasticache_parameter_group.parameter_group.name}",
        user_group_ids: ['${aws_cloudformation_stack.user.outputs["UserGroupId"]}'],
        transit_encryption_enabled: true,
        at_rest_encryption_enabled: "true",
        kms_key_id: KEY,
        snapshot_retention_limit: 7,
        final_snapshot_identifier: "gitlab-redis-final",
        auto_minor_version_upgrade: "false",
        apply_immediately: true,
        tags: { Name: "gitlab-redis" },
        lifecycle: PROTECTED,
      },
    });
  });

  it("evicts nothing", () => {
    expect(resource(cache, "aws_elasticache_parameter_group", "parameter_group")).toEqual({
      name: "gitlab-redis-valkey7",
      family: "valkey7",
      description: "What GitLab requires of its cache",
      parameter: [{ name: "maxmemory-policy", value: "noeviction" }],
      lifecycle: { create_before_destroy: true },
    });
  });

  it("asks for a token that Terraform never reads", () => {
    const { name, template_body } = resource(cache, "aws_cloudformation_stack", "user");
    expect(name).toBe("gitlab-redis-user");
    const version = outputOf("secrets", 'secret_version_ids["cache-token"]');
    expect(template_body).toContain(
      `"{{resolve:secretsmanager:${secretOf("cache-token")}:SecretString:::${version}}}"`,
    );
    const plain = template_body.replace(secretOf("cache-token"), "<arn>").replace(version, "<version>");
    const { Resources, Outputs } = JSON.parse(plain);
    expect(Resources).toEqual({
      User: {
        Type: "AWS::ElastiCache::User",
        Properties: {
          UserId: "gitlab-redis-default",
          UserName: "default",
          Engine: "valkey",
          AccessString: "on ~* &* +@all",
          Passwords: ["{{resolve:secretsmanager:<arn>:SecretString:::<version>}}"],
        },
      },
      UserGroup: {
        Type: "AWS::ElastiCache::UserGroup",
        Properties: { UserGroupId: "gitlab-redis", Engine: "valkey", UserIds: [{ Ref: "User" }] },
      },
    });
    expect(Outputs).toEqual({ UserGroupId: { Value: { Ref: "UserGroup" } } });
  });
});

describe("Setting up Bastion Hosts", () => {
  const { bastion } = stacks;

  it.each([
    ["Bastion Host A", "a"],
    ["Bastion Host B", "b"],
  ])("%s stands in the public subnet %s, with an Elastic IP", (name, letter) => {
    expect(resource(bastion, "aws_instance", letter)).toEqual({
      ami: "${data.aws_ami.image.id}",
      instance_type: "t2.micro",
      user_data_base64: USER_DATA,
      // Nothing is kept on a bastion: another one comes, and takes the address over.
      user_data_replace_on_change: true,
      subnet_id: outputOf("network", `public_subnet_ids["us-west-2${letter}"]`),
      vpc_security_group_ids: [groupOf("bastion")],
      associate_public_ip_address: false,
      iam_instance_profile: outputOf("iam", "bastion_profile_name"),
      disable_api_termination: false,
      metadata_options: IMDS_V2,
      root_block_device: { volume_type: "gp3", volume_size: 8, encrypted: true, kms_key_id: KEY, tags: { Name: name } },
      tags: { Name: name },
      lifecycle: { create_before_destroy: true, ignore_changes: ["ami", "associate_public_ip_address"] },
    });
    expect(resource(bastion, "aws_eip", `${letter}_address`)).toEqual({ domain: "vpc", tags: { Name: name } });
    expect(resource(bastion, "aws_eip_association", `${letter}_association`)).toEqual({
      allocation_id: `\${aws_eip.${letter}_address.id}`,
      instance_id: `\${aws_instance.${letter}.id}`,
    });
  });

  it("are two", () => {
    expect(Object.keys(resources(bastion, "aws_instance"))).toEqual(["a", "b"]);
  });
});

describe("Set up Gitaly", () => {
  const { gitaly } = stacks;

  it("is an instance in the first zone's private subnet", () => {
    expect(resources(gitaly, "aws_instance")).toEqual({
      gitaly: {
        ami: "${data.aws_ami.image.id}",
        instance_type: "m5.xlarge",
        user_data_base64: USER_DATA,
        user_data_replace_on_change: false,
        depends_on: ["aws_cloudwatch_log_group.logs"],
        subnet_id: PRIVATE_SUBNETS[0],
        vpc_security_group_ids: [groupOf("gitaly")],
        associate_public_ip_address: false,
        iam_instance_profile: outputOf("iam", "gitaly_profile_name"),
        disable_api_termination: true,
        metadata_options: IMDS_V2,
        root_block_device: {
          volume_type: "gp3",
          volume_size: 40,
          encrypted: true,
          kms_key_id: KEY,
          tags: { Name: "Gitaly" },
        },
        tags: { Name: "Gitaly" },
        lifecycle: { ignore_changes: ["ami", "associate_public_ip_address"] },
      },
    });
  });

  it("has its data on a volume of its own: io1, 20 GiB, 1,000 IOPS", () => {
    expect(resource(gitaly, "aws_ebs_volume", "data_volume")).toEqual({
      availability_zone: "us-west-2a",
      type: "io1",
      size: 20,
      iops: 1000,
      encrypted: true,
      kms_key_id: KEY,
      tags: { Name: "gitlab-gitaly-data" },
      lifecycle: PROTECTED,
    });
    expect(resource(gitaly, "aws_volume_attachment", "data")).toEqual({
      device_name: "/dev/sdf",
      volume_id: "${aws_ebs_volume.data_volume.id}",
      instance_id: "${aws_instance.gitaly.id}",
      stop_instance_before_detaching: true,
    });
  });

  it("is reached by the name gitaly.gitlab.internal", () => {
    expect(resource(gitaly, "aws_route53_zone", "private")).toEqual({
      name: "gitlab.internal",
      comment: "Names of GitLab's nodes inside the VPC",
      vpc: [{ vpc_id: VPC }],
    });
    expect(resource(gitaly, "aws_route53_record", "private_name")).toEqual({
      zone_id: "${aws_route53_zone.private.zone_id}",
      name: "gitaly.gitlab.internal",
      type: "A",
      ttl: 60,
      records: ["${aws_instance.gitaly.private_ip}"],
    });
    expect(outputs(gitaly).host).toBe("${aws_route53_record.private_name.name}");
  });
});

describe("Amazon S3 object storage", () => {
  const { storage } = stacks;
  const TYPES = [
    "access-logs",
    "artifacts",
    "backups",
    "ci-secure-files",
    "dependency-proxy",
    "external-diffs",
    "lfs",
    "packages",
    "pages",
    "registry",
    "terraform-state",
    "uploads",
  ];
  const idOf = (type: string) => type.replaceAll("-", "_");
  const tlsOnly = (id: string) => ({
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [`\${aws_s3_bucket.${id}.arn}`, `\${aws_s3_bucket.${id}.arn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
  const lifecycleRule = (id: string, what: object) => ({ id, status: "Enabled", filter: [{ prefix: "" }], ...what });
  const LIFECYCLE = [
    lifecycleRule("incomplete-uploads", { abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }] }),
    lifecycleRule("noncurrent-versions", { noncurrent_version_expiration: [{ noncurrent_days: 30 }] }),
  ];

  it("has a bucket an object type, and for registry, backups and access logs", () => {
    expect(Object.keys(resources(storage, "aws_s3_bucket"))).toEqual(TYPES.map(idOf));
  });

  it.each(TYPES)("%s is private, encrypted, versioned, and speaks TLS only", (type) => {
    const id = idOf(type);
    const bucket = `\${aws_s3_bucket.${id}.bucket}`;
    expect(resource(storage, "aws_s3_bucket", id)).toEqual({
      bucket: `gl-gitlab-example-com-${type}`,
      force_destroy: false,
      lifecycle: PROTECTED,
    });
    expect(resource(storage, "aws_s3_bucket_public_access_block", `${id}_public_access`)).toEqual({
      bucket,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(resource(storage, "aws_s3_bucket_ownership_controls", `${id}_ownership`)).toEqual({
      bucket,
      rule: { object_ownership: "BucketOwnerEnforced" },
    });
    expect(resource(storage, "aws_s3_bucket_server_side_encryption_configuration", `${id}_encryption`)).toEqual({
      bucket,
      rule: [
        {
          apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: KEY },
          bucket_key_enabled: true,
        },
      ],
    });
    expect(resource(storage, "aws_s3_bucket_versioning", `${id}_versioning`)).toEqual({
      bucket,
      versioning_configuration: { status: "Enabled" },
    });
    expect(resource(storage, "aws_s3_bucket_lifecycle_configuration", `${id}_lifecycle`)).toEqual({
      bucket,
      rule:
        type === "access-logs"
          ? [...LIFECYCLE, lifecycleRule("expiration", { expiration: [{ days: 365 }] })]
          : LIFECYCLE,
      depends_on: [`aws_s3_bucket_versioning.${id}_versioning`],
    });
    const policy = resource(storage, "aws_s3_bucket_policy", `${id}_policy`);
    expect(policy).toMatchObject({
      bucket,
      depends_on: [`aws_s3_bucket_public_access_block.${id}_public_access`],
    });
    expect(statements(policy.policy).slice(0, type === "access-logs" ? 1 : undefined)).toEqual([tlsOnly(id)]);
  });

  it("lets the load balancer's log delivery write access logs, for this account only", () => {
    const [, ...delivery] = statements(resource(storage, "aws_s3_bucket_policy", "access_logs_policy").policy);
    const common = { Effect: "Allow", Principal: { Service: "delivery.logs.amazonaws.com" } };
    const ArnLike = { "aws:SourceArn": `arn:aws:logs:us-west-2:${ACCOUNT}:*` };
    expect(delivery).toEqual([
      {
        ...common,
        Sid: "LogDeliveryAclCheck",
        Action: "s3:GetBucketAcl",
        Resource: "${aws_s3_bucket.access_logs.arn}",
        Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT }, ArnLike },
      },
      {
        ...common,
        Sid: "LogDeliveryWrite",
        Action: "s3:PutObject",
        Resource: `\${aws_s3_bucket.access_logs.arn}/AWSLogs/${ACCOUNT}/*`,
        Condition: {
          StringEquals: { "aws:SourceAccount": ACCOUNT, "s3:x-amz-acl": "bucket-owner-full-control" },
          ArnLike,
        },
      },
    ]);
  });
});

describe("Create a launch template", () => {
  const { application } = stacks;
  const tags = { Application: "GitLab", Deployment: "gitlab", ManagedBy: "Terraform", Name: "GitLab" };

  it("is gitlab-launch-template", () => {
    expect(resources(application, "aws_launch_template")).toEqual({
      launch_template: {
        name: "gitlab-launch-template",
        description: "GitLab application nodes",
        image_id: "${data.aws_ami.image.id}",
        instance_type: "c5.2xlarge",
        user_data: USER_DATA,
        vpc_security_group_ids: [groupOf("application")],
        iam_instance_profile: { name: outputOf("iam", "application_profile_name") },
        metadata_options: IMDS_V2,
        monitoring: { enabled: true },
        block_device_mappings: [
          {
            device_name: "/dev/sda1",
            ebs: {
              volume_type: "gp3",
              volume_size: 40,
              encrypted: "true",
              kms_key_id: KEY,
              delete_on_termination: "true",
            },
          },
        ],
        tag_specifications: [
          { resource_type: "instance", tags },
          { resource_type: "volume", tags },
        ],
        tags: { Name: "gitlab-launch-template" },
      },
    });
  });
});

describe("Create an auto scaling group", () => {
  const { application } = stacks;
  const HOOK = {
    name: "ready",
    lifecycle_transition: "autoscaling:EC2_INSTANCE_LAUNCHING",
    heartbeat_timeout: 3600,
    default_result: "ABANDON",
  };

  it("is gitlab-auto-scaling-group: 2, 2 and 4 nodes over the private subnets, behind all target groups", () => {
    const tag = (key: string, value: string) => ({ key, value, propagate_at_launch: true });
    expect(resources(application, "aws_autoscaling_group")).toEqual({
      group: {
        name: "gitlab-auto-scaling-group",
        min_size: 2,
        desired_capacity: 2,
        depends_on: ["aws_cloudwatch_log_group.logs"],
        max_size: 4,
        vpc_zone_identifier: PRIVATE_SUBNETS,
        target_group_arns: [0, 1, 2].map((index) => outputOf("load-balancer", `target_group_arns[${index}]`)),
        launch_template: {
          id: "${aws_launch_template.launch_template.id}",
          version: "${aws_launch_template.launch_template.latest_version}",
        },
        health_check_type: "ELB",
        health_check_grace_period: 300,
        default_instance_warmup: 300,
        initial_lifecycle_hook: [HOOK],
        wait_for_capacity_timeout: "3600s",
        instance_refresh: {
          strategy: "Rolling",
          preferences: { min_healthy_percentage: 100, max_healthy_percentage: 150, skip_matching: true },
        },
        enabled_metrics: [
          "GroupDesiredCapacity",
          "GroupInServiceInstances",
          "GroupPendingInstances",
          "GroupTerminatingInstances",
          "GroupTotalInstances",
        ],
        tag: [
          tag("Application", "GitLab"),
          tag("Deployment", "gitlab"),
          tag("ManagedBy", "Terraform"),
          tag("Name", "GitLab"),
        ],
        lifecycle: { ignore_changes: ["desired_capacity", "initial_lifecycle_hook"] },
      },
    });
  });

  it("holds new nodes until they report ready", () => {
    expect(resources(application, "aws_autoscaling_lifecycle_hook")).toEqual({
      ready: { autoscaling_group_name: "${aws_autoscaling_group.group.name}", ...HOOK },
    });
  });

  it.each([
    {
      id: "scale_out",
      name: "Scale Up Policy",
      adjustment: 1,
      alarm: "gitlab-auto-scaling-group-cpu-high",
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 60,
      minutes: 5,
    },
    {
      id: "scale_in",
      name: "Scale Down Policy",
      adjustment: -1,
      alarm: "gitlab-auto-scaling-group-cpu-low",
      comparison: "LessThanOrEqualToThreshold",
      threshold: 45,
      minutes: 15,
    },
  ])("$name: $adjustment at $threshold %", ({ id, name, adjustment, alarm, comparison, threshold, minutes }) => {
    expect(resource(application, "aws_autoscaling_policy", id)).toEqual({
      name,
      autoscaling_group_name: "${aws_autoscaling_group.group.name}",
      policy_type: "SimpleScaling",
      adjustment_type: "ChangeInCapacity",
      scaling_adjustment: adjustment,
      cooldown: 600,
    });
    expect(resource(application, "aws_cloudwatch_metric_alarm", `${id}_alarm`)).toEqual({
      alarm_name: alarm,
      alarm_description: `Average CPU utilization for ${minutes} minutes; triggers ${name}`,
      namespace: "AWS/EC2",
      metric_name: "CPUUtilization",
      dimensions: { AutoScalingGroupName: "${aws_autoscaling_group.group.name}" },
      statistic: "Average",
      comparison_operator: comparison,
      threshold,
      period: 60,
      evaluation_periods: minutes,
      treat_missing_data: "missing",
      alarm_actions: [`\${aws_autoscaling_policy.${id}.arn}`],
    });
  });
});

describe("Install GitLab and create custom AMI (beyond the guide: nodes configure themselves)", () => {
  const { topology } = load("topology.json");

  it("gives nodes their configuration as user data, with what only Terraform knows filled in", () => {
    const application = applicationUserData(topology, { database: "<database>", cache: "<cache>", gitaly: "<gitaly>" });
    expect(userData(stacks.application)).toBe(
      terraformLiteral(application)
        .replaceAll("<database>", outputOf("database", "address"))
        .replaceAll("<cache>", outputOf("cache", "primary_endpoint_address"))
        .replaceAll("<gitaly>", outputOf("gitaly", "host")),
    );
    const gitaly = gitalyUserData(topology, { gitaly: "gitaly.gitlab.internal", dataVolumeId: "<volume>" });
    expect(userData(stacks.gitaly)).toBe(
      terraformLiteral(gitaly).replaceAll("<volume>", "${aws_ebs_volume.data_volume.id}"),
    );
    expect(userData(stacks.bastion)).toBe(bastionUserData());
  });

  it("has nothing else for Terraform to evaluate in it", () => {
    /** Expressions, without what is doubled to stand for itself. */
    const expressions = (text: string) => new Set(text.match(/(?<!\$)\$\{.*?\}|(?<!%)%\{.*?\}/g));
    expect(expressions(userData(stacks.application))).toEqual(
      new Set([
        outputOf("database", "address"),
        outputOf("cache", "primary_endpoint_address"),
        outputOf("gitaly", "host"),
      ]),
    );
    expect(expressions(userData(stacks.gitaly))).toEqual(new Set(["${aws_ebs_volume.data_volume.id}"]));
    expect(expressions(userData(stacks.bastion))).toEqual(new Set());
  });

  it("is one local value a stack, and none elsewhere", () => {
    const withLocals = TIERS.filter((tier) => stacks[tier].locals).map((tier) => [
      tier,
      Object.keys(stacks[tier].locals ?? {}),
    ]);
    expect(withLocals).toEqual([
      ["bastion", ["user_data"]],
      ["gitaly", ["user_data"]],
      ["application", ["user_data"]],
    ]);
  });

  it.each(["application", "gitaly"] as const)("has a log group that is there before the nodes: %s", (tier) => {
    expect(resources(stacks[tier], "aws_cloudwatch_log_group")).toEqual({
      logs: { name: `/gitlab/${tier}`, retention_in_days: 90, kms_key_id: KEY },
    });
  });
});

describe("Images", () => {
  it.each(["bastion", "gitaly", "application"] as const)("%s: the latest Ubuntu LTS", (tier) => {
    expect(dataSource(stacks[tier], "aws_ami", "image")).toEqual({
      owners: ["099720109477"],
      most_recent: true,
      filter: [
        { name: "name", values: ["ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*"] },
        { name: "architecture", values: ["x86_64"] },
        { name: "virtualization-type", values: ["hvm"] },
      ],
    });
  });
});

describe("Encryption (beyond the guide)", () => {
  const { encryption } = stacks;
  const key = resource(encryption, "aws_kms_key", "key");
  const USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];

  it("is one key that rotates, with an alias", () => {
    expect(key).toMatchObject({
      description: "Data of GitLab",
      enable_key_rotation: true,
      deletion_window_in_days: 30,
      tags: { Name: "GitLab" },
      lifecycle: PROTECTED,
    });
    expect(resources(encryption, "aws_kms_alias")).toEqual({
      alias: { name: "alias/gitlab", target_key_id: "${aws_kms_key.key.key_id}" },
    });
  });

  it("lets Auto Scaling use it through EC2, and logs be written", () => {
    expect(statements(key.policy)).toEqual([
      {
        Sid: "AccountDecidesByIam",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Sid: "VolumesThroughEc2",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [...USE, "kms:CreateGrant"],
        Resource: "*",
        Condition: {
          StringEquals: { "kms:CallerAccount": ACCOUNT, "kms:ViaService": "ec2.us-west-2.amazonaws.com" },
        },
      },
      {
        Sid: "CloudWatchLogs",
        Effect: "Allow",
        Principal: { Service: "logs.us-west-2.amazonaws.com" },
        Action: USE,
        Resource: "*",
        Condition: {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": [
              `arn:aws:logs:us-west-2:${ACCOUNT}:log-group:/gitlab/*`,
              `arn:aws:logs:us-west-2:${ACCOUNT}:log-group:/aws/rds/instance/gitlab-db-ha/*`,
            ],
          },
        },
      },
      {
        Sid: "LoadBalancerLogDelivery",
        Effect: "Allow",
        Principal: { Service: "delivery.logs.amazonaws.com" },
        Action: USE,
        Resource: "*",
        Condition: {
          StringEquals: { "aws:SourceAccount": ACCOUNT },
          ArnLike: { "aws:SourceArn": `arn:aws:logs:us-west-2:${ACCOUNT}:*` },
        },
      },
    ]);
  });

  it("covers every log group with what the key's policy allows", () => {
    const groups = TIERS.flatMap((tier) => Object.values(resources(stacks[tier], "aws_cloudwatch_log_group")));
    expect(groups).toHaveLength(5);
    for (const { name, kms_key_id } of groups) {
      expect(kms_key_id).toBe(KEY);
      expect(name).toMatch(/^\/(gitlab|aws\/rds\/instance\/gitlab-db-ha)\//);
    }
  });
});

describe("Secrets (beyond the guide)", () => {
  const { secrets } = stacks;
  const GENERATED = ["cache-token", "database-password", "gitaly-token", "initial-root-password"];
  const FILLED_BY_NODES = ["gitlab-secrets", "ssh-host-keys"];
  const idOf = (secret: string) => secret.replaceAll("-", "_");

  it("are in Secrets Manager, recoverable for 30 days", () => {
    expect(Object.keys(resources(secrets, "aws_secretsmanager_secret"))).toEqual(
      [...GENERATED, ...FILLED_BY_NODES].map(idOf).sort(),
    );
    for (const secret of [...GENERATED, ...FILLED_BY_NODES]) {
      expect(resource(secrets, "aws_secretsmanager_secret", idOf(secret))).toEqual({
        name: `gitlab/${secret}`,
        description: expect.any(String),
        kms_key_id: KEY,
        recovery_window_in_days: 30,
        lifecycle: PROTECTED,
      });
    }
  });

  it("are made as ephemeral values and stored write-only, but for those the nodes fill", () => {
    const versions = GENERATED.map((secret) => [
      `${idOf(secret)}_version`,
      {
        secret_id: `\${aws_secretsmanager_secret.${idOf(secret)}.id}`,
        secret_string_wo: `\${ephemeral.aws_secretsmanager_random_password.${idOf(secret)}_value.random_password}`,
        secret_string_wo_version: 1,
      },
    ]);
    expect(resources(secrets, "aws_secretsmanager_secret_version")).toEqual(Object.fromEntries(versions));
    expect(Object.keys(secrets.ephemeral?.aws_secretsmanager_random_password ?? {})).toEqual(
      GENERATED.map((secret) => `${idOf(secret)}_value`),
    );
    for (const value of Object.values(secrets.ephemeral?.aws_secretsmanager_random_password ?? {})) {
      expect(value).toMatchObject({ password_length: 32, exclude_punctuation: true });
    }
  });

  it("are read by others only once they are stored", () => {
    const arns = Object.fromEntries([
      ...GENERATED.map((secret) => [secret, `\${aws_secretsmanager_secret_version.${idOf(secret)}_version.secret_id}`]),
      ...FILLED_BY_NODES.map((secret) => [secret, `\${aws_secretsmanager_secret.${idOf(secret)}.arn}`]),
    ]);
    expect(outputs(secrets).secret_arns).toEqual(arns);
  });

  it("are given to no argument that isn't write-only", () => {
    /** What is called after a secret without being one. */
    const harmless = new Set(["password_length", "http_tokens", "secret_id"]);
    const given: string[] = [];
    const walk = (address: string, value: unknown, key = "") => {
      if (/password|token|secret|private_key/i.test(key) && !harmless.has(key)) given.push(`${address} ${key}`);
      if (typeof value === "string" && value.includes("${ephemeral.")) expect(key).toMatch(/_wo$/);
      if (value !== null && typeof value === "object") {
        for (const [name, child] of Object.entries(value)) walk(address, child, Array.isArray(value) ? key : name);
      }
    };
    for (const tier of TIERS) {
      for (const [address, block] of addressesOf(stacks[tier])) walk(address, block);
      for (const { value } of Object.values(stacks[tier].output ?? {})) {
        expect(JSON.stringify(value)).not.toMatch(/ephemeral\.|random_password|secret_string/);
      }
      expect(JSON.stringify(stacks[tier].locals ?? {})).not.toMatch(/ephemeral\.|random_password|secret_string/);
    }
    expect(given.sort()).toEqual([
      "aws_db_instance.database password_wo",
      "aws_db_instance.database password_wo_version",
      ...GENERATED.flatMap((secret) => [
        `aws_secretsmanager_secret_version.${idOf(secret)}_version secret_string_wo`,
        `aws_secretsmanager_secret_version.${idOf(secret)}_version secret_string_wo_version`,
      ]),
    ]);
  });
});

describe("Everything", () => {
  const all = TIERS.flatMap((tier) => addressesOf(stacks[tier]));
  const ofType = (type: string) => all.filter(([address]) => address.startsWith(`${type}.`)).map(([, block]) => block);

  it.each(TIERS)("%s has default tags, the region, versions and a backend of its own", (tier) => {
    const { provider, terraform } = stacks[tier];
    expect(provider).toEqual({
      aws: [
        {
          region: "us-west-2",
          default_tags: [{ tags: { Application: "GitLab", Deployment: "gitlab", ManagedBy: "Terraform" } }],
        },
      ],
    });
    expect(terraform).toEqual({
      required_version: ">= 1.11.0",
      required_providers: {
        aws: { source: "registry.terraform.io/hashicorp/aws", version: ">= 5.100.0, < 7.0.0" },
      },
      backend: { local: { path: `../../../terraform-state/${tier}.tfstate` } },
    });
  });

  it("requires IMDSv2 of instances", () => {
    const launched = [...ofType("aws_instance"), ...ofType("aws_launch_template")];
    expect(launched).toHaveLength(4);
    for (const { metadata_options } of launched) expect(metadata_options).toEqual(IMDS_V2);
  });

  it("encrypts with the one key wherever there is a key to choose", () => {
    const keys: string[] = [];
    const walk = (value: unknown) => {
      if (value === null || typeof value !== "object") return;
      for (const [name, child] of Object.entries(value)) {
        if (/^(.*_)?kms_(master_)?key_id$/.test(name)) keys.push(child);
        else walk(child);
      }
    };
    walk(all);
    // 5 log groups, 6 secrets, 12 buckets, database and insights, cache, 3 instances, Gitaly's volume, launch template.
    expect(keys).toEqual(Array.from({ length: 31 }, () => KEY));
  });

  it("guards every store against a plan that destroys it", () => {
    const guarded = TIERS.flatMap((tier) =>
      addressesOf(stacks[tier]).filter(([, { lifecycle }]) => lifecycle?.prevent_destroy === true),
    ).map(([address]) => address.split(".")[0]);
    expect(guarded.sort()).toEqual([
      "aws_db_instance",
      "aws_ebs_volume",
      "aws_elasticache_replication_group",
      "aws_kms_key",
      ...Array.from({ length: 12 }, () => "aws_s3_bucket"),
      ...Array.from({ length: 6 }, () => "aws_secretsmanager_secret"),
    ]);
  });

  it("puts out what people need", () => {
    expect(outputs(loadBalancer)).toMatchObject({
      url: "https://gitlab.example.com",
      load_balancer_dns_name: "${aws_lb.load_balancer.dns_name}",
    });
    expect(outputs(stacks.bastion).public_ips).toEqual({
      "us-west-2a": "${aws_eip.a_address.public_ip}",
      "us-west-2b": "${aws_eip.b_address.public_ip}",
    });
    expect(outputs(stacks.database)).toEqual({
      address: "${aws_db_instance.database.address}",
      endpoint: "${aws_db_instance.database.endpoint}",
    });
    expect(outputs(stacks.cache)).toEqual({
      primary_endpoint_address: "${aws_elasticache_replication_group.cache.primary_endpoint_address}",
    });
    expect(outputs(stacks.secrets).initial_root_password_command).toBe(
      "aws secretsmanager get-secret-value --region us-west-2 --secret-id gitlab/initial-root-password" +
        " --query SecretString --output text",
    );
    expect(outputs(network).nat_public_ips).toEqual({
      "us-west-2a": "${aws_nat_gateway.nat_a.public_ip}",
      "us-west-2b": "${aws_nat_gateway.nat_b.public_ip}",
    });
  });
});
