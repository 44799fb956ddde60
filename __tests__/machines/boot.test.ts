// Application nodes, switched on: real systemd, cloud-init, bash, psql and sshd; PostgreSQL and an emulator of AWS around
// them. Only apt-get and GitLab's own programs are stand-ins.
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { host, sleep, until } from "./host";
import type { Machine } from "./machine";
import { type Deployment, World } from "./world";

let world: World;
beforeAll(async () => {
  world = await World.start();
}, 60_000);
afterAll(() => world?.stop(), 120_000);
afterEach(() => expect(world.cloud.violations).toEqual([]));

const SECRETS_FILE = "/etc/gitlab/gitlab-secrets.json";
const HOST_KEYS = ["ecdsa", "ed25519", "rsa"].flatMap((kind) => [`ssh_host_${kind}_key`, `ssh_host_${kind}_key.pub`]);

/** Switches nodes on and waits for all of them. */
async function boot(...nodes: Machine[]): Promise<void> {
  for (const node of nodes) await node.powerOn();
  for (const node of nodes) await bootedWell(node);
}

async function bootedWell(node: Machine): Promise<void> {
  if ((await node.booted()) !== "active") throw new Error(`a node failed to boot:\n${node.output}`);
}

/** The results of the instances' launches. */
async function results(deployment: Deployment): Promise<(string | null)[]> {
  return (await deployment.launches()).map((launch) => launch.LifecycleActionResult);
}

/** What has to hold of a deployment in the end, whatever happened to it. */
async function expectOneInitialization(deployment: Deployment, nodes: readonly Machine[]): Promise<void> {
  // One first user in a complete schema.
  expect(deployment.sql("SELECT id, name FROM users ORDER BY id")).toBe("1|root\n2|ghost");
  expect(deployment.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).toBe("7");
  // A database that a dead node left behind is emptied before it is seeded; a complete one never is.
  const { events } = deployment;
  expect(events.slice(events.lastIndexOf("seed")).filter((event) => event === "configure ends")).not.toEqual([]);
  expect(deployment.sql("SELECT name, value FROM application_settings ORDER BY name").split("\n")).toEqual([
    "authorized_keys_enabled|false",
    "ci_job_live_trace_enabled|true",
  ]);
  const password = createHash("md5")
    .update(deployment.passwords["initial-root-password"] ?? "")
    .digest("hex");
  const [root = "", key] = deployment.sql("SELECT value FROM users WHERE name = 'root'").split(" ");
  expect(root).toBe(password);

  const secrets = JSON.parse((await deployment.secret("gitlab-secrets")) ?? "");
  const hostKeys = JSON.parse((await deployment.secret("ssh-host-keys")) ?? "");
  expect(Object.keys(hostKeys).sort()).toEqual(HOST_KEYS);
  for (const node of nodes) {
    expect(JSON.parse(node.read(SECRETS_FILE) ?? "")).toEqual(secrets);
    // The database is encrypted with the key that every node's GitLab has.
    const rails = JSON.parse(node.read("/var/opt/gitlab/gitlab-rails/etc/secrets.yml") ?? "");
    expect(rails).toEqual(secrets.gitlab_rails);
    expect(createHash("sha256").update(rails.db_key_base).digest("hex")).toBe(key);
    expect(Object.fromEntries(HOST_KEYS.map((name) => [name, node.read(`/etc/ssh_static/${name}`)]))).toEqual(hostKeys);
  }
  // No value that was shared is gone or another one.
  for (const secret of ["gitlab-secrets", "ssh-host-keys"]) {
    const versions = (await deployment.versions(secret)).map((text) => JSON.parse(text));
    for (const [index, version] of versions.slice(1).entries()) expect(version).toMatchObject(versions[index]);
  }
}

describe("one node", () => {
  let deployment: Deployment;
  let node: Machine;
  const commandLines: string[] = [];

  beforeAll(async () => {
    deployment = await world.deploy("one");
    node = deployment.applicationNode();
    await node.powerOn();
    while (node.bootState === "inactive" || node.bootState === "activating") {
      commandLines.push(node.commandLines);
      await sleep(30);
    }
  }, 120_000);

  it("comes up, initializes GitLab, and goes into service", async () => {
    expect(node.bootState).toBe("active");
    await expectOneInitialization(deployment, [node]);
    expect(deployment.events).toEqual(["configure begins", "seed", "configure ends"]);
    expect(deployment.sql("SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension")).toBe(
      "amcheck btree_gist pg_trgm plpgsql",
    );
    expect(await deployment.versions("gitlab-secrets")).toHaveLength(1);
    expect(await deployment.launches()).toMatchObject([
      { InstanceId: deployment.instanceIds[0], LifecycleActionResult: "CONTINUE", CompleteRequests: 1 },
    ]);
  });

  it("asks GitLab's own checks before it does", () => {
    const calls = node.read("/var/lib/stand-ins/calls")?.trim().split("\n") ?? [];
    expect(calls).toEqual([
      "apt-get update",
      "apt-get -o DPkg::Lock::Timeout=300 install --yes --allow-change-held-packages --no-install-recommends gitlab-ee=19.3.0-ee.0",
      "apt-mark hold gitlab-ee",
      "gitlab-ctl reconfigure",
      "gitlab-rake gitlab:db:configure",
      "gitlab-rails runner /usr/local/lib/gitlab-node/settings.rb",
      "gitlab-ctl reconfigure",
      "gitlab-ctl status",
      "gitlab-rake gitlab:check SANITIZE=true",
    ]);
  });

  it("tells its steps on the console and in CloudWatch", async () => {
    const log = await deployment.log(deployment.instanceIds[0] as string);
    const steps = [
      /^Reading secrets \(\d+ s\)$/m,
      /^Installing gitlab-ee 19\.3\.0 \(\d+ s\)$/m,
      /^Waiting for the database \(\d+ s\)$/m,
      /^Initializing GitLab, or waiting for the node that does \(\d+ s\)$/m,
      /^Configuring GitLab \(\d+ s\)$/m,
      /^Configuring SSH \(\d+ s\)$/m,
      /^Checking GitLab \(\d+ s\)$/m,
      /^Ready after \d+ s$/m,
    ];
    for (const step of steps) {
      expect(log).toMatch(step);
      expect(node.output).toMatch(new RegExp(`gitlab-node: ${step.source.slice(1)}`, "m"));
    }
  });

  it("shows no secret in arguments, logs, user data and files that others read", async () => {
    const values = await secretsOf(deployment);
    expect(values.length).toBeGreaterThan(8);
    const log = await deployment.log(deployment.instanceIds[0] as string);
    const userData = node.run("zcat", "--force", "/var/lib/cloud/instance/user-data.txt") ?? "";
    expect(userData).toContain("#cloud-config");
    // The sampler sees what happens: a process that it can't miss is there.
    expect(commandLines.join("\n")).toContain("/usr/local/lib/gitlab-node/boot.sh");
    const journal = node.run("journalctl", "--no-pager") ?? "";
    expect(journal).toContain("Ready after");
    const open = filesForAll(node.disk).map((file) => [file, readFileSync(file, "latin1")] as const);
    expect(open.length).toBeGreaterThan(20);
    for (const value of values) {
      for (const text of [...commandLines, log, node.output, journal, userData]) expect(text).not.toContain(value);
      for (const [file, text] of open) if (text.includes(value)) throw new Error(`${file} is for all, with a secret`);
    }
  });

  it("answers SSH with the shared host key, and looks users' keys up in GitLab", () => {
    expect(node.run("/usr/sbin/sshd", "-t")).toBe("");
    const known = join(world.scratch, "known_hosts");
    writeFileSync(known, `${node.address} ${node.read("/etc/ssh_static/ssh_host_ed25519_key.pub")}`);
    const options = ["-o", `UserKnownHostsFile=${known}`, "-o", "HostKeyAlgorithms=ssh-ed25519", "-o", "BatchMode=yes"];
    const answer = host("ssh", ...options, "-i", world.userKey, `git@${node.address}`, "git-upload-pack project.git");
    expect(answer.trim()).toBe("Welcome to GitLab, @user");
    expect(node.run("journalctl", "--no-pager", "-t", "authorized-keys-check")).toMatch(/as git: git git AAAA/);
  });

  it("changes nothing when it boots again", async () => {
    const before = {
      files: hashes(node),
      versions: await allVersions(deployment),
      launches: await results(deployment),
    };
    expect(await node.restart()).toBe("active");
    expect(hashes(node)).toEqual(before.files);
    await node.reboot();
    expect(await node.booted()).toBe("active");
    expect(hashes(node)).toEqual(before.files);
    expect(await allVersions(deployment)).toEqual(before.versions);
    expect(deployment.events).toEqual(["configure begins", "seed", "configure ends"]);
    const launches = await deployment.launches();
    expect(launches.map((launch) => launch.LifecycleActionResult)).toEqual(before.launches);
    expect(node.output).toMatch(/The instance is in service already .*No active Lifecycle Action found/);
  });
});

describe("five nodes at once", () => {
  it("initialize GitLab once, and are all alike", async () => {
    const deployment = await world.deploy("five", { nodes: 5 });
    const nodes = [0, 1, 2, 3, 4].map((index) => deployment.applicationNode(index));
    await boot(...nodes);
    await expectOneInitialization(deployment, nodes);
    expect(deployment.events).toEqual(["configure begins", "seed", "configure ends"]);
    expect(await deployment.versions("gitlab-secrets")).toHaveLength(1);
    expect(await deployment.versions("ssh-host-keys")).toHaveLength(1);
    expect(await results(deployment)).toEqual(Array(5).fill("CONTINUE"));
    for (const node of nodes) await node.remove();
  });
});

describe("a node that dies", () => {
  const RUNS = 21;
  const AT_ONCE = 3;
  const random = randomNumbers(Number(process.env.SEED ?? Date.now() % 1_000_000));

  it.each(Array.from({ length: RUNS / AT_ONCE }, (_, round) => round))(
    "is outlived by its deployment, wherever in its boot it was: three more times (%#)",
    async (round) => {
      await Promise.all(
        Array.from({ length: AT_ONCE }, (_, index) => {
          const run = round * AT_ONCE + index;
          return dies(`dies-${run}`, {
            after: 300 + random() * 9000,
            silently: run % 2 === 0,
            together: run % 3 === 0,
          });
        }),
      );
    },
  );

  async function dies(name: string, how: { after: number; silently: boolean; together: boolean }): Promise<void> {
    try {
      const deployment = await world.deploy(name, { nodes: 2 });
      const [first, second] = [deployment.applicationNode(0), deployment.applicationNode(1)];
      await first.powerOn();
      if (how.together) await second.powerOn();
      await sleep(how.after);
      await first.powerCut({ silently: how.silently });
      await (how.together ? second.booted() : boot(second));
      expect(second.bootState).toBe("active");
      await boot(first);
      await expectOneInitialization(deployment, [first, second]);
      expect(await results(deployment)).toEqual(["CONTINUE", "CONTINUE"]);
      await first.remove();
      await second.remove();
    } catch (error) {
      throw new Error(`${name} ${JSON.stringify(how)} (SEED=${random.seed}): ${error}`);
    }
  }
});

describe("faults", () => {
  it("of the network, of AWS and of package mirrors are waited out", async () => {
    const random = randomNumbers(7);
    const deployment = await world.deploy("faults", {
      nodes: 2,
      fault: () => (random() < 0.3 ? "throttle" : random() < 0.1 ? "reset" : undefined),
    });
    const nodes = [deployment.applicationNode(0), deployment.applicationNode(1)];
    for (const node of nodes) node.write("/var/lib/stand-ins/apt-failures", "2");
    await boot(...nodes);
    await expectOneInitialization(deployment, nodes);
    expect(await results(deployment)).toEqual(["CONTINUE", "CONTINUE"]);
    expect(world.cloud.calls.filter(({ status }) => status === 400).length).toBeGreaterThan(3);
    for (const node of nodes) await node.remove();
  });

  it("of the database are too, with the lock held", async () => {
    const deployment = await world.deploy("downtime", { nodes: 2 });
    const nodes = [deployment.applicationNode(0), deployment.applicationNode(1)];
    for (const node of nodes) await node.powerOn();
    while (!deployment.events.includes("configure begins")) await sleep(50);
    world.stopDatabase();
    await sleep(6000);
    await world.startDatabase();
    for (const node of nodes) await bootedWell(node);
    await expectOneInitialization(deployment, nodes);
    expect(await results(deployment)).toEqual(["CONTINUE", "CONTINUE"]);
    for (const node of nodes) await node.remove();
  });

  it("of a node's network are too: the others don't wait for what it was about to do", async () => {
    const deployment = await world.deploy("unplugged", { nodes: 2 });
    const [first, second] = [deployment.applicationNode(0), deployment.applicationNode(1)];
    const release = await deployment.takeLock();
    await first.powerOn();
    await until("the node waits for the lock", 60, () => deployment.locks === "granted, waiting");
    first.plug("out");
    // The database gives it the lock, and gets no answer.
    release();
    await boot(second);
    first.plug("in");
    await bootedWell(first);
    await expectOneInitialization(deployment, [first, second]);
    expect(await results(deployment)).toEqual(["CONTINUE", "CONTINUE"]);
    for (const node of [first, second]) await node.remove();
  });

  const soon = (userData: string) => userData.replace("BOOT_TIMEOUT='300'", "BOOT_TIMEOUT='20'");

  it.each([
    [
      "denied",
      {
        edit: soon,
        fault: ({ operation }: { operation: string }) => (operation === "GetSecretValue" ? "deny" : undefined),
      },
      /Reading the secret denied\/database-password: gave up after \d+ attempts in \d+ s \(AccessDeniedException: /,
    ],
    [
      "unreachable",
      { edit: (userData: string) => soon(userData).replace(/DATABASE_PORT='\d+'/, "DATABASE_PORT='9'") },
      /Connecting to the database gitlab-db-ha\.\S+: gave up after \d+ attempts in \d+ s \(psql: error: .*Connection refused/,
    ],
    [
      "no-secret",
      { edit: (userData: string) => userData.replace("DEPLOYMENT='no-secret'", "DEPLOYMENT='nobody'") },
      /The secret nobody\/database-password has no value, or there is no such secret \(ResourceNotFoundException: /,
    ],
  ] as const)(
    "that stay end the boot, which says why and has the instance replaced: %s",
    async (name, props, reason) => {
      const deployment = await world.deploy(name, props as object);
      const node = deployment.applicationNode();
      await node.powerOn();
      expect(await node.booted(60)).toBe("failed");
      const failure = new RegExp(`FAILED after \\d+ s at: [A-Z][^.]*\\. ${reason.source}`);
      expect(node.output).toMatch(failure);
      expect(await deployment.log(deployment.instanceIds[0] as string)).toMatch(failure);
      expect(await deployment.launches()).toMatchObject([{ LifecycleActionResult: "ABANDON", CompleteRequests: 1 }]);
      await node.remove();
    },
  );
});

describe("a database", () => {
  it("of an older version is migrated once, and the secrets get what the version adds", async () => {
    const deployment = await world.deploy("upgrade", { nodes: 3 });
    const old = deployment.applicationNode(0);
    await boot(old);
    const before = JSON.parse((await deployment.secret("gitlab-secrets")) ?? "");
    const upgraded = [1, 2].map((index) => deployment.applicationNode(index, { version: "19.4.0" }));
    await boot(...upgraded);
    await expectOneInitialization(deployment, upgraded);
    expect(deployment.events.filter((event) => event !== "configure begins")).toEqual([
      ...["seed", "configure ends", "migrate", "configure ends"],
    ]);
    const after = JSON.parse((await deployment.secret("gitlab-secrets")) ?? "");
    expect(after).toMatchObject(before);
    expect(after.gitlab_rails).toHaveProperty("orbit_secret");
    expect(await deployment.versions("gitlab-secrets")).toHaveLength(2);
    // The old node takes the new keys when it boots again, and doesn't migrate back.
    await old.reboot();
    expect(await old.booted()).toBe("active");
    expect(JSON.parse(old.read(SECRETS_FILE) ?? "")).toEqual(after);
    expect(deployment.events.filter((event) => event === "configure ends")).toHaveLength(2);
    for (const node of [old, ...upgraded]) await node.remove();
  });

  it("that somebody restored is only migrated, with the secrets it was written with", async () => {
    const deployment = await world.deploy("restored");
    for (const table of [
      "schema_migrations",
      "application_settings",
      "users",
      "projects",
      "issues",
      "notes",
      "events",
    ]) {
      deployment.sql(`CREATE TABLE ${table} (id serial, name text, value text); ALTER TABLE ${table} OWNER TO gitlab`);
    }
    deployment.sql(
      "INSERT INTO users (name, value) VALUES ('root', 'hers'), ('jane', 'hers'); INSERT INTO projects (name) VALUES ('work')",
    );
    const node = deployment.applicationNode();
    await node.powerOn();
    expect(await node.booted(60)).toBe("failed");
    expect(node.output).toMatch(
      /The database holds a GitLab's data, but the secret restored\/gitlab-secrets has no value/,
    );
    expect(deployment.events).toEqual([]);

    const theirs = JSON.stringify({ gitlab_rails: { db_key_base: "theirs" } });
    await world.secretsManager("PutSecretValue", { SecretId: "restored/gitlab-secrets", SecretString: theirs });
    expect(await node.restart()).toBe("active");
    expect(deployment.events).toEqual(["configure begins", "migrate", "configure ends"]);
    expect(deployment.sql("SELECT name, value FROM users ORDER BY id")).toBe("root|hers\njane|hers");
    expect(deployment.sql("SELECT name FROM projects")).toBe("work");
    expect(JSON.parse((await deployment.secret("gitlab-secrets")) ?? "").gitlab_rails.db_key_base).toBe("theirs");
    await node.remove();
  });

  it("that a node left behind half made is made anew, but never with a project in it", async () => {
    const deployment = await world.deploy("half");
    const { databaseName } = deployment.topology.database;
    deployment.sql("CREATE TABLE projects (id serial, name text); ALTER TABLE projects OWNER TO gitlab");
    deployment.sql(`COMMENT ON DATABASE ${databaseName} IS 'gitlab-node: initializing'`);
    deployment.sql("INSERT INTO projects (name) VALUES ('precious')");
    const node = deployment.applicationNode();
    await node.powerOn();
    expect(await node.booted(60)).toBe("failed");
    expect(node.output).toMatch(/The database's comment says that it was never initialized, but it has projects/);
    expect(deployment.sql("SELECT name FROM projects")).toBe("precious");

    deployment.sql("DELETE FROM projects");
    expect(await node.restart()).toBe("active");
    await expectOneInitialization(deployment, [node]);
    await node.remove();
  });
});

it("speaks the PROXY protocol to its own nginx, where the load balancer does", async () => {
  const deployment = await world.deploy("proxied", { topology: { loadBalancer: { proxyProtocol: true } } });
  const node = deployment.applicationNode();
  await boot(node);
  expect(await results(deployment)).toEqual(["CONTINUE"]);
  await node.remove();
});

/** Every secret value that there is: those that Terraform makes, and each one within those that nodes make. */
async function secretsOf(deployment: Deployment): Promise<string[]> {
  const shared = ["gitlab-secrets", "ssh-host-keys"].map((name) => deployment.secret(name));
  const objects = (await Promise.all(shared)).map((text) => JSON.parse(text ?? ""));
  const made = objects.flatMap((object) => Object.entries(object).flatMap(([name, value]) => stringsIn(value, name)));
  return [world.password, ...Object.values(deployment.passwords), ...made].filter((value) => value.length >= 16);
}

function stringsIn(value: unknown, name: string): string[] {
  if (name.endsWith(".pub")) return [];
  // The end of a private key: the beginning has the public one.
  if (typeof value === "string") return value.includes("PRIVATE KEY") ? value.split("\n").slice(-4, -2) : [value];
  return Object.entries(Object(value)).flatMap(([key, member]) => stringsIn(member, key));
}

/** The files on a machine's disk that somebody other than root or user git may read. */
function filesForAll(folder: string, closed = false): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    const { mode, size } = lstatSync(path);
    if (entry.isDirectory()) return filesForAll(path, closed || (mode & 0o011) === 0);
    // The journal and the console are looked at by themselves.
    return entry.isFile() && !closed && (mode & 0o044) !== 0 && size < 2_000_000 ? [path] : [];
  });
}

/** Of everything that a boot configures. */
function hashes(node: Machine): string {
  return (
    node.run(
      "bash",
      "-c",
      "find /etc/gitlab /etc/ssh /etc/ssh_static /usr/local/lib/gitlab-node -type f | sort | xargs sha256sum",
    ) ?? ""
  );
}

async function allVersions(deployment: Deployment): Promise<string[][]> {
  return [await deployment.versions("gitlab-secrets"), await deployment.versions("ssh-host-keys")];
}

/** Numbers from 0 to 1, the same ones for the same seed. */
function randomNumbers(seed: number): (() => number) & { readonly seed: number } {
  let state = seed;
  const next = () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
  return Object.assign(next, { seed });
}
