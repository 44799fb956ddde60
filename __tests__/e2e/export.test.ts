// An exported tree in the hands of those who only have Terraform.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import type { App } from "cdktf";
import type { Layout } from "../../modules/export";
import { Tier } from "../../modules/terraform/tier";
import { TierStack } from "../../modules/terraform/tier-stack";
import type { BackendFile } from "../../modules/topology";
import { exportApp, load, SMALLEST } from "../synth";
import { aws, type Emulator, leftovers } from "./emulator";
import { run, type Terraform, terraformEnv } from "./harness";
import { type Sandbox, startSandbox } from "./sandbox";

const CHECKOUT = resolve(__dirname, "../..");
const PARALLELISM = "-parallelism=50";

let sandbox: Sandbox;
let emulator: Emulator;
let installing: Terraform;
let terraform: Terraform;
const scratch = mkdtempSync(join(tmpdir(), "export-e2e-"));

beforeAll(async () => {
  sandbox = await startSandbox(scratch);
  ({ emulator, installing, terraform } = sandbox);
});

afterAll(async () => {
  await sandbox?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

describe("the layout modules", () => {
  const folder = join(scratch, "modules");
  const topology = join(scratch, "topology.json");

  const gitlabAws = (...args: string[]) =>
    run("node", [join(CHECKOUT, "scripts/run.mjs"), join(CHECKOUT, "modules/cli/main.ts"), "export", ...args], {
      cwd: scratch,
      env: process.env,
      allowFailure: true,
    });

  it("is built by one apply, after which a plan changes nothing", async () => {
    aws(emulator, "route53", "create-hosted-zone", "--name", "example.com", "--caller-reference", "export");
    writeFileSync(topology, JSON.stringify({ ...SMALLEST, protect: false }));
    expect(await gitlabAws("--out", folder)).toMatchObject({ code: 0 });
    await installing.init(folder);
    await terraform.apply(folder, PARALLELISM);
    expect(await terraform.changes(folder)).toEqual([]);
    const { LoadBalancers } = aws(emulator, "elbv2", "describe-load-balancers");
    expect(LoadBalancers).toHaveLength(1);
  });

  it("is the same in HCL: a plan on that state changes nothing either", async () => {
    expect(await gitlabAws("--out", folder, "--format", "hcl")).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, "main.tf.json"))).toBe(false);
    await installing.init(folder);
    expect(await terraform.changes(folder)).toEqual([]);
    // The state, what Terraform installed and the lock file are the team's.
    for (const mine of [
      "terraform-state/terraform.tfstate",
      ".terraform.lock.hcl",
      ".terraform/modules/modules.json",
    ]) {
      expect([mine, existsSync(join(folder, mine))]).toEqual([mine, true]);
    }
    expect(await gitlabAws("--out", folder, "--check")).toMatchObject({ code: 0 });
  });

  it("is destroyed by one destroy, and nothing is left", async () => {
    await terraform.destroy(folder, PARALLELISM);
    const [{ Id }] = aws(emulator, "route53", "list-hosted-zones").HostedZones;
    aws(emulator, "route53", "delete-hosted-zone", "--id", Id);
    expect(await leftovers(emulator)).toEqual([]);
  });
});

/** A tier that another one reads, and that one. */
class Producer extends Tier {
  readonly vpcIds: Readonly<Record<string, string>>;

  constructor(scope: TierStack) {
    super(scope, "producer");
    const vpc = new Vpc(this, "vpc", { cidrBlock: "10.9.0.0/16" });
    this.vpcIds = this.output("vpc_ids", "Ids of the VPCs by name.", { main: vpc.id });
  }
}

const twoTiers = (backend: BackendFile) => (app: App) => {
  const { topology } = load({ ...SMALLEST, backend });
  const { vpcIds } = new Producer(new TierStack(app, "producer", topology, "A VPC."));
  new Subnet(new TierStack(app, "consumer", topology, "A subnet."), "subnet", {
    vpcId: vpcIds.main as string,
    cidrBlock: "10.9.0.0/24",
  });
};

describe("backends", () => {
  const exported = (name: string, layout: Layout, backend: BackendFile): string => {
    const folder = join(scratch, name);
    for (const [path, text] of Object.entries(exportApp(twoTiers(backend), { layout, format: "hcl" }))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return folder;
  };
  const subnets = () =>
    aws(emulator, "ec2", "describe-subnets", "--filters", "Name=cidr-block,Values=10.9.0.0/24").Subnets;
  const S3: BackendFile = { type: "s3", s3: { bucket: "acme-states" } };
  const keys = () =>
    aws(emulator, "s3api", "list-objects-v2", "--bucket", "acme-states").Contents.map(
      ({ Key }: { Key: string }) => Key,
    );

  beforeAll(() => {
    const where = ["--create-bucket-configuration", "LocationConstraint=us-west-2"];
    aws(emulator, "s3api", "create-bucket", "--bucket", "acme-states", ...where);
  });

  it("s3: a key a tier, read from there by the other one, and locks that are gone afterwards", async () => {
    const folder = exported("s3-stacks", "stacks", S3);
    for (const tier of ["producer", "consumer"]) {
      await terraform.init(join(folder, tier));
      await terraform.apply(join(folder, tier));
    }
    expect(keys()).toEqual(["gitlab/consumer.tfstate", "gitlab/producer.tfstate"]);
    expect(subnets()).toHaveLength(1);
    expect(await terraform.changes(join(folder, "consumer"))).toEqual([]);
    for (const tier of ["consumer", "producer"]) await terraform.destroy(join(folder, tier));
    expect(subnets()).toHaveLength(0);
  });

  it("s3: one key for all", async () => {
    const folder = exported("s3-modules", "modules", S3);
    await terraform.init(folder);
    await terraform.apply(folder);
    expect(keys()).toContain("gitlab/terraform.tfstate");
    expect(subnets()).toHaveLength(1);
    await terraform.destroy(folder);
  });

  it("none: terraform init says where, for one state", async () => {
    const folder = exported("none-modules", "modules", { type: "none", none: { type: "local" } });
    await terraform.init(folder, "-backend-config=path=elsewhere.tfstate");
    await terraform.apply(folder);
    expect(existsSync(join(folder, "elsewhere.tfstate"))).toBe(true);
    expect(subnets()).toHaveLength(1);
    await terraform.destroy(folder);
  });

  it("none: and for a state a tier, with a variable that tells where the others are", async () => {
    const folder = exported("none-stacks", "stacks", { type: "none", none: { type: "local" } });
    const where = { producer: { backend: "local", config: { path: "../states/producer.tfstate" } } };
    writeFileSync(join(folder, "states.tfvars.json"), JSON.stringify({ remote_state: where }));
    for (const tier of ["producer", "consumer"]) {
      const root = join(folder, tier);
      await terraform.init(root, `-backend-config=path=../states/${tier}.tfstate`);
      await terraform.apply(root, ...(tier === "consumer" ? ["-var-file=../states.tfvars.json"] : []));
    }
    expect(subnets()).toHaveLength(1);
    await terraform.destroy(join(folder, "consumer"), "-var-file=../states.tfvars.json");
    await terraform.destroy(join(folder, "producer"));
  });

  it("none: a backend of the team's own, in a file beside", async () => {
    const folder = exported("none-own", "modules", { type: "none" });
    writeFileSync(join(folder, "backend.tf"), 'terraform {\n  backend "local" {\n    path = "mine.tfstate"\n  }\n}\n');
    await terraform.init(folder);
    await terraform.apply(folder);
    expect(existsSync(join(folder, "mine.tfstate"))).toBe(true);
    await terraform.destroy(folder);
  });
});

describe("from a state a tier to one for all", () => {
  it("moves, as docs/export.md has it, and nothing is created or destroyed", async () => {
    const local: BackendFile = { type: "local" };
    const before = join(scratch, "stacks");
    const after = join(scratch, "terraform");
    for (const [folder, layout] of [
      [before, "stacks"],
      [after, "modules"],
    ] as const) {
      for (const [path, text] of Object.entries(exportApp(twoTiers(local), { layout, format: "json" }))) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    }
    for (const tier of ["producer", "consumer"]) {
      await terraform.init(join(before, tier));
      await terraform.apply(join(before, tier));
    }
    await terraform.init(after);
    const documented = /^for tier in encryption[\s\S]*?^terraform -chdir=terraform state push .*$/m.exec(
      readFileSync(join(CHECKOUT, "docs/export.md"), "utf8"),
    );
    const script = (documented?.[0] ?? "exit 1").replace(/(?<=^for tier in ).*(?=; do$)/m, "producer consumer");
    await run("bash", ["-euc", script], { cwd: scratch, env: terraformEnv(emulator, scratch) });
    expect((await terraform.changes(after)).filter(({ address }) => !address.startsWith("output."))).toEqual([]);
    await terraform.destroy(after);
  });
});

describe("roles for runs that prove who they are", () => {
  it("let the named runs plan and apply, and no others", async () => {
    const folder = join(scratch, "oidc-roles");
    cpSync(join(CHECKOUT, "examples/oidc-roles"), folder, { recursive: true });
    await run("terraform", ["fmt", "-check", "-diff"], { cwd: folder, env: process.env });
    const subject = (phase: string) => `organization:acme:project:gitlab:workspace:gitlab*:run_phase:${phase}`;
    const variables = {
      issuer: "app.terraform.io",
      audience: "aws.workload.identity",
      plan_subjects: [subject("plan")],
      apply_subjects: [subject("apply")],
    };
    writeFileSync(join(folder, "terraform.tfvars.json"), JSON.stringify(variables));
    await terraform.init(folder);
    expect(await terraform.validate(folder)).toMatchObject({ valid: true, diagnostics: [] });
    await terraform.apply(folder);
    for (const phase of ["plan", "apply"]) {
      const { Role } = aws(emulator, "iam", "get-role", "--role-name", `terraform-runs-${phase}`);
      expect(Role.AssumeRolePolicyDocument.Statement).toEqual([
        {
          Effect: "Allow",
          Action: "sts:AssumeRoleWithWebIdentity",
          Principal: { Federated: expect.stringMatching(/:oidc-provider\/app\.terraform\.io$/) },
          Condition: {
            StringEquals: { "app.terraform.io:aud": "aws.workload.identity" },
            StringLike: { "app.terraform.io:sub": [subject(phase)] },
          },
        },
      ]);
    }
    expect(await terraform.changes(folder)).toEqual([]);
    await terraform.destroy(folder);
  });
});
