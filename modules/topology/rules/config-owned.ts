import { pathToPointer } from "../source";
import type { Rule } from "./rule";

/** By section and key, or `*` for all of its keys: what sets it. */
const OWNED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  gitlab_rails: {
    auto_migrate: "the boot of a node migrates",
    db_adapter: "database",
    db_database: "database.databaseName",
    db_host: "database",
    db_password: "its secret",
    db_port: "database.port",
    db_sslmode: "database",
    db_sslrootcert: "database",
    db_username: "database.username",
    redis_host: "cache",
    redis_password: "its secret",
    redis_port: "cache.port",
    redis_ssl: "cache",
    gitaly_token: "its secret",
    repositories_storages: "gitaly",
    object_store: "objectStorage",
    backup_upload_connection: "objectStorage",
    backup_upload_remote_directory: "objectStorage.buckets.backups",
    initial_root_password: "its secret",
    monitoring_whitelist: "network.cidr",
  },
  letsencrypt: { "*": "certificate" },
  postgresql: { "*": "database" },
  redis: { "*": "cache" },
  gitaly: { "*": "gitaly" },
  git_data_dirs: { "*": "gitaly" },
  prometheus_monitoring: { "*": "the deployment" },
  nginx: {
    custom_nginx_config: "loadBalancer.http",
    listen_https: "loadBalancer",
    listen_port: "loadBalancer",
    proxy_protocol: "loadBalancer.proxyProtocol",
    real_ip_trusted_addresses: "loadBalancer.proxyProtocol",
  },
  registry: { storage: "objectStorage.buckets.registry" },
};

/** Members of `gitlab_rails.nginx` that are the ones of `nginx` before 19.2. */
const OWNED_MEMBERS = ["listen_https", "listen_port", "proxy_protocol", "real_ip_trusted_addresses"];

/** A type's own setting turns off the form in which all types are configured. */
const OBJECT_STORE_OF_A_TYPE = /^[a-z_]+_object_store_[a-z_]+$/;

/** Nodes rely on what the deployment sets: another value would cut them off from each other, or from their data. */
export const configOwned: Rule = {
  name: "config-owned",
  severity: "error",
  reads: ["/gitlab/config"],
  check({ gitlab }, report) {
    for (const [section, keys] of Object.entries(gitlab.config)) {
      for (const [key, value] of Object.entries(keys)) {
        refuse([section, key], ownerOf(section, key));
        if (section === "gitlab_rails" && key === "nginx") {
          for (const member of OWNED_MEMBERS.filter((one) => one in Object(value))) {
            refuse([section, key, member], ownerOf("nginx", member));
          }
        }
      }
    }

    function refuse(path: readonly string[], owner: string | undefined): void {
      if (!owner) return;
      report(
        pathToPointer(["gitlab", "config", ...path]),
        `is set by the deployment itself (${owner})`,
        "Remove it, and change the topology where it says the same",
      );
    }
  },
};

function ownerOf(section: string, key: string): string | undefined {
  if (section === "gitlab_rails" && OBJECT_STORE_OF_A_TYPE.test(key)) return "objectStorage";
  // A user's key may be one that every object of JavaScript has.
  const owned = Object.hasOwn(OWNED, section) ? OWNED[section] : undefined;
  return owned && Object.hasOwn(owned, key) ? owned[key] : owned?.["*"];
}
