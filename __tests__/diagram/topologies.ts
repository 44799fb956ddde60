// Topologies that are drawn differently from each other, resolved.
import { join } from "node:path";
import { loadTopology, resolveTopology, type Topology, type TopologyFile } from "../../modules/topology";

const ROOT = join(__dirname, "..", "..");

const zones = (letters: string) => [...letters].map((letter) => ({ name: `us-east-1${letter}` }));

/** The smallest one with something more. */
export function smallestWith(changes: Partial<TopologyFile> = {}): Topology {
  const smallest: TopologyFile = {
    region: "us-east-1",
    domain: "gitlab.example.com",
    access: { trustedCidrs: ["203.0.113.0/24"] },
  };
  return resolveTopology({ ...smallest, ...changes }).topology;
}

const existing = (file: string) => loadTopology(join(ROOT, file)).topology;

export const TOPOLOGIES: Readonly<Record<string, Topology>> = {
  "topology.json": existing("topology.json"),
  "production.yaml": existing("examples/production.yaml"),
  "poc.jsonc": existing("examples/poc.jsonc"),
  "existing-zone-and-certificate.yaml": existing("examples/existing-zone-and-certificate.yaml"),
  "two zones": smallestWith({ network: { zones: zones("ad") } }),
  "four zones": smallestWith({ network: { zones: zones("abcd") } }),
  "five zones": smallestWith({ network: { zones: zones("abcde") } }),
  "six zones, long texts": smallestWith({
    name: "sixteen-letters1",
    domain: `${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.example.com`,
    access: { trustedCidrs: [`2001:${"db80:".repeat(6)}abcd/128`, "255.255.255.255/32", "2001:db8::/32"] },
    network: {
      cidr: "255.255.0.0/16",
      zones: zones("abcdef"),
    },
    objectStorage: { bucketPrefix: "gl-acme" },
    database: { instanceClass: "db.x2iedn.32xlarge", storage: { type: "io2", sizeGib: 65536, iops: 256000 } },
    cache: { nodeType: "cache.r7g.16xlarge", replicas: 5 },
    gitaly: { instanceType: "u7inh-32tb.480xlarge", tls: true, zone: "us-east-1f" },
    application: { instanceType: "u7inh-32tb.480xlarge", scaling: { min: 50, max: 100 } },
  }),
  "single NAT gateway": smallestWith({ network: { natGateways: "single" } }),
  "no bastions": smallestWith({ bastion: { enabled: false } }),
  "no sessions": smallestWith({
    access: {
      trustedCidrs: ["0.0.0.0/0"],
      sessionManager: false,
      keyPair: { name: "ops" },
    },
  }),
  registry: smallestWith({
    gitlab: { registryUrl: "https://registry.example.com" },
    certificate: { alternativeNames: ["registry.example.com", "*.pages.example.com", "pages.example.com"] },
  }),
  "http none": smallestWith({ loadBalancer: { http: "none" } }),
  "http forward, no cross-zone": smallestWith({ loadBalancer: { http: "forward", crossZone: false } }),
  "no standby, other ports": smallestWith({
    database: { multiAz: false, port: 15432, logExports: [] },
    cache: { port: 16379 },
    network: { flowLogs: { enabled: false } },
  }),
  "no replica": smallestWith({ cache: { replicas: 0, multiAz: false } }),
  "DNS elsewhere, AWS' keys": smallestWith({
    dns: { zone: "none" },
    certificate: { arn: "arn:aws:iam::123456789012:server-certificate/gitlab" },
    encryption: { keys: "aws-managed" },
  }),
  "new zone": smallestWith({ dns: { zone: "create" } }),
  "Gitaly with TLS, few nodes": smallestWith({
    network: { zones: zones("abc") },
    gitaly: { tls: true, zone: "us-east-1b" },
    application: { scaling: { min: 1, desired: 4, max: 4 } },
  }),
};
