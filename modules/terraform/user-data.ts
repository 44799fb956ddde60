import { TerraformLocal } from "cdktf";
import type { Construct } from "constructs";
import { terraformLiteral } from "./literal";

/**
 * User data as EC2 takes it: compressed, in base64. The text itself is a local value, to be read in review.
 *
 * @param text what cloud-init gets; tokens in it are replaced by their values
 * @returns an expression for `user_data` of a launch template, or for `user_data_base64` of an instance
 */
export function compressedUserData(scope: Construct, text: string): string {
  const local = new TerraformLocal(scope, "user_data", terraformLiteral(text));
  return `\${base64gzip(${local.fqn})}`;
}
