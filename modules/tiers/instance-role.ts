import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { partitionOf } from "../topology/regions";
import { assumedBy, type PolicyStatement, policyDocument } from "./policy";

export interface InstanceRoleProps {
  /** Name of the role and of its instance profile. */
  readonly name: string;
  readonly region: string;
  /** Whether Systems Manager may manage the instances, which Session Manager needs. */
  readonly sessionManager: boolean;
  /** What the instances may do. @default - nothing */
  readonly statements?: readonly (PolicyStatement | undefined)[];
}

/** A role that EC2 instances assume, with its instance profile. */
export class InstanceRole extends Construct {
  readonly roleName: string;
  readonly profileName: string;

  constructor(scope: Construct, id: string, props: InstanceRoleProps) {
    super(scope, id);
    const { name, region, sessionManager, statements } = props;
    const role = new IamRole(this, "Default", { name, assumeRolePolicy: assumedBy("ec2.amazonaws.com") });
    const permissions: ITerraformDependable[] = [];
    if (statements) {
      permissions.push(
        new IamRolePolicy(this, "access", { name: "access", role: role.id, policy: policyDocument(statements) }),
      );
    }
    if (sessionManager) {
      permissions.push(
        new IamRolePolicyAttachment(this, "session_manager", {
          role: role.name,
          policyArn: `arn:${partitionOf(region)}:iam::aws:policy/AmazonSSMManagedInstanceCore`,
        }),
      );
    }
    this.roleName = role.name;
    // An instance that starts with the profile may do at once all that it may.
    const profile = new IamInstanceProfile(this, "profile", { name, role: role.name, dependsOn: permissions });
    this.profileName = profile.name;
  }
}
