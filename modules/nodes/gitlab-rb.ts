import { PORTS } from "../tiers/ports";
import type { Topology } from "../topology";
import { OBJECT_TYPES } from "../topology/defaults";
import { isAtLeast } from "../topology/gitlab-versions";
import { configSecrets, isSecretReference } from "./config-secrets";
import { RubyExpression, type RubyValue, ruby } from "./ruby";

/** A part of gitlab.rb: why it's there, and its settings by section and key. */
interface Part {
  readonly why: string;
  readonly settings: Settings;
}

/** By section and key; a section that is a value itself, such as `roles`, is a call. */
type Settings = Readonly<Record<string, RubyValue | Readonly<Record<string, RubyValue | Members>>>>;

/** A hash that is set member by member, as it has others by default. */
class Members {
  constructor(readonly members: Readonly<Record<string, RubyValue | Members>>) {}
}

/** Where the boot puts secrets. */
const SECRETS = "/run/gitlab-node/secrets";

/** Amazon's certificate authorities, which the boot fetches. */
const DATABASE_CA = "/etc/gitlab/rds-ca-bundle.pem";

/** Where Gitaly's data volume is mounted. */
const GIT_DATA = "/var/opt/gitlab/git-data";

/**
 * `/etc/gitlab/gitlab.rb` of the application nodes. Guide: "Add custom configuration" to "Proxy Protocol".
 *
 * Secrets are read from files when GitLab evaluates it. `gitlab.config` is merged in at the end.
 */
export function applicationConfig(
  topology: Topology,
  endpoints: { readonly database: string; readonly cache: string; readonly gitaly: string },
): string {
  const { database, cache, network, domain, gitaly } = topology;
  const parts: Part[] = [
    {
      why: "Users and nodes reach GitLab by this address. The load balancer has its certificate",
      settings: {
        external_url: `https://${domain}`,
        letsencrypt: { enable: false },
      },
    },
    {
      why: "What runs on this node. Database, cache and repositories are elsewhere, metrics in CloudWatch",
      settings: {
        roles: ["application_role"],
        postgresql: { enable: false },
        redis: { enable: false },
        gitaly: { enable: false },
        prometheus_monitoring: { enable: false },
      },
    },
    {
      why: "The boot migrates the database, on one node at a time",
      settings: { gitlab_rails: { auto_migrate: false } },
    },
    {
      why: "Amazon RDS",
      settings: {
        gitlab_rails: {
          db_adapter: "postgresql",
          db_encoding: "unicode",
          db_host: endpoints.database,
          db_port: database.port,
          db_database: database.databaseName,
          db_username: database.username,
          db_password: secret("database-password"),
          db_sslmode: "verify-full",
          db_sslrootcert: DATABASE_CA,
        },
      },
    },
    {
      why: "Amazon ElastiCache, over TLS",
      settings: {
        gitlab_rails: {
          redis_host: endpoints.cache,
          redis_port: cache.port,
          redis_password: secret("cache-token"),
          redis_ssl: true,
        },
      },
    },
    {
      why: "The Gitaly node",
      settings: {
        gitlab_rails: {
          gitaly_token: secret("gitaly-token"),
          repositories_storages: {
            default: {
              gitaly_address: gitaly.tls
                ? `tls://${endpoints.gitaly}:${PORTS.gitalyTls}`
                : `tcp://${endpoints.gitaly}:${PORTS.gitaly}`,
            },
          },
        },
      },
    },
    ...webServer(topology),
    ...objectStorage(topology),
    {
      why: "The load balancer asks from the VPC whether this node is healthy",
      settings: { gitlab_rails: { monitoring_whitelist: ["127.0.0.0/8", "::1/128", network.cidr] } },
    },
  ];
  return render(`GitLab ${topology.gitlab.version} on an application node`, parts, configLines(topology, parts));
}

/** `/etc/gitlab/gitlab.rb` of the Gitaly node. Guide: "Set up Gitaly". */
export function gitalyConfig(topology: Topology, endpoints: { readonly gitaly: string }): string {
  const { domain, gitaly, gitlab } = topology;
  const listen: Readonly<Record<string, RubyValue>> = gitaly.tls
    ? {
        tls_listen_addr: `0.0.0.0:${PORTS.gitalyTls}`,
        tls: { certificate_path: "/etc/gitlab/ssl/gitaly.crt", key_path: "/etc/gitlab/ssl/gitaly.key" },
      }
    : { listen_addr: `0.0.0.0:${PORTS.gitaly}` };
  const parts: Part[] = [
    {
      why: "Nothing but Gitaly runs on this node",
      settings: {
        roles: ["gitaly_role"],
        prometheus_monitoring: { enable: false },
        gitlab_rails: { auto_migrate: false },
      },
    },
    {
      why: "Hooks of Git ask GitLab what a user may do",
      settings: { gitlab_rails: { internal_api_url: `https://${domain}` } },
    },
    {
      why: `Application nodes call ${endpoints.gitaly}`,
      settings: {
        gitaly: {
          configuration: {
            ...listen,
            auth: { token: secret("gitaly-token") },
            storage: [{ name: "default", path: `${GIT_DATA}/repositories` }],
          },
        },
      },
    },
    {
      why: "Without its data volume Gitaly would write to the root volume",
      settings: { high_availability: { mountpoint: GIT_DATA } },
    },
  ];
  return render(`GitLab ${gitlab.version} on the Gitaly node`, parts);
}

/**
 * Object types without a bucket here, and the version that knows them first: both hold what features under development
 * write, which are off by default. GitLab doesn't start, or fails to write, where one of them is on and has no bucket.
 *
 * Source: GitLab's config/object_store_settings.rb, which takes no notice of a type that it doesn't know, and the
 * milestones of the tables that go with them.
 */
const WITHOUT_BUCKET = { agent_plan_content: "19.0", ci_catalog_bundles: "19.3" };

/**
 * The consolidated form for every object type: a setting of one type's own would turn it off for all.
 *
 * Nodes have their role's permission. Nothing here says how to encrypt, the registry's `encrypt` neither: the buckets do it
 * by default, with their key, and whoever asks for encryption without naming a key gets S3's own instead.
 */
function objectStorage(topology: Topology): Part[] {
  const { gitlab, region } = topology;
  const { buckets } = topology.objectStorage;
  const connection = { provider: "AWS", region, use_iam_profile: true };
  const objects: Record<string, Members> = Object.fromEntries(
    OBJECT_TYPES.map((type) => [type.replaceAll("-", "_"), new Members({ bucket: buckets[type] })]),
  );
  for (const [type, since] of Object.entries(WITHOUT_BUCKET)) {
    if (isAtLeast(gitlab.version, since)) objects[type] = new Members({ enabled: false });
  }
  return [
    {
      why: "Amazon S3, with the permissions of the instance's role",
      settings: {
        gitlab_rails: {
          object_store: new Members({
            enabled: true,
            proxy_download: false,
            connection,
            objects: new Members(objects),
          }),
        },
      },
    },
    {
      why: "Backups, which have a form of their own",
      settings: {
        gitlab_rails: {
          backup_upload_connection: connection,
          backup_upload_remote_directory: buckets.backups,
        },
      },
    },
    {
      why: gitlab.registryUrl ? "The container registry" : "The container registry, should it be turned on",
      settings: {
        ...(gitlab.registryUrl && { registry_external_url: gitlab.registryUrl }),
        registry: {
          storage: { s3: { bucket: buckets.registry, region } },
          // It keeps its metadata in the bucket: from 19.0 on it would look for a database.
          ...(isAtLeast(gitlab.version, "19.0") && { database: { enabled: false } }),
          ...(gitlab.registryUrl && isAtLeast(gitlab.version, "19.2") && { nginx: new Members(site(topology)) }),
        },
        ...(gitlab.registryUrl && !isAtLeast(gitlab.version, "19.2") && { registry_nginx: site(topology) }),
      },
    },
  ];
}

/**
 * A site of nginx, which speaks http to the load balancer only. Guide: "Add Support for Proxied SSL", "Proxy Protocol".
 *
 * All sites share one port, and with it what is spoken there.
 */
function site({ loadBalancer, network }: Topology): Readonly<Record<string, RubyValue>> {
  return {
    listen_port: PORTS.http,
    listen_https: false,
    ...(loadBalancer.proxyProtocol && {
      proxy_protocol: true,
      real_ip_trusted_addresses: ["127.0.0.0/8", network.cidr],
    }),
  };
}

/** GitLab's own site, and the port that redirects to it. */
function webServer(topology: Topology): Part[] {
  const { domain, gitlab, loadBalancer } = topology;
  const parts: Part[] = [
    {
      why: loadBalancer.proxyProtocol
        ? "TLS ends at the load balancer, which says who the client is by the PROXY protocol"
        : "TLS ends at the load balancer",
      // The keys of GitLab's own site moved in 19.2.
      settings: isAtLeast(gitlab.version, "19.2")
        ? { gitlab_rails: { nginx: new Members(site(topology)) } }
        : { nginx: site(topology) },
    },
  ];
  if (loadBalancer.http === "redirect") {
    const server = [
      "server {",
      `  listen ${PORTS.redirect};`,
      "  server_name _;",
      "  server_tokens off;",
      `  return 301 https://${domain}$request_uri;`,
      "}",
    ];
    parts.push({
      why: "The load balancer's port 80 leads here",
      settings: { nginx: { custom_nginx_config: server.join("\n") } },
    });
  }
  return parts;
}

/** The lines of `gitlab.config`. What we set member by member gets the user's members beside ours. */
function configLines(topology: Topology, parts: readonly Part[]): string[] {
  const secrets = configSecrets(topology);
  const setByMember = parts.flatMap(({ settings }) =>
    Object.entries(settings).flatMap(([section, keys]) =>
      Object.entries(Object(keys)).flatMap(([key, value]) => (value instanceof Members ? [`${section}.${key}`] : [])),
    ),
  );
  return Object.entries(topology.gitlab.config).flatMap(([section, keys]) =>
    Object.entries(keys).flatMap(([key, given]) => {
      const value = toRuby(given, secrets);
      const byMember = isHash(value) && setByMember.includes(`${section}.${key}`);
      return assignments(`${section}[${ruby(key)}]`, byMember ? new Members(value) : value);
    }),
  );
}

/** A JSON value, with what stands for a secret replaced by where the node finds it. */
function toRuby(value: unknown, secrets: readonly string[]): RubyValue {
  if (isSecretReference(value)) return secret(`config-${secrets.indexOf(value.fromSecret) + 1}`);
  if (Array.isArray(value)) return value.map((member) => toRuby(member, secrets));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toRuby(member, secrets)]));
  }
  return value as string | number | boolean | null;
}

function secret(name: string): RubyExpression {
  return new RubyExpression(`secret.call(${ruby(name)})`);
}

function isHash(value: unknown): value is Readonly<Record<string, RubyValue>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof RubyExpression);
}

function render(what: string, parts: readonly Part[], config: readonly string[] = []): string {
  const blocks = [
    `# ${what}. Written at every boot: change the topology instead.`,
    `secret = ->(name) { File.read("${SECRETS}/#{name}") }`,
    ...parts.map(({ why, settings }) => [`# ${why}.`, ...sectionLines(settings)].join("\n")),
    ...(config.length > 0 ? [["# gitlab.config of the topology.", ...config].join("\n")] : []),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function sectionLines(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([section, value]) =>
    isHash(value)
      ? Object.entries(value).flatMap(([key, member]) => assignments(`${section}[${ruby(key)}]`, member))
      : [`${section} ${ruby(value as RubyValue)}`],
  );
}

function assignments(target: string, value: RubyValue | Members): string[] {
  return value instanceof Members
    ? Object.entries(value.members).flatMap(([key, member]) => assignments(`${target}[${ruby(key)}]`, member))
    : [`${target} = ${ruby(value)}`];
}

/**
 * The extensions GitLab's database needs.
 *
 * Source: GitLab's administration documentation, "Managing PostgreSQL extensions". The guide has the first two.
 */
export function databaseExtensions(version: string): string[] {
  return ["pg_trgm", "btree_gist", "plpgsql", ...(isAtLeast(version, "18.4") ? ["amcheck"] : [])];
}
