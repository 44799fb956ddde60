/** What differs between AWS regions and can't be asked without an account. */

/** The partition of ARNs: `aws`, `aws-cn` or `aws-us-gov`. */
export function partitionOf(region: string): "aws" | "aws-cn" | "aws-us-gov" {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** `us-west-2a` to `a`. */
export function zoneLetter(zone: string): string {
  return zone.slice(-1);
}

/** Regions whose first two zones are not `a` and `b` for every account. */
const FIRST_ZONES: Readonly<Record<string, readonly [string, string]>> = {
  "ap-northeast-1": ["a", "c"],
  "us-west-1": ["a", "c"],
};

/** The two zones used when the topology names none. */
export function defaultZones(region: string): string[] {
  return (FIRST_ZONES[region] ?? ["a", "b"]).map((letter) => `${region}${letter}`);
}

/** Regions that opened, or were rebuilt, after the T2 family. */
const WITHOUT_T2: ReadonlySet<string> = new Set([
  "af-south-1",
  "ap-east-1",
  "ap-east-2",
  "ap-south-2",
  "ap-southeast-3",
  "ap-southeast-4",
  "ap-southeast-5",
  "ap-southeast-6",
  "ap-southeast-7",
  "ca-west-1",
  "eu-central-2",
  "eu-north-1",
  "eu-south-1",
  "eu-south-2",
  "il-central-1",
  "me-central-1",
  "me-south-1",
  "mx-central-1",
  "us-gov-east-1",
]);

/** Whether the region offers the T2 instance family. */
export function hasT2(region: string): boolean {
  return !WITHOUT_T2.has(region);
}

/** What the names of a region's service endpoints and principals end with. */
export function dnsSuffixOf(region: string): string {
  return partitionOf(region) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
}

/**
 * Regions GitLab copies its official images to.
 *
 * Source: omnibus-gitlab, "AWS images and Marketplace listings".
 */
const WITH_GITLAB_IMAGES: ReadonlySet<string> = new Set([
  "af-south-1",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ca-central-1",
  "eu-central-1",
  "eu-north-1",
  "eu-south-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "sa-east-1",
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
]);

/** Whether GitLab publishes its official images in the region. */
export function hasGitLabImages(region: string): boolean {
  return WITH_GITLAB_IMAGES.has(region);
}
