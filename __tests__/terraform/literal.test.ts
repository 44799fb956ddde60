import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { TerraformLocal } from "cdktf";
import { terraformLiteral } from "../../modules/terraform/literal";
import { TierStack } from "../../modules/terraform/tier-stack";
import { load, SMALLEST, synthesizeApp } from "../synth";

/** What Terraform makes of each is asserted in __tests__/e2e/literal.test.ts. */
describe("a text for Terraform", () => {
  it.each([
    ["nothing to escape", "$HOME $(id) $$ %s 100% {}", "$HOME $(id) $$ %s 100% {}"],
    ["a shell's variable", 'echo "${name:-x}"', 'echo "$${name:-x}"'],
    ["a directive", "curl -w '%{http_code}'", "curl -w '%%{http_code}'"],
    ["a process id before a brace", "$${", "$$${"],
    ["more dollar signs", "$$$${a}", "$$$$${a}"],
    ["more per cent signs", "%%{a}", "%%%{a}"],
    ["one beside the other", "$%{a}%${b}", "$%%{a}%$${b}"],
    ["a template in a template", "${a${b}}", "$${a$${b}}"],
    ["the end", "${", "$${"],
  ])("escapes templates: %s", (_, text, expected) => {
    expect(terraformLiteral(text)).toBe(expected);
  });

  it.each([
    ["alone", "id=${TfToken[TOKEN.7]};", "id=${TfToken[TOKEN.7]};"],
    ["after a dollar sign", "$${TfToken[TOKEN.7]}", '${"$"}${TfToken[TOKEN.7]}'],
    ["after two", "$$${TfToken[TOKEN.7]}", '${"$$"}${TfToken[TOKEN.7]}'],
    ["after a per cent sign", "%${TfToken[TOKEN.7]}", "%${TfToken[TOKEN.7]}"],
    ["beside a template", "${a}${TfToken[TOKEN.7]}${b}", "$${a}${TfToken[TOKEN.7]}$${b}"],
  ])("leaves cdktf's tokens alone: %s", (_, text, expected) => {
    expect(terraformLiteral(text)).toBe(expected);
  });

  it("has its tokens resolved, across stacks too", () => {
    const stacks = synthesizeApp((app) => {
      const { topology } = load(SMALLEST);
      const from = new TierStack(app, "from", topology);
      const vpc = new Vpc(from, "vpc", {});
      from.declareOutput("vpc_id", "Id of the VPC.", vpc.id);
      const stack = new TierStack(app, "stack", topology);
      const own = new Vpc(stack, "own", {});
      new TerraformLocal(stack, "text", terraformLiteral(`\${a}${vpc.id}, $${own.id}`));
    });
    expect(stacks.stack?.locals).toEqual({
      text: '$${a}${data.terraform_remote_state.from.outputs.vpc_id}, ${"$"}${aws_vpc.own.id}',
    });
  });
});
