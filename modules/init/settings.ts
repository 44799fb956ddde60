import type { TopologyFile } from "../topology";
import { pointerToPath } from "../topology/source";
import schema from "../topology/topology.schema.json";

/** A property of the topology that `gitlab-aws init` sets, from a flag or an answer. */
export interface Setting {
  /** JSON pointer to the property. */
  readonly path: string;
  /** The flag in commander's notation: `--region <region>`. */
  readonly flag: string;
  /** What the flag is for, in `--help`. */
  readonly help: string;
  /** Whether there is no topology without it. */
  readonly required?: true;
}

/** Every setting, in the order in which they are asked and stand in the file. */
export const settings: readonly Setting[] = [
  { path: "/name", flag: "--name <name>", help: "what all AWS names start with" },
  { path: "/size", flag: "--size <size>", help: "a reference architecture: 20rps or 40rps" },
  { path: "/region", flag: "--region <region>", help: "the AWS region", required: true },
  { path: "/domain", flag: "--domain <host>", help: "GitLab's host name", required: true },
  { path: "/objectStorage/bucketPrefix", flag: "--bucket-prefix <prefix>", help: "what the buckets' names start with" },
  {
    path: "/access/trustedCidrs",
    flag: "--trusted-cidr <cidr...>",
    help: "who may use SSH: an IPv4 or IPv6 range; can be repeated",
    required: true,
  },
  { path: "/dns/zone", flag: "--zone <zone>", help: "the Route 53 hosted zone: existing, create or none" },
  { path: "/dns/zoneName", flag: "--zone-name <name>", help: "its name" },
  { path: "/certificate/arn", flag: "--certificate-arn <arn>", help: "a certificate that exists, in place of ACM's" },
  { path: "/backend/type", flag: "--backend <type>", help: "where states are kept: local, s3, cloud or none" },
  { path: "/backend/s3/bucket", flag: "--state-bucket <bucket>", help: "the bucket of the backend s3" },
  {
    path: "/backend/cloud/organization",
    flag: "--organization <name>",
    help: "the HCP Terraform organization of the backend cloud",
  },
];

/** What is known so far: values of settings by path. */
export type Answers = ReadonlyMap<string, unknown>;

/** The topology that answers make, complete or not, in the settings' order. */
export function topologyOf(answers: Answers): TopologyFile {
  const topology: Record<string, unknown> = {};
  for (const { path } of settings.filter((one) => answers.has(one.path))) {
    const keys = pointerToPath(path);
    const parent = keys.slice(0, -1).reduce<Record<string, unknown>>((object, key) => {
      object[key] ??= {};
      return object[key] as Record<string, unknown>;
    }, topology);
    parent[keys.at(-1) as string] = answers.get(path);
  }
  return topology as unknown as TopologyFile;
}

/** `--region` */
export function flagName({ flag }: Setting): string {
  return flag.split(" ")[0] as string;
}

/** Whether a JSON pointer is another one, or leads into it. */
export function isWithin(path: string, outer: string): boolean {
  return `${path}/`.startsWith(`${outer}/`);
}

/** What the schema says of a property, as far as `init` repeats it. */
interface SchemaNode {
  readonly description: string;
  readonly examples: readonly unknown[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
}

/** The schema's node of a setting. */
export function schemaOf(path: string): SchemaNode {
  return pointerToPath(path).reduce(
    (node, key) => node.properties?.[key] as SchemaNode,
    schema as unknown as SchemaNode,
  );
}
