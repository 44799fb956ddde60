import { TerraformElement } from "cdktf";
import type { Construct } from "constructs";

/**
 * An `ephemeral` block: a value that exists while Terraform runs, and is in no plan and no state.
 *
 * cdktf has no such element; references in its arguments, across stacks too, resolve like a resource's.
 */
export class EphemeralResource extends TerraformElement {
  /** As cdktf's resources have it: the type in Terraform's language. */
  readonly terraformResourceType: string;

  /**
   * @param type the ephemeral resource's type, such as `aws_secretsmanager_secret_version`
   * @param args its arguments, named as in Terraform
   */
  constructor(
    scope: Construct,
    id: string,
    type: string,
    private readonly args: Readonly<Record<string, unknown>>,
  ) {
    super(scope, id, `ephemeral.${type}`);
    this.terraformResourceType = type;
  }

  /** A reference to one of its attributes, for write-only arguments in the same stack. */
  attribute(name: string): string {
    return `\${ephemeral.${this.terraformResourceType}.${this.friendlyUniqueId}.${name}}`;
  }

  override toTerraform(): object {
    return { ephemeral: { [this.terraformResourceType]: { [this.friendlyUniqueId]: this.args } } };
  }
}
