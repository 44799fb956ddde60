// Everything around the machines: a network, PostgreSQL, AWS, and what the machines' disks have in common.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { applicationUserData, gitalyUserData } from "../../modules/nodes/user-data";
import { resolveTopology, type Topology, type TopologyFile } from "../../modules/topology";
import { awsNames } from "../../modules/topology/names";
import { type Emulator, type LifecycleAction, lifecycleActions, startEmulator } from "../e2e/emulator";
import { Cloud, type Fault } from "./cloud";
import { attempt, host, until } from "./host";
import { Machine } from "./machine";

/** What folders of worlds begin with. */
const PREFIX = "gitlab-machines-";
const BRIDGE = "gitlab-nodes";
const BRIDGE_MAC = "02:00:00:00:00:01";
const NETWORK = "10.99.7";
const ADDRESS = `${NETWORK}.1`;
const DATABASE_HOST = "gitlab-db-ha.sandbox.us-west-2.rds.amazonaws.com";
const DATABASE_PORT = 55432;
const REGION = "us-west-2";

/** What the tests need of the host, and where Debian has it. */
const TOOLS: Readonly<Record<string, string>> = {
  "cloud-init": "cloud-init",
  sshd: "openssh-server",
  ip: "iproute2",
  ruby: "ruby",
  psql: "postgresql-client",
  "mkfs.ext4": "e2fsprogs",
};

/** Units of the host's that a machine has no use for. */
const MASKED = [
  ...["systemd-udevd", "systemd-udev-trigger", "systemd-networkd", "systemd-resolved", "systemd-timesyncd"],
  ...["getty@tty1", "console-getty", "postgresql", "postgresql@15-main", "redis-server", "nginx", "cron", "docker"],
  ...["apt-daily", "apt-daily-upgrade", "e2scrub_reap", "man-db", "dpkg-db-backup", "fstrim", "unattended-upgrades"],
  ...[
    "cloud-init-local",
    "cloud-init-hotplugd",
    "networking",
    "dbus",
    "systemd-logind",
    "systemd-random-seed",
    "systemd-sysctl",
  ],
].map((name) => `${name}.service`);

export interface DeploymentProps {
  readonly topology?: Partial<TopologyFile>;
  /** How many instances the group launches. @default 1 */
  readonly nodes?: number;
  /** What goes wrong with the machines' calls to AWS. @default - nothing */
  readonly fault?: Fault;
  /** A last word on the user data, for what no topology says. */
  readonly edit?: (userData: string) => string;
}

/** One deployment in the world: names, a database, secrets and a scaling group of its own. */
export class Deployment {
  readonly topology: Topology;
  readonly passwords: Readonly<Record<string, string>>;
  readonly instanceIds: string[] = [];
  private readonly names: ReturnType<typeof awsNames>;

  constructor(
    readonly world: World,
    readonly name: string,
    private readonly props: DeploymentProps,
  ) {
    this.topology = resolveTopology({
      name,
      region: REGION,
      domain: "gitlab.example.com",
      access: { trustedCidrs: ["203.0.113.0/24"] },
      database: { port: DATABASE_PORT, databaseName: name.replaceAll("-", "_") },
      application: { bootTimeoutSeconds: 300 },
      ...props.topology,
    }).topology;
    this.names = awsNames(this.topology);
    this.passwords = Object.fromEntries(
      ["cache-token", "gitaly-token", "initial-root-password"].map((one) => [one, randomBytes(16).toString("hex")]),
    );
  }

  async create(): Promise<void> {
    const { world, names, topology } = this;
    world.sql("postgres", `CREATE DATABASE ${topology.database.databaseName} OWNER gitlab`);
    await world.secretsManager("CreateSecret", {
      Name: names.secret("database-password"),
      SecretString: world.password,
    });
    for (const [secret, SecretString] of Object.entries(this.passwords)) {
      await world.secretsManager("CreateSecret", { Name: names.secret(secret), SecretString });
    }
    for (const secret of ["gitlab-secrets", "ssh-host-keys", "gitaly-certificate"]) {
      await world.secretsManager("CreateSecret", { Name: names.secret(secret) });
    }
    for (const role of ["application", "gitaly"] as const) {
      await world.aws("logs", "Logs_20140328.CreateLogGroup", { logGroupName: names.nodeLogGroup(role) });
    }
    const nodes = this.props.nodes ?? 1;
    if (nodes > 0) await this.launch(nodes);
  }

  /** Has Auto Scaling launch instances, each of which waits for its lifecycle hook. */
  private async launch(nodes: number): Promise<void> {
    const { world, names } = this;
    const group = names.autoScalingGroup;
    await world.query("autoscaling", {
      Action: "CreateLaunchConfiguration",
      LaunchConfigurationName: group,
      ImageId: "ami-0eac90756dbebe4ca",
      InstanceType: "t2.micro",
    });
    await world.query("autoscaling", {
      Action: "CreateAutoScalingGroup",
      AutoScalingGroupName: group,
      LaunchConfigurationName: group,
      MinSize: String(nodes),
      MaxSize: String(nodes),
      "AvailabilityZones.member.1": `${REGION}a`,
      "LifecycleHookSpecificationList.member.1.LifecycleHookName": names.launchHook,
      "LifecycleHookSpecificationList.member.1.LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
    });
    const actions = await this.launches();
    this.instanceIds.push(...actions.map(({ InstanceId }) => InstanceId));
  }

  /** What became of the instances' launches. */
  async launches(): Promise<LifecycleAction[]> {
    const all = await lifecycleActions(this.world.emulator);
    return all.filter((one) => one.AutoScalingGroupName === this.names.autoScalingGroup);
  }

  /** The group's n-th instance, switched off. */
  applicationNode(index = 0, { version }: { version?: string } = {}): Machine {
    const topology = version ? { ...this.topology, gitlab: { ...this.topology.gitlab, version } } : this.topology;
    const endpoints = { database: DATABASE_HOST, cache: "cache.internal", gitaly: this.names.gitalyHost };
    const instanceId = this.instanceIds[index] ?? `i-${randomBytes(8).toString("hex")}`;
    return this.node(instanceId, applicationUserData(topology, endpoints));
  }

  /** The Gitaly node, switched off. */
  gitalyNode(dataVolumeId: string, device: string): Machine {
    const userData = gitalyUserData(this.topology, { gitaly: this.names.gitalyHost, dataVolumeId });
    const machine = this.node(`i-${randomBytes(8).toString("hex")}`, userData);
    machine.attachVolume(dataVolumeId, device);
    return machine;
  }

  private node(instanceId: string, userData: string): Machine {
    const edited = this.props.edit?.(userData) ?? userData;
    return this.world.machine(instanceId, edited, this.props.fault);
  }

  /** Rows of the deployment's database. */
  sql(statement: string): string {
    return this.world.sql(this.topology.database.databaseName, statement);
  }

  /** Takes the lock under which nodes initialize GitLab. @returns what lets go of it */
  async takeLock(): Promise<() => void> {
    const session = spawn("psql", [this.world.connection(this.topology.database.databaseName)], {
      stdio: ["pipe", "ignore", "inherit"],
    });
    session.stdin.write("SELECT pg_advisory_lock(20141021);\n");
    await until("the lock is held", 20, () => this.locks === "granted");
    return () => session.stdin.end();
  }

  /** Who has the lock and who waits for it: `granted, waiting`. */
  get locks(): string {
    return this.sql(`SELECT string_agg(CASE WHEN granted THEN 'granted' ELSE 'waiting' END, ', ' ORDER BY granted DESC)
      FROM pg_locks JOIN pg_database ON oid = database WHERE locktype = 'advisory' AND datname = current_database()`);
  }

  /** What happened to the deployment's database, in order. */
  get events(): string[] {
    const rows = this.world.sql(
      "audit",
      `SELECT event FROM events WHERE deployment = '${this.topology.database.databaseName}' ORDER BY id`,
    );
    return rows.split("\n").filter((row) => row !== "");
  }

  /** The values a secret has had, the first one first. */
  async versions(secret: string): Promise<string[]> {
    const SecretId = this.names.secret(secret);
    const { Versions } = await this.world.secretsManager("ListSecretVersionIds", { SecretId, IncludeDeprecated: true });
    const values: { created: number; text: string }[] = [];
    for (const { VersionId, CreatedDate } of Versions) {
      const { SecretString } = await this.world.secretsManager("GetSecretValue", { SecretId, VersionId });
      values.push({ created: CreatedDate, text: SecretString });
    }
    return values.sort((one, other) => one.created - other.created).map(({ text }) => text);
  }

  /** The value a secret has now; undefined without one. */
  async secret(secret: string): Promise<string | undefined> {
    const answer = await this.world.secretsManager("GetSecretValue", { SecretId: this.names.secret(secret) }, true);
    return answer.SecretString;
  }

  /** The lines that an instance sent to CloudWatch Logs. */
  async log(instanceId: string, role: "application" | "gitaly" = "application"): Promise<string> {
    const request = { logGroupName: this.names.nodeLogGroup(role), logStreamName: instanceId, startFromHead: true };
    const { events } = await this.world.aws("logs", "Logs_20140328.GetLogEvents", request);
    return (events as { message: string }[]).map(({ message }) => message).join("\n");
  }
}

/** The one network, database server and AWS of a test file. */
export class World {
  readonly password = randomBytes(16).toString("hex");
  readonly machines: Machine[] = [];
  cloud!: Cloud;
  private readonly folder = mkdtempSync(join(tmpdir(), PREFIX));
  private readonly layer = join(this.folder, "layer");
  private number = 10;
  private databaseRuns = false;
  private readonly devices: string[] = [];

  private constructor(readonly emulator: Emulator) {}

  static async start(): Promise<World> {
    for (const [tool, debianPackage] of Object.entries(TOOLS)) {
      if (attempt("which", tool) === undefined) {
        throw new Error(`${tool} is missing. Install it: apt-get install ${debianPackage}`);
      }
    }
    if (process.getuid?.() !== 0) throw new Error("The machines need root: namespaces, mounts, network interfaces");
    removeLeftovers();
    const world = new World(await startEmulator());
    try {
      await world.prepare();
    } catch (error) {
      await world.stop();
      throw error;
    }
    return world;
  }

  private async prepare(): Promise<void> {
    host("mount", "-t", "tmpfs", "-o", "size=6g,mode=755", "tmpfs", this.folder);
    // Without an address of its own, a bridge takes a machine's, and another one when that machine goes: for half a minute,
    // the others then call an address that nobody has.
    host("ip", "link", "add", BRIDGE, "address", BRIDGE_MAC, "type", "bridge");
    host("ip", "addr", "add", `${ADDRESS}/24`, "dev", BRIDGE);
    host("ip", "addr", "add", "169.254.169.254/32", "dev", BRIDGE);
    host("ip", "link", "set", BRIDGE, "up");
    this.certificates();
    this.prepareLayer();
    await this.initDatabase();
    this.cloud = await Cloud.start({
      address: ADDRESS,
      emulator: this.emulator.endpoint,
      key: readFileSync(join(this.folder, "cloud.key"), "utf8"),
      certificate: readFileSync(join(this.folder, "cloud.crt"), "utf8"),
      databaseCa: readFileSync(join(this.folder, "ca.crt"), "utf8"),
    });
  }

  async stop(): Promise<void> {
    for (const machine of this.machines) await machine.remove();
    for (const device of this.devices) attempt("losetup", "--detach", device);
    this.cloud?.stop();
    this.stopDatabase();
    await this.emulator.stop();
    removeNetwork();
    attempt("umount", "-l", this.folder);
    attempt("rmdir", this.folder);
  }

  async deploy(name: string, props: DeploymentProps = {}): Promise<Deployment> {
    const deployment = new Deployment(this, name, props);
    await deployment.create();
    return deployment;
  }

  /** A folder for whatever a test writes. */
  get scratch(): string {
    return this.folder;
  }

  /** The private key of the one user that GitLab knows. */
  get userKey(): string {
    return join(this.folder, "user-key");
  }

  /** An instance with user data as Terraform passes it, switched off. */
  machine(instanceId: string, userData: string, fault?: Fault): Machine {
    this.number += 1;
    const machine = new Machine({
      folder: join(this.folder, `machine-${this.number}`),
      number: this.number,
      hostname: instanceId,
      layers: [this.layer, "/"],
      bridge: BRIDGE,
      network: NETWORK,
    });
    const credentials = {
      AccessKeyId: `ASIA${this.number}`,
      SecretAccessKey: `secret/${randomBytes(12).toString("base64")}`,
      Token: `${randomBytes(60).toString("base64")}==`,
    };
    this.cloud.register(machine.address, { instanceId, credentials, userData: gzipSync(userData) }, fault);
    this.machines.push(machine);
    return machine;
  }

  /** An empty volume of a size that ext4 takes: a file behind a loop device. */
  volume(name: string): string {
    const file = join(this.folder, `${name}.img`);
    host("truncate", "--size=64M", file);
    const device = host("losetup", "--find", "--show", file).trim();
    this.devices.push(device);
    return device;
  }

  /** Calls Secrets Manager, with nobody's credentials: the emulator doesn't ask. */
  // biome-ignore lint/suspicious/noExplicitAny: AWS' answers have no types
  secretsManager(operation: string, request: object, mayFail = false): Promise<any> {
    return this.aws("secretsmanager", `secretsmanager.${operation}`, request, mayFail);
  }

  // biome-ignore lint/suspicious/noExplicitAny: AWS' answers have no types
  async aws(service: string, target: string, request: object, mayFail = false): Promise<any> {
    const response = await fetch(this.emulator.endpoint, {
      method: "POST",
      headers: { ...authorization(service), "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target },
      body: JSON.stringify(request),
    });
    const text = await response.text();
    if (!response.ok && !mayFail) throw new Error(`${target}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : {};
  }

  async query(service: string, request: Readonly<Record<string, string>>): Promise<void> {
    const body = new URLSearchParams({ Version: "2011-01-01", ...request });
    const response = await fetch(this.emulator.endpoint, { method: "POST", headers: authorization(service), body });
    if (!response.ok) throw new Error(`${request.Action}: ${response.status} ${await response.text()}`);
  }

  /** Rows of a database, as its administrator. */
  sql(database: string, statement: string): string {
    return host("psql", this.connection(database), "-qAtc", statement).trim();
  }

  /** Where a database is, for psql: as its administrator. */
  connection(database: string): string {
    return `host=${this.folder} port=${DATABASE_PORT} user=postgres dbname=${database}`;
  }

  async startDatabase(): Promise<void> {
    const options = [
      `-c listen_addresses=${ADDRESS} -c port=${DATABASE_PORT} -c unix_socket_directories=${this.folder}`,
      `-c ssl=on -c ssl_cert_file=${this.folder}/database.crt -c ssl_key_file=${this.folder}/database.key`,
      // As the deployment's parameter group has it.
      "-c statement_timeout=60s -c max_connections=300 -c fsync=off",
    ].join(" ");
    this.databaseRuns = true;
    this.asPostgres(
      "pg_ctl",
      "-D",
      `${this.folder}/data`,
      "-l",
      `${this.folder}/postgres.log`,
      "-o",
      options,
      "-w",
      "start",
    );
    await until("PostgreSQL answers", 20, () => attempt("pg_isready", "-h", this.folder, "-p", String(DATABASE_PORT)));
  }

  stopDatabase(): void {
    if (this.databaseRuns) this.asPostgres("pg_ctl", "-D", `${this.folder}/data`, "-m", "immediate", "-w", "stop");
    this.databaseRuns = false;
  }

  private async initDatabase(): Promise<void> {
    const data = join(this.folder, "data");
    writeFileSync(join(this.folder, "password"), this.password);
    host("chown", "postgres", this.folder, ...["database.key", "password"].map((file) => join(this.folder, file)));
    this.asPostgres("initdb", "-D", data, "-U", "postgres", "--auth=trust");
    const access = ["local all postgres trust", "hostssl all gitlab 0.0.0.0/0 scram-sha-256"];
    writeFileSync(join(data, "pg_hba.conf"), `${access.join("\n")}\n`);
    await this.startDatabase();
    // As RDS' first user: owner of the database, but no superuser. On RDS it may add this extension too.
    this.sql("template1", "CREATE EXTENSION amcheck");
    this.sql("postgres", `CREATE ROLE gitlab LOGIN CREATEDB PASSWORD '${this.password}'`);
    this.sql("postgres", "CREATE DATABASE audit OWNER gitlab");
    this.sql("audit", "CREATE TABLE events (id serial, deployment text, node text, event text)");
    this.sql(
      "audit",
      "GRANT ALL ON ALL TABLES IN SCHEMA public TO gitlab; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO gitlab",
    );
  }

  private asPostgres(program: string, ...args: string[]): void {
    const folders = existsSync("/usr/lib/postgresql") ? readdirSync("/usr/lib/postgresql") : [];
    const newest = folders.sort((one, other) => Number(one) - Number(other)).at(-1);
    if (!newest) throw new Error("PostgreSQL is missing. Install it: apt-get install postgresql");
    host("runuser", "-u", "postgres", "--", `/usr/lib/postgresql/${newest}/bin/${program}`, ...args);
  }

  /** An authority of the world's own, and its certificates for the database and for everything on port 443. */
  private certificates(): void {
    const file = (name: string) => join(this.folder, name);
    const request = (...args: string[]) =>
      host("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", ...args);
    request("-x509", "-days", "2", "-subj", "/CN=Sandbox CA", "-keyout", file("ca.key"), "-out", file("ca.crt"));
    const names = {
      database: [DATABASE_HOST],
      cloud: [`*.${REGION}.amazonaws.com`, "packages.gitlab.com", "truststore.pki.rds.amazonaws.com"],
    };
    for (const [name, hosts] of Object.entries(names)) {
      const alternatives = `subjectAltName=${hosts.map((one) => `DNS:${one}`).join(",")}`;
      request(
        ...[
          "-x509",
          "-days",
          "2",
          "-subj",
          `/CN=${name}`,
          "-addext",
          alternatives,
          "-addext",
          "basicConstraints=CA:FALSE",
        ],
        ...[
          "-CA",
          file("ca.crt"),
          "-CAkey",
          file("ca.key"),
          "-keyout",
          file(`${name}.key`),
          "-out",
          file(`${name}.crt`),
        ],
      );
    }
  }

  /** What all machines have above the host's own files. */
  private prepareLayer(): void {
    const { layer } = this;
    const stands = join(__dirname, "stand-ins");
    const write = (path: string, text: string) => {
      mkdirSync(join(layer, path, ".."), { recursive: true });
      writeFileSync(join(layer, path), text);
    };
    mkdirSync(layer, { mode: 0o755 });
    cpSync(join(stands, "bin"), join(layer, "usr/local/bin"), { recursive: true });
    cpSync(join(stands, "gitlab"), join(layer, "usr/local/share/stand-ins/gitlab"), { recursive: true });
    host("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", join(this.folder, "user-key"));
    write("usr/local/share/stand-ins/user-key.pub", readFileSync(join(this.folder, "user-key.pub"), "utf8"));
    const hosts = [
      ...["secretsmanager", "autoscaling", "logs"].map((service) => `${service}.${REGION}.amazonaws.com`),
      ...["packages.gitlab.com", "truststore.pki.rds.amazonaws.com", DATABASE_HOST],
    ];
    write("etc/hosts", `127.0.0.1 localhost\n${ADDRESS} ${hosts.join(" ")}\n`);
    write("etc/fstab", "");
    // No name server: what isn't in the file above is refused at once.
    write("etc/resolv.conf", "");
    const authorities = "etc/ssl/certs/ca-certificates.crt";
    write(authorities, readFileSync(`/${authorities}`, "utf8") + readFileSync(join(this.folder, "ca.crt"), "utf8"));
    write("etc/cloud/cloud.cfg", CLOUD_CFG);
    write("etc/cloud/ds-identify.cfg", "policy: enabled,maybe=all,notfound=all\n");
    for (const unit of MASKED) host("ln", "-sf", "/dev/null", join(mkdir(join(layer, "etc/systemd/system")), unit));
    for (const unit of MASKED.filter((one) => one.startsWith("apt") || one.startsWith("man"))) {
      host("ln", "-sf", "/dev/null", join(layer, "etc/systemd/system", unit.replace("service", "timer")));
    }
    host("ln", "-sf", "/lib/systemd/system/multi-user.target", join(layer, "etc/systemd/system/default.target"));
    chmodSync(join(layer, "usr/local/bin/apt-get"), 0o755);
  }
}

/** cloud-init's own settings: the data source of EC2, and the modules that our user data use. */
const CLOUD_CFG = `datasource_list: [Ec2]
datasource:
  Ec2:
    strict_id: false
    metadata_urls: ["http://169.254.169.254"]
    max_wait: 10
    timeout: 5
network: { config: disabled }
cloud_init_modules: [bootcmd, write-files]
cloud_config_modules: [runcmd]
cloud_final_modules: [scripts-user]
system_info:
  distro: debian
  paths: { cloud_dir: /var/lib/cloud, run_dir: /run/cloud-init }
`;

function mkdir(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The scope is all that the emulator looks at. */
function authorization(service: string): Record<string, string> {
  return {
    Authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
  };
}

/** What a run left behind that was killed itself. */
function removeLeftovers(): void {
  removeNetwork();
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    const pidFile = join(folder, "data/postmaster.pid");
    const [pid] = existsSync(pidFile) ? readFileSync(pidFile, "utf8").split("\n") : [];
    if (pid) attempt("kill", "-QUIT", pid);
    for (const device of attempt("losetup", "--list", "--noheadings", "--output", "NAME,BACK-FILE")?.split("\n") ??
      []) {
      const [loop = "", file = ""] = device.trim().split(/\s+/);
      if (file.startsWith(folder)) attempt("losetup", "--detach", loop);
    }
    attempt("umount", "-l", folder);
    attempt("rmdir", folder);
  }
}

function removeNetwork(): void {
  for (const netns of (attempt("ip", "netns", "list") ?? "").match(/^node\d+/gm) ?? []) {
    attempt("ip", "netns", "delete", netns);
  }
  attempt("ip", "link", "delete", BRIDGE);
}
