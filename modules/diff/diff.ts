import type { Json, JsonObject } from "../json";
import { type Deviation, deviations } from "./compare";
import { Deployment, type Resource, referencesIn, type Stacks } from "./deployment";
import { impactOf } from "./impact";
import { behaviourOf, isReplacing, keepsValue } from "./replacement";

/** What Terraform does with a resource. */
export type Action = "create" | "update" | "replace" | "destroy";

/** An argument that changes. User data has no values here. */
export interface Change extends Deviation {
  /** Whether the new value is known only once Terraform has applied: it comes from a resource that is made anew. */
  readonly afterApply: boolean;
  /** Whether it's why the resource is replaced. */
  readonly replaces: boolean;
}

/** What changes of one resource. */
export interface Difference {
  readonly tier: string;
  /** `aws_db_instance.database` */
  readonly address: string;
  readonly action: Action;
  /** Which arguments; empty where the resource is created or destroyed. */
  readonly changes: readonly Change[];
  /** What is lost with it and what to do, in a sentence or two. @default - nothing: it holds no data, or keeps it */
  readonly loss?: string;
  /** What users and operators notice, in a sentence. @default - nothing that is known */
  readonly effect?: string;
  /** Whether Terraform refuses to plan it: `protect` is on. */
  readonly refused: boolean;
}

/**
 * What Terraform would do to a deployment with other stacks: a plan without Terraform, state or credentials.
 *
 * @param before the stacks as they were applied last, by tier
 * @param after the stacks to be applied; of the same region, as Terraform finds nothing in another one
 * @returns sorted by tier and address
 * @throws for resources of a type that no tier of this project has: nothing is known of what replaces them
 */
export function diffStacks(before: Stacks, after: Stacks): Difference[] {
  const plan = new Plan(new Deployment(before), new Deployment(after));
  return plan.differences();
}

const USER_DATA = ["user_data", "user_data_base64"];

class Plan {
  private readonly known = new Map<string, Difference | undefined>();

  constructor(
    private readonly before: Deployment,
    private readonly after: Deployment,
  ) {}

  differences(): Difference[] {
    const keys = new Set([...this.after.resources.keys(), ...this.before.resources.keys()]);
    return [...keys]
      .filter((key) => !key.includes("/data."))
      .map((key) => this.differenceOf(key))
      .filter((one) => one !== undefined)
      .sort((one, other) => compare(one.tier, other.tier) || compare(one.address, other.address));
  }

  private differenceOf(key: string): Difference | undefined {
    if (!this.known.has(key)) this.known.set(key, this.compare(key));
    return this.known.get(key);
  }

  private compare(key: string): Difference | undefined {
    const before = this.before.resources.get(key);
    const after = this.after.resources.get(key);
    if (!before || !after) {
      const resource = (before ?? after) as Resource;
      return difference(resource, before ? "destroy" : "create", []);
    }
    const changes = this.changes(before, after);
    if (changes.length === 0) return undefined;
    return difference(after, changes.some(({ replaces }) => replaces) ? "replace" : "update", changes);
  }

  private changes(before: Resource, after: Resource): Change[] {
    const { type, ignored } = after;
    return this.deviations(this.comparable(before, this.before), this.comparable(after, this.after))
      .filter(({ path }) => !ignored.includes(path.split(/[.[]/)[0] as string))
      .filter((one) => one.after !== undefined || !keepsValue(type, one.path))
      .map((one) => {
        const afterApply = one.after !== undefined && this.isNew(one.after);
        // User data fills pages; that it changed is all that is said.
        const values = USER_DATA.includes(one.path) ? { path: one.path } : one;
        return { ...values, afterApply, replaces: isReplacing(type, one, afterApply) };
      });
  }

  private deviations(before: JsonObject, after: JsonObject): Deviation[] {
    return deviations("", before, after, (value) => this.isNew(value));
  }

  /** A resource's arguments, with the provider's default tags where it takes tags. */
  private comparable({ type, tier, arguments: own }: Resource, deployment: Deployment): JsonObject {
    return behaviourOf(type).untagged
      ? own
      : { ...own, tags: { ...deployment.defaultTags(tier), ...(own.tags as JsonObject) } };
  }

  /** Whether a value refers to something that is known only once Terraform has applied. */
  private isNew(value: Json): boolean {
    return referencesIn(value).some(({ key, attribute }) => {
      const after = this.after.resources.get(key);
      if (!after) return false;
      if (key.includes("/data.")) return this.isOtherSource(key, after);
      const action = this.differenceOf(key)?.action;
      return action === "update" ? behaviourOf(after.type).renews?.includes(attribute) : action !== undefined;
    });
  }

  /** A data source finds something else where it's asked something else. */
  private isOtherSource(key: string, after: Resource): boolean {
    const before = this.before.resources.get(key);
    return !before || this.deviations(before.arguments, after.arguments).length > 0;
  }
}

function difference(resource: Resource, action: Action, changes: readonly Change[]): Difference {
  const { tier, address, guarded } = resource;
  return {
    tier,
    address,
    action,
    changes,
    ...impactOf(resource, action, changes),
    // What is gone from the configuration guards nothing any more.
    refused: guarded && action === "replace",
  };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
