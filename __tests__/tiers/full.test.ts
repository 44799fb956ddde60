// Every property of the schema, set to something other than its default, arrives where it belongs.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import schema from "../../modules/topology/topology.schema.json";
import {
  addressesOf,
  type Block,
  dataSource,
  exportTopology,
  load,
  outputOf,
  parseTemplate,
  resource,
  resources,
  type Stacks,
  statements,
  synthesize,
  type TerraformJson,
  TIERS,
  userData,
} from "../synth";

const FIXTURES = join(__dirname, "../fixtures/topologies");
/** Several files, as some properties exclude others. */
const FILES = ["full", "full-alternatives", "full-cloud", "full-none"] as const;

type File = (typeof FILES)[number];

const texts = byFile((file) => readFileSync(pathOf(file), "utf8"));
const given = byFile((file) => parse(texts[file]) as unknown);
const stacks: Record<File, Stacks> = byFile((file) => synthesize(pathOf(file)));
const defaults = load("topology.json").topology;

/** Where a property arrives. */
interface Arrival {
  readonly file: File;
  readonly find: (stacks: Stacks, exported: (path: string) => string | undefined) => unknown;
  /** What is to be found. @default - the property's value, as the file has it */
  readonly expected?: unknown;
}

const full = (find: Arrival["find"], expected?: unknown): Arrival => ({ file: "full", find, expected });
const alternative = (find: Arrival["find"], expected?: unknown): Arrival => ({
  file: "full-alternatives",
  find,
  expected,
});

const vpc = (s: Stacks) => resource(s.network, "aws_vpc", "vpc");
const subnets = (s: Stacks, kind: string) =>
  ["b", "c", "a"].map((letter) => resource(s.network, "aws_subnet", `${kind}_${letter}`));
const lb = (s: Stacks) => resource(s["load-balancer"], "aws_lb", "load_balancer");
const listener = (s: Stacks, id: string) => resource(s["load-balancer"], "aws_lb_listener", id);
const targetGroup = (s: Stacks, id: string) => resource(s["load-balancer"], "aws_lb_target_group", `${id}_target`);
const bucketNames = (s: Stacks) => Object.values(resources(s.storage, "aws_s3_bucket")).map(({ bucket }) => bucket);
const bucketLifecycle = (s: Stacks, id: string): Block[] =>
  resource(s.storage, "aws_s3_bucket_lifecycle_configuration", `${id}_lifecycle`).rule;
const database = (s: Stacks) => resource(s.database, "aws_db_instance", "database");
const cache = (s: Stacks) => resource(s.cache, "aws_elasticache_replication_group", "cache");
const bastions = (s: Stacks) => Object.values(resources(s.bastion, "aws_instance"));
const gitaly = (s: Stacks) => resource(s.gitaly, "aws_instance", "gitaly");
const volume = (s: Stacks) => resource(s.gitaly, "aws_ebs_volume", "data_volume");
const template = (s: Stacks) => resource(s.application, "aws_launch_template", "launch_template");
const group = (s: Stacks) => resource(s.application, "aws_autoscaling_group", "group");
const alarm = (s: Stacks, id: string) => resource(s.application, "aws_cloudwatch_metric_alarm", `${id}_alarm`);
const amiName = (s: Stacks) => dataSource(s.application, "aws_ami", "image").filter[0].values[0];
const policies = (s: Stacks) => Object.values(resources(s.application, "aws_autoscaling_policy"));
const ingress = (s: Stacks, id: string) => resource(s.security, "aws_vpc_security_group_ingress_rule", id);
const bucket = (id: string) => alternative((s) => resource(s.storage, "aws_s3_bucket", id).bucket);
const cloud = (s: Stacks) => s.database.terraform.cloud;
const s3 = (s: Stacks) => s.database.terraform.backend.s3;

/** The lines of a stack's user data that match. */
const lines = (stack: TerraformJson, pattern: RegExp) =>
  userData(stack)
    .split("\n")
    .filter((line) => pattern.test(line))
    .map((line) => line.trim());

/** By the property's JSON pointer, `*` for every item of a list. */
const ARRIVALS: Record<string, Arrival> = {
  "/name": full((s) => vpc(s).tags.Name, "acme-gl-vpc"),
  "/region": full((s) => s.network.provider.aws?.[0]?.region),
  "/domain": full((s) => s["load-balancer"].output?.url?.value, "https://git.acme.example"),
  "/gitlab/version": full(amiName, "GitLab CE 18.11.2 (ARM64)"),
  "/gitlab/edition": full(amiName, "GitLab CE 18.11.2 (ARM64)"),
  "/gitlab/registryUrl": full(
    (s) => [
      lines(s.application, /registry_external_url/),
      resource(s["load-balancer"], "aws_route53_record", "registry").name,
    ],
    [["registry_external_url 'https://registry.acme.example'"], "registry.acme.example"],
  ),
  "/gitlab/config": full(
    (s) => [
      lines(s.application, /incoming_email_address|smtp_password|^ *CONFIG_SECRETS=/),
      statements(resource(s.iam, "aws_iam_role_policy", "application_access").policy)[0]?.Resource.at(-3),
    ],
    [
      [
        "CONFIG_SECRETS='arn:aws:secretsmanager:eu-west-1:123456789012:secret:acme/smtp-AbCdEf'",
        "gitlab_rails['incoming_email_address'] = 'incoming+%%{key}@acme.example'",
        "gitlab_rails['smtp_password'] = secret.call('config-1')",
      ],
      "arn:aws:secretsmanager:eu-west-1:123456789012:secret:acme/smtp-AbCdEf",
    ],
  ),
  "/access/trustedCidrs": full((s) => [
    ingress(s, "bastion_from_198_51_100_0_24_22").cidr_ipv4,
    ingress(s, "bastion_from_2001_db8___32_22").cidr_ipv6,
  ]),
  "/access/sessionManager": full(
    (s) => Object.keys(resources(s.iam, "aws_iam_role_policy_attachment")),
    ["application_object_storage"],
  ),
  "/access/keyPair/name": full((s) => resource(s.security, "aws_key_pair", "key_pair").key_name),
  "/access/keyPair/publicKey": full((s) => resource(s.security, "aws_key_pair", "key_pair").public_key),

  "/network/cidr": full((s) => vpc(s).cidr_block),
  "/network/zones/*/name": full((s) => subnets(s, "public").map((one) => one.availability_zone)),
  "/network/zones/*/publicCidr": full((s) => subnets(s, "public").map((one) => one.cidr_block)),
  "/network/zones/*/privateCidr": full((s) => subnets(s, "private").map((one) => one.cidr_block)),
  "/network/natGateways": full((s) => Object.keys(resources(s.network, "aws_nat_gateway")), ["nat_b"]),
  "/network/flowLogs/enabled": alternative((s) => resources(s.network, "aws_flow_log"), {}),
  "/network/flowLogs/retentionDays": full(
    (s) => resource(s.network, "aws_cloudwatch_log_group", "flow_logs_group").retention_in_days,
  ),

  "/loadBalancer/http": full(
    (s) => listener(s, "http").default_action[0].target_group_arn,
    "${aws_lb_target_group.http_target.arn}",
  ),
  "/loadBalancer/sslPolicy": full((s) => listener(s, "https").ssl_policy),
  "/loadBalancer/preserveClientIp": full((s) => targetGroup(s, "ssh").preserve_client_ip, "false"),
  "/loadBalancer/proxyProtocol": full((s) => targetGroup(s, "http").proxy_protocol_v2),
  "/loadBalancer/crossZone": full((s) => lb(s).enable_cross_zone_load_balancing),
  "/loadBalancer/accessLogs": full((s) => lb(s).access_logs === undefined, true),
  "/loadBalancer/deletionProtection": alternative((s) => lb(s).enable_deletion_protection),

  "/dns/zone": alternative((s) => Object.keys(resources(s.dns, "aws_route53_zone")), ["zone"]),
  "/dns/zoneName": alternative((s) => resource(s.dns, "aws_route53_zone", "zone").name),
  "/dns/zoneId": full((s) => resource(s["load-balancer"], "aws_route53_record", "domain").zone_id),
  "/certificate/arn": full((s) => listener(s, "https").certificate_arn),
  "/certificate/alternativeNames": alternative(
    (s) => resource(s.certificate, "aws_acm_certificate", "certificate").subject_alternative_names,
  ),

  "/objectStorage/bucketPrefix": full((s) => bucketNames(s).every((name) => name.startsWith("acme-")), true),
  "/objectStorage/buckets/artifacts": bucket("artifacts"),
  "/objectStorage/buckets/external-diffs": bucket("external_diffs"),
  "/objectStorage/buckets/lfs": bucket("lfs"),
  "/objectStorage/buckets/uploads": bucket("uploads"),
  "/objectStorage/buckets/packages": bucket("packages"),
  "/objectStorage/buckets/dependency-proxy": bucket("dependency_proxy"),
  "/objectStorage/buckets/terraform-state": bucket("terraform_state"),
  "/objectStorage/buckets/pages": bucket("pages"),
  "/objectStorage/buckets/ci-secure-files": bucket("ci_secure_files"),
  "/objectStorage/buckets/registry": bucket("registry"),
  "/objectStorage/buckets/backups": bucket("backups"),
  "/objectStorage/buckets/access-logs": bucket("access_logs"),
  "/objectStorage/incompleteUploadDays": full(
    (s) => bucketLifecycle(s, "lfs")[0]?.abort_incomplete_multipart_upload[0].days_after_initiation,
  ),
  "/objectStorage/noncurrentVersionDays": full(
    (s) => bucketLifecycle(s, "lfs")[1]?.noncurrent_version_expiration[0].noncurrent_days,
  ),
  "/objectStorage/accessLogDays": full((s) => bucketLifecycle(s, "access_logs")[2]?.expiration[0].days),

  "/database/engineVersion": full((s) => database(s).engine_version),
  "/database/instanceClass": full((s) => database(s).instance_class),
  "/database/multiAz": full((s) => database(s).multi_az),
  "/database/storage/type": full((s) => database(s).storage_type),
  "/database/storage/sizeGib": full((s) => database(s).allocated_storage),
  "/database/storage/iops": full((s) => database(s).iops),
  "/database/storage/maxSizeGib": full((s) => database(s).max_allocated_storage),
  "/database/username": full((s) => database(s).username),
  "/database/databaseName": full((s) => database(s).db_name),
  "/database/port": full(
    (s) => [database(s).port, ingress(s, "database_from_application_5433").from_port],
    [5433, 5433],
  ),
  "/database/backupRetentionDays": full((s) => database(s).backup_retention_period),
  "/database/backupWindow": full((s) => database(s).backup_window),
  "/database/maintenanceWindow": full((s) => database(s).maintenance_window),
  "/database/autoMinorVersionUpgrade": full((s) => database(s).auto_minor_version_upgrade),
  "/database/deletionProtection": alternative((s) => database(s).deletion_protection),
  "/database/finalSnapshot": alternative(
    (s) => [database(s).skip_final_snapshot, database(s).final_snapshot_identifier],
    [true, undefined],
  ),
  "/database/performanceInsights": full(
    (s) => [database(s).performance_insights_enabled, database(s).database_insights_mode],
    [false, undefined],
  ),
  "/database/monitoringIntervalSeconds": full((s) => database(s).monitoring_interval),
  "/database/logExports": full((s) => database(s).enabled_cloudwatch_logs_exports),
  "/database/caCertificate": full((s) => database(s).ca_cert_identifier),
  "/database/parameters": full(
    (s) => resource(s.database, "aws_db_parameter_group", "parameter_group").parameter.at(-1),
    {
      name: "log_min_duration_statement",
      value: "1000",
      apply_method: "pending-reboot",
    },
  ),

  "/cache/engine": full(
    (s) => [
      cache(s).engine,
      parseTemplate(resource(s.cache, "aws_cloudformation_stack", "user").template_body).Resources.User.Properties
        .Engine,
    ],
    ["redis", "redis"],
  ),
  "/cache/engineVersion": full((s) => cache(s).engine_version),
  "/cache/nodeType": full((s) => cache(s).node_type),
  "/cache/multiAz": full((s) => [cache(s).multi_az_enabled, cache(s).automatic_failover_enabled], [false, false]),
  "/cache/replicas": full((s) => cache(s).num_cache_clusters, 4),
  "/cache/zones": full((s) => cache(s).preferred_cache_cluster_azs),
  "/cache/port": full((s) => [cache(s).port, ingress(s, "cache_from_application_6380").from_port], [6380, 6380]),
  "/cache/snapshotRetentionDays": full((s) => cache(s).snapshot_retention_limit),
  "/cache/maintenanceWindow": full((s) => cache(s).maintenance_window),

  "/bastion/enabled": alternative((s) => Object.keys(s.bastion.resource ?? {}), []),
  "/bastion/instanceType": full((s) => bastions(s).map((one) => one.instance_type), Array(3).fill("t4g.nano")),
  "/bastion/rootVolumeSizeGib": full((s) => bastions(s).map((one) => one.root_block_device.volume_size), [12, 12, 12]),

  "/gitaly/instanceType": full((s) => gitaly(s).instance_type),
  "/gitaly/zone": full(
    (s) => [volume(s).availability_zone, gitaly(s).subnet_id],
    ["eu-west-1c", '${data.terraform_remote_state.network.outputs.private_subnet_ids["eu-west-1c"]}'],
  ),
  "/gitaly/tls": full(
    (s) => [
      ingress(s, "gitaly_from_application_9999").from_port,
      lines(s.application, /GITALY_TLS=|gitaly_address/),
      lines(s.gitaly, /GITALY_TLS=|listen_addr/),
      Object.keys(resources(s.secrets, "aws_secretsmanager_secret")).includes("gitaly_certificate"),
    ],
    [
      9999,
      [
        "GITALY_TLS='true'",
        `gitlab_rails['repositories_storages'] = { 'default' => { 'gitaly_address' => 'tls://${outputOf("gitaly", "host")}:9999' } }`,
      ],
      ["GITALY_TLS='true'", "'tls_listen_addr' => '0.0.0.0:9999',"],
      true,
    ],
  ),
  "/gitaly/rootVolumeSizeGib": full((s) => gitaly(s).root_block_device.volume_size),
  "/gitaly/storage/type": full((s) => volume(s).type),
  "/gitaly/storage/sizeGib": full((s) => volume(s).size),
  "/gitaly/storage/iops": full((s) => volume(s).iops),
  "/gitaly/storage/throughputMibps": full((s) => volume(s).throughput),

  "/application/instanceType": full((s) => template(s).instance_type),
  "/application/image": full((s) => dataSource(s.application, "aws_ami", "image").owners, ["782774275127"]),
  "/application/rootVolumeSizeGib": full((s) => template(s).block_device_mappings[0].ebs.volume_size),
  "/application/healthCheckGraceSeconds": full((s) => group(s).health_check_grace_period),
  "/application/bootTimeoutSeconds": full(
    (s) => [group(s).initial_lifecycle_hook[0].heartbeat_timeout, group(s).wait_for_capacity_timeout],
    [1800, "1800s"],
  ),
  "/application/scaling/min": full((s) => group(s).min_size),
  "/application/scaling/desired": full((s) => group(s).desired_capacity),
  "/application/scaling/max": full((s) => group(s).max_size),
  "/application/scaling/scaleOut/cpuPercent": full((s) => alarm(s, "scale_out").threshold),
  "/application/scaling/scaleOut/minutes": full((s) => alarm(s, "scale_out").evaluation_periods),
  "/application/scaling/scaleIn/cpuPercent": full((s) => alarm(s, "scale_in").threshold),
  "/application/scaling/scaleIn/minutes": full((s) => alarm(s, "scale_in").evaluation_periods),
  "/application/scaling/cooldownSeconds": full((s) => policies(s).map(({ cooldown }) => cooldown), [900, 900]),

  "/encryption/keys": alternative((s) => [s.encryption.resource, database(s).kms_key_id], [undefined, undefined]),
  "/encryption/kmsKeyArn": full((s) => database(s).kms_key_id),
  "/protect": full(
    (s) => TIERS.flatMap((tier) => addressesOf(s[tier])).filter(([, { lifecycle }]) => lifecycle?.prevent_destroy),
    [],
  ),
  "/backend/type": full((s) => Object.keys(s.database.terraform.backend), ["s3"]),
  "/backend/local/directory": alternative(
    (s) => s.database.terraform.backend.local.path,
    "../../../states/dev/database.tfstate",
  ),
  "/backend/s3/bucket": full((s) => s3(s).bucket),
  "/backend/s3/region": full((s) => s3(s).region),
  "/backend/s3/keyPrefix": full((s) => s3(s).key, "git/production/database.tfstate"),
  "/backend/s3/key": full((_, exported) => /key += "(.*)"/.exec(exported("backend.tf") ?? "")?.[1]),
  "/backend/none/type": { file: "full-none", find: (s) => Object.keys(s.database.terraform.backend)[0] },
  "/backend/cloud/workspace": {
    file: "full-cloud",
    find: (_, exported) => /name += "(.*)"/.exec(exported("backend.tf") ?? "")?.[1],
  },
  "/backend/cloud/organization": { file: "full-cloud", find: (s) => cloud(s).organization },
  "/backend/cloud/project": { file: "full-cloud", find: (s) => cloud(s).workspaces.project },
  "/backend/cloud/workspacePrefix": {
    file: "full-cloud",
    find: (s) => cloud(s).workspaces.name,
    expected: "git-production-database",
  },
  "/tags": full((s) => s.network.provider.aws?.[0]?.default_tags[0].tags, {
    Application: "GitLab",
    Deployment: "acme-gl",
    ManagedBy: "Terraform",
    CostCenter: "42",
  }),
};

/** Properties that have one value only, and those that are for editors, for the loader and for readers. */
const WITHOUT_CHOICE = ["/$schema", "/cache/clusterMode", "/database/engine", "/extends", "/silence", "/size"];

it("knows every property of the schema", () => {
  expect([...Object.keys(ARRIVALS), ...WITHOUT_CHOICE].sort()).toEqual(properties(schema as SchemaNode).sort());
});

describe.each(Object.entries(ARRIVALS))("%s", (pointer, { file, find, expected }) => {
  const value = at(given[file], pointer);

  it("is set to something other than its default", () => {
    expect(value).toBeDefined();
    expect(value).not.toEqual(at(defaults, pointer));
  });

  it("arrives", () => {
    const exported = (path: string) => exportTopology(pathOf(file), { layout: "modules", format: "json" })[path];
    expect(find(stacks[file], exported)).toEqual(expected ?? value);
  });
});

interface SchemaNode {
  readonly $ref?: string;
  readonly properties?: Record<string, SchemaNode>;
  readonly items?: SchemaNode;
}

/** JSON pointers to whatever may be given: values, and lists and maps of values. */
function properties(node: SchemaNode, pointer = ""): string[] {
  const name = node.$ref?.replace("#/definitions/", "");
  const target = name ? (schema.definitions as Record<string, SchemaNode>)[name] : node;
  if (target?.properties) {
    return Object.entries(target.properties).flatMap(([key, child]) => properties(child, `${pointer}/${key}`));
  }
  const below = target?.items ? properties(target.items, `${pointer}/*`) : [];
  return below.length > 1 ? below : [pointer];
}

/** The value at a JSON pointer, with `*` the values of all items. */
function at(value: unknown, pointer: string): unknown {
  const [, key, ...rest] = pointer.split("/");
  if (key === undefined || value === undefined) return value;
  const below = rest.length > 0 ? `/${rest.join("/")}` : "";
  if (key === "*") return (value as unknown[]).map((item) => at(item, below));
  return at((value as Record<string, unknown>)[key], below);
}

function byFile<T>(make: (file: File) => T): Record<File, T> {
  return Object.fromEntries(FILES.map((file) => [file, make(file)])) as Record<File, T>;
}

function pathOf(file: File): string {
  return join(FIXTURES, `${file}.yaml`);
}
