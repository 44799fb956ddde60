import { segments } from "../export/template";
import { isObject, type Json, type JsonObject } from "../json";
import type { Block, TerraformJson } from "../testing";

/** Synthesized stacks by tier, as `synthesize` gives them. */
export type Stacks = Readonly<Record<string, TerraformJson>>;

/** A resource or data source with everything that is known of its arguments. */
export interface Resource {
  readonly tier: string;
  /** `aws_vpc.vpc`, `data.aws_ami.image` */
  readonly address: string;
  /** `aws_vpc` */
  readonly type: string;
  /** Without what Terraform doesn't compare; the provider's default tags are part of `tags`. */
  readonly arguments: JsonObject;
  /** Arguments whose changes Terraform is told to ignore. */
  readonly ignored: readonly string[];
  /** Whether Terraform refuses to plan its destruction. */
  readonly guarded: boolean;
}

/** What a value takes from a resource: `vpc_id` from `network/aws_vpc.vpc.id`. */
export interface Reference {
  /** `network/aws_vpc.vpc` */
  readonly key: string;
  /** `id` */
  readonly attribute: string;
}

/** Arguments of Terraform's own, on every resource. */
const META = ["//", "lifecycle", "depends_on", "provider", "provisioner", "connection", "count", "for_each"];

const PATH = String.raw`(?:\.\w+|\["[^"]*"\]|\[\d+\])*`;
/** What tiers refer to: other tiers' outputs, local values, resources and data sources. */
const REFERENCE = new RegExp(
  String.raw`(?<![\w./-])(?:data\.terraform_remote_state\.(?<tier>\w+)\.outputs\.(?<output>\w+)(?<member>${PATH})` +
    String.raw`|local\.(?<local>\w+)|(?<address>(?:data\.)?aws_\w+\.\w+)\.(?<attribute>\w+)(?<rest>${PATH}))`,
  "g",
);
/** The same as it stands in a resolved value. */
const RESOLVED = /(?<key>[\w-]+\/(?:data\.)?aws_\w+\.\w+)\.(?<attribute>\w+)/g;

/**
 * All tiers' resources as one Terraform plan would see them: what a tier reads from another one, local values and the
 * arguments of other resources are put in where they're referred to. What only AWS knows stays a reference, with the tier
 * in front: `${network/aws_vpc.vpc.id}`.
 */
export class Deployment {
  /** By tier and address: `network/aws_vpc.vpc`. */
  readonly resources: ReadonlyMap<string, Resource>;
  private readonly tiers: ReadonlyMap<string, string>;

  constructor(private readonly stacks: Stacks) {
    this.tiers = new Map(Object.keys(stacks).map((tier) => [tier.replaceAll("-", "_"), tier]));
    this.resources = new Map(
      Object.keys(stacks).flatMap((tier) =>
        [...this.read(tier, "resource"), ...this.read(tier, "data")].map((one) => [`${tier}/${one.address}`, one]),
      ),
    );
  }

  private read(tier: string, kind: "resource" | "data"): Resource[] {
    const types = Object.entries(this.stacks[tier]?.[kind] ?? {}).filter(([type]) => type !== "terraform_remote_state");
    return types.flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([name, block]) => ({
        tier,
        address: `${kind === "data" ? "data." : ""}${type}.${name}`,
        type,
        arguments: this.argumentsOf(tier, block),
        ignored: block.lifecycle?.ignore_changes ?? [],
        guarded: block.lifecycle?.prevent_destroy === true,
      })),
    );
  }

  private argumentsOf(tier: string, block: Block): JsonObject {
    // Terraform keeps no write-only argument to compare with.
    const entries = Object.entries(block).filter(([name]) => !META.includes(name) && !name.endsWith("_wo"));
    return this.resolve(Object.fromEntries(entries), tier) as JsonObject;
  }

  /** The provider's tags of every resource that takes tags. */
  defaultTags(tier: string): JsonObject {
    return this.stacks[tier]?.provider.aws?.[0]?.default_tags?.[0]?.tags ?? {};
  }

  private resolve(value: Json, tier: string): Json {
    if (typeof value === "string") return this.resolveText(value, tier);
    if (Array.isArray(value)) return value.map((member) => this.resolve(member, tier));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, this.resolve(member, tier)]));
  }

  private resolveText(text: string, tier: string): Json {
    const parts = segments(text).map((part) => ("text" in part ? part.text : this.evaluate(part.expression, tier)));
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : parts.map(String).join("");
  }

  private evaluate(expression: string, tier: string): Json {
    // User data is compared as the text that it compresses.
    const [, inner = expression] = /^base64gzip\((.*)\)$/.exec(expression) ?? [];
    const [whole] = inner.matchAll(REFERENCE);
    if (whole?.[0] === inner) return this.follow(whole.groups ?? {}, tier) ?? `\${${tier}/${inner}}`;
    const named = expression.replace(REFERENCE, (reference, ...rest) => {
      const found = this.follow(rest.at(-1), tier);
      return typeof found === "string" ? (/^\$\{(.*)\}$/.exec(found)?.[1] ?? JSON.stringify(found)) : reference;
    });
    return `\${${named}}`;
  }

  /** What a reference leads to, as far as the stacks tell. */
  private follow(groups: Readonly<Record<string, string | undefined>>, tier: string): Json | undefined {
    const { tier: id, output = "", member = "", local, address = "", attribute = "", rest = "" } = groups;
    if (local !== undefined) return this.resolve(this.stacks[tier]?.locals?.[local] ?? "", tier);
    if (id !== undefined) {
      const from = this.tiers.get(id) as string;
      const keys = [...member.matchAll(/\["([^"]*)"\]|\[(\d+)\]/g)].map(([, key, index]) => key ?? Number(index));
      const value: unknown = keys.reduce((parent, key) => parent?.[key], this.stacks[from]?.output?.[output]?.value);
      return value === undefined ? undefined : this.resolve(value as Json, from);
    }
    const [name = "", type = "", kind] = address.split(".").reverse();
    const given = kind ? undefined : this.stacks[tier]?.resource?.[type]?.[name]?.[attribute];
    const isPlain = given !== undefined && rest === "" && (typeof given !== "object" || given === null);
    return isPlain ? this.resolve(given as Json, tier) : `\${${tier}/${address}.${attribute}${rest}}`;
  }
}

/** The references that are left in a resolved value. */
export function referencesIn(value: Json): Reference[] {
  return [...JSON.stringify(value).matchAll(RESOLVED)].map(({ groups = {} }) => ({
    key: groups.key as string,
    attribute: groups.attribute as string,
  }));
}
