import type { Topology } from "../topology";
import { awsNames } from "../topology/names";
import { dnsSuffixOf, partitionOf } from "../topology/regions";
import { configSecrets } from "./config-secrets";
import { databaseExtensions } from "./gitlab-rb";

/** Where application nodes find the services they use: host names. */
export interface ApplicationEndpoints {
  readonly database: string;
  readonly cache: string;
  readonly gitaly: string;
}

/** What the Gitaly node has to know of itself. */
export interface GitalyEndpoints {
  /** The name that application nodes reach it by. */
  readonly gitaly: string;
  /** Id of the EBS volume for repositories. */
  readonly dataVolumeId: string;
}

/** `/etc/gitlab-node/node.conf` of an application node. */
export function applicationSettings(topology: Topology, endpoints: ApplicationEndpoints): string {
  const { application, database, gitlab, loadBalancer, region } = topology;
  const names = awsNames(topology);
  return shellVariables({
    ...commonSettings(topology, "application", endpoints.gitaly),
    BOOT_TIMEOUT: application.bootTimeoutSeconds,
    CONFIG_SECRETS: configSecrets(topology).join(" "),
    AUTO_SCALING_GROUP: names.autoScalingGroup,
    LIFECYCLE_HOOK: names.launchHook,
    DATABASE_HOST: endpoints.database,
    DATABASE_PORT: database.port,
    DATABASE_NAME: database.databaseName,
    DATABASE_USER: database.username,
    DATABASE_EXTENSIONS: databaseExtensions(gitlab.version).join(" "),
    DATABASE_CA_URL: databaseCaUrl(region),
    PROXY_PROTOCOL: loadBalancer.proxyProtocol,
  });
}

/** `/etc/gitlab-node/node.conf` of the Gitaly node. */
export function gitalySettings(topology: Topology, endpoints: GitalyEndpoints): string {
  return shellVariables({
    ...commonSettings(topology, "gitaly", endpoints.gitaly),
    BOOT_TIMEOUT: GITALY_BOOT_TIMEOUT_SECONDS,
    CONFIG_SECRETS: "",
    DATA_VOLUME: endpoints.dataVolumeId,
  });
}

/** How long one attempt of the Gitaly node's boot takes at most; then systemd starts another one. */
const GITALY_BOOT_TIMEOUT_SECONDS = 3600;

function commonSettings(topology: Topology, role: "application" | "gitaly", gitalyHost: string) {
  const { domain, gitaly, gitlab, name, region } = topology;
  return {
    NODE_ROLE: role,
    REGION: region,
    AWS_DOMAIN: dnsSuffixOf(region),
    DEPLOYMENT: name,
    DOMAIN: domain,
    GITLAB_PACKAGE: `gitlab-${gitlab.edition}`,
    GITLAB_VERSION: gitlab.version,
    LOG_GROUP: awsNames(topology).nodeLogGroup(role),
    GITALY_TLS: gitaly.tls,
    GITALY_HOST: gitalyHost,
  };
}

/**
 * Amazon's certificate authorities for RDS, of all regions of a partition.
 *
 * Source: AWS' RDS user guide, "Using SSL/TLS to encrypt a connection to a DB instance".
 */
function databaseCaUrl(region: string): string {
  const hosts = {
    aws: "truststore.pki.rds.amazonaws.com",
    "aws-us-gov": "truststore.pki.us-gov-west-1.rds.amazonaws.com",
    "aws-cn": "rds-truststore.s3.cn-north-1.amazonaws.com.cn",
  };
  return `https://${hosts[partitionOf(region)]}/global/global-bundle.pem`;
}

/** Assignments that a shell reads as they are meant, whatever is in a value. */
function shellVariables(values: Readonly<Record<string, string | number | boolean>>): string {
  const lines = Object.entries(values).map(([name, value]) => `${name}='${String(value).replaceAll("'", "'\\''")}'\n`);
  return `# What this node is, from the topology. No secrets.\n${lines.join("")}`;
}
