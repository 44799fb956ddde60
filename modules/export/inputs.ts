import type { Json } from "../json";
import type { Reading, TierModule, Variable } from "./tier-module";

/** What a module's variables are called that hold other tiers' outputs. */
export class Inputs {
  private readonly tiers: ReadonlyMap<string, TierModule>;

  /** @throws where outputs of two tiers would go by one name */
  constructor(tiers: readonly TierModule[]) {
    this.tiers = new Map(tiers.map((tier) => [tier.name, tier]));
    const holders = new Map<string, string>();
    for (const { name, inputNames } of tiers) {
      for (const [output, input] of Object.entries(inputNames)) {
        const holder = holders.get(input);
        if (holder) {
          throw new Error(
            `${holder} and ${name}.${output} would both be ${input}; give one of them another input name`,
          );
        }
        holders.set(input, `${name}.${output}`);
      }
    }
  }

  /** The variable for a tier's output. */
  name(tier: string, output: string): string {
    return this.producer(tier).inputNames[output] ?? output;
  }

  variable({ tier, output, members }: Reading): Variable {
    const { description, value } = this.producer(tier).outputs[output] as { description: string; value: Json };
    const name = this.name(tier, output);
    const type = typeOf(value);
    const validation = [...membership(name, type, members), ...form(name, type)];
    return { description, type, nullable: false, ...(validation.length > 0 && { validation }) };
  }

  private producer(tier: string): TierModule {
    const found = this.tiers.get(tier);
    if (!found) throw new Error(`there is no tier ${tier} to read from`);
    return found;
  }
}

type Validation = NonNullable<Variable["validation"]>;

/** An output's type follows from its form; tiers declare texts, and lists and maps of texts. */
function typeOf(value: Json): "string" | "list(string)" | "map(string)" {
  if (Array.isArray(value)) return "list(string)";
  return typeof value === "object" && value !== null ? "map(string)" : "string";
}

/** The members that the module reads are there. */
function membership(name: string, type: string, members: Reading["members"]): Validation {
  if (members.length === 0) return [];
  if (type === "list(string)") {
    const least = Math.max(...members.map(Number)) + 1;
    return [{ condition: `\${length(var.${name}) >= ${least}}`, error_message: `${name} must have ${least} members.` }];
  }
  const keys = members.map((key) => JSON.stringify(key)).join(", ");
  return [
    {
      condition: `\${alltrue([for key in [${keys}] : contains(keys(var.${name}), key)])}`,
      error_message: `${name} must have these keys: ${members.join(", ")}.`,
    },
  ];
}

/** How AWS' ids and ARNs start, by the end of the output's name. */
const FORMS: readonly (readonly [ending: RegExp, start: string, what: string])[] = [
  [/_arns?$/, "arn:", "an ARN"],
  [/vpc_ids?$/, "vpc-", "the id of a VPC"],
  [/subnet_ids?$/, "subnet-", "the id of a subnet"],
  [/security_group_ids?$/, "sg-", "the id of a security group"],
  [/instance_ids?$/, "i-", "the id of an instance"],
  [/volume_ids?$/, "vol-", "the id of a volume"],
];

function form(name: string, type: string): Validation {
  const found = FORMS.find(([ending]) => ending.test(name));
  if (!found) return [];
  const [, start, what] = found;
  const quoted = JSON.stringify(start);
  if (type === "string") {
    return [
      { condition: `\${startswith(var.${name}, ${quoted})}`, error_message: `${name} must be ${what}: ${start}...` },
    ];
  }
  const members = type === "map(string)" ? `values(var.${name})` : `var.${name}`;
  return [
    {
      condition: `\${alltrue([for member in ${members} : startswith(member, ${quoted})])}`,
      error_message: `Each member of ${name} must be ${what}: ${start}...`,
    },
  ];
}
