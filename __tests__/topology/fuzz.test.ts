import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import { readTopology, TopologyError } from "../../modules/topology";

const VALID = {
  $schema: "./schemas/topology.schema.json",
  name: "git-dev",
  region: "us-west-2",
  domain: "gitlab.acme.io",
  gitlab: { version: "18.11.2", edition: "ce" },
  access: {
    trustedCidrs: ["198.51.100.0/24", "2001:db8::/32"],
    sessionManager: true,
    keyPair: { name: "ops", publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE2vB6m7m2cA8q3X ops" },
  },
  network: {
    cidr: "10.4.0.0/20",
    zones: [
      { name: "us-west-2a", publicCidr: "10.4.0.0/24", privateCidr: "10.4.1.0/24" },
      { name: "us-west-2b" },
      { name: "us-west-2c", privateCidr: "10.4.8.0/23" },
    ],
    natGateways: "single",
    flowLogs: { enabled: true, retentionDays: 30 },
  },
  loadBalancer: { http: "redirect", proxyProtocol: true, deletionProtection: false },
  dns: { zone: "existing", zoneName: "acme.io", zoneId: "Z0123456789ABCDEFGHIJ" },
  certificate: { alternativeNames: ["registry.acme.io", "*.pages.acme.io"] },
  objectStorage: { bucketPrefix: "acme", buckets: { lfs: "acme-big", registry: "acme-images" }, accessLogDays: 90 },
  database: {
    engine: "postgres",
    engineVersion: "17.6",
    storage: { type: "io1", sizeGib: 200, iops: 4000, maxSizeGib: 1000 },
    backupWindow: "03:00-04:00",
    logExports: ["postgresql"],
    parameters: { log_statement: "ddl" },
  },
  cache: { engine: "redis", engineVersion: "7.1", replicas: 1, zones: ["us-west-2a", "us-west-2b"] },
  bastion: { enabled: true, instanceType: "t3.nano" },
  gitaly: { zone: "us-west-2b", storage: { type: "gp3", sizeGib: 200, iops: 8000, throughputMibps: 500 } },
  application: { scaling: { min: 2, desired: 3, max: 6, scaleOut: { cpuPercent: 70 }, scaleIn: { cpuPercent: 40 } } },
  encryption: { keys: "customer-managed" },
  backend: { type: "s3", s3: { bucket: "acme-state", region: "eu-west-1", keyPrefix: "git/dev" } },
  tags: { Team: "platform", "cost/center": "42" },
};

/** What may stand anywhere: wrong types, borders, names with a meaning in JavaScript, and almost right texts. */
const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1, 7.5, 1e21, 3000, 65536, [], [[]], {}, { a: 1 }, [null], ["x", "x"]],
  ...["", " ", "x", "\n", "${var.x}", "%{ if }", "__proto__", "é😀", "a".repeat(300), "10.4.0.0/16", "10.4.0.7/33"],
  ...["0.0.0.0/0", "::/0", "us-west-2b", "us-west-2z", "efs", "aurora", "none", "local", "cloud", "19.0.0", "9.9"],
  ...[
    "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA",
    { name: "us-west-2a" },
    { enabled: "yes" },
    [{ name: "us-west-2b" }],
  ],
];
const NAMES = ["x", "", "__proto__", "constructor", "toString", "name", "type", "zones", "a/b", "a~0b", "0", "length"];

/** Marsaglia's xorshift: small, and the same on every machine. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

type Container = Record<string, unknown> | unknown[];

/** Every object and list in a value. */
function containers(value: unknown): Container[] {
  if (value === null || typeof value !== "object") return [];
  return [value as Container, ...Object.values(value).flatMap(containers)];
}

/** Deletes, replaces, retypes or inserts one value at a random place. */
function mutate(topology: object, random: (below: number) => number): void {
  const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
  const places = containers(topology);
  const place = pick(places) as Record<string, unknown>;
  const keys = Object.keys(place);
  const key = keys.length > 0 ? pick(keys) : "x";
  const set = (name: string, value: unknown) =>
    Object.defineProperty(place, name, { value, enumerable: true, configurable: true, writable: true });
  switch (random(5)) {
    case 0:
      if (Array.isArray(place)) place.splice(Number(key) || 0, 1);
      else delete place[key];
      return;
    case 1:
      set(key, structuredClone(pick(VALUES)));
      return;
    case 2:
      set(key, retyped(place[key]));
      return;
    case 3:
      if (Array.isArray(place)) place.push(structuredClone(pick(VALUES)));
      else set(pick(NAMES), structuredClone(pick(VALUES)));
      return;
    default:
      // A value from elsewhere in the topology, which is right in itself.
      set(key, structuredClone(pick(Object.values(pick(places))) ?? null));
  }
}

function retyped(value: unknown): unknown {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return value % 2 === 0 ? String(value) : value * 1000;
  if (typeof value === "boolean") return value ? "yes" : 0;
  return JSON.stringify(value ?? "nothing");
}

/** Either a whole topology comes out, or problems that each have a place in the text. */
function expectTopologyOrProblems(file: string, text: string): "fine" | "refused" {
  const lines = text.split("\n");
  try {
    const { topology } = readTopology(file, text);
    expect(topology.network.zones.length).toBeGreaterThanOrEqual(2);
    return "fine";
  } catch (error) {
    // Another error would be a bug; its stack tells where.
    if (!(error instanceof TopologyError)) throw error;
    expect(error.problems.some(({ severity }) => severity === "error")).toBe(true);
    for (const { position, message, fix } of error.problems) {
      expect(position.line).toBeGreaterThanOrEqual(1);
      expect(position.line).toBeLessThanOrEqual(lines.length);
      expect(position.column).toBeGreaterThanOrEqual(1);
      expect(position.column).toBeLessThanOrEqual((lines[position.line - 1] as string).length + 1);
      expect(`${message} ${fix}`).not.toMatch(/undefined|\[object|\n/);
    }
    expect(error.message.split("\n")).toHaveLength(error.problems.length);
    return "refused";
  }
}

test("the topology to mutate is fine", () => {
  expect(readTopology("topology.json", JSON.stringify(VALID)).warnings).toEqual([]);
});

test("mutated values: a topology or located problems, never another error", () => {
  const random = randomOf(20260101);
  const outcomes = { fine: 0, refused: 0 };
  for (let round = 0; round < 300; round++) {
    const topology = structuredClone(VALID);
    for (let times = 1 + random(3); times > 0; times--) mutate(topology, random);
    const text = JSON.stringify(topology, null, 2);
    outcomes[expectTopologyOrProblems("topology.json", text)]++;
    // JSON is YAML as well, but the parser is another.
    if (round % 3 === 0) expectTopologyOrProblems("topology.yaml", text);
  }
  // Neither outcome is an accident.
  expect(outcomes.fine).toBeGreaterThan(20);
  expect(outcomes.refused).toBeGreaterThan(150);
});

test("mutated texts: a topology or located problems, never another error", () => {
  const random = randomOf(4711);
  const scraps = [
    '"',
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\n",
    "  ",
    "\t",
    "#",
    "//",
    "/*",
    "&a ",
    "*a",
    "- ",
    "!x ",
    "%",
    "|",
  ];
  const json = JSON.stringify(VALID, null, 2);
  const yaml = blockYaml();
  for (let round = 0; round < 200; round++) {
    const [file, whole] = round % 2 === 0 ? ["topology.json", json] : ["topology.yaml", yaml];
    const at = random(whole.length);
    const text = whole.slice(0, at) + scraps[random(scraps.length)] + whole.slice(at + random(4));
    expectTopologyOrProblems(file, text);
  }
});

/** The same in the style people write YAML in. */
function blockYaml(): string {
  const document = parseDocument(JSON.stringify(VALID));
  const unflow = (node: unknown): void => {
    if (isScalar(node)) node.type = "PLAIN";
    if (isMap(node) || isSeq(node)) node.flow = false;
    if (isMap(node)) for (const { key, value } of node.items) [key, value].forEach(unflow);
    if (isSeq(node)) node.items.forEach(unflow);
  };
  unflow(document.contents);
  return document.toString();
}
