import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import effects from "../../modules/explain/effects.json";
import { namesAt, nodeAt, valuesIn } from "../../modules/explain/properties";
import { loadTopology } from "../../modules/topology";
import { gitlabAws } from "./run";

const folder = mkdtempSync(join(tmpdir(), "explain-"));
afterAll(() => rmSync(folder, { recursive: true }));

writeFileSync(
  join(folder, "topology.json"),
  `{
  "extends": "./base.yaml",
  "size": "40rps",
  "database": { "storage": { "sizeGib": 200 } }
}`,
);
writeFileSync(
  join(folder, "base.yaml"),
  "region: us-west-2\ndomain: gitlab.example.com\naccess: { trustedCidrs: [203.0.113.0/24] }\ngitlab: { version: 18.11.2 }\n",
);

/** The properties that have values of their own, list items as `*`. */
const leaves = propertiesBelow([]);
function propertiesBelow(path: readonly string[]): string[] {
  const names = namesAt(path);
  const items = nodeAt([...path, "0"])?.properties && nodeAt(path)?.items ? propertiesBelow([...path, "0"]) : [];
  if (names.length > 0) return names.flatMap((name) => propertiesBelow([...path, name]));
  return [path.map((key) => (key === "0" ? "*" : key)).join("."), ...items];
}

const explain = (...args: string[]) => gitlabAws(folder, "explain", ...args);
const rows = async (...args: string[]) =>
  (await explain(...args)).stdout.split("\n").map((line) => line.split(/ {2,}/));

describe("the whole topology", () => {
  it("has every value with where it comes from", async () => {
    const all = await rows();
    const row = (path: string) => all.find(([first]) => first === path);
    expect(row("region")).toEqual(["region", '"us-west-2"', "base.yaml:1:9", "Subnets"]);
    expect(row("database.storage.sizeGib")).toEqual([
      "database.storage.sizeGib",
      "200",
      "topology.json:4:41",
      "Create the database",
    ]);
    expect(row("application.scaling.min")?.slice(1, 3)).toEqual(["3", "size 40rps"]);
    expect(row("database.multiAz")?.slice(1, 3)).toEqual(["true", "default"]);
    // GitLab 18 has other stores than 19.
    expect(row("database.engineVersion")?.slice(1, 3)).toEqual([
      '"16"',
      "derived: GitLab 19: 17; GitLab 18 and 17: 16",
    ]);
    expect(row("network.zones[1].name")?.slice(1, 3)).toEqual([
      '"us-west-2b"',
      "derived: the region's first two zones",
    ]);
  });

  it("leaves none out", async () => {
    const { topology } = loadTopology(join(folder, "topology.json"));
    const { values } = JSON.parse((await explain("--json")).stdout);
    expect(values).toHaveLength(valuesIn(topology).length);
    expect(values.length).toBeGreaterThan(100);
  });
});

describe("one property", () => {
  it("has its unit, default, bounds and chapter, what it ends up in, and what a change does", async () => {
    expect((await explain("database.storage.sizeGib")).stdout).toBe(`database.storage.sizeGib
  The allocated storage.

  value       200
  from        topology.json:4:41
  type        integer
  unit        GiB
  default     100
  allowed     20 to 65536
  guide       Create the database
  ends up in  database/aws_db_instance.database
  a change    replaces nothing
`);
  });

  it("says what a change of it replaces", async () => {
    const { property } = JSON.parse((await explain("gitaly.zone", "--json")).stdout);
    expect(property.effect.replaces).toEqual(expect.arrayContaining(["gitaly/aws_ebs_volume.data_volume"]));
  });

  it("that isn't set says so by what its absence means", async () => {
    const { stdout } = await explain("gitlab.registryUrl");
    expect(stdout).toContain("default     none: no container registry");
    expect(stdout).not.toMatch(/^ {2}(value|from) /m);
  });
});

it("knows what every property does that does anything", () => {
  const known = Object.keys(effects);
  const without = leaves.filter((path) => !known.includes(path));
  expect(without.filter((path) => !path.startsWith("backend."))).toEqual([
    // What doesn't reach Terraform, another deployment, what has one value only, and where the group starts.
    ...["extends", "region", "database.engine", "cache.clusterMode", "application.scaling.desired", "silence"],
  ]);
  expect(known.filter((path) => !leaves.includes(path))).toEqual([]);
});

it("a section has its properties", async () => {
  const { stdout } = await explain("cache");
  expect(stdout).toMatch(/^cache\n {2}Amazon ElastiCache/);
  expect(stdout).toMatch(/^cache\.nodeType +"cache\.m5\.large" +size 40rps/m);
});

it("a property that there isn't: what was meant, or what there is", async () => {
  expect(await explain("database.storage.sizGib")).toEqual({
    code: 2,
    stdout: "",
    stderr: "gitlab-aws: there is no property database.storage.sizGib. Did you mean database.storage.sizeGib?\n",
  });
  expect((await explain("gitlab.license")).stderr).toBe(
    "gitlab-aws: there is no property gitlab.license. gitlab has version, edition, registryUrl, config.\n",
  );
});

it("a topology with errors isn't explained", async () => {
  writeFileSync(join(folder, "bad.json"), "{}");
  expect(await explain("-t", "bad.json")).toMatchObject({ code: 1, stdout: "" });
});
