// Environments: a topology that extends another one, and sizes, which lie below what a topology says.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type LoadedTopology, loadTopology, resolveTopology, type TopologyFile } from "../../modules/topology";
import { SMALLEST } from "../synth";

const folder = mkdtempSync(join(tmpdir(), "overlay-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes files and loads the first one. */
function load(files: Readonly<Record<string, object | string>>): LoadedTopology {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  return loadTopology(join(folder, Object.keys(files)[0] as string));
}

/** What `top` on `base` comes to, as a file of its own would. */
const equivalent = (file: object) => resolveTopology(file as TopologyFile).topology;

describe("a topology that extends another one", () => {
  const base = {
    ...SMALLEST,
    tags: { Team: "platform", Cost: "42" },
    network: { zones: [{ name: "us-west-2a" }, { name: "us-west-2b" }, { name: "us-west-2c" }] },
    database: { instanceClass: "db.m5.xlarge", backupRetentionDays: 30, storage: { sizeGib: 200 } },
    gitlab: { config: { gitlab_rails: { smtp_enable: true, smtp_address: "mail.example.com" } } },
  };

  it.each([
    [
      "adds to objects",
      { name: "staging", tags: { Env: "staging" } },
      { name: "staging", tags: { ...base.tags, Env: "staging" } },
    ],
    [
      "replaces single values, however deep",
      { database: { storage: { sizeGib: 100 } } },
      { database: { ...base.database, storage: { sizeGib: 100 } } },
    ],
    [
      "replaces lists as a whole",
      { network: { zones: [{ name: "us-west-2b" }, { name: "us-west-2d" }] } },
      { network: { zones: [{ name: "us-west-2b" }, { name: "us-west-2d" }] } },
    ],
    [
      "takes values away by null: the default is back",
      { database: { instanceClass: null } },
      { database: { backupRetentionDays: 30, storage: { sizeGib: 200 } } },
    ],
    ["takes whole sections away", { database: null, tags: null }, { database: {}, tags: {} }],
    [
      "reaches into gitlab.rb",
      { gitlab: { config: { gitlab_rails: { smtp_port: 587 } } } },
      { gitlab: { config: { gitlab_rails: { smtp_enable: true, smtp_address: "mail.example.com", smtp_port: 587 } } } },
    ],
    ["may take away what isn't there", { cache: { nodeType: null }, bastion: null }, {}],
    ["says nothing", {}, {}],
  ])("%s", (_, top, expected) => {
    const { topology } = load({ "top.json": { extends: "./base.json", ...top }, "base.json": base });
    expect(topology).toEqual({ ...equivalent({ ...base, ...expected }), extends: "./base.json" });
  });

  it("may extend one that extends another one, in other folders and formats", () => {
    const { topology, files } = load({
      "environments/eu/production.yaml": "extends: ../production.json\nname: eu\n",
      "environments/production.json": { extends: "../base.json", name: "production", tags: { Env: "production" } },
      "base.json": base,
    });
    expect(topology).toMatchObject({ name: "eu", tags: { Team: "platform", Env: "production" } });
    expect(files).toEqual(
      ["environments/eu/production.yaml", "environments/production.json", "base.json"].map((name) =>
        join(folder, name),
      ),
    );
  });

  it("knows which file each value is from", () => {
    const { whereGiven } = load({
      "top.json": '{ "extends": "./base.yaml",\n  "name": "staging", "database": { "multiAz": true } }',
      "base.yaml":
        "region: us-west-2\ndomain: gitlab.example.com\naccess: { trustedCidrs: [203.0.113.0/24] }\ndatabase:\n  instanceClass: db.m5.xlarge\n",
    });
    const at = (pointer: string) => {
      const { file = "", position = { line: 0, column: 0 } } = whereGiven(pointer) ?? {};
      return `${file.replace(`${folder}/`, "")}:${position.line}:${position.column}`;
    };
    expect(at("/name")).toBe("top.json:2:11");
    expect(at("/database/multiAz")).toBe("top.json:2:47");
    expect(at("/database/instanceClass")).toBe("base.yaml:5:18");
    expect(at("/access/trustedCidrs/0")).toBe("base.yaml:3:26");
    expect(whereGiven("/protect")).toBeUndefined();
  });

  it("survives keys with a meaning in JavaScript", () => {
    expect(() =>
      load({
        "top.json": '{ "extends": "./base.json", "__proto__": { "name": "x" }, "tags": { "constructor": "y" } }',
        "base.json": base,
      }),
    ).toThrow("/__proto__ is not a known property");
    const { topology } = load({
      "top.json": { extends: "./base.json", tags: { constructor: "y" } },
      "base.json": base,
    });
    expect(topology.tags).toEqual({ ...base.tags, constructor: "y" });
  });
});

describe("a size", () => {
  it.each([
    ["20rps", { min: 1, desired: 1, max: 2 }],
    ["40rps", { min: 3, desired: 3, max: 5 }],
  ] as const)("%s fills in types and numbers", (size, scaling) => {
    const { topology, warnings } = resolveTopology({ ...SMALLEST, size });
    expect(topology).toMatchObject({
      size,
      database: { instanceClass: "db.m5.large", multiAz: true },
      cache: { nodeType: "cache.m5.large" },
      gitaly: { instanceType: "m5.xlarge" },
      application: { instanceType: "c5.2xlarge", scaling: { ...scaling, cooldownSeconds: 600 } },
    });
    // No burstable instance among them, which reference architectures advise against.
    expect(warnings.map(({ rule }) => rule)).toEqual(["gitaly-iops", "bastion-key-pair"]);
  });

  it("lies below what the topology says", () => {
    const { topology } = resolveTopology({
      ...SMALLEST,
      size: "40rps",
      gitaly: { instanceType: "m6i.2xlarge" },
      application: { scaling: { max: 9 } },
    });
    expect(topology.gitaly.instanceType).toBe("m6i.2xlarge");
    expect(topology.application.scaling).toMatchObject({ min: 3, desired: 3, max: 9 });
  });

  it("of a base gives way to the one of what extends it", () => {
    const { topology } = load({
      "top.json": { extends: "./base.json", size: "20rps" },
      "base.json": { ...SMALLEST, size: "40rps" },
    });
    expect(topology.application.scaling).toMatchObject({ min: 1, max: 2 });
  });
});

describe("silence", () => {
  it("takes a warning out, and keeps it with its reason", () => {
    const { warnings, silenced } = resolveTopology({
      ...SMALLEST,
      silence: { "gitaly-iops": "Ten users, small repositories." },
    });
    expect(warnings.map(({ rule }) => rule)).toEqual(["bastion-key-pair"]);
    expect(silenced.map(({ problem, reason }) => [problem.rule, reason])).toEqual([
      ["gitaly-iops", "Ten users, small repositories."],
    ]);
  });
});
