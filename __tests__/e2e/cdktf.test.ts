// A throwaway deployment, deployed and destroyed by cdktf.
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import type { TopologyFile } from "../../modules/topology";
import { aws, type Emulator, leftovers, startEmulator } from "./emulator";
import { type Environment, type PlanChange, run, Terraform, terraformEnv } from "./harness";
import { createProject, type Project } from "./project";
import { type Provider, startProvider } from "./provider";

/** Unlike the default one wherever the tiers differ: three zones, a zone of its own, gp3, arm64, a key pair. */
const TOPOLOGY: TopologyFile = {
  name: "git",
  region: "eu-west-1",
  domain: "git.example.org",
  gitlab: {
    version: "18.11.2",
    edition: "ce",
    // What Terraform would take for a directive of its own.
    config: { gitlab_rails: { incoming_email_address: "incoming+%{key}@example.org" } },
  },
  access: {
    trustedCidrs: ["203.0.113.0/24", "2001:db8::/32"],
    keyPair: { publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE2vB6m7m2cA8q3XqkSxwYv1n5b0e6p9c0d1f2g3h4i5 ops" },
  },
  network: { zones: [{ name: "eu-west-1a" }, { name: "eu-west-1b" }, { name: "eu-west-1c" }], natGateways: "single" },
  loadBalancer: { http: "forward" },
  dns: { zone: "create", zoneName: "example.org" },
  certificate: { alternativeNames: ["*.git.example.org"] },
  gitaly: {
    instanceType: "m6g.xlarge",
    tls: true,
    storage: { type: "gp3", sizeGib: 50, iops: 8000, throughputMibps: 500 },
  },
  application: { instanceType: "c6g.2xlarge", scaling: { min: 1, max: 3 } },
  protect: false,
};

/** cdktf asks the public registry for checksums of other platforms too; a mirror has none. */
const PROVIDERS = process.env.TF_PLUGIN_MIRROR ? ["--skip-provider-lock"] : [];

const CDKTF = resolve(__dirname, "../../node_modules/.bin/cdktf");

let emulator: Emulator;
let project: Project;
/** What all that comes after the deployment uses. */
let provider: Provider;
/** Where Terraform finds AWS and, after the deployment, the provider. */
let env: Environment;

const cdktf = (...args: string[]) =>
  run(CDKTF, args, {
    cwd: project.folder,
    env: {
      ...env,
      TOPOLOGY: join(project.folder, "topology.json"),
      CI: "1",
      DISABLE_VERSION_CHECK: "1",
      CDKTF_HOME: join(project.folder, ".cdktf"),
    },
  });

beforeAll(async () => {
  emulator = await startEmulator();
  project = await createProject(TOPOLOGY);
  env = terraformEnv(emulator, project.folder);
  await cdktf("deploy", "*", "--auto-approve", ...PROVIDERS);
  provider = await startProvider(env, project.folder);
  env = provider.env;
});

afterAll(async () => {
  await provider?.stop();
  await emulator?.stop();
  project?.remove();
});

it("deploys every tier", () => {
  expect(Object.keys(project.states()).sort()).toEqual([...project.tiers].sort());
  const url = JSON.parse(project.states()["load-balancer"] as string).outputs.url.value;
  expect(url).toBe("https://git.example.org");
});

it("deploys what the topology says, and not the defaults", () => {
  const region = ["--region", "eu-west-1"];
  const { NatGateways } = aws(emulator, "ec2", "describe-nat-gateways", ...region);
  expect(NatGateways).toHaveLength(1);
  const { DBInstances } = aws(emulator, "rds", "describe-db-instances", ...region);
  expect(DBInstances[0]).toMatchObject({ DBInstanceIdentifier: "git-db-ha", DeletionProtection: false });
  expect(DBInstances[0].EngineVersion).toMatch(/^16/);
  const { ReplicationGroups } = aws(emulator, "elasticache", "describe-replication-groups", ...region);
  expect(ReplicationGroups[0]).toMatchObject({ ReplicationGroupId: "git-redis", Engine: "redis" });
  const { KeyPairs } = aws(emulator, "ec2", "describe-key-pairs", ...region);
  expect(KeyPairs).toEqual([expect.objectContaining({ KeyName: "git" })]);
});

it("gives nodes the settings as they were written, and Gitaly a secret for its certificate", () => {
  const region = ["--region", "eu-west-1"];
  const name = ["--launch-template-name", "git-launch-template"];
  const [version] = aws(
    emulator,
    "ec2",
    "describe-launch-template-versions",
    ...name,
    ...region,
  ).LaunchTemplateVersions;
  const userData = gunzipSync(Buffer.from(version.LaunchTemplateData.UserData, "base64")).toString();
  expect(userData).toContain("gitlab_rails['incoming_email_address'] = 'incoming+%{key}@example.org'");
  expect(userData).toContain("tls://gitaly.git.internal:9999");
  const certificate = ["--secret-id", "git/gitaly-certificate"];
  const secret = aws(emulator, "secretsmanager", "describe-secret", ...certificate, ...region);
  expect(secret.VersionIdsToStages ?? {}).toEqual({});
});

it("shows no difference afterwards", async () => {
  const { stdout } = await cdktf("diff", "network", ...PROVIDERS);
  expect(stdout).toContain("Your infrastructure matches the configuration.");
});

it("leaves nothing to change for plain Terraform either", async () => {
  const terraform = new Terraform(env);
  const found: PlanChange[] = [];
  await project.forEachTier(async (folder) => {
    found.push(...(await terraform.changes(folder)));
  });
  expect(found).toEqual([]);
});

it("destroys everything", async () => {
  await cdktf("destroy", "*", "--auto-approve", ...PROVIDERS);
  expect(await leftovers(emulator)).toEqual([]);
});
