import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadTopology, readTopology, resolveTopology, type Topology, TopologyError } from "../../modules/topology";
import type { TopologyFile } from "../../modules/topology/config";
import { type Location, parseSource } from "../../modules/topology/source";

const SMALLEST: TopologyFile = {
  region: "us-west-2",
  domain: "gitlab.example.com",
  access: { trustedCidrs: ["203.0.113.0/24"] },
};

/** The smallest topology with some properties beside or in place of its own. */
function resolve(properties: Partial<TopologyFile> = {}): Topology {
  return resolveTopology({ ...SMALLEST, ...properties }).topology;
}

describe("the smallest topology", () => {
  test("is the guide's deployment", () => {
    expect(resolve()).toEqual({
      name: "gitlab",
      region: "us-west-2",
      domain: "gitlab.example.com",
      gitlab: { version: "19.3.0", edition: "ee", config: {} },
      access: { trustedCidrs: ["203.0.113.0/24"], sessionManager: true },
      network: {
        cidr: "10.0.0.0/16",
        zones: [
          { name: "us-west-2a", publicCidr: "10.0.0.0/24", privateCidr: "10.0.1.0/24" },
          { name: "us-west-2b", publicCidr: "10.0.2.0/24", privateCidr: "10.0.3.0/24" },
        ],
        natGateways: "per-zone",
        flowLogs: { enabled: true, retentionDays: 365 },
      },
      loadBalancer: {
        http: "redirect",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        preserveClientIp: true,
        proxyProtocol: false,
        crossZone: true,
        accessLogs: true,
        deletionProtection: true,
      },
      dns: { zone: "existing", zoneName: "example.com" },
      certificate: { alternativeNames: [] },
      objectStorage: {
        bucketPrefix: "gl-gitlab-example-com",
        buckets: {
          artifacts: "gl-gitlab-example-com-artifacts",
          "external-diffs": "gl-gitlab-example-com-external-diffs",
          lfs: "gl-gitlab-example-com-lfs",
          uploads: "gl-gitlab-example-com-uploads",
          packages: "gl-gitlab-example-com-packages",
          "dependency-proxy": "gl-gitlab-example-com-dependency-proxy",
          "terraform-state": "gl-gitlab-example-com-terraform-state",
          pages: "gl-gitlab-example-com-pages",
          "ci-secure-files": "gl-gitlab-example-com-ci-secure-files",
          registry: "gl-gitlab-example-com-registry",
          backups: "gl-gitlab-example-com-backups",
          "access-logs": "gl-gitlab-example-com-access-logs",
        },
        noncurrentVersionDays: 30,
        incompleteUploadDays: 7,
        accessLogDays: 365,
      },
      database: {
        engine: "postgres",
        engineVersion: "17",
        instanceClass: "db.m5.large",
        multiAz: true,
        storage: { type: "io1", sizeGib: 100, iops: 1000, maxSizeGib: 500 },
        username: "gitlab",
        databaseName: "gitlabhq_production",
        port: 5432,
        backupRetentionDays: 7,
        autoMinorVersionUpgrade: false,
        deletionProtection: true,
        finalSnapshot: true,
        performanceInsights: true,
        monitoringIntervalSeconds: 60,
        logExports: ["postgresql", "upgrade"],
        caCertificate: "rds-ca-rsa2048-g1",
        parameters: {},
      },
      cache: {
        engine: "valkey",
        engineVersion: "7.2",
        nodeType: "cache.t3.medium",
        clusterMode: false,
        multiAz: true,
        replicas: 2,
        zones: ["us-west-2a", "us-west-2a", "us-west-2b"],
        port: 6379,
        snapshotRetentionDays: 7,
      },
      bastion: { enabled: true, instanceType: "t2.micro", rootVolumeSizeGib: 8 },
      gitaly: {
        instanceType: "m5.xlarge",
        zone: "us-west-2a",
        tls: false,
        rootVolumeSizeGib: 40,
        storage: { type: "io1", sizeGib: 20, iops: 1000 },
      },
      application: {
        instanceType: "c5.2xlarge",
        image: "ubuntu",
        rootVolumeSizeGib: 40,
        healthCheckGraceSeconds: 300,
        bootTimeoutSeconds: 3600,
        scaling: {
          min: 2,
          desired: 2,
          max: 4,
          scaleOut: { cpuPercent: 60, minutes: 5 },
          scaleIn: { cpuPercent: 45, minutes: 15 },
          cooldownSeconds: 600,
        },
      },
      encryption: { keys: "customer-managed" },
      protect: true,
      backend: { type: "local", local: { directory: "terraform-state" } },
      tags: {},
      silence: {},
    });
  });

  test("is left as it was", () => {
    const given = structuredClone(SMALLEST);
    resolveTopology(given);
    expect(given).toEqual(SMALLEST);
  });
});

describe("formats", () => {
  const JSON_TEXT = `{
    "region": "eu-west-1",
    "domain": "git.acme.io",
    "access": { "trustedCidrs": ["198.51.100.0/24", "2001:db8::/32"], "keyPair": { "name": "ops" } },
    "network": { "zones": [{ "name": "eu-west-1a" }, { "name": "eu-west-1c", "publicCidr": "10.0.64.0/20" }] },
    "database": { "engineVersion": "17.6", "parameters": { "log_statement": "ddl" } },
    "protect": false,
    "tags": { "Cost/Center": "42" }
  }`;
  const JSONC_TEXT = `// Ireland
  {
    "region": "eu-west-1",
    "domain": "git.acme.io", /* until the merger */
    "access": { "trustedCidrs": ["198.51.100.0/24", "2001:db8::/32",], "keyPair": { "name": "ops" } },
    "network": { "zones": [{ "name": "eu-west-1a" }, { "name": "eu-west-1c", "publicCidr": "10.0.64.0/20" }] },
    "database": { "engineVersion": "17.6", "parameters": { "log_statement": "ddl" } },
    "protect": false,
    "tags": { "Cost/Center": "42" },
  }`;
  const YAML_TEXT = `# Ireland
region: eu-west-1
domain: git.acme.io
access:
  trustedCidrs:
    - 198.51.100.0/24
    - 2001:db8::/32
  keyPair: { name: ops }
network:
  zones:
    - name: eu-west-1a
    - name: eu-west-1c
      publicCidr: 10.0.64.0/20
database:
  engineVersion: "17.6"
  parameters:
    log_statement: ddl
protect: false
tags:
  Cost/Center: "42"
`;
  const { topology } = readTopology("topology.json", JSON_TEXT);

  test("comments and trailing commas change nothing, whatever the extension", () => {
    expect(readTopology("topology.jsonc", JSONC_TEXT).topology).toEqual(topology);
    expect(readTopology("topology.json", JSONC_TEXT).topology).toEqual(topology);
  });

  test("YAML says the same", () => {
    expect(readTopology("topology.yaml", YAML_TEXT).topology).toEqual(topology);
    expect(readTopology("topology.yml", YAML_TEXT).topology).toEqual(topology);
  });

  test("JSON in a YAML file is YAML", () => {
    expect(readTopology("topology.yaml", JSON_TEXT).topology).toEqual(topology);
  });

  test("a byte order mark and Windows line ends change nothing", () => {
    expect(readTopology("topology.json", `\uFEFF${JSON_TEXT.replaceAll("\n", "\r\n")}`).topology).toEqual(topology);
    expect(readTopology("topology.yaml", `\uFEFF${YAML_TEXT.replaceAll("\n", "\r\n")}`).topology).toEqual(topology);
  });

  test("aliases of YAML stand for what they name", () => {
    const text = YAML_TEXT.replace("engineVersion: ", "engineVersion: &version ").replace(
      "tags:",
      "tags:\n  Version: *version",
    );
    expect(readTopology("topology.yaml", text).topology).toEqual({
      ...topology,
      tags: { Version: "17.6", "Cost/Center": "42" },
    });
  });

  test("a %YAML 1.1 directive doesn't turn words into booleans", () => {
    expect(() => readTopology("topology.yaml", `%YAML 1.1\n---\n${YAML_TEXT.replace("false", "off")}`)).toThrow(
      '/protect is "off", but must be a boolean',
    );
  });
});

describe("defaults that follow from other values", () => {
  const zones = (...letters: string[]) => ({
    network: { zones: letters.map((letter) => ({ name: `us-west-2${letter}` })) },
  });
  const subnets = (topology: Topology) =>
    Object.fromEntries(topology.network.zones.map((zone) => [zone.name, [zone.publicCidr, zone.privateCidr]]));

  test("subnets go by the zone's letter", () => {
    expect(subnets(resolve(zones("a", "b", "c", "d")))).toEqual({
      "us-west-2a": ["10.0.0.0/24", "10.0.1.0/24"],
      "us-west-2b": ["10.0.2.0/24", "10.0.3.0/24"],
      "us-west-2c": ["10.0.4.0/24", "10.0.5.0/24"],
      "us-west-2d": ["10.0.6.0/24", "10.0.7.0/24"],
    });
  });

  test.each([
    ["removed", ["a", "c"]],
    ["added", ["a", "b", "c", "d"]],
    ["moved", ["c", "b", "a"]],
  ])("a zone that is %s leaves the others' subnets alone", (_, letters) => {
    const before = subnets(resolve(zones("a", "b", "c")));
    for (const [name, ranges] of Object.entries(subnets(resolve(zones(...letters))))) {
      expect(ranges).toEqual(before[name] ?? ["10.0.6.0/24", "10.0.7.0/24"]);
    }
  });

  test.each([
    ["10.20.0.0/16", "10.20.0.0/24", "10.20.3.0/24"],
    ["10.20.0.0/20", "10.20.0.0/24", "10.20.3.0/24"],
    ["10.20.0.0/22", "10.20.0.0/26", "10.20.0.192/26"],
    ["10.20.0.0/24", "10.20.0.0/28", "10.20.0.48/28"],
  ])("subnets of a VPC of %s", (cidr, first, last) => {
    const { network } = resolve({ network: { cidr } });
    expect([network.zones[0]?.publicCidr, network.zones[1]?.privateCidr]).toEqual([first, last]);
  });

  test("the last letter's subnets are still inside the smallest VPC", () => {
    const names = ["us-east-1a", "us-east-1h"].map((name) => ({ name }));
    const { network } = resolve({ region: "us-east-1", network: { cidr: "10.0.0.0/24", zones: names } });
    expect(network.zones[1]).toEqual({
      name: "us-east-1h",
      publicCidr: "10.0.0.224/28",
      privateCidr: "10.0.0.240/28",
    });
  });

  test("a given subnet stays, and its zone's other one is by the letter", () => {
    const network = { zones: [{ name: "us-west-2a" }, { name: "us-west-2b", privateCidr: "10.0.128.0/20" }] };
    expect(subnets(resolve({ network }))["us-west-2b"]).toEqual(["10.0.2.0/24", "10.0.128.0/20"]);
  });

  test.each([
    ["us-west-2", ["us-west-2a", "us-west-2b"], "t2.micro"],
    ["eu-north-1", ["eu-north-1a", "eu-north-1b"], "t3.micro"],
    ["us-west-1", ["us-west-1a", "us-west-1c"], "t2.micro"],
    ["ap-northeast-1", ["ap-northeast-1a", "ap-northeast-1c"], "t2.micro"],
    ["us-gov-west-1", ["us-gov-west-1a", "us-gov-west-1b"], "t2.micro"],
    ["us-gov-east-1", ["us-gov-east-1a", "us-gov-east-1b"], "t3.micro"],
  ] as const)("%s: zones %j, bastions %s", (region, names, instanceType) => {
    const topology = resolve({ region });
    expect(topology.network.zones.map(({ name }) => name)).toEqual(names);
    expect(topology.bastion.instanceType).toBe(instanceType);
    expect(topology.gitaly.zone).toBe(names[0]);
    expect(topology.cache.zones).toEqual([names[0], names[0], names[1]]);
  });

  test("Gitaly stands in the first zone that is named", () => {
    expect(resolve(zones("c", "a")).gitaly.zone).toBe("us-west-2c");
  });

  test.each([
    [1, ["b", "c"]],
    [2, ["b", "b", "c"]],
    [3, ["b", "b", "b", "c"]],
  ])("a cache with %d replicas stands in %j", (replicas, letters) => {
    const topology = resolve({ ...zones("b", "c", "a"), cache: { replicas } });
    expect(topology.cache.zones).toEqual(letters.map((letter) => `us-west-2${letter}`));
  });

  test("a cache without replicas stands in the first zone", () => {
    expect(resolve({ cache: { replicas: 0, multiAz: false } }).cache.zones).toEqual(["us-west-2a"]);
  });

  test.each([
    [{ type: "io1" }, 1000, 500],
    [{ type: "io2", sizeGib: 200 }, 1000, 1000],
    [{ type: "gp3" }, 3000, 500],
    [{ type: "gp3", sizeGib: 399 }, 3000, 1995],
    [{ type: "gp3", sizeGib: 400 }, 12000, 2000],
    [{ sizeGib: 1000 }, 1000, 2000],
    [{ sizeGib: 20000 }, 10000, 0],
    [{ sizeGib: 20000, iops: 40000 }, 40000, 65536],
    [{ sizeGib: 65536 }, 32768, 0],
  ] as const)("database storage %j: %d IOPS, up to %d GiB", (storage, iops, maxSizeGib) => {
    expect(resolve({ database: { storage } }).database.storage).toMatchObject({ ...storage, iops, maxSizeGib });
  });

  test.each([
    ["io1", 1000],
    ["io2", 1000],
    ["gp3", 3000],
  ] as const)("Gitaly's %s volume has %d IOPS", (type, iops) => {
    expect(resolve({ gitaly: { storage: { type, sizeGib: 100 } } }).gitaly.storage.iops).toBe(iops);
  });

  test.each([
    ["17.0.0", "16", "redis", "7.1"],
    ["17.11.7", "16", "redis", "7.1"],
    ["18.0.0", "16", "redis", "7.1"],
    ["18.11.2", "16", "redis", "7.1"],
    ["19.0.0", "17", "valkey", "7.2"],
    ["19.12.0", "17", "valkey", "7.2"],
  ])("GitLab %s: PostgreSQL %s, %s %s", (version, postgres, engine, engineVersion) => {
    const { database, cache } = resolve({ gitlab: { version } });
    expect(database.engineVersion).toBe(postgres);
    expect(cache).toMatchObject({ engine, engineVersion });
  });

  test.each([
    ["gitlab.example.com", "example.com", "gl-gitlab-example-com"],
    ["example.com", "example.com", "gl-example-com"],
    ["git.dev.acme.io", "dev.acme.io", "gl-git-dev-acme-io"],
  ])("%s: hosted zone %s, buckets %s-*", (domain, zoneName, bucketPrefix) => {
    const { dns, objectStorage } = resolve({ domain });
    expect(dns.zoneName).toBe(zoneName);
    expect(objectStorage.bucketPrefix).toBe(bucketPrefix);
    expect(objectStorage.buckets.lfs).toBe(`${bucketPrefix}-lfs`);
  });

  test("a bucket's own name wins over the prefix", () => {
    const { buckets } = resolve({
      objectStorage: { bucketPrefix: "acme", buckets: { lfs: "big-files" } },
    }).objectStorage;
    expect([buckets.lfs, buckets.registry]).toEqual(["big-files", "acme-registry"]);
  });

  test("protect stands for the protections that aren't given", () => {
    const { loadBalancer, database } = resolve({ protect: false, database: { finalSnapshot: true } });
    expect(loadBalancer.deletionProtection).toBe(false);
    expect(database).toMatchObject({ deletionProtection: false, finalSnapshot: true });
  });

  test("a public key is registered under the topology's name", () => {
    const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE2vB6m7m2cA8q3XqkSxwYv1n5b0e6p9c0d1f2g3h4i5";
    const access = { ...SMALLEST.access, keyPair: { publicKey } };
    expect(resolve({ name: "git-dev", access }).access.keyPair).toEqual({ name: "git-dev", publicKey });
  });

  test("desired nodes are the least", () => {
    expect(resolve({ application: { scaling: { min: 3 } } }).application.scaling).toMatchObject({ min: 3, desired: 3 });
  });

  test("backends take region and name", () => {
    expect(resolve({ name: "git", backend: { type: "s3", s3: { bucket: "acme-state" } } }).backend.s3).toEqual({
      bucket: "acme-state",
      region: "us-west-2",
      keyPrefix: "git",
      key: "git/terraform.tfstate",
    });
    expect(resolve({ name: "git", backend: { type: "cloud", cloud: { organization: "acme" } } }).backend.cloud).toEqual(
      { organization: "acme", workspacePrefix: "git", workspace: "git" },
    );
  });
});

describe("positions", () => {
  const JSON_SOURCE = parseSource(
    "topology.json",
    `{
  // a comment
  "tags": { "a/b": "x", "42": "y", "c~d": [1, { "e": null }] },
  "list": [[true], { "k": "é", "l": 1 }]
}`,
  );
  const YAML_SOURCE = parseSource(
    "topology.yaml",
    `# a comment
tags: { a/b: x, 42: y, "c~d": [1, { e: null }] }
list:
  - [true]
  - k: é
    l: 1
`,
  );
  const places = [
    ["", "1:1", "2:1"],
    ["/tags", "3:11", "2:7"],
    ["/tags/a~1b", "3:20", "2:14"],
    ["/tags/42", "3:31", "2:21"],
    ["/tags/c~0d/0", "3:44", "2:32"],
    ["/tags/c~0d/1/e", "3:54", "2:40"],
    ["/list/0/0", "4:13", "4:6"],
    ["/list/1/l", "4:37", "6:8"],
    // What isn't there is where the key of its nearest parent is.
    ["/tags/missing/deep", "3:3", "2:1"],
    ["/list/1/m", "4:20", "5:5"],
    ["/list/7", "4:3", "3:1"],
    ["/missing", "1:1", "2:1"],
  ] as const;

  test.each(places)("%s: value at %s in JSON, at %s in YAML", (pointer, json, yaml) => {
    const at = ({ position }: Location) => `${position.line}:${position.column}`;
    expect(at(JSON_SOURCE.locate(pointer))).toBe(json);
    expect(at(YAML_SOURCE.locate(pointer))).toBe(yaml);
  });

  const keys = [
    ["/tags", "3:3", "2:1"],
    ["/tags/42", "3:25", "2:17"],
    ["/list/1/l", "4:32", "6:5"],
    ["/list/1/m", "4:20", "5:5"],
  ] as const;

  test.each(keys)("%s: key at %s in JSON, at %s in YAML", (pointer, json, yaml) => {
    const at = ({ position }: Location) => `${position.line}:${position.column}`;
    expect(at(JSON_SOURCE.locateKey(pointer))).toBe(json);
    expect(at(YAML_SOURCE.locateKey(pointer))).toBe(yaml);
  });
});

describe("files", () => {
  const folder = mkdtempSync(join(tmpdir(), "topology-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("a file is read by its path, which messages name as given", () => {
    const file = join(folder, "topology.yaml");
    writeFileSync(file, "region: us-west-2\ndomain: gitlab.example.com\naccess: { trustedCidrs: [203.0.113.0/24] }\n");
    expect(loadTopology(file).topology).toEqual(resolve());
    expect(loadTopology(file).warnings.map((warning) => warning.file)).toEqual([file, file]);
  });

  test("a file that doesn't exist", () => {
    const file = join(folder, "nowhere.json");
    expect(() => loadTopology(file)).toThrow(
      new TopologyError([
        {
          severity: "error",
          rule: "file",
          file,
          position: { line: 1, column: 1 },
          length: 1,
          line: "",
          path: "",
          message: "doesn't exist",
          fix: "Name another file: as an argument, or in the environment variable TOPOLOGY",
        },
      ]),
    );
    expect(() => loadTopology(file)).toThrow(`${file}:1:1 the file doesn't exist. Name another file: as`);
  });

  test("a folder", () => {
    const file = join(folder, "folder.json");
    mkdirSync(file);
    expect(() => loadTopology(file)).toThrow(`${file}:1:1 the file can't be read.`);
  });
});
