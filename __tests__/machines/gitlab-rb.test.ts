// gitlab.rb as real Ruby reads it, for every role, version and option.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unknownKey } from "../../modules/nodes/gitlab-keys";
import { applicationConfig, gitalyConfig } from "../../modules/nodes/gitlab-rb";
import { resolveTopology, type TopologyFile } from "../../modules/topology";
import { SMALLEST } from "../synth";
import { attempt, host } from "./host";

const HOSTS = { database: "db.internal", cache: "cache.internal", gitaly: "gitaly.internal" };
const VERSIONS = ["17.0.0", "17.11.7", "18.0.0", "18.11.2", "19.0.0", "19.1.0", "19.2.0", "19.3.0", "19.4.0"];
const SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:smtp-AbCdEf";

/** Values that would mean something else to Ruby, to the shell, to YAML or to Terraform. */
const AWKWARD = {
  quote: "it's",
  backslash: "a\\b\\\\c\\",
  interpolation: "#{exit 1} #$0 ${x} %{key} %%{y} $$",
  lines: "one\ntwo\n\n  three",
  unicode: "Grüße 🦊",
  empty: "",
};

const OPTIONS: Readonly<Record<string, Partial<TopologyFile>>> = {
  default: {},
  proxy: { loadBalancer: { proxyProtocol: true, http: "forward" } },
  tls: { gitaly: { tls: true } },
  none: {
    loadBalancer: { http: "none" },
    encryption: { keys: "aws-managed" },
    database: { port: 5433 },
    cache: { port: 6380 },
  },
  registry: {
    gitlab: { registryUrl: "https://registry.example.com" },
    certificate: { alternativeNames: ["registry.example.com"] },
  },
  "registry behind proxy": {
    loadBalancer: { proxyProtocol: true },
    gitlab: { registryUrl: "https://registry.example.com" },
    certificate: { alternativeNames: ["registry.example.com"] },
  },
  config: {
    gitlab: {
      config: {
        gitlab_rails: {
          smtp_enable: true,
          smtp_port: 587,
          smtp_password: { fromSecret: SECRET },
          gitlab_email_display_name: AWKWARD.quote,
          incoming_email_address: AWKWARD.interpolation,
          env: AWKWARD,
          omniauth_providers: [{ name: "saml", args: { list: [1, null, 0.5], app_secret: { fromSecret: SECRET } } }],
        },
        puma: { worker_processes: 6 },
      },
    },
  },
};

interface Case {
  readonly name: string;
  readonly version: string;
  readonly text: string;
}

/** What only the newest versions take. */
const MEMBERS: Partial<TopologyFile> = {
  ...OPTIONS.registry,
  gitlab: {
    ...OPTIONS.registry?.gitlab,
    config: {
      gitlab_rails: {
        nginx: { client_max_body_size: "250m", proxy_set_headers: { "X-Tenant": { fromSecret: SECRET } } },
      },
      registry: { nginx: { hsts_max_age: 0 } },
    },
  },
};

const cases = [
  ...VERSIONS.flatMap((version) =>
    Object.entries(OPTIONS).flatMap(([option, given]) => casesOf(version, option, given)),
  ),
  ...casesOf("19.3.0", "members", MEMBERS),
];

function casesOf(version: string, option: string, given: Partial<TopologyFile>): Case[] {
  const { topology } = resolveTopology({ ...SMALLEST, ...given, gitlab: { ...given.gitlab, version } });
  return [
    { name: `${version} application ${option}`, version, text: applicationConfig(topology, HOSTS) },
    { name: `${version} gitaly ${option}`, version, text: gitalyConfig(topology, HOSTS) },
  ];
}

const scratch = mkdtempSync(join(tmpdir(), "gitlab-rb-"));
afterAll(() => rmSync(scratch, { recursive: true }));

/** By the case's name: what Ruby makes of its text. */
// biome-ignore lint/suspicious/noExplicitAny: whatever a configuration holds
const evaluated: Record<string, any> = {};

beforeAll(() => {
  if (attempt("which", "ruby") === undefined) throw new Error("Ruby is missing. Install it: apt-get install ruby");
  const files = cases.map(({ name, text }) => {
    const file = join(scratch, `${name}.rb`);
    writeFileSync(file, text);
    return file;
  });
  // With its warnings among the lines, where they aren't JSON.
  const lines = host("sh", "-c", 'ruby -w "$@" 2>&1', "sh", join(__dirname, "evaluate.rb"), ...files)
    .trim()
    .split("\n");
  for (const [index, { name }] of cases.entries()) evaluated[name] = JSON.parse(lines[index] ?? "");
});

test.each(cases)("$name: every key exists in the version", ({ name, version }) => {
  const { roles, external_url, registry_external_url, ...sections } = evaluated[name];
  expect(roles).toHaveLength(1);
  expect(external_url ?? registry_external_url ?? "https://").toMatch(/^https:/);
  const unknown = Object.entries(sections).flatMap(([section, keys]) =>
    Object.keys(keys as object).flatMap((key) => {
      const problem = unknownKey(version, section, key);
      return problem ? [`${section}['${key}'] ${problem.reason}`] : [];
    }),
  );
  expect(unknown).toEqual([]);
});

test("the default's application node", () => {
  const connection = { provider: "AWS", region: "us-west-2", use_iam_profile: true };
  const bucket = (type: string) => ({ bucket: `gl-gitlab-example-com-${type}` });
  expect(evaluated["19.3.0 application default"]).toEqual({
    external_url: "https://gitlab.example.com",
    roles: ["application_role"],
    letsencrypt: { enable: false },
    postgresql: { enable: false },
    redis: { enable: false },
    gitaly: { enable: false },
    prometheus_monitoring: { enable: false },
    registry: {
      storage: { s3: { ...bucket("registry"), region: "us-west-2" } },
      database: { enabled: false },
    },
    nginx: {
      custom_nginx_config:
        "server {\n  listen 8081;\n  server_name _;\n  server_tokens off;\n  return 301 https://gitlab.example.com$request_uri;\n}",
    },
    gitlab_rails: {
      auto_migrate: false,
      db_adapter: "postgresql",
      db_encoding: "unicode",
      db_host: "db.internal",
      db_port: 5432,
      db_database: "gitlabhq_production",
      db_username: "gitlab",
      db_password: "<database-password>",
      db_sslmode: "verify-full",
      db_sslrootcert: "/etc/gitlab/rds-ca-bundle.pem",
      redis_host: "cache.internal",
      redis_port: 6379,
      redis_password: "<cache-token>",
      redis_ssl: true,
      gitaly_token: "<gitaly-token>",
      repositories_storages: { default: { gitaly_address: "tcp://gitaly.internal:8075" } },
      object_store: {
        enabled: true,
        proxy_download: false,
        connection,
        objects: {
          artifacts: bucket("artifacts"),
          external_diffs: bucket("external-diffs"),
          lfs: bucket("lfs"),
          uploads: bucket("uploads"),
          packages: bucket("packages"),
          dependency_proxy: bucket("dependency-proxy"),
          terraform_state: bucket("terraform-state"),
          pages: bucket("pages"),
          ci_secure_files: bucket("ci-secure-files"),
          agent_plan_content: { enabled: false },
          ci_catalog_bundles: { enabled: false },
        },
      },
      backup_upload_connection: connection,
      backup_upload_remote_directory: "gl-gitlab-example-com-backups",
      nginx: { listen_port: 80, listen_https: false },
      monitoring_whitelist: ["127.0.0.0/8", "::1/128", "10.0.0.0/16"],
    },
  });
});

test("the default's Gitaly node", () => {
  expect(evaluated["19.3.0 gitaly default"]).toEqual({
    roles: ["gitaly_role"],
    prometheus_monitoring: { enable: false },
    gitlab_rails: { auto_migrate: false, internal_api_url: "https://gitlab.example.com" },
    gitaly: {
      configuration: {
        listen_addr: "0.0.0.0:8075",
        auth: { token: "<gitaly-token>" },
        storage: [{ name: "default", path: "/var/opt/gitlab/git-data/repositories" }],
      },
    },
    high_availability: { mountpoint: "/var/opt/gitlab/git-data" },
  });
});

test("Gitaly over TLS has no port in clear", () => {
  expect(evaluated["19.3.0 gitaly tls"].gitaly.configuration).toMatchObject({
    tls_listen_addr: "0.0.0.0:9999",
    tls: { certificate_path: "/etc/gitlab/ssl/gitaly.crt", key_path: "/etc/gitlab/ssl/gitaly.key" },
  });
  expect(evaluated["19.3.0 gitaly tls"].gitaly.configuration).not.toHaveProperty("listen_addr");
  expect(evaluated["19.3.0 application tls"].gitlab_rails.repositories_storages).toEqual({
    default: { gitaly_address: "tls://gitaly.internal:9999" },
  });
});

test.each(VERSIONS)("%s: the site's web server speaks http, and PROXY where the load balancer does", (version) => {
  const site = (name: string) => {
    const { nginx, gitlab_rails } = evaluated[`${version} application ${name}`];
    return { ...nginx, ...gitlab_rails.nginx };
  };
  expect(site("none")).toEqual({ listen_port: 80, listen_https: false });
  expect(site("proxy")).toEqual({
    listen_port: 80,
    listen_https: false,
    proxy_protocol: true,
    real_ip_trusted_addresses: ["127.0.0.0/8", "10.0.0.0/16"],
  });
});

test("the registry's web server speaks http, where it has moved to", () => {
  const plain = { listen_port: 80, listen_https: false };
  expect(evaluated["19.2.0 application registry"].registry.nginx).toEqual(plain);
  expect(evaluated["19.1.0 application registry"].registry_nginx).toEqual(plain);
  for (const version of VERSIONS) {
    const { registry, registry_external_url } = evaluated[`${version} application registry`];
    expect(registry_external_url).toBe("https://registry.example.com");
    expect(registry.database).toEqual(version.startsWith("19.") ? { enabled: false } : undefined);
  }
});

test("the registry speaks PROXY where GitLab's own site does, as they share a port", () => {
  const { nginx } = evaluated["19.2.0 application registry behind proxy"].registry;
  const { registry_nginx } = evaluated["19.1.0 application registry behind proxy"];
  expect(nginx).toEqual({
    listen_port: 80,
    listen_https: false,
    proxy_protocol: true,
    real_ip_trusted_addresses: ["127.0.0.0/8", "10.0.0.0/16"],
  });
  expect(registry_nginx).toEqual(nginx);
});

// GitLab would not start with a type that is on without a bucket, and takes no notice of one that it doesn't know.
test.each([
  ["18.11.2", []],
  ["19.0.0", ["agent_plan_content"]],
  ["19.2.0", ["agent_plan_content"]],
  ["19.3.0", ["agent_plan_content", "ci_catalog_bundles"]],
])("%s: object types that have no bucket are off: %j", (version, expected) => {
  const { objects } = evaluated[`${version} application default`].gitlab_rails.object_store;
  const off = Object.keys(objects).filter((type) => objects[type].enabled === false);
  expect(off).toEqual(expected);
  expect(Object.keys(objects).filter((type) => !off.includes(type) && !objects[type].bucket)).toEqual([]);
});

test("members of gitlab.config go beside ours where we set members too", () => {
  const { gitlab_rails, registry } = evaluated["19.3.0 application members"];
  expect(gitlab_rails.nginx).toEqual({
    listen_port: 80,
    listen_https: false,
    client_max_body_size: "250m",
    proxy_set_headers: { "X-Tenant": "<config-1>" },
  });
  expect(registry.nginx).toEqual({ listen_port: 80, listen_https: false, hsts_max_age: 0 });
});

test("gitlab.config arrives as it was written, with secrets from where the node has them", () => {
  const { gitlab_rails, puma } = evaluated["19.3.0 application config"];
  expect(puma).toEqual({ worker_processes: 6 });
  expect(gitlab_rails).toMatchObject({
    smtp_enable: true,
    smtp_port: 587,
    smtp_password: "<config-1>",
    gitlab_email_display_name: AWKWARD.quote,
    incoming_email_address: AWKWARD.interpolation,
    env: AWKWARD,
    omniauth_providers: [{ name: "saml", args: { list: [1, null, 0.5], app_secret: "<config-1>" } }],
  });
});
