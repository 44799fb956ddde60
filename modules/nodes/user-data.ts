import { stringify } from "yaml";
import type { Topology } from "../topology";
import { applicationConfig, gitalyConfig } from "./gitlab-rb";
import { type ApplicationEndpoints, applicationSettings, type GitalyEndpoints, gitalySettings } from "./node-settings";
import application from "./scripts/application.sh";
import aws from "./scripts/aws.sh";
import bastionSshd from "./scripts/bastion-sshd.conf";
import bastionUpgrades from "./scripts/bastion-upgrades.conf";
import boot from "./scripts/boot.sh";
import database from "./scripts/database.sh";
import documents from "./scripts/documents.py";
import environment from "./scripts/environment.sh";
import gitaly from "./scripts/gitaly.sh";
import gitalyCertificate from "./scripts/gitaly-certificate.sh";
import unit from "./scripts/gitlab-node.service";
import initialize from "./scripts/initialize.sh";
import log from "./scripts/log.sh";
import packages from "./scripts/packages.sh";
import report from "./scripts/report.sh";
import restartOnFailure from "./scripts/restart-on-failure.conf";
import secrets from "./scripts/secrets.sh";
import settings from "./scripts/settings.rb";
import ssh from "./scripts/ssh.sh";
import sshd from "./scripts/sshd.conf";
import startOver from "./scripts/start-over.sql";
import volume from "./scripts/volume.sh";

/** A file that cloud-init writes, root's. */
interface NodeFile {
  readonly path: string;
  readonly permissions: "0755" | "0644" | "0600";
  readonly content: string;
}

/** Where the scripts lie on a node. */
const SCRIPTS = "/usr/local/lib/gitlab-node";

/** What every GitLab node runs. */
const COMMON_SCRIPTS = {
  "boot.sh": boot,
  "environment.sh": environment,
  "log.sh": log,
  "aws.sh": aws,
  "secrets.sh": secrets,
  "report.sh": report,
  "packages.sh": packages,
  "documents.py": documents,
};

const APPLICATION_SCRIPTS = {
  ...COMMON_SCRIPTS,
  "application.sh": application,
  "database.sh": database,
  "initialize.sh": initialize,
  "start-over.sql": startOver,
  "settings.rb": settings,
  "ssh.sh": ssh,
  "sshd.conf": sshd,
};

const GITALY_SCRIPTS = {
  ...COMMON_SCRIPTS,
  "gitaly.sh": gitaly,
  "volume.sh": volume,
  "gitaly-certificate.sh": gitalyCertificate,
};

/**
 * Where cloud-init notes, before it does them, what it does once in an instance's life. Without these notes it does them at
 * every boot: after one that was cut off in the middle, and with user data that changed while the instance was stopped.
 */
const ONCE_PER_INSTANCE = ["config_write_files", "config_runcmd", "config_scripts_user"].map(
  (module) => `/var/lib/cloud/instance/sem/${module}`,
);

const UNIT = "/etc/systemd/system/gitlab-node.service";

/**
 * User data of the application nodes: what cloud-init writes and starts on an instance that is nothing but Ubuntu.
 *
 * @returns cloud-config in YAML; AWS takes 16 KiB of it, compressed
 */
export function applicationUserData(topology: Topology, endpoints: ApplicationEndpoints): string {
  return nodeUserData(
    applicationSettings(topology, endpoints),
    applicationConfig(topology, endpoints),
    APPLICATION_SCRIPTS,
  );
}

/** User data of the Gitaly node. */
export function gitalyUserData(topology: Topology, endpoints: GitalyEndpoints): string {
  return nodeUserData(gitalySettings(topology, endpoints), gitalyConfig(topology, endpoints), GITALY_SCRIPTS, [
    { path: `${UNIT}.d/restart-on-failure.conf`, permissions: "0644", content: restartOnFailure },
  ]);
}

/** User data of the bastions. Guide: "Use SSH Agent Forwarding". */
export function bastionUserData(): string {
  return cloudConfig({
    write_files: [
      { path: "/etc/ssh/sshd_config.d/10-bastion.conf", permissions: "0644", content: bastionSshd },
      { path: "/etc/apt/apt.conf.d/60-bastion-upgrades", permissions: "0644", content: bastionUpgrades },
    ],
    package_update: true,
    packages: ["unattended-upgrades"],
    runcmd: [["systemctl", "try-restart", "ssh"]],
  });
}

function nodeUserData(
  nodeConf: string,
  gitlabRb: string,
  scripts: Readonly<Record<string, string>>,
  more: readonly NodeFile[] = [],
): string {
  return cloudConfig({
    bootcmd: [["rm", "-f", ...ONCE_PER_INSTANCE]],
    write_files: [
      { path: "/etc/gitlab-node/node.conf", permissions: "0644", content: nodeConf },
      { path: "/etc/gitlab/gitlab.rb", permissions: "0600", content: gitlabRb },
      ...Object.entries(scripts).map(
        ([name, content]): NodeFile => ({
          path: `${SCRIPTS}/${name}`,
          permissions: content.startsWith("#!") ? "0755" : "0644",
          content: name.endsWith(".sh") ? withoutComments(content) : content,
        }),
      ),
      { path: UNIT, permissions: "0644", content: unit },
      ...more,
    ],
    // Not started here, as the unit comes after the stage that runs these commands, but put in the queue.
    runcmd: [
      ["systemctl", "daemon-reload"],
      ["systemctl", "enable", "gitlab-node.service"],
      ["systemctl", "start", "--no-block", "gitlab-node.service"],
    ],
  });
}

/** A script with its first comment only, which says what it is for: the others are a quarter of all user data. */
function withoutComments(script: string): string {
  const lines = script.split("\n");
  const start = lines.findIndex((line) => !line.startsWith("#"));
  return [...lines.slice(0, start), ...lines.slice(start).filter((line) => !/^\s*#/.test(line))].join("\n");
}

function cloudConfig(config: {
  readonly write_files: readonly NodeFile[];
  readonly [module: string]: unknown;
}): string {
  // Long lines stay whole, and text stays legible: whoever reviews a plan reads the scripts.
  return `#cloud-config\n${stringify(config, { lineWidth: 0, blockQuote: "literal" })}`;
}
