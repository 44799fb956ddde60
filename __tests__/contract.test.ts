// What users build on: addresses in their states, output names in their scripts, and the same bytes on every machine.
//
// When the snapshot below fails, a name changed that states and scripts out there know. For a changed or removed address,
// Terraform destroys what is there and makes it anew, unless it is told otherwise. So, in this order:
//
//   1. Undo it, if you can do without. Construct ids and output names are a contract.
//   2. Otherwise emit a `moved` block from the old address to the new one (for a change of stacks: `removed` and `import`),
//      and keep an output under its old name beside the new one.
//   3. Write the change, and what users have to do, into CHANGELOG.md.
//   4. Then `npx jest contract -u`. Additions need this step only.
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { homedir, hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type App, TerraformBackend, TerraformElement, TerraformStack } from "cdktf";
import { composeGitLab } from "../modules/gitlab";
import type { TopologyFile } from "../modules/topology";
import { addresses, load, resources, SMALLEST, type Stacks, synthesizeApp, TIERS, type TierName } from "./synth";

const ROOT = resolve(__dirname, "..");
const EXAMPLES = readdirSync(join(ROOT, "examples"))
  .filter((name) => /\.(json|jsonc|yaml)$/.test(name))
  .sort();
const FULL = join(__dirname, "fixtures/topologies/full.yaml");

/** All that a topology can switch on, at once. */
const EVERYTHING: TopologyFile = {
  ...SMALLEST,
  access: {
    trustedCidrs: ["203.0.113.0/24", "2001:db8::/32"],
    keyPair: { publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE2vB6m7m2cA8q3XqkSxwYv1n5b0e6p9c0d1f2g3h4i5 ops" },
  },
  network: { zones: [{ name: "us-west-2a" }, { name: "us-west-2b" }, { name: "us-west-2c" }, { name: "us-west-2d" }] },
  dns: { zone: "create" },
  certificate: { alternativeNames: ["registry.example.com"] },
  gitlab: { registryUrl: "https://registry.example.com" },
  gitaly: { tls: true },
  application: { image: "gitlab" },
};

/** A topology, composed and synthesized. */
function compose(topology: string | TopologyFile): { app: App; stacks: Stacks } {
  let composed: App | undefined;
  const stacks = synthesizeApp((app) => {
    composed = app;
    composeGitLab(app, load(topology).topology);
  }) as Stacks;
  return { app: composed as App, stacks };
}

describe.each([
  ["the default topology", "topology.json"],
  ["everything switched on", EVERYTHING],
])("%s", (_, topology) => {
  const { app, stacks } = compose(topology);
  const stackOf = (tier: TierName) => app.node.findChild(tier) as TerraformStack;

  it("has the addresses and outputs that users know (see the top of this file)", () => {
    const known = TIERS.map((tier) => [
      tier,
      [...addresses(stacks[tier]), ...Object.keys(stacks[tier].output ?? {}).map((name) => `output.${name}`)],
    ]);
    expect(Object.fromEntries(known)).toMatchSnapshot();
  });

  it.each(TIERS)("drops no element silently: %s", (tier) => {
    const elements = stackOf(tier)
      .node.findAll()
      .filter((one) => TerraformElement.isTerraformElement(one) && !TerraformBackend.isBackend(one));
    const { resource = {}, data = {}, ephemeral = {}, output = {}, locals = {}, provider } = stacks[tier];
    const emitted = [
      ...[resource, data, ephemeral].flatMap((types) => Object.values(types).flatMap((blocks) => Object.keys(blocks))),
      ...Object.keys(output),
      ...Object.keys(locals),
      ...Object.values(provider).flat(),
    ];
    expect(emitted).toHaveLength(elements.filter((one) => !TerraformStack.isStack(one)).length);
  });

  it("describes every output in a sentence", () => {
    const outputs = TIERS.flatMap((tier) => Object.values(stacks[tier].output ?? {}));
    expect(outputs.filter(({ description }) => !/^[A-Z].*[^.]\.$/.test(description ?? ""))).toEqual([]);
  });

  it("describes every security group and rule, in characters that AWS takes", () => {
    const types = ["aws_security_group", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"];
    const descriptions = types.flatMap((type) =>
      Object.values(resources(stacks.security, type)).map(({ description }) => description),
    );
    expect(descriptions.length).toBeGreaterThan(30);
    // EC2 API reference, "IpRange".
    for (const description of descriptions) expect(description).toMatch(/^[A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]{1,255}$/);
  });

  it("holds no path, time, host, hash or unresolved value", () => {
    const all = JSON.stringify(stacks);
    for (const mine of [ROOT, realpathSync(tmpdir()), homedir(), hostname()]) expect(all).not.toContain(`${mine}/`);
    expect(all).not.toMatch(/TfToken|Token\[|\[object |undefined|\bNaN\b/);
    // What nodes run names paths of theirs.
    const text = JSON.stringify(stacks, (key, value) => (key === "locals" ? undefined : value));
    expect(text).not.toMatch(/"\/(home|root|tmp|var|private|Users|work|opt|usr|builds)\//);
    expect(text).not.toMatch(/\d{4}-\d{2}-\d{2}T|\d{2}:\d{2}:\d{2}|\b1[6-9]\d{8}(\d{3})?\b/);
    expect(text).not.toMatch(/null/);
    // cdktf's own hashes, UUIDs, and hexadecimal text at large.
    expect(text).not.toMatch(
      /_[0-9A-F]{8}"|[0-9a-f]{8}-[0-9a-f]{4}-|\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{12,}\b/,
    );
  });
});

describe("examples", () => {
  it.each(EXAMPLES)("%s is valid and synthesizes every tier", (file) => {
    const { stacks } = compose(join(ROOT, "examples", file));
    expect(Object.keys(stacks)).toEqual([...TIERS].sort());
  });

  it("has the smallest topology in five lines, which is the default one", () => {
    const text = readFileSync(join(ROOT, "examples/smallest.json"), "utf8");
    expect(text.trim().split("\n")).toHaveLength(5);
    expect(JSON.parse(text)).toEqual(SMALLEST);
    const { $schema, ...topology } = load("topology.json").topology;
    expect($schema).toBe("./schemas/topology.schema.json");
    expect(load(SMALLEST).topology).toEqual(topology);
  });

  it.each([
    ["production.yaml", []],
    ["poc.jsonc", []],
    ["smallest.json", ["bastion-key-pair", "gitaly-iops"]],
    ["existing-zone-and-certificate.yaml", ["gitaly-iops"]],
    ["hcp-terraform.yaml", ["bastion-key-pair", "gitaly-iops"]],
  ])("%s draws just these warnings: %j", (file, rules) => {
    const { warnings } = load(join(ROOT, "examples", file));
    expect(warnings.map(({ rule }) => rule).sort()).toEqual(rules);
  });
});

describe("the same topology gives the same bytes", () => {
  const scratch = mkdtempSync(join(realpathSync(tmpdir()), "contract-"));
  const copy = join(scratch, "deeper", "copy of the project");
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  beforeAll(() => {
    mkdirSync(join(copy, "node_modules"), { recursive: true });
    for (const entry of ["modules", "scripts"]) cpSync(join(ROOT, entry), join(copy, entry), { recursive: true });
    for (const entry of ["main.ts", "package.json", "package-lock.json", "topology.json"]) {
      copyFileSync(join(ROOT, entry), join(copy, entry));
    }
    // A folder of links, so that the copy has a cache of its own.
    for (const entry of readdirSync(join(ROOT, "node_modules")).filter((name) => name !== ".cache")) {
      symlinkSync(join(ROOT, "node_modules", entry), join(copy, "node_modules", entry));
    }
  });

  /** What a synthesis in a process of its own writes: files, and what it says. */
  function run(folder: string, topology: string, env: Record<string, string>): Record<string, string> {
    const outdir = join(scratch, `out-${env.LC_ALL}`);
    rmSync(outdir, { recursive: true, force: true });
    const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/run.mjs", "main.ts"], {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env.PATH, TOPOLOGY: topology, CDKTF_OUTDIR: outdir, ...env },
    });
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
    const files = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const contents = files.map((file): [string, string] => {
      const path = join(file.parentPath, file.name);
      return [path.slice(outdir.length), readFileSync(path, "utf8")];
    });
    // It says where it wrote to, which is another folder each time.
    return Object.fromEntries([...contents, ["stdout", stdout.replace(outdir, "")], ["stderr", stderr]]);
  }

  it.each([
    ["the default", "topology.json"],
    ["full.yaml", FULL],
  ])(
    "in two folders, locales and time zones: %s",
    (_, topology) => {
      const here = run(ROOT, topology, { LANG: "C", LC_ALL: "C", TZ: "UTC" });
      const there = run(copy, topology, { LANG: "de_DE.UTF-8", LC_ALL: "de_DE.UTF-8", TZ: "Pacific/Auckland" });
      expect(Object.keys(here)).toHaveLength(TIERS.length + 3);
      // Compared one by one: the difference of whole deployments would fill screens.
      expect(Object.keys(there)).toEqual(Object.keys(here));
      for (const [file, content] of Object.entries(here)) expect([file, there[file]]).toEqual([file, content]);
    },
    120_000,
  );
});

describe("the project", () => {
  it("imports the provider's classes by their paths: the barrel costs eight times the time", () => {
    const sources = ["modules", "scripts", "bench", "__tests__"].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => /\.(ts|mjs|cjs|js)$/.test(file))
        .map((file) => join(ROOT, folder, file)),
    );
    const barrel = /(from|import|require)\s*\(?\s*["']@cdktf\/provider-aws(\/lib)?(\/index)?["']/;
    expect([join(ROOT, "main.ts"), ...sources].filter((file) => barrel.test(readFileSync(file, "utf8")))).toEqual([]);
    expect(sources.length).toBeGreaterThan(50);
  });

  it("documents an order of tiers in which each comes after those it reads from", () => {
    const order =
      /for tier in (.+); do/.exec(readFileSync(join(ROOT, "docs/deploy.md"), "utf8"))?.[1]?.split(" ") ?? [];
    expect([...order].sort()).toEqual([...TIERS].sort());
    const { stacks } = compose(EVERYTHING);
    for (const tier of TIERS) {
      const read = Object.keys(stacks[tier].data?.terraform_remote_state ?? {}).map((id) => id.replaceAll("_", "-"));
      expect(read.filter((other) => order.indexOf(other) >= order.indexOf(tier))).toEqual([]);
    }
  });
});
