import { diffStacks, stacksOf } from "../modules/diff";
import type { Effect } from "../modules/explain/effects";
import { resolveTopology, type Topology, TopologyError, type TopologyFile } from "../modules/topology";
import { merged } from "../modules/topology/overlay";
import type { SchemaNode } from "../modules/topology/schema-node";

/** How many other values of a property are tried. */
const TRIES = 3;

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE2vB6m7m2cA8q3XqkSxwYv1n5b0e6p9c0d1f2g3h4i5";
const ZONES = ["a", "b", "c"].map((letter) => ({ name: `us-west-2${letter}` }));

/** The deployment that is varied: the guide's, and with what it leaves out. `protect` is off, as it forbids replacements. */
const BASE: TopologyFile = {
  region: "us-west-2",
  domain: "gitlab.example.com",
  protect: false,
  access: { trustedCidrs: ["203.0.113.0/24"], keyPair: { publicKey: `${KEY} ops` } },
  gitlab: { registryUrl: "https://registry.example.com" },
  certificate: { alternativeNames: ["registry.example.com"] },
};

/** Other values where the schema's examples and bounds don't lead to a valid one: what is merged over the deployment. */
const OTHERS: Readonly<Record<string, readonly Partial<TopologyFile>[]>> = {
  domain: [{ domain: "git.example.com" }],
  "gitlab.version": [{ gitlab: { version: "18.11.2" } }, { gitlab: { version: "19.4.0" } }],
  "gitlab.registryUrl": [
    {
      gitlab: { registryUrl: "https://images.example.com" },
      certificate: { alternativeNames: ["images.example.com"] },
    },
  ],
  "access.trustedCidrs": [{ access: { trustedCidrs: ["198.51.100.0/24"] } }],
  "access.keyPair.publicKey": [
    { access: { trustedCidrs: ["203.0.113.0/24"], keyPair: { publicKey: KEY.replace("AIE2v", "AIE3v") } } },
  ],
  "network.cidr": [{ network: { cidr: "10.4.0.0/16" } }],
  "network.zones": [{ network: { zones: ZONES } }, { network: { zones: [ZONES[0], ZONES[2]] as typeof ZONES } }],
  "network.zones.*.name": [{ network: { zones: [ZONES[0], ZONES[2]] as typeof ZONES } }],
  "network.zones.*.publicCidr": [
    { network: { zones: [{ name: "us-west-2a", publicCidr: "10.0.64.0/24" }, { name: "us-west-2b" }] } },
  ],
  "network.zones.*.privateCidr": [
    { network: { zones: [{ name: "us-west-2a", privateCidr: "10.0.64.0/24" }, { name: "us-west-2b" }] } },
  ],
  "dns.zoneName": [
    {
      dns: { zoneName: "gitlab.example.com" },
      gitlab: { registryUrl: "https://registry.gitlab.example.com" },
      certificate: { alternativeNames: ["registry.gitlab.example.com"] },
    },
  ],
  "dns.zone": [{ dns: { zone: "create" } }],
  "certificate.alternativeNames": [{ certificate: { alternativeNames: ["registry.example.com", "*.example.com"] } }],
  "certificate.arn": [
    {
      certificate: {
        arn: "arn:aws:acm:us-west-2:123456789012:certificate/12345678-1234-1234-1234-123456789012",
        alternativeNames: [],
      },
    },
  ],
  "objectStorage.bucketPrefix": [{ objectStorage: { bucketPrefix: "acme" } }],
  "database.username": [{ database: { username: "git" } }],
  "database.databaseName": [{ database: { databaseName: "git" } }],
  "database.logExports": [{ database: { logExports: ["postgresql"] } }],
  "gitaly.instanceType": [{ gitaly: { instanceType: "m5.2xlarge" } }],
  "application.instanceType": [{ application: { instanceType: "c5.4xlarge" } }],
  "cache.engineVersion": [{ gitlab: { version: "18.11.2" }, cache: { engineVersion: "7.0" } }],
  "database.engineVersion": [{ database: { engineVersion: "17.6" } }],
  "database.storage.type": [{ database: { storage: { type: "gp3" } } }, { database: { storage: { type: "io2" } } }],
  "database.storage.sizeGib": [{ database: { storage: { sizeGib: 200 } } }],
  "database.storage.iops": [{ database: { storage: { iops: 3000 } } }],
  "database.storage.maxSizeGib": [{ database: { storage: { maxSizeGib: 1000 } } }],
  // GitLab's version decides on it; what else the version changes isn't the engine's doing.
  "cache.engine": [{ gitlab: { version: "18.11.2" } }],
  "cache.replicas": [{ cache: { replicas: 1 } }],
  "cache.zones": [{ cache: { zones: ["us-west-2b", "us-west-2a", "us-west-2a"] } }],
  "gitaly.zone": [{ gitaly: { zone: "us-west-2b" } }],
  "gitaly.storage.type": [{ gitaly: { storage: { type: "gp3" } } }],
  "gitaly.storage.sizeGib": [{ gitaly: { storage: { sizeGib: 100 } } }],
  "gitaly.storage.iops": [{ gitaly: { storage: { iops: 500 } } }],
  "gitaly.storage.throughputMibps": [{ gitaly: { storage: { type: "gp3", throughputMibps: 250 } } }],
  "application.scaling.min": [{ application: { scaling: { min: 3 } } }],
  "application.scaling.max": [{ application: { scaling: { max: 8 } } }],
  "application.scaling.desired": [{ application: { scaling: { desired: 3 } } }],
  "encryption.kmsKeyArn": [
    { encryption: { kmsKeyArn: "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab" } },
  ],
};

/** What the effect of a property is compared with, where it only means something beside another one. */
const BESIDE: Readonly<Record<string, Partial<TopologyFile>>> = {
  "cache.engineVersion": { gitlab: { version: "18.11.2" } },
  "gitaly.storage.throughputMibps": { gitaly: { storage: { type: "gp3" } } },
};

/** modules/explain/effects.json: what a change of each property does, found by trying. */
export function generateEffects(schema: SchemaNode): string {
  const effects = leaves(schema).flatMap(([path, node]): [string, Effect][] => {
    const effect = effectOf(path, node);
    return effect.changes.length > 0 ? [[path, effect]] : [];
  });
  return `${JSON.stringify(Object.fromEntries(effects), undefined, 2)}\n`;
}

/** The properties that have values of their own, list items as `*`. */
function leaves(node: SchemaNode, path: readonly string[] = []): [path: string, node: SchemaNode][] {
  const below = Object.entries(node.properties ?? {}).flatMap(([key, child]) => leaves(child, [...path, key]));
  const items = node.items?.properties ? leaves(node.items, [...path, "*"]) : [];
  const own: [string, SchemaNode][] =
    path.length > 0 && !node.properties && path.at(-1) !== "*" ? [[path.join("."), node]] : [];
  return [...own, ...below, ...items];
}

function effectOf(path: string, node: SchemaNode): Effect {
  // Another region is another deployment.
  if (path === "region") return { changes: [], replaces: [] };
  const base = resolve(BESIDE[path] ?? {});
  if (!base) throw new Error(`what ${path} is compared with isn't valid`);
  const before = stacksOf(base);
  const others = (OTHERS[path] ?? values(node).map((value) => nested(path.split("."), value)))
    .map(resolve)
    .filter((one): one is Topology => one !== undefined && JSON.stringify(one) !== JSON.stringify(base))
    .slice(0, TRIES);
  const differences = others
    .flatMap((other) => diffStacks(before, stacksOf(other)))
    .filter(({ tier }) => path !== "cache.engine" || tier === "cache");
  const addresses = (all: typeof differences) =>
    [...new Set(all.map(({ tier, address }) => `${tier}/${address}`))].sort();
  return {
    changes: addresses(differences),
    replaces: addresses(differences.filter(({ action }) => action === "replace")),
  };
}

function resolve(part: object): Topology | undefined {
  try {
    return resolveTopology(merged(BASE, part) as TopologyFile).topology;
  } catch (error) {
    if (error instanceof TopologyError) return undefined;
    throw error;
  }
}

/** Values that a property may have. */
function values(node: SchemaNode): unknown[] {
  if (node.enum) return [...node.enum];
  if (node.type === "boolean") return [true, false];
  const numbers = typeof node.minimum === "number" ? [node.minimum + 1, node.minimum, node.maximum] : [];
  return [...(node.examples ?? []), ...numbers];
}

function nested(path: readonly string[], value: unknown): object {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;
}
