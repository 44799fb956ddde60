// `gitlab-aws init` at a terminal: questions, answers that are refused and corrected, and ways out.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CTRL_C, DOWN, ENTER, type Exchange, init, instead, scratch, written } from "./program";

const ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";
const QUESTIONS = {
  size: "? Size",
  region: "? AWS region",
  domain: "? GitLab's host name",
  cidrs: "? Who may use SSH",
};
const FLAGS = ["--size", "20rps", "--region", "eu-central-1", "--domain", "git.acme.io"];
const CIDR = ["--trusted-cidr", "198.51.100.0/24"];

// Where the machine has other things to do, a conversation takes its time.
jest.setTimeout(30_000);

const here = scratch();
const topology = () => written(join(here.folder, "topology.json"));

test("from nothing to a topology, with answers that are refused until they're right", async () => {
  const exchanges: Exchange[] = [
    [QUESTIONS.size, ENTER],
    [QUESTIONS.region, "eu-no"],
    ["❯ eu-north-1", ENTER],
    [QUESTIONS.domain, `https://git.acme.io${ENTER}`],
    ['> /domain is "https://git.acme.io", but must be a host name', instead("git.acme.io")],
    [QUESTIONS.cidrs, ENTER],
    ["> /access/trustedCidrs has 0 items", instead("office")],
    ['> /access/trustedCidrs/0 is "office", but must be an IPv4', instead("2001:db8::/32, 198.51.100.7/24")],
    ['> /access/trustedCidrs/1 is "198.51.100.7/24"', instead(" 198.51.100.0/24 , 0.0.0.0/0")],
    ["? DNS", ENTER],
    ["? The hosted zone's name (acme.io)", `acme.com${ENTER}`],
    ['> /dns/zoneName is "acme.com", to which the domain', instead("git.acme.io")],
    ["? Certificate", ENTER],
  ];
  const { status, stdout, stderr } = await init(here.folder, [], { exchanges });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Wrote topology\.json\. What is next:\n/);
  expect(stderr).toContain("\n  warning: /access/trustedCidrs/1 is 0.0.0.0/0: the whole internet may try SSH");
  expect(stderr.match(/warning: /g)).toHaveLength(1);
  expect(topology()).toEqual({
    region: "eu-north-1",
    domain: "git.acme.io",
    access: { trustedCidrs: ["198.51.100.0/24", "0.0.0.0/0"] },
    dns: { zone: "existing", zoneName: "git.acme.io" },
  });
});

test("DNS elsewhere: no zone's name is asked for, but a certificate of this region", async () => {
  const exchanges: Exchange[] = [
    ["? DNS", DOWN + DOWN + ENTER],
    ["? The certificate's ARN", ARN.replace("central", "west") + ENTER],
    ["> /certificate/arn is in eu-west-1", instead(ARN)],
  ];
  const { status, stdout, stderr } = await init(here.folder, [...FLAGS, ...CIDR, "--json"], { exchanges });
  expect(status).toBe(0);
  expect(stderr).not.toMatch(/hosted zone's name|\? Certificate|warning/);
  expect(topology()).toEqual({
    size: "20rps",
    region: "eu-central-1",
    domain: "git.acme.io",
    access: { trustedCidrs: ["198.51.100.0/24"] },
    dns: { zone: "none" },
    certificate: { arn: ARN },
  });
  expect(JSON.parse(stdout)).toEqual({ file: "topology.json", topology: topology(), warnings: [] });
});

test("a new zone, and a certificate that exists", async () => {
  const exchanges: Exchange[] = [
    ["? DNS", DOWN + ENTER],
    ["? The hosted zone's name (acme.io)", ENTER],
    ["? Certificate", DOWN + ENTER],
    ["? The certificate's ARN", ARN + ENTER],
  ];
  const { status } = await init(here.folder, [...FLAGS, ...CIDR], { exchanges });
  expect(status).toBe(0);
  expect(topology()).toMatchObject({ dns: { zone: "create", zoneName: "acme.io" }, certificate: { arn: ARN } });
});

test("what a flag says isn't asked; what a flag or an answer needs, is", async () => {
  const domain = `${"git.".repeat(12)}acme.io`;
  const args = ["--size", "40rps", "--region", "eu-central-1", ...CIDR, "--backend", "s3", "--zone", "existing"];
  const exchanges: Exchange[] = [
    [QUESTIONS.domain, domain + ENTER],
    ["? A prefix for bucket names", domain.replaceAll(".", "-") + ENTER],
    ["> /objectStorage/bucketPrefix is", instead("acme-git")],
    ["? The hosted zone's name", ENTER],
    ["? Certificate", ENTER],
    ["? The bucket of Terraform's states", ENTER],
    ['> /backend/s3/bucket is ""', instead("acme-state")],
  ];
  const { status, stderr } = await init(here.folder, args, { exchanges });
  expect(status).toBe(0);
  expect(stderr).not.toMatch(/\? (Size|AWS region|Who may use SSH|DNS)/);
  expect(topology()).toMatchObject({
    size: "40rps",
    domain,
    objectStorage: { bucketPrefix: "acme-git" },
    backend: { type: "s3", s3: { bucket: "acme-state" } },
  });
});

test("the region that the AWS tools work with comes first", async () => {
  const exchanges: Exchange[] = [
    ["❯ sa-east-1", ENTER],
    ["? The HCP Terraform organization", `acme${ENTER}`],
  ];
  const args = ["--size", "20rps", "--domain", "git.acme.io", ...CIDR, "--zone", "existing", "--zone-name", "acme.io"];
  const more = ["--certificate-arn", ARN.replace("eu-central-1", "sa-east-1"), "--backend", "cloud"];
  const env = { AWS_REGION: "sa-east-1" };
  expect((await init(here.folder, [...args, ...more], { exchanges, env })).status).toBe(0);
  expect(topology()).toMatchObject({
    region: "sa-east-1",
    backend: { type: "cloud", cloud: { organization: "acme" } },
  });
});

test("--yes asks nothing", async () => {
  expect(await init(here.folder, [...FLAGS, "--yes"], { exchanges: [] })).toEqual({
    status: 2,
    stdout: "",
    stderr: "--trusted-cidr is required. Add it, for example --trusted-cidr 203.0.113.0/24.\n",
  });
  expect((await init(here.folder, [...FLAGS, ...CIDR, "--yes"], { exchanges: [] })).status).toBe(0);
});

describe("nothing is asked", () => {
  test("where a flag is wrong already", async () => {
    const { status, stderr } = await init(here.folder, ["--domain", "GitLab"], { exchanges: [] });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^--domain is "GitLab", but must be [^\n]+\n$/);
  });

  test("where the file exists", async () => {
    writeFileSync(join(here.folder, "topology.json"), "mine");
    const { status, stderr } = await init(here.folder, [], { exchanges: [] });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^topology\.json exists already\. [^\n]+\n$/);
    expect(here.read("topology.json")).toBe("mine");
  });
});

describe("nothing is written", () => {
  const left: [name: string, exchanges: Exchange[]][] = [
    ["Ctrl-C at a choice", [[QUESTIONS.size, CTRL_C]]],
    [
      "Ctrl-C in the middle of a search",
      [
        [QUESTIONS.size, ENTER],
        [QUESTIONS.region, "eu"],
        ["❯ eu-", CTRL_C],
      ],
    ],
    ["Ctrl-C with an answer half typed", [...toDomain(), [QUESTIONS.domain, `git.ac${CTRL_C}`]]],
    ["the end of the input", [[QUESTIONS.size, { end: true }]]],
  ];
  test.each(left)("after %s: exit code 130", async (_, exchanges) => {
    const { status, stdout, stderr } = await init(here.folder, [], { exchanges });
    expect({ status, stdout }).toEqual({ status: 130, stdout: "" });
    expect(stderr).toMatch(/\nNothing was written\.\n$/);
    expect(stderr).not.toMatch(/Error|\bat /);
    expect(here.files()).toEqual([]);
  });

  test("where an answer contradicts a flag: exit code 1", async () => {
    const exchanges: Exchange[] = [
      [QUESTIONS.domain, `git.acme.io${ENTER}`],
      ["? DNS", ENTER],
      ["? Certificate", ENTER],
    ];
    const args = ["--size", "20rps", "--region", "eu-central-1", ...CIDR, "--zone-name", "acme.com"];
    const { status, stderr } = await init(here.folder, args, { exchanges });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /\n--zone-name is "acme\.com", to which the domain git\.acme\.io doesn't belong\. [^\n]+\n$/,
    );
    expect(here.files()).toEqual([]);
  });

  test("over a file that came to be meanwhile", async () => {
    const file = join(here.folder, "topology.json");
    const typed = () => {
      writeFileSync(file, "theirs");
      return ENTER;
    };
    const args = [...FLAGS, ...CIDR, "--zone", "existing", "--zone-name", "acme.io"];
    const { status } = await init(here.folder, args, { exchanges: [["? Certificate", typed]] });
    expect(status).toBe(1);
    expect(here.read("topology.json")).toBe("theirs");
  });

  function toDomain(): Exchange[] {
    return [
      [QUESTIONS.size, ENTER],
      ["❯ af-south-1", ENTER],
    ];
  }
});
