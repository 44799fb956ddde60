// The pipelines that are there to be copied say what the command and Terraform know.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { exportCommand } from "../../modules/cli/export";

const PIPELINES = resolve(__dirname, "../../examples/pipelines");
const read = (name: string) => parse(readFileSync(join(PIPELINES, name), "utf8"));

/** The options of `npx gitlab-aws export ...`, as the command itself parses them. */
function parsedExport(line: string | undefined): Record<string, unknown> {
  const [npx, program, verb, ...args] = (line ?? "").split(" ");
  expect([npx, program, verb]).toEqual(["npx", "gitlab-aws", "export"]);
  const command = exportCommand()
    .exitOverride()
    .action(() => {});
  command.parse(args, { from: "user" });
  return command.opts();
}

const CHECK = { out: "terraform", check: true };

describe("gitlab-ci.yml", () => {
  const { stages, export: check, plan, apply, ".terraform": terraform } = read("gitlab-ci.yml");

  it("checks, plans on a change, and applies that plan on the default branch", () => {
    expect(stages).toEqual(["check", "plan", "apply"]);
    expect(parsedExport(check.script.at(-1))).toMatchObject(CHECK);
    expect(plan.script).toContain("terraform plan -input=false -lock=false -out=tfplan");
    expect(plan.rules[0].if).toContain("merge_request_event");
    expect(apply.script).toEqual(["terraform apply -input=false tfplan"]);
    expect(apply.rules).toEqual([{ if: "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH", when: "manual" }]);
  });

  it("has no access key, and a role of its own to plan with", () => {
    expect(terraform.id_tokens.AWS_TOKEN).toBeDefined();
    expect([plan, apply].map(({ variables }) => variables.AWS_ROLE_ARN)).toEqual(["$PLAN_ROLE_ARN", "$APPLY_ROLE_ARN"]);
    expect(readFileSync(join(PIPELINES, "gitlab-ci.yml"), "utf8")).not.toContain("ACCESS_KEY");
  });
});

describe("github-actions.yml", () => {
  const { on, permissions, jobs } = read("github-actions.yml");
  const commands = (job: { steps: { run?: string }[] }) => job.steps.flatMap(({ run }) => run ?? []);

  it("checks, plans on a change, and applies on the main branch", () => {
    expect(on).toEqual({ pull_request: null, push: { branches: ["main"] } });
    expect(parsedExport(commands(jobs.check).at(-1))).toMatchObject(CHECK);
    expect(jobs.plan.needs).toBe("check");
    expect(commands(jobs.plan)).toContain("terraform plan -input=false -lock=false");
    expect(jobs.apply).toMatchObject({
      if: "github.ref == 'refs/heads/main' && github.event_name == 'push'",
      needs: "plan",
      environment: "production",
    });
    expect(commands(jobs.apply).at(-1)).toBe("terraform apply -input=false -auto-approve");
  });

  it("has no access key, and a role of its own to plan with", () => {
    expect(permissions).toEqual({ contents: "read", "id-token": "write" });
    const roles = [jobs.plan, jobs.apply].map(
      ({ steps }) =>
        steps.find(({ uses }: { uses?: string }) => uses?.startsWith("aws-actions/")).with["role-to-assume"],
    );
    expect(roles).toEqual(["${{ vars.PLAN_ROLE_ARN }}", "${{ vars.APPLY_ROLE_ARN }}"]);
    expect(readFileSync(join(PIPELINES, "github-actions.yml"), "utf8")).not.toContain("ACCESS_KEY");
  });
});
