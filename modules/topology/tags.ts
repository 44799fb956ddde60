import type { Topology } from "./config";

/** The tags of every resource: which deployment it belongs to, and the topology's own. */
export function deploymentTags({ name, tags }: Topology): Record<string, string> {
  return { Application: "GitLab", Deployment: name, ManagedBy: "Terraform", ...tags };
}
