// What values that are generated one by one need to fit together: what AWS and GitLab ask of several at once.
import type {
  ApplicationScalingFile,
  BackendFile,
  CacheFile,
  DatabaseFile,
  DatabaseStorageFile,
  EncryptionFile,
  GitalyStorageFile,
  NetworkZoneFile,
  Topology,
  TopologyFile,
} from "../../modules/topology";
import { prefixOf, subnet } from "../../modules/topology/cidr";
import { requiredParameters } from "../../modules/topology/database-parameters";
import { type GitLabRequirements, NEWEST_REQUIREMENTS, requirementsOf } from "../../modules/topology/gitlab-versions";
import { defaultZones, hasGitLabImages, partitionOf } from "../../modules/topology/regions";
import { configKeys } from "../../modules/topology/rules/config-keys";
import { configOwned } from "../../modules/topology/rules/config-owned";
import { configSecrets } from "../../modules/topology/rules/config-secrets";
import { pointerToPath } from "../../modules/topology/source";

/** What other values depend on. */
export interface Facts {
  readonly region: string;
  /** The hosted zone by default, in which all names are. */
  readonly parent: string;
  readonly version: string;
  readonly requirements: GitLabRequirements;
  readonly cidr: string;
  /** The zones that have subnets, named in the file or not. */
  readonly zones: readonly string[];
}

/** The facts in what was generated, whose zones are letters. */
export function factsOf({ region, domain, gitlab, network }: TopologyFile): Facts {
  const version = gitlab?.version ?? "19.3.0";
  const labels = domain.split(".");
  return {
    region,
    parent: labels.slice(labels.length > 2 ? 1 : 0).join("."),
    version,
    requirements: requirementsOf(version) ?? NEWEST_REQUIREMENTS,
    cidr: network?.cidr ?? "10.0.0.0/16",
    zones: network?.zones ? distinct(network.zones).map(({ name }) => region + name) : defaultZones(region),
  };
}

/** A value as it was generated to one that holds. */
type Fit = (value: never, known: Facts, path: string) => unknown;

/** By pointer as the walk through the schema has it, or by definition. */
export const fits: Readonly<Record<string, Fit>> = {
  "": (topology: TopologyFile) => scaled(reachable(named(topology))),
  "/gitlab/registryUrl": (label: string, { parent }) => `https://${label}.${parent}`,
  "/gitlab/config": config,
  "/network/zones": distinct,
  "/network/zones/0": zone,
  "/dns/zoneName": (above: boolean, { parent }) => (above ? parent.replace(/^[^.]+\.(?=.*\.)/, "") : parent),
  "/certificate/arn": moved,
  "/certificate/alternativeNames/0": (label: string, { parent }) => `${label}.${parent}`,
  "#/definitions/bucketName": (name: string, _, path) => `${name}-${path.split("/").at(-1)}`,
  "/database": database,
  "/database/parameters": parameters,
  "/database/storage": databaseStorage,
  "/cache": cache,
  "/cache/zones/0": zoneOf,
  "/gitaly/zone": zoneOf,
  "/gitaly/storage": gitalyStorage,
  "/application/image": (image: string, { region }) =>
    image === "gitlab" && !hasGitLabImages(region) ? "ubuntu" : image,
  "/encryption": encryption,
  "/encryption/kmsKeyArn": moved,
  "/backend": backend,
};

/** ARNs in the deployment's region. */
function moved(arn: string, { region }: Facts): string {
  return arn.replaceAll("us-west-2", region).replaceAll("arn:aws:", `arn:${partitionOf(region)}:`);
}

function zoneOf(index: number, { zones }: Facts): string {
  return zones[index % zones.length] as string;
}

/** Each zone once, and two at least. */
function distinct(zones: readonly NetworkZoneFile[]): NetworkZoneFile[] {
  const first = zones.filter(({ name }, index) => zones.findIndex((other) => other.name === name) === index);
  const [only] = first;
  // The letter that stands last in a name is all that is there before the region comes in front.
  const another = only && { name: only.name.replace(/.$/, (letter) => (letter === "a" ? "b" : "a")) };
  return first.length === 1 && another ? [...first, another] : first;
}

/** A subnet is in its zone's default range, or in the upper half of a wide VPC, which the defaults never reach. */
function zone({ name, publicCidr, privateCidr }: NetworkZoneFile, { region, cidr }: Facts): NetworkZoneFile {
  const own = Math.min(Math.max(24, prefixOf(cidr) + 4), 28);
  const slot = (name.charCodeAt(0) - "a".charCodeAt(0)) * 2;
  const range = (choice: number, index: number) =>
    choice === 5 && prefixOf(cidr) <= 19
      ? subnet(cidr, prefixOf(cidr) + 5, 16 + index)
      : subnet(subnet(cidr, own, index), Math.min(own + choice, 28), 0);
  return {
    name: region + name,
    ...(publicCidr !== undefined && { publicCidr: range(Number(publicCidr), slot) }),
    ...(privateCidr !== undefined && { privateCidr: range(Number(privateCidr), slot + 1) }),
  };
}

/** Zone, certificate, registry and buckets go with the domain. */
function named(topology: TopologyFile): TopologyFile {
  const { domain, dns, gitlab, objectStorage } = topology;
  const certificate = { ...topology.certificate };
  const registry = gitlab?.registryUrl?.replace("https://", "");
  const zone = dns?.zone === "none" && !certificate.arn ? "create" : dns?.zone;
  if (certificate.arn) delete certificate.alternativeNames;
  else if (registry) certificate.alternativeNames = [registry];
  return {
    ...topology,
    ...(dns && { dns: { ...dns, zone, zoneId: (zone ?? "existing") === "existing" ? dns.zoneId : undefined } }),
    ...(Object.keys(certificate).length > 0 && { certificate }),
    // The default is made of the domain, and S3's names are short.
    ...(domain.length > 40 && { objectStorage: { bucketPrefix: "acme", ...objectStorage } }),
  };
}

/** Somebody can sign in to an instance. */
function reachable(topology: TopologyFile): TopologyFile {
  const { access } = topology;
  const bySsh = access.keyPair && topology.bastion?.enabled !== false;
  return { ...topology, access: { ...access, sessionManager: bySsh ? access.sessionManager : undefined } };
}

/** min <= desired <= max, and nodes don't come and go; a size has other defaults. */
function scaled(topology: TopologyFile): TopologyFile {
  const given: ApplicationScalingFile | undefined = topology.application?.scaling;
  if (!given) return topology;
  const [leastByDefault, mostByDefault] = { "20rps": [1, 2], "40rps": [3, 5], none: [2, 4] }[topology.size ?? "none"];
  const min = given.min ?? (leastByDefault as number);
  const max = Math.max(min, given.max ?? (mostByDefault as number));
  const out = Math.max(2, given.scaleOut?.cpuPercent ?? 60);
  const scaling = {
    ...given,
    ...((given.max !== undefined || max > (mostByDefault as number)) && { max }),
    ...(given.desired !== undefined && { desired: within(given.desired, min, max) }),
    ...(given.scaleOut?.cpuPercent !== undefined && { scaleOut: { ...given.scaleOut, cpuPercent: out } }),
    ...((given.scaleIn?.cpuPercent ?? 45) >= out && { scaleIn: { ...given.scaleIn, cpuPercent: out - 1 } }),
  };
  return { ...topology, application: { ...topology.application, scaling } };
}

/** Without the keys that this version doesn't have, that aren't the user's, or whose value would be a secret. */
function config(generated: object, known: Facts): object {
  const { region, version } = known;
  const given: Topology["gitlab"]["config"] = JSON.parse(moved(JSON.stringify(generated), known));
  const refused: string[][] = [];
  const topology = { region, gitlab: { version, config: given } } as Topology;
  for (const rule of [configKeys, configOwned, configSecrets]) {
    rule.check(topology, (path) => refused.push(pointerToPath(path).slice(2)));
  }
  const isRefused = (section: string, key: string) => refused.some((path) => path[0] === section && path[1] === key);
  return Object.fromEntries(
    Object.entries(given).map(([section, keys]) => [
      section,
      Object.fromEntries(Object.entries(keys).filter(([key]) => !isRefused(section, key))),
    ]),
  );
}

function database(given: DatabaseFile, { requirements }: Facts): DatabaseFile {
  const { supported } = requirements.postgres;
  const [major, minor] = given.engineVersion?.split(".") ?? [];
  if (!major || supported.includes(Number(major))) return given;
  const newest = String(supported.at(-1));
  return { ...given, engineVersion: minor ? `${newest}.${minor}` : newest };
}

/** GitLab's own parameters stay within its requirements. */
function parameters(given: Readonly<Record<string, string>>): Record<string, string> {
  const required = requiredParameters.filter(({ name }) => Object.hasOwn(given, name));
  return { ...given, ...Object.fromEntries(required.map(({ name, range }) => [name, String(range[0])])) };
}

/** Source: Amazon RDS User Guide, "Amazon RDS DB instance storage". */
function databaseStorage(given: DatabaseStorageFile): DatabaseStorageFile {
  const { type = "io1", sizeGib = 100, iops, maxSizeGib } = given;
  const size = type === "gp3" ? sizeGib : Math.max(sizeGib, 100);
  const [least, most] = {
    io1: [Math.max(1000, Math.ceil(size / 2)), Math.min(256000, size * 50)],
    io2: [Math.max(1000, Math.ceil(size / 2)), Math.min(256000, size * 1000)],
    gp3: size < 400 ? [3000, 3000] : [12000, Math.min(64000, size * 500)],
  }[type] as [number, number];
  const fitting = iops && within(iops, least, most);
  const growth = type === "gp3" ? 65536 : Math.min(65536, 2 * (fitting ?? least));
  const leastGrowth = Math.ceil((size * 11) / 10);
  return {
    ...given,
    ...(size !== sizeGib && { sizeGib: size }),
    ...(fitting && { iops: fitting }),
    ...(maxSizeGib && { maxSizeGib: leastGrowth > growth ? 0 : within(maxSizeGib, leastGrowth, growth) }),
  };
}

/** Source: Amazon EBS User Guide, "Amazon EBS volume types". */
function gitalyStorage(given: GitalyStorageFile): GitalyStorageFile {
  const { type = "io1", sizeGib = 20, iops, throughputMibps } = given;
  const size = type === "io1" ? Math.min(sizeGib, 16384) : sizeGib;
  const [least, most] = {
    io1: [100, Math.min(64000, size * 50)],
    io2: [100, Math.min(256000, size * 1000)],
    gp3: [3000, Math.max(3000, Math.min(80000, size * 500))],
  }[type] as [number, number];
  const byDefault = type === "gp3" ? 3000 : 1000;
  const fitting = within(iops ?? byDefault, least, most);
  return {
    ...given,
    ...(size !== sizeGib && { sizeGib: size }),
    ...((iops !== undefined || fitting !== byDefault) && { iops: fitting }),
    throughputMibps: type === "gp3" ? throughputMibps && Math.min(throughputMibps, Math.floor(fitting / 4)) : undefined,
  };
}

/** The engine that the version supports, a zone a node, and another zone to fail over to. */
function cache(given: CacheFile, { requirements, zones: all }: Facts): CacheFile {
  const { engine, default: newest } = requirements.cache;
  const { replicas = 2, zones, multiAz } = given;
  const spread = zones && Array.from({ length: replicas + 1 }, (_, index) => zones[index % zones.length] as string);
  if (spread && new Set(spread).size < 2 && replicas > 0) {
    spread[replicas] = all.find((one) => one !== spread[0]) as string;
  }
  return {
    ...given,
    ...(given.engine && { engine }),
    ...(given.engineVersion && { engineVersion: newest }),
    ...(spread && { zones: spread }),
    multiAz: replicas === 0 ? false : multiAz,
  };
}

function encryption(given: EncryptionFile): EncryptionFile {
  return given.keys === "aws-managed" ? { keys: given.keys } : given;
}

/** The settings of the chosen backend, and no others but the local one's. */
function backend({ local, ...given }: BackendFile): BackendFile {
  const { type = "local" } = given;
  const own = type === "local" ? undefined : given[type];
  if (!own && (type === "s3" || type === "cloud")) return { local };
  return { ...("type" in given && { type }), local, ...(own && { [type]: own }) };
}

function within(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
