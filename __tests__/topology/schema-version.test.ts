import { renamed, SCHEMA_VERSION, versionOf } from "../../modules/topology/schema-version";
import schema from "../../modules/topology/topology.schema.json";

it("is the one that the schema's id ends with", () => {
  expect(versionOf(schema.$id)).toBe(SCHEMA_VERSION);
});

it.each([
  ["urn:gitlab-aws:topology:3", 3],
  ["urn:gitlab-aws:topology:12#", 12],
  ["../schemas/topology.v2.schema.json", 2],
  ["./node_modules/gitlab-aws/schemas/topology.schema.json", undefined],
  ["https://example.com/v2/other.json", undefined],
])("%s names version %s", (text, version) => {
  expect(versionOf(text)).toBe(version);
});

it("knows properties by their former names, in lists too", () => {
  const all = [
    { path: "/gitaly/disk", key: "volume", version: 2 },
    { path: "/network/zones/*/public", key: "publicCidr", version: 2 },
    { path: "/gitaly/disk", key: "storage", version: 3 },
  ];
  expect(renamed("/gitaly/disk", all)).toMatchObject({ key: "storage", version: 3 });
  expect(renamed("/network/zones/1/public", all)).toMatchObject({ key: "publicCidr" });
  expect(renamed("/gitaly/zone", all)).toBeUndefined();
});
