// The Gitaly node, switched on, with a real block device as its data volume.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { attempt, host, sleep } from "./host";
import { type Deployment, World } from "./world";

let world: World;
beforeAll(async () => {
  world = await World.start();
}, 60_000);
afterAll(() => world?.stop(), 60_000);

const DATA = "/var/opt/gitlab/git-data";
const SECRETS = JSON.stringify({ gitlab_shell: { secret_token: "shared" } });

/** What the first application node does, in short. */
function shareSecrets(deployment: Deployment): Promise<unknown> {
  return world.secretsManager("PutSecretValue", {
    SecretId: `${deployment.name}/gitlab-secrets`,
    SecretString: SECRETS,
  });
}

function uuidOf(device: string): string | undefined {
  return attempt("blkid", "--probe", "--match-tag", "UUID", "--output", "value", device)?.trim();
}

it("formats its volume once, waits for GitLab's secrets, and keeps its data whatever happens to it", async () => {
  const deployment = await world.deploy("gitaly", { nodes: 0 });
  const device = world.volume("gitaly");
  const node = deployment.gitalyNode("vol-0123456789abcdef0", device);
  await node.powerOn();
  while (!node.output.includes("Waiting for GitLab's secrets")) await sleep(100);
  expect(node.bootState).toBe("activating");
  const uuid = uuidOf(device);
  expect(uuid).toMatch(/^[0-9a-f-]{36}$/);
  await shareSecrets(deployment);
  expect(await node.booted()).toBe("active");

  expect(node.run("findmnt", "--noheadings", "--output", "UUID,FSTYPE,TARGET", DATA)?.split(/\s+/)).toEqual([
    uuid,
    "ext4",
    DATA,
  ]);
  expect(node.read("/etc/fstab")).toBe(`UUID=${uuid} ${DATA} ext4 defaults,noatime,nofail 0 2\n`);
  expect(JSON.parse(node.read("/etc/gitlab/gitlab-secrets.json") ?? "")).toMatchObject(JSON.parse(SECRETS));
  const config = JSON.parse(node.read("/var/opt/gitlab/gitaly/config.toml") ?? "");
  expect(config.auth.token).toBe(deployment.passwords["gitaly-token"]);
  expect(host("bash", "-c", `exec 3<>/dev/tcp/${node.address}/8075 && echo open`).trim()).toBe("open");
  expect(await deployment.log(node.instanceId, "gitaly")).toMatch(/^Ready after \d+ s$/m);

  // A reboot, and another instance with the same volume.
  node.run("bash", "-c", `echo precious >${DATA}/repositories/file; sync`);
  await node.reboot();
  expect(await node.booted()).toBe("active");
  expect(node.run("cat", `${DATA}/repositories/file`)).toBe("precious");
  await node.remove();
  const next = deployment.gitalyNode("vol-0123456789abcdef0", device);
  await next.powerOn();
  expect(await next.booted()).toBe("active");
  expect(next.run("cat", `${DATA}/repositories/file`)).toBe("precious");
  expect(uuidOf(device)).toBe(uuid);
  expect(next.output).not.toContain("Making a file system");
  await next.remove();
});

it("leaves a volume alone that holds something else", async () => {
  const deployment = await world.deploy("alone", { nodes: 0 });
  const [xfs, raw] = [world.volume("swap"), world.volume("raw")];
  host("mkswap", xfs);
  host("bash", "-c", `echo something >${raw}`);
  for (const [device, reason] of [
    [xfs, "holds swap, not ext4. It was left alone"],
    [raw, "isn't empty, but has no file system. It was left alone"],
  ] as const) {
    const before = host("sha256sum", device);
    const node = deployment.gitalyNode("vol-00000000000000001", device);
    await node.powerOn();
    // systemd tries again a minute later: the first attempt is what counts.
    while (!node.output.includes("FAILED after")) await sleep(100);
    expect(node.output).toContain(`at: Mounting the data volume. The data volume vol-00000000000000001 ${reason}`);
    await node.powerCut();
    expect(host("sha256sum", device)).toBe(before);
    await node.remove();
  }
});

it("comes up wherever in its boot it was cut off", async () => {
  const deployment = await world.deploy("gitaly-dies", { nodes: 0, topology: { gitaly: { tls: true } } });
  await shareSecrets(deployment);
  const device = world.volume("dies");
  const node = deployment.gitalyNode("vol-00000000000000002", device);
  for (const delay of [900, 1400, 1900, 2400, 3000]) {
    await node.powerOn();
    await sleep(delay);
    await node.powerCut();
  }
  await node.powerOn();
  expect(await node.booted()).toBe("active");
  expect(await deployment.versions("gitaly-certificate")).toHaveLength(1);
  await node.remove();
});

it("speaks TLS with a certificate that others can trust by its name, and keeps the key to itself", async () => {
  const deployment = await world.deploy("gitaly-tls", { nodes: 1, topology: { gitaly: { tls: true } } });
  const node = deployment.gitalyNode("vol-00000000000000003", world.volume("tls"));
  const application = deployment.applicationNode();
  await node.powerOn();
  await application.powerOn();
  expect(await application.booted()).toBe("active");
  expect(await node.booted()).toBe("active");

  const certificate = application.read("/etc/gitlab/trusted-certs/gitaly.crt") ?? "";
  expect(certificate).toBe(node.read("/etc/gitlab/ssl/gitaly.crt"));
  const file = join(world.scratch, "gitaly.crt");
  writeFileSync(file, certificate);
  const verify = ["-verify_return_error", "-verify_hostname", "gitaly.gitaly-tls.internal", "-CAfile", file];
  const answer = host(
    "bash",
    "-c",
    `openssl s_client -connect ${node.address}:9999 ${verify.join(" ")} </dev/null 2>&1`,
  );
  expect(answer).toContain("Verification: OK");
  expect(node.run("stat", "--format", "%U %a", "/etc/gitlab/ssl/gitaly.key")).toBe("git 600");
  expect(await deployment.secret("gitaly-certificate")).not.toContain("PRIVATE");
  expect(attempt("bash", "-c", `exec 3<>/dev/tcp/${node.address}/8075`)).toBeUndefined();

  // Booting again makes no other one.
  await node.reboot();
  expect(await node.booted()).toBe("active");
  expect(node.read("/etc/gitlab/ssl/gitaly.crt")).toBe(certificate);
  expect(await deployment.versions("gitaly-certificate")).toHaveLength(1);
  await node.remove();
  await application.remove();
});
