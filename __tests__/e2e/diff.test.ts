// What `gitlab-aws diff` predicts is what Terraform plans.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { diffStacks } from "../../modules/diff";
import type { TopologyFile } from "../../modules/topology";
import { exportTopology, SMALLEST, synthesize } from "../synth";
import { aws } from "./emulator";
import type { Plan, Terraform } from "./harness";
import { type Sandbox, startSandbox } from "./sandbox";

/** Unprotected, as Terraform gives no plan at all where it refuses a part of it. */
const BASE: TopologyFile = { ...SMALLEST, protect: false };
const folder = mkdtempSync(join(tmpdir(), "diff-e2e-"));

let sandbox: Sandbox;
let terraform: Terraform;
beforeAll(async () => {
  sandbox = await startSandbox(folder);
  terraform = sandbox.terraform;
  aws(sandbox.emulator, "route53", "create-hosted-zone", "--name", "example.com", "--caller-reference", "diff");
  write(BASE);
  await terraform.init(folder);
  await terraform.apply(folder, "-parallelism=50");
});

afterAll(async () => {
  await sandbox?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function write(topology: TopologyFile): void {
  // A module that takes nothing any more would keep the variables it had.
  rmSync(join(folder, "modules"), { recursive: true, force: true });
  for (const [path, text] of Object.entries(exportTopology(topology, { layout: "modules", format: "json" }))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** `database/aws_db_instance.database replace`, sorted. */
function planned({ resource_changes = [] }: Plan): string[] {
  return resource_changes
    .filter(({ mode, change }) => mode === "managed" && change.actions.join() !== "no-op")
    .map(({ address, change }) => `${address.replace(/^module\.(\w+)\./, inTier)} ${actionOf(change.actions)}`)
    .sort();
}

function inTier(_: string, module: string): string {
  return `${module.replaceAll("_", "-")}/`;
}

function actionOf(actions: readonly string[]): string {
  if (actions.length === 2) return "replace";
  return actions[0] === "delete" ? "destroy" : (actions[0] as string);
}

const VARIANTS: Readonly<Record<string, TopologyFile>> = {
  "a guard and a tag": { ...BASE, protect: true, tags: { CostCenter: "42" } },
  "another name": { ...BASE, name: "acme" },
  "another domain and network": {
    ...BASE,
    domain: "git.example.com",
    network: { cidr: "10.1.0.0/16" },
  },
  "sizes, versions and settings": {
    ...BASE,
    gitlab: { version: "18.11.2" },
    network: {
      zones: [{ name: "us-west-2a" }, { name: "us-west-2b" }, { name: "us-west-2c" }],
      flowLogs: { enabled: false },
    },
    loadBalancer: { http: "forward" },
    certificate: { alternativeNames: ["registry.example.com"] },
    database: {
      instanceClass: "db.r6g.xlarge",
      storage: { sizeGib: 200 },
      parameters: { work_mem: "8192" },
      backupWindow: "02:00-03:00",
    },
    cache: { nodeType: "cache.r6g.large" },
    gitaly: { instanceType: "m5.2xlarge", storage: { type: "gp3", sizeGib: 100, throughputMibps: 250 } },
    application: { bootTimeoutSeconds: 1800, scaling: { max: 9 } },
  },
  "other places, ports, keys and machines": {
    ...BASE,
    access: { trustedCidrs: ["198.51.100.0/24"], keyPair: { name: "ops" } },
    network: { natGateways: "single" },
    objectStorage: { noncurrentVersionDays: 14 },
    database: { username: "git_admin", port: 5433 },
    cache: { port: 6380 },
    encryption: { keys: "aws-managed" },
    gitaly: { zone: "us-west-2b", tls: true },
    bastion: { instanceType: "t4g.nano" },
    application: { instanceType: "c7g.2xlarge" },
  },
};

const base = synthesize(BASE);

it.each(Object.entries(VARIANTS))("%s", async (_, variant) => {
  write(variant);
  const plan = await terraform.plan(folder, "-refresh=false");
  const predicted = diffStacks(base, synthesize(variant)).map(
    ({ tier, address, action }) => `${tier}/${address} ${action}`,
  );
  expect(predicted.sort()).toEqual(planned(plan));
});
