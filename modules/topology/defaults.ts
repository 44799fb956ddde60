import { prefixOf, subnet } from "./cidr";
import type {
  BackendCloudConfig,
  BackendCloudFile,
  BackendS3Config,
  BackendS3File,
  NetworkZoneConfig,
  NetworkZoneFile,
  ObjectStorageBucketsConfig,
  ObjectStorageBucketsFile,
  Topology,
  TopologyFile,
} from "./config";
import { NEWEST_REQUIREMENTS, requirementsOf } from "./gitlab-versions";
import { GP3_STRIPED_GIB, leastMaxSizeGib, MOST_GIB_PER_IOPS } from "./rds-storage";
import { defaultZones, hasT2, zoneLetter } from "./regions";

/** A topology file whose static defaults the schema has filled in. */
type Filled = TopologyFile & Pick<Topology, "name" | "protect">;

/**
 * Fills in the defaults that follow from other values: those the schema describes with `x-default`.
 *
 * Every such default is one line here; static ones stand in the schema.
 */
export function resolveDefaults(file: TopologyFile): Topology {
  // The schema's defaults are in place: what it calls `default` is there, though its type can't tell.
  const given = file as Filled & Topology;
  const { name, region, domain, protect } = given;
  const requirements = requirementsOf(given.gitlab.version) ?? NEWEST_REQUIREMENTS;
  const zones = resolveZones(given.network.zones ?? defaultZones(region).map((zone) => ({ name: zone })), given);
  const zoneNames = zones.map((zone) => zone.name);
  const bucketPrefix = given.objectStorage.bucketPrefix ?? `gl-${domain.replaceAll(".", "-")}`;
  const { database, gitaly, application, access, backend } = given;
  const databaseStorage = database.storage;
  const databaseIops = databaseStorage.iops ?? defaultDatabaseIops(databaseStorage.type, databaseStorage.sizeGib);

  return {
    ...given,
    access: {
      ...access,
      ...(access.keyPair && { keyPair: { ...access.keyPair, name: access.keyPair.name ?? name } }),
    },
    network: { ...given.network, zones },
    loadBalancer: {
      ...given.loadBalancer,
      deletionProtection: given.loadBalancer.deletionProtection ?? protect,
    },
    dns: { ...given.dns, zoneName: given.dns.zoneName ?? parentDomain(domain) },
    objectStorage: {
      ...given.objectStorage,
      bucketPrefix,
      buckets: bucketNames(given.objectStorage.buckets, bucketPrefix),
    },
    database: {
      ...database,
      engineVersion: database.engineVersion ?? String(requirements.postgres.default),
      deletionProtection: database.deletionProtection ?? protect,
      finalSnapshot: database.finalSnapshot ?? protect,
      storage: {
        ...databaseStorage,
        iops: databaseIops,
        maxSizeGib:
          databaseStorage.maxSizeGib ?? defaultMaxSizeGib(databaseStorage.type, databaseStorage.sizeGib, databaseIops),
      },
    },
    cache: {
      ...given.cache,
      engine: given.cache.engine ?? requirements.cache.engine,
      engineVersion: given.cache.engineVersion ?? requirements.cache.default,
      zones: given.cache.zones ?? cacheZones(zoneNames, given.cache.replicas),
    },
    bastion: {
      ...given.bastion,
      instanceType: given.bastion.instanceType ?? (hasT2(region) ? "t2.micro" : "t3.micro"),
    },
    gitaly: {
      ...gitaly,
      zone: gitaly.zone ?? (zoneNames[0] as string),
      storage: { ...gitaly.storage, iops: gitaly.storage.iops ?? (gitaly.storage.type === "gp3" ? 3000 : 1000) },
    },
    application: {
      ...application,
      scaling: { ...application.scaling, desired: application.scaling.desired ?? application.scaling.min },
    },
    backend: {
      ...backend,
      ...(backend.s3 && { s3: s3Defaults(backend.s3, given) }),
      ...(backend.cloud && { cloud: cloudDefaults(backend.cloud, given) }),
    },
  };
}

/** The buckets GitLab keeps objects of one type in each; their names in its consolidated configuration, hyphenated. */
export const OBJECT_TYPES = [
  "artifacts",
  "external-diffs",
  "lfs",
  "uploads",
  "packages",
  "dependency-proxy",
  "terraform-state",
  "pages",
  "ci-secure-files",
] as const;

/** All buckets: the object types', the registry's, backups and access logs. */
export const BUCKET_TYPES = [...OBJECT_TYPES, "registry", "backups", "access-logs"] as const;

/** One of the buckets, by what it holds. */
export type BucketType = (typeof BUCKET_TYPES)[number];

/**
 * Subnet ranges by the zone's letter, not by its place in the list: a zone that is added or removed leaves the others'
 * subnets alone.
 */
function resolveZones(zones: readonly NetworkZoneFile[], { network }: Topology): NetworkZoneConfig[] {
  const prefix = Math.min(Math.max(24, prefixOf(network.cidr) + 4), 28);
  return zones.map((zone) => {
    const index = zoneLetter(zone.name).charCodeAt(0) - "a".charCodeAt(0);
    return {
      name: zone.name,
      publicCidr: zone.publicCidr ?? subnet(network.cidr, prefix, index * 2),
      privateCidr: zone.privateCidr ?? subnet(network.cidr, prefix, index * 2 + 1),
    };
  });
}

function s3Defaults(s3: BackendS3File, { name, region }: Topology): BackendS3Config {
  const { keyPrefix = name } = s3;
  return { ...s3, region: s3.region ?? region, keyPrefix, key: s3.key ?? `${keyPrefix}/terraform.tfstate` };
}

function cloudDefaults(cloud: BackendCloudFile, { name }: Topology): BackendCloudConfig {
  const { workspacePrefix = name } = cloud;
  return { ...cloud, workspacePrefix, workspace: cloud.workspace ?? workspacePrefix };
}

/** `gitlab.example.com` to `example.com`; `example.com` stays. */
function parentDomain(domain: string): string {
  const labels = domain.split(".");
  return labels.length > 2 ? labels.slice(1).join(".") : domain;
}

function bucketNames(given: ObjectStorageBucketsFile, prefix: string): ObjectStorageBucketsConfig {
  const names = BUCKET_TYPES.map((type) => [type, given[type] ?? `${prefix}-${type}`]);
  return Object.fromEntries(names) as Record<BucketType, string>;
}

/** The guide's IOPS for what has provisioned ones, more where the size asks for it; what comes with gp3. */
function defaultDatabaseIops(type: string, sizeGib: number): number {
  if (type !== "gp3") return Math.max(1000, Math.ceil(sizeGib / MOST_GIB_PER_IOPS));
  return sizeGib >= GP3_STRIPED_GIB ? 12000 : 3000;
}

/** Room to grow fivefold, as far as RDS allows; no autoscaling where it allows none. */
function defaultMaxSizeGib(type: string, sizeGib: number, iops: number): number {
  const most = Math.min(sizeGib * 5, 65536, type === "gp3" ? Infinity : iops * MOST_GIB_PER_IOPS);
  return most >= leastMaxSizeGib(sizeGib) ? most : 0;
}

/** The guide's placement: the last replica in another zone than the primary and the replicas before it. */
function cacheZones(zones: readonly string[], replicas: number): string[] {
  const [first = "", second = ""] = zones;
  return Array.from({ length: replicas + 1 }, (_, node) => (node > 0 && node === replicas ? second : first));
}
