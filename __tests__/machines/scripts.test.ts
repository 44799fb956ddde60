// What nodes run, before any node runs it.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applicationUserData, bastionUserData, gitalyUserData } from "../../modules/nodes/user-data";
import { load, SMALLEST } from "../synth";
import { attempt, host } from "./host";

const ROOT = join(__dirname, "../..");
const SCRIPTS = join(ROOT, "modules/nodes/scripts");

const scratch = mkdtempSync(join(tmpdir(), "scripts-"));
afterAll(() => rmSync(scratch, { recursive: true }));

function need(tool: string): void {
  if (attempt("which", tool) === undefined) throw new Error(`${tool} is missing. Install it: apt-get install ${tool}`);
}

test("shellcheck finds nothing in any script", () => {
  need("shellcheck");
  const scripts = readdirSync(SCRIPTS).filter((file) => file.endsWith(".sh"));
  expect(scripts.length).toBeGreaterThan(10);
  const stands = ["bin/apt-get", "bin/apt-mark", "bin/dpkg-query", "gitlab/bin/gitlab-ctl"];
  host(
    "shellcheck",
    "--external-sources",
    `--source-path=${ROOT}`,
    ...scripts.map((file) => join(SCRIPTS, file)),
    ...stands.map((file) => join(__dirname, "stand-ins", file)),
    join(__dirname, "machine.sh"),
  );
});

test("sshd takes the bastions' configuration", () => {
  const key = join(scratch, "host-key");
  mkdirSync("/run/sshd", { recursive: true });
  host("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key);
  const effective = host("/usr/sbin/sshd", "-T", "-h", key, "-f", join(SCRIPTS, "bastion-sshd.conf"));
  const settings = Object.fromEntries(effective.split("\n").map((line) => line.split(" ", 2)));
  expect(settings).toMatchObject({
    allowagentforwarding: "yes",
    allowtcpforwarding: "no",
    allowstreamlocalforwarding: "no",
    permittunnel: "no",
    x11forwarding: "no",
    passwordauthentication: "no",
    kbdinteractiveauthentication: "no",
    permitrootlogin: "no",
  });
});

test.each([
  ["application", (): string => applicationUserData(load(SMALLEST).topology, HOSTS)],
  [
    "gitaly",
    (): string => gitalyUserData(load(SMALLEST).topology, { ...HOSTS, dataVolumeId: "vol-0123456789abcdef0" }),
  ],
  ["bastion", bastionUserData],
])("cloud-init's schema allows the user data of the role %s", (role, userData) => {
  need("cloud-init");
  const file = join(scratch, `${role}.yaml`);
  writeFileSync(file, userData());
  expect(host("cloud-init", "schema", "--config-file", file)).toContain("Valid cloud-config");
});

const HOSTS = { database: "database.internal", cache: "cache.internal", gitaly: "gitaly.internal" };
