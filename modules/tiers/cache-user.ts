import { CloudformationStack } from "@cdktf/provider-aws/lib/cloudformation-stack";
import { Construct } from "constructs";
import { jsonText } from "../json";

export interface CacheUserProps {
  /** Id of the user and of its group. */
  readonly name: string;
  readonly engine: "valkey" | "redis";
  /** The secret that holds the user's password. */
  readonly tokenSecretArn: string;
  /** Which value of the secret. CloudFormation looks again when it's another one. */
  readonly tokenVersionId: string;
}

/**
 * The cache's one user, `default`, whose password is the token that GitLab sends with AUTH.
 *
 * A replication group's `auth_token`, as well as (in the oldest provider we support) an ElastiCache user's password, is an
 * argument that Terraform writes to its state. CloudFormation reads a secret by itself: all that Terraform knows is where
 * the secret is.
 */
export class CacheUser extends Construct {
  /** Id of the group that a replication group takes. */
  readonly userGroupId: string;

  constructor(scope: Construct, id: string, { name, engine, tokenSecretArn, tokenVersionId }: CacheUserProps) {
    super(scope, id);
    const stack = new CloudformationStack(this, "Default", {
      name: `${name}-user`,
      templateBody: jsonText({
        Description: "The user GitLab signs in to its cache as",
        Resources: {
          User: {
            Type: "AWS::ElastiCache::User",
            Properties: {
              UserId: `${name}-default`,
              UserName: "default",
              Engine: engine,
              AccessString: "on ~* &* +@all",
              Passwords: [`{{resolve:secretsmanager:${tokenSecretArn}:SecretString:::${tokenVersionId}}}`],
            },
          },
          UserGroup: {
            Type: "AWS::ElastiCache::UserGroup",
            Properties: { UserGroupId: name, Engine: engine, UserIds: [{ Ref: "User" }] },
          },
        },
        Outputs: { UserGroupId: { Value: { Ref: "UserGroup" } } },
      }),
    });
    this.userGroupId = `\${${stack.fqn}.outputs["UserGroupId"]}`;
  }
}
