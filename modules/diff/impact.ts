import { majorOf } from "../topology/gitlab-versions";
import type { Resource } from "./deployment";
import type { Action, Change, Difference } from "./diff";

type Impact = Pick<Difference, "loss" | "effect">;

/** What a change means for those who use and operate GitLab. */
export function impactOf(resource: Resource, action: Action, changes: readonly Change[]): Impact {
  const loss = action === "replace" || action === "destroy" ? lossOf(resource) : undefined;
  const effect = effectOf(resource, action, changes);
  return { ...(loss && { loss }), ...(effect && { effect }) };
}

/** What is gone with a resource that holds data, and what to do. */
function lossOf({ type, address }: Resource): string | undefined {
  const name = address.slice(type.length + 1);
  switch (type) {
    case "aws_db_instance":
      return "GitLab's database is lost. Take a snapshot (aws rds create-db-snapshot) and a dump (pg_dump) before, and load the dump into what takes its place.";
    case "aws_elasticache_replication_group":
      return "Sessions and queued background jobs are lost. Stop the application nodes when Sidekiq's queues are empty.";
    case "aws_ebs_volume":
      return "All Git repositories are lost. Take a snapshot of the volume before (aws ec2 create-snapshot), make the new volume of it, and import that into the state in place of the old one.";
    case "aws_s3_bucket":
      return "All objects of the bucket are lost; AWS refuses where there are some, unless protect was off. Make the new bucket and copy them before (aws s3 sync).";
    case "aws_kms_key":
      return "What is encrypted with the key can't be read once its waiting period is over, and volumes, database, snapshots and objects that exist keep the key they were made with. Move them to another key before, or keep this one (aws kms cancel-key-deletion).";
    case "aws_secretsmanager_secret":
      return (
        SECRETS[name] ??
        "The secret's value is lost, and nodes get another one. Copy it into the new secret, if it's still needed."
      );
    case "aws_cloudwatch_log_group":
      return "The logs in it are lost. Export those that have to be kept before (aws logs create-export-task).";
    case "aws_route53_zone":
      return name === PRIVATE_ZONE
        ? undefined
        : "All records of the zone are lost, others' included, and its name servers are others. Copy the records before (aws route53 list-resource-record-sets), and enter the new name servers where the domain is registered.";
    default:
      return undefined;
  }
}

/** Holds nothing but Gitaly's name, which Terraform makes with it. */
const PRIVATE_ZONE = "private";

const SECRETS: Readonly<Record<string, string>> = {
  gitlab_secrets:
    "GitLab's keys are lost: what it encrypts in the database (CI variables, two-factor secrets, tokens) can't be read without them. Copy the value into the new secret before nodes start.",
  database_password:
    "The database's password is lost: a new one is made, which a database that stays doesn't know. Copy the value into the new secret before nodes start.",
  ssh_host_keys:
    "The SSH host keys are lost: users' Git clients refuse the new ones. Copy the value into the new secret before nodes start.",
};

/** Arguments for which an instance is stopped and started. Source: the provider's documentation of aws_instance. */
const STOPPING = ["instance_type", "user_data_base64"];

/** Settings of RDS that come with an outage. Source: RDS user guide, "Settings for DB instances". */
const INTERRUPTING = ["instance_class", "engine_version"];

function effectOf({ tier, type }: Resource, action: Action, changes: readonly Change[]): string | undefined {
  const touches = (...names: string[]) => changes.some(({ path }) => names.includes(path.split(/[.[]/)[0] as string));
  switch (type) {
    case "aws_autoscaling_group":
      if (action === "replace")
        return "All application nodes go before new ones come: GitLab is down until those have booted.";
      if (action !== "update" || !touches("launch_template")) return undefined;
      return "An instance refresh replaces the application nodes one after the other; they hold no data.";
    case "aws_instance":
      if (tier === "gitaly" && action === "replace") {
        return "Repositories can't be reached until the new node has booted.";
      }
      return action === "update" && touches(...STOPPING) ? "EC2 stops the instance and starts it again." : undefined;
    case "aws_db_instance":
      if (action !== "update") return undefined;
      return (
        refusalOf(changes) ??
        (touches(...INTERRUPTING)
          ? "The database is interrupted when RDS applies it: in the next maintenance window, unless it's told to do so at once."
          : undefined)
      );
    case "aws_ebs_volume":
      return action === "update" ? refusalOf(changes) : undefined;
    case "aws_db_parameter_group":
      return action === "update" && touches("parameter")
        ? "Static parameters take effect when the database is restarted."
        : undefined;
    default:
      return undefined;
  }
}

/** Why AWS refuses what Terraform plans. */
function refusalOf(changes: readonly Change[]): string | undefined {
  const shrinks = changes.some(
    ({ path, before, after }) => ["size", "allocated_storage"].includes(path) && Number(after) < Number(before),
  );
  if (shrinks) return "AWS will refuse: storage can't shrink.";
  const version = changes.find(({ path }) => path === "engine_version");
  const [before, after] = [version?.before, version?.after].map((one) => majorOf(String(one)));
  return version && Number(after) < Number(before)
    ? "AWS will refuse: RDS doesn't go back to an older major version."
    : undefined;
}
