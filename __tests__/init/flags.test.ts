// `gitlab-aws init` without a terminal: flags in, a file out.
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { formatFinding, objections } from "../../modules/init";
import { schemaOf, settings, topologyOf } from "../../modules/init/settings";
import { readTopology, resolveTopology } from "../../modules/topology";
import schema from "../../modules/topology/topology.schema.json";
import { init, scratch, written } from "./program";

const ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";
const REQUIRED = ["--region", "eu-central-1", "--domain", "git.acme.io", "--trusted-cidr", "198.51.100.0/24"];
const ALL = [
  ...["--name", "git", "--size", "40rps", "--region", "eu-central-1", "--domain", "git.acme.io"],
  ...["--trusted-cidr", "198.51.100.0/24", "--trusted-cidr", "2001:db8::/32", "--bucket-prefix", "acme-git"],
  ...["--zone", "create", "--zone-name", "acme.io", "--certificate-arn", ARN],
  ...["--backend", "s3", "--state-bucket", "acme-state"],
];
const TOPOLOGY = {
  name: "git",
  size: "40rps",
  region: "eu-central-1",
  domain: "git.acme.io",
  objectStorage: { bucketPrefix: "acme-git" },
  access: { trustedCidrs: ["198.51.100.0/24", "2001:db8::/32"] },
  dns: { zone: "create", zoneName: "acme.io" },
  certificate: { arn: ARN },
  backend: { type: "s3", s3: { bucket: "acme-state" } },
};

jest.setTimeout(30_000);

const here = scratch();
const path = (file: string) => join(here.folder, file);

describe("every setting", () => {
  test.each(settings)("$flag is a property that the schema describes", ({ path: pointer }) => {
    expect(schemaOf(pointer).description).toMatch(/^[A-Z].*\.$/);
  });

  it("that is required, and no other, makes a topology", () => {
    const required = settings.filter((setting) => setting.required);
    const answers = required.map(({ path: pointer }) => [pointer, schemaOf(pointer).examples[0]] as const);
    expect(() => resolveTopology(topologyOf(new Map(answers)))).not.toThrow();
    for (const one of answers) {
      const others = new Map(answers.filter((other) => other !== one));
      expect(() => resolveTopology(topologyOf(others))).toThrow("is required");
    }
  });
});

describe("the file", () => {
  test.each(["topology.json", "topology.jsonc", "topology.yaml", "topology.yml"])(
    "%s holds all flags",
    async (file) => {
      expect(await init(here.folder, [...ALL, "--out", file])).toMatchObject({ status: 0, stderr: "" });
      expect(here.files()).toEqual([file]);
      expect(written(path(file))).toEqual(TOPOLOGY);
    },
  );

  const marks = [
    { file: "topology.jsonc", mark: "//" },
    { file: "topology.yaml", mark: "#" },
  ];
  test.each(marks)("$file has a comment right above each setting", async ({ file, mark }) => {
    await init(here.folder, [...ALL, "--out", file]);
    const lines = here.read(file).split("\n");
    expect(lines[0]).toBe(
      `${mark} GitLab on AWS. docs/topology.md lists all properties; what isn't here has its default.`,
    );
    for (const { path: pointer } of settings.filter((one) => one.path !== "/backend/cloud/organization")) {
      const key = pointer.split("/").at(-1) as string;
      const comment =
        lines[
          lines.findIndex((line) =>
            line
              .trim()
              .replace(/^"|"(?=:)/g, "")
              .startsWith(`${key}:`),
          ) - 1
        ];
      expect(comment?.trim().startsWith(`${mark} `)).toBe(true);
      expect(schemaOf(pointer).description).toContain(comment?.trim().slice(mark.length + 1));
    }
  });

  it("is small", async () => {
    putSchema("node_modules/gitlab-aws/schemas");
    expect((await init(here.folder, [...REQUIRED, "--out", "topology.yaml"])).status).toBe(0);
    expect(here.read("topology.yaml")).toBe(
      [
        "# yaml-language-server: $schema=./node_modules/gitlab-aws/schemas/topology.schema.json",
        "#",
        "# GitLab on AWS. docs/topology.md lists all properties; what isn't here has its default.",
        "",
        "# The AWS region everything is built in.",
        "region: eu-central-1",
        "",
        "# The host name users type: the external URL is https://<domain>.",
        "domain: git.acme.io",
        "",
        "access:",
        "  # IPv4 and IPv6 ranges that may use SSH: port 22 of the load balancer (Git) and of the bastions.",
        "  trustedCidrs:",
        "    - 198.51.100.0/24",
        "",
      ].join("\n"),
    );
  });

  it("is plain JSON where it ends in .json, with the schema of a checkout above it", async () => {
    putSchema("schemas");
    expect((await init(here.folder, [...REQUIRED, "--out", "live/eu/topology.json"])).status).toBe(0);
    const { $schema, ...topology } = JSON.parse(here.read("live/eu/topology.json"));
    expect($schema).toBe("../../schemas/topology.schema.json");
    expect(existsSync(resolve(path("live/eu"), $schema))).toBe(true);
    expect(topology).toEqual({
      region: "eu-central-1",
      domain: "git.acme.io",
      access: { trustedCidrs: ["198.51.100.0/24"] },
    });
  });

  it("names no schema where there is none", async () => {
    await init(here.folder, REQUIRED);
    expect(Object.keys(JSON.parse(here.read("topology.json")))).toEqual(["region", "domain", "access"]);
  });

  it("is the one that TOPOLOGY names, where --out names none", async () => {
    const { stdout } = await init(here.folder, REQUIRED, { env: { TOPOLOGY: "git.yaml" } });
    expect(here.files()).toEqual(["git.yaml"]);
    expect(stdout).toBe(
      "Wrote git.yaml. What is next:\n  npx gitlab-aws validate\n  npx gitlab-aws export --out terraform\n",
    );
  });
});

describe("what is said", () => {
  it("the file, and the commands that come next", async () => {
    const { stdout } = await init(here.folder, [...REQUIRED, "--out", "git.yaml"]);
    expect(stdout).toBe(
      "Wrote git.yaml. What is next:\n" +
        "  npx gitlab-aws validate git.yaml\n" +
        "  npx gitlab-aws export --out terraform --topology git.yaml\n",
    );
  });

  it("--json: the file and the topology", async () => {
    const { stdout, stderr } = await init(here.folder, [...ALL, "--json"]);
    expect(JSON.parse(stdout)).toEqual({ file: "topology.json", topology: TOPOLOGY, warnings: [] });
    expect(stderr).toBe("");
  });

  it("a warning about a flag, and none about a default", async () => {
    const args = [...REQUIRED, "0.0.0.0/0"];
    const { status, stderr } = await init(here.folder, args);
    expect(status).toBe(0);
    expect(stderr).toBe(
      "warning: --trusted-cidr is 0.0.0.0/0: the whole internet may try SSH on the load balancer and the bastions. " +
        "Name the ranges your users and operators come from.\n",
    );
    const { warnings } = readTopology("topology.json", here.read("topology.json"));
    expect(warnings.length).toBeGreaterThan(1);
    const { stdout } = await init(here.folder, [...args, "--json", "--force"]);
    expect(JSON.parse(stdout).warnings).toMatchObject([{ flag: "--trusted-cidr", path: "/access/trustedCidrs/1" }]);
  });
});

describe("flags that make no topology", () => {
  it("required ones that are missing: exit code 2, each with an example", async () => {
    expect(await init(here.folder, [])).toEqual({
      status: 2,
      stdout: "",
      stderr:
        "--region is required. Add it, for example --region us-west-2.\n" +
        "--domain is required. Add it, for example --domain gitlab.example.com.\n" +
        "--trusted-cidr is required. Add it, for example --trusted-cidr 203.0.113.0/24.\n",
    });
    const { status, stdout } = await init(here.folder, [...REQUIRED.slice(2), "--json"]);
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ problems: [{ flag: "--region", rule: "missing" }] });
    expect(here.files()).toEqual([]);
  });

  const wrong: [path: string, value: unknown, message: string][] = [
    ["/region", "eu-central-9", '--region is "eu-central-9", but must be one of'],
    ["/domain", "https://git.acme.io", '--domain is "https://git.acme.io", but must be a host name in lower case'],
    ["/domain", `${"git.".repeat(12)}acme.io`, "--bucket-prefix is by default"],
    ["/access/trustedCidrs", ["198.51.100.0"], '--trusted-cidr is "198.51.100.0", but must be an IPv4 or IPv6 range'],
    ["/access/trustedCidrs", ["198.51.100.7/24"], '--trusted-cidr is "198.51.100.7/24", which has address bits beyond'],
    ["/dns/zone", "route53", '--zone is "route53", but must be one of'],
    ["/dns/zone", "none", '--zone is "none", but ACM validates the certificate'],
    ["/dns/zoneName", "example.com", `--zone-name is "example.com", to which the domain git.acme.io doesn't belong`],
    ["/certificate/arn", ARN.replace("central", "west"), "--certificate-arn is in eu-west-1, but the deployment is"],
    ["/size", "80rps", '--size is "80rps", but must be one of'],
    ["/name", "GitLab", '--name is "GitLab", but must be lower-case letters'],
    ["/backend/type", "s3", '--state-bucket is missing, but backend.type is "s3"'],
    ["/backend/type", "cloud", '--organization is missing, but backend.type is "cloud"'],
    ["/backend/type", "gcs", '--backend is "gcs", but must be one of'],
  ];
  test.each(wrong)("%s: %j is said by the flag's name", (pointer, value, message) => {
    const good: [string, unknown][] = [
      ["/region", "eu-central-1"],
      ["/domain", "git.acme.io"],
      ["/access/trustedCidrs", ["198.51.100.0/24"]],
    ];
    expect(objections(new Map(good), { complete: true })).toEqual([]);
    const said = objections(new Map([...good, [pointer, value]]), { complete: true }).map(formatFinding);
    expect(said).toEqual([expect.stringContaining(message)]);
  });

  it("wrong values: exit code 1, nothing written", async () => {
    const args = [...REQUIRED, "--zone", "none", "--name", "GitLab"];
    const { status, stdout, stderr } = await init(here.folder, args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^--name is [^\n]+\n--zone is [^\n]+\n$/);
    expect(here.files()).toEqual([]);
  });

  it("all of it at once", async () => {
    const args = ["--domain", "GitLab", "--trusted-cidr", "office", "--name", "GitLab", "--json"];
    const { status, stdout } = await init(here.folder, args);
    expect(status).toBe(2);
    expect(JSON.parse(stdout).problems.map(({ flag }: { flag: string }) => flag)).toEqual([
      "--region",
      ...["--name", "--domain", "--trusted-cidr"],
    ]);
  });

  it("a file of another format: exit code 2", async () => {
    expect(await init(here.folder, [...REQUIRED, "--out", "topology.toml"])).toEqual({
      status: 2,
      stdout: "",
      stderr: "--out is topology.toml, but must end in .json, .jsonc, .yaml or .yml, which is the file's format.\n",
    });
    expect(here.files()).toEqual([]);
  });
});

describe("a file that exists", () => {
  it("is left alone", async () => {
    writeFileSync(path("topology.json"), "mine");
    expect(await init(here.folder, REQUIRED)).toEqual({
      status: 1,
      stdout: "",
      stderr: "topology.json exists already. Name another file with --out, or overwrite it with --force.\n",
    });
    expect(here.read("topology.json")).toBe("mine");
  });

  it("is left alone where it is a link to nowhere", async () => {
    symlinkSync("nowhere.json", path("topology.json"));
    expect((await init(here.folder, REQUIRED)).status).toBe(1);
    expect(here.files()).toEqual(["topology.json"]);
    expect(existsSync(path("nowhere.json"))).toBe(false);
  });

  it("is overwritten with --force, unless the flags are wrong", async () => {
    writeFileSync(path("topology.json"), "mine");
    expect((await init(here.folder, [...REQUIRED, "--force", "--size", "1"])).status).toBe(1);
    expect(here.read("topology.json")).toBe("mine");
    expect((await init(here.folder, [...REQUIRED, "--force"])).status).toBe(0);
    expect(written(path("topology.json"))).toMatchObject({ domain: "git.acme.io" });
    expect(here.files()).toEqual(["topology.json"]);
  });

  it("leaves nothing behind where it can't be overwritten", async () => {
    mkdirSync(path("topology.json"));
    const { status } = await init(here.folder, [...REQUIRED, "--force"]);
    expect(status).toBe(1);
    expect(here.files()).toEqual(["topology.json"]);
  });
});

function putSchema(folder: string): void {
  mkdirSync(path(folder), { recursive: true });
  writeFileSync(path(join(folder, "topology.schema.json")), JSON.stringify(schema));
}
