import type { Topology } from "../topology";
import { awsNames } from "../topology/names";
import { count } from "../topology/show";

/** What AWS runs, outside the VPC. */
export interface Service {
  readonly id: "dns" | "certificate" | "s3" | "secrets" | "kms" | "logs" | "sessions";
  readonly title: string;
  readonly captions: readonly string[];
  /** Whether it is no part of the deployment. @default - it is */
  readonly elsewhere?: true;
}

/** What a deployment uses outside its VPC: `entry` on the way in, `services` from within. */
export function servicesOf(topology: Topology): { readonly entry: Service[]; readonly services: Service[] } {
  return {
    entry: [dns(topology), certificate(topology)],
    services: [s3(topology), secrets(topology), kms(topology), logs(topology), ...sessions(topology)],
  };
}

function dns({ dns: { zone, zoneName }, domain, gitlab }: Topology): Service {
  const registry = gitlab.registryUrl?.replace("https://", "");
  const records = registry ? [domain, registry] : [domain];
  if (zone === "none") return { id: "dns", title: "DNS", captions: ["kept elsewhere", ...records], elsewhere: true };
  return { id: "dns", title: "Route 53", captions: [`${zone === "create" ? "new " : ""}zone ${zoneName}`, ...records] };
}

function certificate({ certificate: { arn, alternativeNames }, domain }: Topology): Service {
  if (arn?.includes(":iam:")) return { id: "certificate", title: "IAM", captions: ["existing certificate"] };
  const title = "Certificate Manager";
  if (arn) return { id: "certificate", title, captions: ["existing certificate"] };
  return { id: "certificate", title, captions: ["certificate, renewed by AWS", domain, ...alternativeNames] };
}

function s3({ objectStorage: { buckets } }: Topology): Service {
  return {
    id: "s3",
    title: "S3",
    captions: [count(Object.keys(buckets).length, "bucket"), "objects, backups, logs"],
  };
}

function secrets(topology: Topology): Service {
  return { id: "secrets", title: "Secrets Manager", captions: ["passwords and keys", awsNames(topology).secret("*")] };
}

function kms(topology: Topology): Service {
  const { keys, kmsKeyArn } = topology.encryption;
  if (keys === "aws-managed")
    return { id: "kms", title: "KMS", captions: ["AWS-managed keys", "one for each service"] };
  return {
    id: "kms",
    title: "KMS",
    captions: ["one key for all data", kmsKeyArn ? "existing" : awsNames(topology).keyAlias],
  };
}

function logs({ network: { flowLogs }, database: { logExports } }: Topology): Service {
  const machines = logExports.length > 0 ? "nodes and database" : "nodes";
  return {
    id: "logs",
    title: "CloudWatch Logs",
    captions: [...(flowLogs.enabled ? ["flows in the VPC"] : []), machines],
  };
}

/** The way in that needs no bastion. */
function sessions({ access }: Topology): Service[] {
  if (!access.sessionManager) return [];
  return [{ id: "sessions", title: "Session Manager", captions: ["shells on instances", "by IAM, no open port"] }];
}
