// What another topology does to the deployment of the default one. That Terraform plans the same: e2e/diff.test.ts.
import { type Difference, diffStacks, diffTopologies, type Stacks, stacksOf } from "../../modules/diff";
import { behaviourOf } from "../../modules/diff/replacement";
import type { TopologyFile } from "../../modules/topology";
import { load, SMALLEST, TIERS } from "../synth";

const stacks = (changes: Partial<TopologyFile> = {}): Stacks => stacksOf(load({ ...SMALLEST, ...changes }).topology);
const base = stacks();
const to = (changes: Partial<TopologyFile>) => diffStacks(base, stacks(changes));

/** `replace aws_vpc.vpc` */
const actions = (differences: readonly Difference[]) =>
  differences.map(({ action, address }) => `${action} ${address}`);
const one = (differences: readonly Difference[], address: string): Difference => {
  const found = differences.filter((difference) => difference.address === address);
  expect(found).toHaveLength(1);
  return found[0] as Difference;
};
const lost = (differences: readonly Difference[]) =>
  differences.filter(({ loss }) => loss).map(({ address }) => address);

const zones = (letters: string) => ({ zones: [...letters].map((letter) => ({ name: `us-west-2${letter}` })) });

it("finds nothing between a topology and itself", () => {
  expect(diffStacks(base, stacks())).toEqual([]);
});

it("knows every type of resource that there is", () => {
  const everything = stacksOf(load("__tests__/fixtures/topologies/full.yaml").topology);
  const alternatives = stacksOf(load("__tests__/fixtures/topologies/full-alternatives.yaml").topology);
  const types = [base, everything, alternatives].flatMap((all) =>
    TIERS.flatMap((tier) => Object.keys(all[tier]?.resource ?? {})),
  );
  expect(new Set(types).size).toBeGreaterThan(50);
  for (const type of types) expect(behaviourOf(type)).toBeDefined();
});

it("database.instanceClass: an update, and when the database is interrupted", () => {
  expect(to({ database: { instanceClass: "db.m5.xlarge" } })).toEqual([
    {
      tier: "database",
      address: "aws_db_instance.database",
      action: "update",
      changes: [
        { path: "instance_class", before: "db.m5.large", after: "db.m5.xlarge", afterApply: false, replaces: false },
      ],
      effect: expect.stringMatching(/interrupted .* maintenance window/),
      refused: false,
    },
  ]);
});

it("storage grows in place; what AWS will refuse is said", () => {
  const grown = to({ gitaly: { storage: { sizeGib: 100 } }, database: { storage: { sizeGib: 200 } } });
  expect(actions(grown)).toEqual(["update aws_db_instance.database", "update aws_ebs_volume.data_volume"]);
  expect(grown.map(({ effect }) => effect)).toEqual([undefined, undefined]);
  const large = stacks({ gitaly: { storage: { sizeGib: 100 } } });
  expect(one(diffStacks(large, base), "aws_ebs_volume.data_volume").effect).toBe(
    "AWS will refuse: storage can't shrink.",
  );
});

it("gitaly.zone: the data volume is replaced, which protect refuses", () => {
  const differences = to({ gitaly: { zone: "us-west-2b" } });
  expect(actions(differences)).toEqual([
    "replace aws_ebs_volume.data_volume",
    "replace aws_instance.gitaly",
    "update aws_route53_record.private_name",
    "replace aws_volume_attachment.data",
  ]);
  expect(one(differences, "aws_ebs_volume.data_volume")).toMatchObject({
    loss: expect.stringMatching(/^All Git repositories are lost\. .*create-snapshot/),
    refused: true,
    changes: [{ path: "availability_zone", before: "us-west-2a", after: "us-west-2b", replaces: true }],
  });
  expect(one(differences, "aws_instance.gitaly").loss).toBeUndefined();
  expect(one(differences, "aws_volume_attachment.data").changes).toEqual([
    expect.objectContaining({ path: "instance_id", afterApply: true, replaces: true }),
    expect.objectContaining({ path: "volume_id", afterApply: true, replaces: true }),
  ]);
});

it("name: what AWS can rename stays, the rest is replaced", () => {
  const differences = to({ name: "acme", protect: false });
  expect(one(differences, "aws_db_instance.database")).toMatchObject({ action: "update", refused: false });
  expect(one(differences, "aws_vpc.vpc").changes.map(({ path }) => path)).toEqual(["tags.Deployment", "tags.Name"]);
  expect(lost(differences)).toEqual(
    expect.arrayContaining(["aws_elasticache_replication_group.cache", "aws_secretsmanager_secret.gitlab_secrets"]),
  );
  // It holds nothing that Terraform doesn't make itself.
  expect(one(differences, "aws_route53_zone.private")).toMatchObject({ action: "replace" });
  expect(lost(differences)).not.toContain("aws_route53_zone.private");
});

it("domain: buckets are named by it, and nodes are renewed", () => {
  const differences = to({ domain: "git.example.com" });
  expect(lost(differences)).toHaveLength(12);
  expect(one(differences, "aws_s3_bucket_versioning.lfs_versioning").changes).toEqual([
    {
      path: "bucket",
      before: "gl-gitlab-example-com-lfs",
      after: "gl-git-example-com-lfs",
      afterApply: false,
      replaces: true,
    },
  ]);
  expect(one(differences, "aws_autoscaling_group.group")).toMatchObject({
    action: "update",
    effect: expect.stringMatching(/^An instance refresh/),
  });
  expect(one(differences, "aws_lb_listener.https").changes).toEqual([
    expect.objectContaining({ path: "certificate_arn", afterApply: true, replaces: false }),
  ]);
});

it("network.cidr: replacement spreads from the VPC to all that is in it", () => {
  const differences = to({ network: { cidr: "10.1.0.0/16" } });
  expect(one(differences, "aws_subnet.private_a").changes).toContainEqual({
    path: "vpc_id",
    before: "${network/aws_vpc.vpc.id}",
    after: "${network/aws_vpc.vpc.id}",
    afterApply: true,
    replaces: true,
  });
  expect(one(differences, "aws_instance.gitaly").action).toBe("replace");
  expect(one(differences, "aws_db_instance.database").action).toBe("update");
  expect(lost(differences)).toEqual([]);
});

it("another zone adds; one less removes, and replaces the load balancer", () => {
  const three = stacks({ network: zones("abc") });
  const added = diffStacks(base, three);
  expect(added.filter(({ action }) => action !== "create" && action !== "update")).toEqual([]);
  expect(actions(added)).toContain("create aws_subnet.private_c");
  expect(actions(added)).not.toContain("update aws_subnet.private_a");
  const removed = diffStacks(three, base);
  expect(actions(removed)).toEqual(
    expect.arrayContaining([
      "destroy aws_subnet.private_c",
      "replace aws_lb.load_balancer",
      "replace aws_lb_listener.https",
    ]),
  );
});

it("the order of zones and ranges says nothing", () => {
  expect(
    diffStacks(
      base,
      stacks({
        network: zones("ba"),
        gitaly: { zone: "us-west-2a" },
        cache: { zones: ["us-west-2a", "us-west-2a", "us-west-2b"] },
      }),
    ),
  ).toEqual([]);
});

it("protect: updates only", () => {
  const differences = to({ protect: false });
  expect(differences.length).toBeGreaterThan(20);
  expect(differences.filter(({ action, loss, refused }) => action !== "update" || loss || refused)).toEqual([]);
});

it("tags: all that take tags, and nobody else", () => {
  const differences = to({ tags: { CostCenter: "42" } });
  expect(one(differences, "aws_vpc.vpc").changes).toEqual([
    { path: "tags.CostCenter", after: "42", afterApply: false, replaces: false },
  ]);
  expect(differences.filter(({ address }) => address.startsWith("aws_route."))).toEqual([]);
  expect(one(differences, "aws_autoscaling_group.group").changes).toContainEqual(
    expect.objectContaining({ path: 'tag["CostCenter"]' }),
  );
});

it("versions: in place, but never back, and an older cache anew", () => {
  const minor = to({ database: { engineVersion: "17.6" } });
  expect(one(minor, "aws_db_instance.database").effect).toMatch(/interrupted/);
  const eighteen = stacks({ gitlab: { version: "18.11.2" } });
  const upgrade = diffStacks(eighteen, base);
  expect(one(upgrade, "aws_db_instance.database").effect).toMatch(/interrupted/);
  expect(one(upgrade, "aws_elasticache_replication_group.cache").action).toBe("update");
  const downgrade = diffStacks(base, eighteen);
  expect(one(downgrade, "aws_db_instance.database").effect).toMatch(/doesn't go back/);
  expect(one(downgrade, "aws_elasticache_replication_group.cache")).toMatchObject({
    action: "replace",
    loss: expect.stringMatching(/^Sessions/),
  });
});

it("loadBalancer.http: forward takes the redirect's port away", () => {
  const differences = to({ loadBalancer: { http: "forward" } });
  expect(actions(differences).filter((action) => action.startsWith("destroy"))).toEqual([
    "destroy aws_lb_target_group.redirect_target",
    "destroy aws_vpc_security_group_egress_rule.load_balancer_to_application_8081",
    "destroy aws_vpc_security_group_ingress_rule.application_from_load_balancer_8081",
  ]);
  expect(lost(differences)).toEqual([]);
});

it("application.bootTimeoutSeconds changes the hook, and not the group's first one, which would replace it", () => {
  const differences = to({ application: { bootTimeoutSeconds: 1800 } });
  expect(one(differences, "aws_autoscaling_lifecycle_hook.ready").action).toBe("update");
  expect(one(differences, "aws_autoscaling_group.group").action).toBe("update");
});

it("instance types of another architecture replace the node, others stop it", () => {
  const larger = one(to({ gitaly: { instanceType: "m5.2xlarge" } }), "aws_instance.gitaly");
  expect(larger).toMatchObject({ action: "update", effect: "EC2 stops the instance and starts it again." });
  expect(one(to({ gitaly: { instanceType: "m6g.xlarge" } }), "aws_instance.gitaly").action).toBe("replace");
});

it("encryption.keys: the key goes, and what keeps it is not reported as changed", () => {
  const differences = to({ encryption: { keys: "aws-managed" } });
  expect(one(differences, "aws_kms_key.key")).toMatchObject({
    action: "destroy",
    loss: expect.stringMatching(/can't be read/),
  });
  expect(actions(differences).filter((action) => /aws_(db_instance|ebs_volume)\./.test(action))).toEqual([]);
  expect(
    one(diffStacks(stacks({ encryption: { keys: "aws-managed" } }), base), "aws_ebs_volume.data_volume").action,
  ).toBe("replace");
});

it("policies are compared by what they say", () => {
  const differences = to({ gitaly: { tls: true } });
  expect(one(differences, "aws_iam_role_policy.application_access").changes).toEqual([
    expect.objectContaining({ path: 'policy.Statement["ReadSecrets"].Resource', afterApply: true }),
  ]);
});

it("log groups hold logs", () => {
  expect(lost(to({ network: { flowLogs: { enabled: false } } }))).toEqual(["aws_cloudwatch_log_group.flow_logs_group"]);
});

it("another region is another deployment", () => {
  const frankfurt = load({ ...SMALLEST, region: "eu-central-1" }).topology;
  expect(diffTopologies(load(SMALLEST).topology, frankfurt)).toEqual({
    region: { before: "us-west-2", after: "eu-central-1" },
    differences: [],
  });
});
