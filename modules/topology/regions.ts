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
