import { Construct } from "constructs";
import { type OutputOptions, type OutputValue, TierStack } from "./tier-stack";

/**
 * One tier of the deployment. A tier takes what it needs from other tiers as plain values and exposes readonly fields;
 * each of them that is an output may be read from another stack.
 */
export abstract class Tier extends Construct {
  /**
   * Declares an output of the tier's stack and gives its value back.
   *
   * @param name in snake_case, unique in the stack; a contract
   * @param description a sentence; it ends up in the output's documentation
   */
  protected output<T extends OutputValue>(name: string, description: string, value: T, options?: OutputOptions): T {
    TierStack.of(this).declareOutput(name, description, value, options);
    return value;
  }

  /** The id of the account that Terraform's credentials belong to. */
  protected get accountId(): string {
    return TierStack.of(this).accountId;
  }
}
