import type { Construct } from "constructs";
import { configSecrets } from "./nodes/config-secrets";
import { TierStack } from "./terraform/tier-stack";
import { ApplicationTier } from "./tiers/application";
import { BastionTier } from "./tiers/bastion";
import { CacheTier } from "./tiers/cache";
import { CertificateTier } from "./tiers/certificate";
import { DatabaseTier } from "./tiers/database";
import { DnsTier } from "./tiers/dns";
import { EncryptionTier } from "./tiers/encryption";
import { GitalyTier } from "./tiers/gitaly";
import { IamTier } from "./tiers/iam";
import { LoadBalancerTier } from "./tiers/load-balancer";
import { NetworkTier } from "./tiers/network";
import { SecretsTier } from "./tiers/secrets";
import { SecurityTier } from "./tiers/security";
import { StorageTier } from "./tiers/storage";
import type { Topology } from "./topology";
import { OBJECT_TYPES } from "./topology/defaults";
import { awsNames } from "./topology/names";
import { deploymentTags } from "./topology/tags";

/** The deployment's tiers, for whatever is built beside them. */
export interface GitLab {
  readonly encryption: EncryptionTier;
  readonly network: NetworkTier;
  readonly security: SecurityTier;
  readonly secrets: SecretsTier;
  readonly storage: StorageTier;
  readonly iam: IamTier;
  readonly dns: DnsTier;
  readonly certificate: CertificateTier;
  readonly loadBalancer: LoadBalancerTier;
  readonly database: DatabaseTier;
  readonly cache: CacheTier;
  /** Undefined where the topology has no bastions. */
  readonly bastion?: BastionTier;
  readonly gitaly: GitalyTier;
  readonly application: ApplicationTier;
}

/**
 * The whole deployment: which tier there is, and which feeds which. Each tier is a stack of its own, so that it has a
 * state of its own; a tier that the topology leaves empty stays as an empty stack, so that applying it removes what was.
 */
export function composeGitLab(scope: Construct, topology: Topology): GitLab {
  const names = awsNames(topology);
  const { region, domain, protect } = topology;
  const stack = (id: string, { purpose }: { readonly purpose: string }) => new TierStack(scope, id, topology, purpose);

  const encryption = new EncryptionTier(stack("encryption", EncryptionTier), "encryption", {
    config: topology.encryption,
    names,
    region,
    protect,
  });
  const { kmsKeyArn } = encryption;

  const network = new NetworkTier(stack("network", NetworkTier), "network", {
    config: topology.network,
    names,
    region,
    kmsKeyArn,
  });
  const publicSubnetIds = Object.values(network.publicSubnetIds);
  const privateSubnetIds = Object.values(network.privateSubnetIds);

  const security = new SecurityTier(stack("security", SecurityTier), "security", {
    topology,
    names,
    vpcId: network.vpcId,
  });
  const { keyName } = security;

  const gitalyTls = topology.gitaly.tls;
  const secrets = new SecretsTier(stack("secrets", SecretsTier), "secrets", {
    names,
    region,
    kmsKeyArn,
    gitalyTls,
    protect,
  });
  const gitalyCertificate = gitalyTls ? [secrets.arn("gitaly-certificate")] : [];

  const storage = new StorageTier(stack("storage", StorageTier), "storage", {
    config: topology.objectStorage,
    region,
    kmsKeyArn,
    protect,
  });

  const iam = new IamTier(stack("iam", IamTier), "iam", {
    names,
    region,
    sessionManager: topology.access.sessionManager,
    bastion: topology.bastion.enabled,
    bucketArns: [...OBJECT_TYPES, "registry" as const, "backups" as const].map((type) => storage.bucket(type).arn),
    kmsKeyArn,
    secretArns: {
      application: {
        read: [
          ...(["database-password", "cache-token", "initial-root-password", "gitaly-token"] as const).map((secret) =>
            secrets.arn(secret),
          ),
          ...gitalyCertificate,
          ...configSecrets(topology),
        ],
        fill: (["gitlab-secrets", "ssh-host-keys"] as const).map((secret) => secrets.arn(secret)),
      },
      gitaly: {
        read: (["gitaly-token", "gitlab-secrets"] as const).map((secret) => secrets.arn(secret)),
        fill: gitalyCertificate,
      },
    },
  });

  const dns = new DnsTier(stack("dns", DnsTier), "dns", { config: topology.dns, protect });
  const { zoneId } = dns;

  const certificate = new CertificateTier(stack("certificate", CertificateTier), "certificate", {
    config: topology.certificate,
    domain,
    zoneId,
  });

  const loadBalancer = new LoadBalancerTier(stack("load-balancer", LoadBalancerTier), "load-balancer", {
    config: topology.loadBalancer,
    names,
    domain,
    vpcId: network.vpcId,
    subnetIds: publicSubnetIds,
    securityGroupId: security.groupId("loadBalancer"),
    certificateArn: certificate.certificateArn,
    registryHost: topology.gitlab.registryUrl?.replace("https://", ""),
    accessLogsBucket: storage.bucket("access-logs").name,
    zoneId,
  });

  const database = new DatabaseTier(stack("database", DatabaseTier), "database", {
    config: topology.database,
    names,
    region,
    subnetIds: privateSubnetIds,
    securityGroupId: security.groupId("database"),
    passwordSecretArn: secrets.arn("database-password"),
    kmsKeyArn,
    protect,
  });

  const cache = new CacheTier(stack("cache", CacheTier), "cache", {
    config: topology.cache,
    names,
    subnetIds: privateSubnetIds,
    securityGroupId: security.groupId("cache"),
    tokenSecretArn: secrets.arn("cache-token"),
    tokenVersionId: secrets.versionId("cache-token"),
    kmsKeyArn,
    protect,
  });

  const bastions = stack("bastion", BastionTier);
  const bastion =
    iam.bastionProfile &&
    new BastionTier(bastions, "bastion", {
      config: topology.bastion,
      names,
      region,
      subnetIds: network.publicSubnetIds,
      securityGroupId: security.groupId("bastion"),
      instanceProfile: iam.bastionProfile,
      keyName,
      kmsKeyArn,
    });

  const gitaly = new GitalyTier(stack("gitaly", GitalyTier), "gitaly", {
    topology,
    names,
    vpcId: network.vpcId,
    subnetId: network.privateSubnetIds[topology.gitaly.zone] as string,
    securityGroupId: security.groupId("gitaly"),
    instanceProfile: iam.gitalyProfile,
    keyName,
    kmsKeyArn,
  });

  const application = new ApplicationTier(stack("application", ApplicationTier), "application", {
    topology,
    names,
    endpoints: { database: database.address, cache: cache.address, gitaly: gitaly.host },
    subnetIds: privateSubnetIds,
    securityGroupId: security.groupId("application"),
    targetGroupArns: loadBalancer.targetGroupArns,
    instanceProfile: iam.applicationProfile,
    keyName,
    kmsKeyArn,
    tags: deploymentTags(topology),
  });

  return {
    encryption,
    network,
    security,
    secrets,
    storage,
    iam,
    dns,
    certificate,
    loadBalancer,
    database,
    cache,
    ...(bastion && { bastion }),
    gitaly,
    application,
  };
}
