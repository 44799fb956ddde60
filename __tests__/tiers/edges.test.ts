// What the default topology doesn't show: each describe changes one thing.
import type { TopologyFile } from "../../modules/topology";
import {
  addresses,
  addressesOf,
  type Block,
  dataSource,
  outputOf,
  outputs,
  resource,
  resources,
  SMALLEST,
  type Stacks,
  statements,
  synthesize,
  TIERS,
} from "../synth";

/** The smallest topology's stacks with some top-level keys given. */
const build = (change: Partial<TopologyFile>): Stacks => synthesize({ ...SMALLEST, ...change });

const zones = (region: string, letters: string) => [...letters].map((letter) => ({ name: region + letter }));
const argument = (stack: Stacks["network"], type: string, name: string) =>
  Object.fromEntries(Object.entries(resources(stack, type)).map(([id, block]) => [id, block[name]]));
const remoteStates = (stack: Stacks["network"]) => Object.keys(stack.data?.terraform_remote_state ?? {});
/** Everything the deployment has, as one text to search. */
const textOf = (stacks: Stacks) => JSON.stringify(stacks);
const ruleIds = ({ security }: Stacks) => [
  ...Object.keys(resources(security, "aws_vpc_security_group_ingress_rule")),
  ...Object.keys(resources(security, "aws_vpc_security_group_egress_rule")),
];

describe("three zones", () => {
  const stacks = build({ network: { zones: zones("us-west-2", "abc") } });
  const { network } = stacks;

  it("adds the third zone's subnets, NAT gateway and route table", () => {
    expect(argument(network, "aws_subnet", "cidr_block")).toEqual({
      public_a: "10.0.0.0/24",
      private_a: "10.0.1.0/24",
      public_b: "10.0.2.0/24",
      private_b: "10.0.3.0/24",
      public_c: "10.0.4.0/24",
      private_c: "10.0.5.0/24",
    });
    expect(Object.keys(resources(network, "aws_nat_gateway"))).toEqual(["nat_a", "nat_b", "nat_c"]);
    expect(resource(network, "aws_route", "private_c_default").nat_gateway_id).toBe("${aws_nat_gateway.nat_c.id}");
    expect(resource(network, "aws_route_table", "private_c_routes").tags.Name).toBe("gitlab-private-c");
  });

  it("puts load balancer, nodes, database and cache into it", () => {
    const subnetsOf = (kind: string) =>
      ["a", "b", "c"].map((letter) => outputOf("network", `${kind}_subnet_ids["us-west-2${letter}"]`));
    expect(resource(stacks["load-balancer"], "aws_lb", "load_balancer").subnets).toEqual(subnetsOf("public"));
    expect(resource(stacks.application, "aws_autoscaling_group", "group").vpc_zone_identifier).toEqual(
      subnetsOf("private"),
    );
    expect(resource(stacks.database, "aws_db_subnet_group", "subnet_group").subnet_ids).toEqual(subnetsOf("private"));
    expect(resource(stacks.cache, "aws_elasticache_subnet_group", "subnet_group").subnet_ids).toEqual(
      subnetsOf("private"),
    );
  });

  it("has a third bastion", () => {
    expect(resource(stacks.bastion, "aws_instance", "c").tags.Name).toBe("Bastion Host C");
  });
});

describe("zones a and c", () => {
  const { network, bastion, cache } = build({ network: { zones: zones("us-west-2", "ac") } });

  it("has the ranges and names of the zones' letters", () => {
    expect(argument(network, "aws_subnet", "cidr_block")).toEqual({
      public_a: "10.0.0.0/24",
      private_a: "10.0.1.0/24",
      public_c: "10.0.4.0/24",
      private_c: "10.0.5.0/24",
    });
    expect(resource(network, "aws_subnet", "private_c").tags.Name).toBe("gitlab-private-10.0.5.0");
    expect(Object.keys(resources(bastion, "aws_instance"))).toEqual(["a", "c"]);
  });

  it("has the last replica in c", () => {
    expect(resource(cache, "aws_elasticache_replication_group", "cache").preferred_cache_cluster_azs).toEqual([
      "us-west-2a",
      "us-west-2a",
      "us-west-2c",
    ]);
  });
});

describe("six zones", () => {
  const { network } = build({ region: "us-east-1", network: { zones: zones("us-east-1", "abcdef") } });

  it("has twelve subnets, in a range each", () => {
    const ranges = Object.values(argument(network, "aws_subnet", "cidr_block"));
    expect(ranges.sort()).toEqual(Array.from({ length: 12 }, (_, index) => `10.0.${index}.0/24`).sort());
    expect(Object.keys(resources(network, "aws_nat_gateway"))).toHaveLength(6);
  });
});

describe("a single NAT gateway", () => {
  const { network } = build({ network: { natGateways: "single" } });

  it("stands in the first zone and serves all", () => {
    expect(Object.keys(resources(network, "aws_nat_gateway"))).toEqual(["nat_a"]);
    expect(Object.keys(resources(network, "aws_eip"))).toEqual(["nat_a_address"]);
    expect(argument(network, "aws_route", "nat_gateway_id")).toEqual({
      private_a_default: "${aws_nat_gateway.nat_a.id}",
      private_b_default: "${aws_nat_gateway.nat_a.id}",
    });
  });
});

describe("no bastions", () => {
  const stacks = build({ bastion: { enabled: false } });

  it("keeps the stack, empty, so that applying it removes them", () => {
    expect(addresses(stacks.bastion)).toEqual([]);
    expect(stacks.bastion.output).toBeUndefined();
    expect(stacks.bastion.terraform.backend.local.path).toBe("../../../terraform-state/bastion.tfstate");
  });

  it("leaves out their security group, rules and role", () => {
    expect(ruleIds(stacks).filter((id) => id.includes("bastion"))).toEqual([]);
    expect(Object.keys(resources(stacks.security, "aws_security_group"))).not.toContain("bastion");
    expect(Object.keys(resources(stacks.iam, "aws_iam_role"))).toEqual(["application", "gitaly"]);
  });
});

describe("an existing zone by id and an existing certificate", () => {
  const arn = "arn:aws:acm:us-west-2:123456789012:certificate/12345678-1234-1234-1234-123456789012";
  const stacks = build({ dns: { zoneId: "Z0123456789ABCDEFGHIJ" }, certificate: { arn } });

  it("looks nothing up and leaves both stacks empty", () => {
    expect(addresses(stacks.dns)).toEqual([]);
    expect(addresses(stacks.certificate)).toEqual([]);
    expect(remoteStates(stacks["load-balancer"])).toEqual(["network", "security", "storage"]);
  });

  it("uses them", () => {
    expect(resource(stacks["load-balancer"], "aws_lb_listener", "https").certificate_arn).toBe(arn);
    expect(resource(stacks["load-balancer"], "aws_route53_record", "domain").zone_id).toBe("Z0123456789ABCDEFGHIJ");
  });
});

describe("a created zone", () => {
  const stacks = build({ domain: "gitlab.acme.example", dns: { zone: "create" } });

  it("is made for the domain's parent, guarded, with its name servers as an output", () => {
    expect(resources(stacks.dns, "aws_route53_zone")).toEqual({
      zone: { name: "acme.example", force_destroy: false, lifecycle: { prevent_destroy: true } },
    });
    expect(outputs(stacks.dns)).toEqual({
      name_servers: "${aws_route53_zone.zone.name_servers}",
      zone_id: "${aws_route53_zone.zone.zone_id}",
    });
  });

  it("holds the domain's record and the certificate's", () => {
    const zone = outputOf("dns", "zone_id");
    expect(resource(stacks["load-balancer"], "aws_route53_record", "domain").zone_id).toBe(zone);
    expect(resource(stacks.certificate, "aws_route53_record", "validation_gitlab_acme_example").zone_id).toBe(zone);
  });
});

describe("a certificate with more names", () => {
  const { certificate } = build({
    certificate: { alternativeNames: ["*.gitlab.example.com", "registry.example.com"] },
  });

  it("is validated by a record a name, one for a name and its wildcard", () => {
    expect(Object.keys(resources(certificate, "aws_route53_record"))).toEqual([
      "validation_gitlab_example_com",
      "validation_registry_example_com",
    ]);
    expect(resource(certificate, "aws_acm_certificate_validation", "validation").validation_record_fqdns).toEqual([
      "${aws_route53_record.validation_gitlab_example_com.fqdn}",
      "${aws_route53_record.validation_registry_example_com.fqdn}",
    ]);
  });
});

describe("target groups under another name", () => {
  const names = (name: string) => {
    const { "load-balancer": balancer } = build({ name });
    return Object.values(resources(balancer, "aws_lb_target_group")).map((group) => group.name);
  };

  it("replaces the guide's prefix, where the guide's names would fit", () => {
    expect(names("git-dev")).toEqual([
      "git-dev-loadbalancer-http-target",
      "git-dev-redirect-target",
      "git-dev-loadbalancer-ssh-target",
    ]);
  });

  it("makes target groups' names shorter where they wouldn't", () => {
    expect(names("gitlab-staging")).toEqual([
      "gitlab-staging-http-target",
      "gitlab-staging-redirect-target",
      "gitlab-staging-ssh-target",
    ]);
  });
});

describe("DNS kept elsewhere", () => {
  const arn = "arn:aws:iam::123456789012:server-certificate/gitlab";
  const stacks = build({ dns: { zone: "none" }, certificate: { arn } });

  it("has no record and no zone, and puts out what to enter elsewhere", () => {
    expect(addresses(stacks.dns)).toEqual([]);
    expect(stacks.dns.output).toBeUndefined();
    expect(resources(stacks["load-balancer"], "aws_route53_record")).toEqual({});
    expect(outputs(stacks["load-balancer"]).load_balancer_dns_name).toBe("${aws_lb.load_balancer.dns_name}");
  });
});

describe("keys that AWS manages", () => {
  const stacks = build({ encryption: { keys: "aws-managed" } });

  it("names no key anywhere", () => {
    expect(addresses(stacks.encryption)).toEqual([]);
    expect(stacks.encryption.output).toBeUndefined();
    expect(textOf(stacks)).not.toMatch(/kms_(master_)?key_id|kms:|kms_key_arn|terraform_remote_state\.encryption/);
  });

  it("still encrypts everything", () => {
    const root = { encrypted: true, volume_type: "gp3" };
    expect(resource(stacks.database, "aws_db_instance", "database").storage_encrypted).toBe(true);
    expect(resource(stacks.gitaly, "aws_ebs_volume", "data_volume").encrypted).toBe(true);
    expect(resource(stacks.gitaly, "aws_instance", "gitaly").root_block_device).toMatchObject(root);
    expect(resource(stacks.bastion, "aws_instance", "a").root_block_device).toMatchObject(root);
    expect(resource(stacks.cache, "aws_elasticache_replication_group", "cache").at_rest_encryption_enabled).toBe(
      "true",
    );
  });

  it("encrypts access logs with S3's own keys, all that log delivery can use, and other buckets with KMS", () => {
    const ruleOf = (id: string) =>
      resource(stacks.storage, "aws_s3_bucket_server_side_encryption_configuration", `${id}_encryption`).rule;
    expect(ruleOf("access_logs")).toEqual([{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }]);
    expect(ruleOf("lfs")).toEqual([
      { apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms" }, bucket_key_enabled: true },
    ]);
  });
});

describe("an existing KMS key", () => {
  const arn = "arn:aws:kms:us-west-2:123456789012:key/12345678-1234-1234-1234-123456789012";
  const stacks = build({ encryption: { kmsKeyArn: arn } });

  it("is used by every store; none is made", () => {
    expect(addresses(stacks.encryption)).toEqual([]);
    const used = textOf(stacks).match(/kms_(master_)?key_id":"[^"]+"/g) ?? [];
    expect(used).toHaveLength(31);
    expect(used.filter((one) => !one.endsWith(`"${arn}"`))).toEqual([]);
    const [, , useKey] = statements(resource(stacks.iam, "aws_iam_role_policy", "application_access").policy);
    expect(useKey).toMatchObject({ Sid: "UseKey", Resource: arn });
  });
});

describe("unprotected", () => {
  const stacks = build({ protect: false, dns: { zone: "create" } });
  const { database, cache, gitaly, encryption } = stacks;

  it("lets plans destroy everything", () => {
    const guarded = TIERS.flatMap((tier) => addressesOf(stacks[tier])).filter(
      ([, { lifecycle }]) => lifecycle?.prevent_destroy,
    );
    expect(guarded).toEqual([]);
  });

  it("lets AWS delete everything", () => {
    expect(resource(database, "aws_db_instance", "database")).toMatchObject({
      deletion_protection: false,
      delete_automated_backups: true,
    });
    expect(resource(stacks["load-balancer"], "aws_lb", "load_balancer").enable_deletion_protection).toBe(false);
    expect(resource(gitaly, "aws_instance", "gitaly").disable_api_termination).toBe(false);
  });

  it("takes no final snapshots", () => {
    const instance = resource(database, "aws_db_instance", "database");
    expect(instance.skip_final_snapshot).toBe(true);
    expect(instance).not.toHaveProperty("final_snapshot_identifier");
    expect(resource(cache, "aws_elasticache_replication_group", "cache")).not.toHaveProperty(
      "final_snapshot_identifier",
    );
    expect(resource(gitaly, "aws_ebs_volume", "data_volume")).not.toHaveProperty("final_snapshot");
  });

  it("deletes secrets and the key as soon as AWS allows", () => {
    const windows = Object.values(argument(stacks.secrets, "aws_secretsmanager_secret", "recovery_window_in_days"));
    expect(windows).toEqual([0, 0, 0, 0, 0, 0]);
    expect(resource(encryption, "aws_kms_key", "key").deletion_window_in_days).toBe(7);
  });

  it("deletes buckets and zone with what is in them", () => {
    expect(Object.values(argument(stacks.storage, "aws_s3_bucket", "force_destroy"))).toEqual(Array(12).fill(true));
    expect(resource(stacks.dns, "aws_route53_zone", "zone").force_destroy).toBe(true);
  });
});

describe("port 80 forwarded in clear, the guide's form", () => {
  const stacks = build({ loadBalancer: { http: "forward" } });
  const loadBalancer = stacks["load-balancer"];

  it("shares the HTTP target group with port 443", () => {
    expect(argument(loadBalancer, "aws_lb_listener", "port")).toEqual({ http: 80, https: 443, ssh: 22 });
    for (const id of ["http", "https"]) {
      expect(resource(loadBalancer, "aws_lb_listener", id).default_action).toEqual([
        { type: "forward", target_group_arn: "${aws_lb_target_group.http_target.arn}" },
      ]);
    }
    expect(Object.keys(resources(loadBalancer, "aws_lb_target_group"))).toEqual(["http_target", "ssh_target"]);
    expect(resource(stacks.application, "aws_autoscaling_group", "group").target_group_arns).toHaveLength(2);
  });

  it("opens no port for redirects", () => {
    expect(ruleIds(stacks).filter((id) => id.includes("8081"))).toEqual([]);
    expect(ruleIds(stacks)).toContain("load_balancer_from_internet_ipv4_80");
  });
});

describe("port 80 closed", () => {
  const stacks = build({ loadBalancer: { http: "none" } });

  it("has no listener, and lets nobody in on it", () => {
    expect(argument(stacks["load-balancer"], "aws_lb_listener", "port")).toEqual({ https: 443, ssh: 22 });
    expect(ruleIds(stacks).filter((id) => /^load_balancer_from_internet/.test(id))).toEqual([
      "load_balancer_from_internet_ipv4_443",
      "load_balancer_from_internet_ipv6_443",
    ]);
    expect(ruleIds(stacks).filter((id) => id.includes("8081"))).toEqual([]);
    expect(ruleIds(stacks)).toContain("application_from_load_balancer_80");
  });
});

describe("proxy protocol", () => {
  const loadBalancer = build({ loadBalancer: { proxyProtocol: true } })["load-balancer"];

  it("is spoken to the HTTP target group only", () => {
    expect(argument(loadBalancer, "aws_lb_target_group", "proxy_protocol_v2")).toEqual({ http_target: true });
  });

  it("isn't in the way of the redirects' health checks, which send no header", () => {
    expect(resource(loadBalancer, "aws_lb_target_group", "redirect_target").health_check).toEqual({
      protocol: "TCP",
      healthy_threshold: 2,
      unhealthy_threshold: 2,
      interval: 10,
      timeout: 6,
    });
  });
});

describe("gp3 storage", () => {
  const { database, gitaly } = build({
    database: { storage: { type: "gp3" } },
    gitaly: { storage: { type: "gp3", sizeGib: 200, iops: 8000, throughputMibps: 500 } },
  });

  it("below 400 GiB takes no IOPS from RDS' users", () => {
    const instance = resource(database, "aws_db_instance", "database");
    expect(instance).toMatchObject({ storage_type: "gp3", allocated_storage: 100, max_allocated_storage: 500 });
    expect(instance).not.toHaveProperty("iops");
  });

  it("has IOPS and throughput on Gitaly's volume", () => {
    expect(resource(gitaly, "aws_ebs_volume", "data_volume")).toMatchObject({
      type: "gp3",
      size: 200,
      iops: 8000,
      throughput: 500,
    });
  });
});

describe("gp3 storage of 400 GiB, and no storage autoscaling", () => {
  const { database } = build({ database: { storage: { type: "gp3", sizeGib: 400, maxSizeGib: 0 } } });

  it("has the IOPS that come with it", () => {
    expect(resource(database, "aws_db_instance", "database")).toMatchObject({
      storage_type: "gp3",
      allocated_storage: 400,
      iops: 12000,
      max_allocated_storage: 0,
    });
  });
});

describe.each([
  { version: "17.11.7", postgres: "16", engine: "redis", cacheVersion: "7.1" },
  { version: "18.11.2", postgres: "16", engine: "redis", cacheVersion: "7.1" },
  { version: "19.0.0", postgres: "17", engine: "valkey", cacheVersion: "7.2" },
])("GitLab $version", ({ version, postgres, engine, cacheVersion }) => {
  const { database, cache } = build({ gitlab: { version } });

  it(`runs on PostgreSQL ${postgres}`, () => {
    expect(resource(database, "aws_db_instance", "database").engine_version).toBe(postgres);
    expect(resource(database, "aws_db_parameter_group", "parameter_group")).toMatchObject({
      family: `postgres${postgres}`,
      name: `gitlab-db-ha-postgres${postgres}`,
    });
  });

  it(`runs on ${engine} ${cacheVersion}`, () => {
    expect(resource(cache, "aws_elasticache_replication_group", "cache")).toMatchObject({
      engine,
      engine_version: cacheVersion,
    });
    expect(resource(cache, "aws_elasticache_parameter_group", "parameter_group")).toMatchObject({
      family: `${engine}7`,
      name: `gitlab-redis-${engine}7`,
    });
  });
});

describe("a database without insights, enhanced monitoring and logs", () => {
  const { database } = build({
    database: { performanceInsights: false, monitoringIntervalSeconds: 0, logExports: [] },
  });

  it("has neither role nor log groups", () => {
    expect(addresses(database)).not.toContainEqual(expect.stringMatching(/aws_iam_role|log_group/));
    const instance = resource(database, "aws_db_instance", "database");
    expect(instance).toMatchObject({
      performance_insights_enabled: false,
      monitoring_interval: 0,
      enabled_cloudwatch_logs_exports: [],
    });
    expect(Object.keys(instance)).not.toContainEqual(expect.stringMatching(/insights_(kms|mode|retention)|role_arn/));
  });
});

describe("PostgreSQL parameters of one's own", () => {
  const { database } = build({ database: { parameters: { work_mem: "16384", log_min_duration_statement: "1000" } } });

  it("take the place of GitLab's, or come after them", () => {
    const { parameter } = resource(database, "aws_db_parameter_group", "parameter_group");
    expect(parameter.map(({ name, value }: Block) => `${name} ${value}`)).toEqual([
      "rds.force_ssl 1",
      "work_mem 16384",
      "statement_timeout 60000",
      "maintenance_work_mem GREATEST({DBInstanceClassMemory*1024/63963136},65536)",
      "shared_buffers GREATEST({DBInstanceClassMemory/32768},262144)",
      "max_connections GREATEST({DBInstanceClassMemory/9531392},400)",
      "log_min_duration_statement 1000",
    ]);
  });
});

describe("key pairs", () => {
  const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE2vB6m7m2cA8q3XqkSxwYv1n5b0e6p9c0d1f2g3h4i5 ops";
  const namesIn = ({ bastion, gitaly, application }: Stacks) => [
    resource(bastion, "aws_instance", "a").key_name,
    resource(gitaly, "aws_instance", "gitaly").key_name,
    resource(application, "aws_launch_template", "launch_template").key_name,
  ];

  it("are created from a public key, under the deployment's name", () => {
    const stacks = build({ access: { ...SMALLEST.access, keyPair: { publicKey } } });
    expect(resources(stacks.security, "aws_key_pair")).toEqual({
      key_pair: { key_name: "gitlab", public_key: publicKey },
    });
    expect(outputs(stacks.security).key_name).toBe("${aws_key_pair.key_pair.key_name}");
    expect(namesIn(stacks)).toEqual(Array(3).fill(outputOf("security", "key_name")));
  });

  it("are existing ones by their name", () => {
    const stacks = build({ access: { ...SMALLEST.access, keyPair: { name: "ops" } } });
    expect(resources(stacks.security, "aws_key_pair")).toEqual({});
    expect(namesIn(stacks)).toEqual(["ops", "ops", "ops"]);
  });

  it("are absent by default", () => {
    const stacks = build({});
    expect(namesIn(stacks)).toEqual([undefined, undefined, undefined]);
    expect(outputs(stacks.security)).not.toHaveProperty("key_name");
  });
});

describe("Gitaly over TLS", () => {
  const stacks = build({ gitaly: { tls: true } });
  const secretOf = (secret: string) => outputOf("secrets", `secret_arns["${secret}"]`);
  const statementsOf = (role: string) =>
    Object.fromEntries(
      statements(resource(stacks.iam, "aws_iam_role_policy", `${role}_access`).policy).map((one) => [one.Sid, one]),
    );

  it("is reached on 9999 in place of 8075", () => {
    expect(ruleIds(stacks).filter((id) => /^gitaly_from_application|^application_to_gitaly/.test(id))).toEqual([
      "gitaly_from_application_9999",
      "application_to_gitaly_9999",
    ]);
  });

  it("has a secret for its certificate, and none without TLS", () => {
    expect(resource(stacks.secrets, "aws_secretsmanager_secret", "gitaly_certificate")).toEqual({
      name: "gitlab/gitaly-certificate",
      description: "The certificate by which application nodes know Gitaly; its key never leaves the node",
      kms_key_id: outputOf("encryption", "kms_key_arn"),
      recovery_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
    expect(Object.keys(resources(stacks.secrets, "aws_secretsmanager_secret_version"))).not.toContainEqual(
      expect.stringContaining("certificate"),
    );
    expect(addresses(build({}).secrets)).not.toContainEqual(expect.stringContaining("certificate"));
  });

  it("lets the Gitaly node fill and read it", () => {
    expect(statementsOf("gitaly")).toMatchObject({
      ReadSecrets: { Resource: ["gitaly-token", "gitlab-secrets", "gitaly-certificate"].map(secretOf) },
      FillSecrets: { Action: "secretsmanager:PutSecretValue", Resource: [secretOf("gitaly-certificate")] },
      UseKey: { Action: ["kms:Decrypt", "kms:GenerateDataKey"] },
    });
  });

  it("lets application nodes read it only", () => {
    const { ReadSecrets, FillSecrets } = statementsOf("application");
    expect(ReadSecrets?.Resource).toContain(secretOf("gitaly-certificate"));
    expect(FillSecrets?.Resource).toEqual(["gitlab-secrets", "ssh-host-keys"].map(secretOf));
  });
});

describe("secrets of one's own in gitlab.config", () => {
  const arn = (name: string) => `arn:aws:secretsmanager:us-west-2:123456789012:secret:${name}-AbCdEf`;
  const { iam } = build({
    gitlab: {
      config: {
        gitlab_rails: {
          smtp_enable: true,
          smtp_password: { fromSecret: arn("smtp") },
          ldap_servers: { main: { password: { fromSecret: arn("ldap") }, host: "ldap.example.com" } },
          incoming_email_password: { fromSecret: arn("smtp") },
        },
      },
    },
  });
  const readable = (role: string) =>
    statements(resource(iam, "aws_iam_role_policy", `${role}_access`).policy)[0]?.Resource;

  it("may be read by application nodes, each once, and by nobody else", () => {
    expect(readable("application").filter((one: string) => one.startsWith("arn:"))).toEqual([arn("smtp"), arn("ldap")]);
    expect(readable("gitaly").filter((one: string) => one.startsWith("arn:"))).toEqual([]);
  });
});

describe("Graviton instance types", () => {
  const stacks = build({
    bastion: { instanceType: "t4g.nano" },
    gitaly: { instanceType: "m7gd.xlarge" },
    application: { instanceType: "c7g.2xlarge" },
  });

  it.each(["bastion", "gitaly", "application"] as const)("boot arm64 images: %s", (tier) => {
    expect(dataSource(stacks[tier], "aws_ami", "image").filter).toEqual([
      { name: "name", values: ["ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-arm64-server-*"] },
      { name: "architecture", values: ["arm64"] },
      { name: "virtualization-type", values: ["hvm"] },
    ]);
  });
});

describe("GitLab's official image", () => {
  it.each([
    ["c5.2xlarge", "ee", "GitLab EE 19.3.0", "x86_64"],
    ["c7g.2xlarge", "ee", "GitLab EE 19.3.0 (ARM64)", "arm64"],
    ["c5.2xlarge", "ce", "GitLab CE 19.3.0", "x86_64"],
  ] as const)("of %s, %s is %s", (instanceType, edition, name, architecture) => {
    const { application } = build({ gitlab: { edition }, application: { image: "gitlab", instanceType } });
    expect(dataSource(application, "aws_ami", "image")).toEqual({
      owners: ["782774275127"],
      most_recent: true,
      filter: [
        { name: "name", values: [name] },
        { name: "architecture", values: [architecture] },
        { name: "virtualization-type", values: ["hvm"] },
      ],
    });
  });
});

describe("an image by its id", () => {
  const { application } = build({ application: { image: "ami-0123456789abcdef0" } });

  it("is not looked up", () => {
    expect(resource(application, "aws_launch_template", "launch_template").image_id).toBe("ami-0123456789abcdef0");
    expect(application.data).not.toHaveProperty("aws_ami");
  });
});

describe.each([
  { region: "cn-north-1", partition: "aws-cn", suffix: "amazonaws.com.cn", canonical: "837727238323" },
  { region: "us-gov-east-1", partition: "aws-us-gov", suffix: "amazonaws.com", canonical: "513442679011" },
])("the partition $partition", ({ region, partition, suffix, canonical }) => {
  const stacks = build({ region: region as TopologyFile["region"] });

  it("is in every ARN", () => {
    const arns = textOf(stacks).match(/arn:aws[a-z-]*:/g) ?? [];
    // Four roles' AWS-managed policies, the key's account and three log patterns, the bucket's two source ARNs; two roles'
    // log groups and the scaling group.
    expect(arns).toEqual(Array(13).fill(`arn:${partition}:`));
  });

  it("is in the services' names", () => {
    const policy = resource(stacks.encryption, "aws_kms_key", "key").policy;
    expect(policy).toContain(`"kms:ViaService":"ec2.${region}.${suffix}"`);
    expect(policy).toContain(`"Service":"logs.${region}.${suffix}"`);
    expect(resource(stacks.network, "aws_vpc_endpoint", "s3").service_name).toBe(`com.amazonaws.${region}.s3`);
  });

  it("has images of Canonical's account there", () => {
    expect(dataSource(stacks.gitaly, "aws_ami", "image").owners).toEqual([canonical]);
  });
});

describe("a region without T2", () => {
  const { bastion } = build({ region: "eu-north-1" });

  it("has t3.micro bastions", () => {
    expect(argument(bastion, "aws_instance", "instance_type")).toEqual({ a: "t3.micro", b: "t3.micro" });
  });
});

describe("another name", () => {
  const stacks = build({ name: "git-dev" });

  it("is in place of gitlab in all names", () => {
    const names = TIERS.flatMap((tier) => addressesOf(stacks[tier])).flatMap(([, block]) => [
      ...[block.name, block.identifier, block.alarm_name, block.replication_group_id, block.tags?.Name],
    ]);
    const literal = names.filter((name) => name && !name.startsWith("${"));
    expect(new Set(literal.filter((name) => /gitlab/i.test(name)))).toEqual(
      // The domain, and a secret that is called after GitLab's own file.
      new Set(["gitlab.example.com", "git-dev/gitlab-secrets"]),
    );
  });

  it("keeps the guide's suffixes", () => {
    expect(resource(stacks.network, "aws_vpc", "vpc").tags.Name).toBe("git-dev-vpc");
    expect(resource(stacks.iam, "aws_iam_role", "application").name).toBe("git-dev-S3Access");
    expect(resource(stacks.iam, "aws_iam_policy", "object_storage").name).toBe("git-dev-s3-policy");
    expect(resource(stacks.database, "aws_db_instance", "database").identifier).toBe("git-dev-db-ha");
    expect(resource(stacks.cache, "aws_elasticache_replication_group", "cache").replication_group_id).toBe(
      "git-dev-redis",
    );
    expect(resource(stacks.encryption, "aws_kms_alias", "alias").name).toBe("alias/git-dev");
    expect(resource(stacks.encryption, "aws_kms_key", "key").policy).toContain(":log-group:/git-dev/*");
    expect(outputs(stacks.secrets).initial_root_password_command).toContain("git-dev/initial-root-password");
  });
});

describe("a trusted IPv6 range", () => {
  const { security } = build({ access: { trustedCidrs: ["2001:db8::/32"] } });

  it.each(["load_balancer", "bastion"])("may use SSH: %s", (role) => {
    const rule = resource(security, "aws_vpc_security_group_ingress_rule", `${role}_from_2001_db8___32_22`);
    expect(rule).toMatchObject({ cidr_ipv6: "2001:db8::/32", from_port: 22, to_port: 22 });
    expect(rule).not.toHaveProperty("cidr_ipv4");
  });
});

describe("a cache of a single node", () => {
  const { cache } = build({ cache: { multiAz: false, replicas: 0 } });

  it("fails over nowhere", () => {
    expect(resource(cache, "aws_elasticache_replication_group", "cache")).toMatchObject({
      num_cache_clusters: 1,
      preferred_cache_cluster_azs: ["us-west-2a"],
      multi_az_enabled: false,
      automatic_failover_enabled: false,
    });
  });
});

describe("growing", () => {
  const before = build({});

  /** What differs: whole blocks, and arguments of blocks that both have. */
  const difference = (after: Stacks) => {
    const [old, young] = [before, after].map(argumentsOf) as [Map<string, Block>, Map<string, Block>];
    const changed = [...old].flatMap(([address, block]) => {
      const now = young.get(address) ?? block;
      return [...new Set([...Object.keys(block), ...Object.keys(now)])]
        .filter((name) => JSON.stringify(block[name]) !== JSON.stringify(now[name]))
        .map((name) => ({ argument: `${address}.${name}`, was: block[name], is: now[name] }));
    });
    return {
      added: [...young.keys()].filter((address) => !old.has(address)),
      removed: [...old.keys()].filter((address) => !young.has(address)),
      changed,
    };
  };
  const argumentsOf = (stacks: Stacks) =>
    new Map(
      TIERS.flatMap((tier) => [
        ...addressesOf(stacks[tier]).map(([address, block]): [string, Block] => [`${tier} ${address}`, block]),
        ...Object.entries(outputs(stacks[tier])).map(([name, value]): [string, Block] => [
          `${tier} output.${name}`,
          { value },
        ]),
        [`${tier} settings`, { ...stacks[tier].terraform, ...stacks[tier].provider }],
      ]),
    );

  it("by a zone adds the zone's own, and lengthens the lists of subnets", () => {
    const { added, removed, changed } = difference(build({ network: { zones: zones("us-west-2", "abc") } }));
    expect(removed).toEqual([]);
    expect(added).toEqual([
      "network aws_eip.nat_c_address",
      "network aws_nat_gateway.nat_c",
      "network aws_route.private_c_default",
      "network aws_route_table.private_c_routes",
      "network aws_route_table_association.private_c_association",
      "network aws_route_table_association.public_c_association",
      "network aws_subnet.private_c",
      "network aws_subnet.public_c",
      "bastion aws_eip.c_address",
      "bastion aws_eip_association.c_association",
      "bastion aws_instance.c",
    ]);
    expect(changed.map((change) => change.argument)).toEqual([
      "network aws_vpc_endpoint.s3.route_table_ids",
      "network output.nat_public_ips.value",
      "network output.private_subnet_ids.value",
      "network output.public_subnet_ids.value",
      "load-balancer aws_lb.load_balancer.subnets",
      "database aws_db_subnet_group.subnet_group.subnet_ids",
      "cache aws_elasticache_subnet_group.subnet_group.subnet_ids",
      "bastion output.instance_ids.value",
      "bastion output.public_ips.value",
      "application aws_autoscaling_group.group.vpc_zone_identifier",
    ]);
    for (const { was, is } of changed) {
      if (Array.isArray(was)) expect(is.slice(0, was.length)).toEqual(was);
      else expect(is).toMatchObject(was);
    }
  });

  it("by a trusted range adds its rules and nothing else", () => {
    const trustedCidrs = ["192.0.2.0/24", ...SMALLEST.access.trustedCidrs];
    expect(difference(build({ access: { trustedCidrs } }))).toEqual({
      added: [
        "security aws_vpc_security_group_ingress_rule.bastion_from_192_0_2_0_24_22",
        "security aws_vpc_security_group_ingress_rule.load_balancer_from_192_0_2_0_24_22",
      ],
      removed: [],
      changed: [],
    });
  });

  it("by bastions adds theirs and nothing else", () => {
    const { added, removed, changed } = difference(build({ bastion: { enabled: false } }));
    expect(added).toEqual([]);
    expect(removed.filter((address) => !address.includes("bastion"))).toEqual([]);
    expect(changed.map((change) => change.argument)).toEqual(["security output.security_group_ids.value"]);
  });
});
