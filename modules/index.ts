/**
 * GitLab on AWS as a library: the tiers, for an app of one's own, and what they are made from.
 *
 * `composeGitLab(app, topology)` is the whole deployment; `gitlab.ts` shows how to compose tiers differently.
 *
 * @packageDocumentation
 */
export {
  compare,
  type Difference,
  type Format,
  isConflict,
  type Kind,
  type Layout,
  readManifest,
  recover,
  replace,
  type Tree,
  type TreeOptions,
  terraformTree,
} from "./export";
export { composeGitLab, type GitLab } from "./gitlab";
export { EphemeralResource } from "./terraform/ephemeral";
export { terraformLiteral } from "./terraform/literal";
export { Tier } from "./terraform/tier";
export { type OutputOptions, type OutputValue, TierStack } from "./terraform/tier-stack";
export { type ApplicationProps, ApplicationTier } from "./tiers/application";
export { type BastionProps, BastionTier } from "./tiers/bastion";
export { type CacheProps, CacheTier } from "./tiers/cache";
export { type CertificateProps, CertificateTier } from "./tiers/certificate";
export { type DatabaseProps, DatabaseTier } from "./tiers/database";
export { type DnsProps, DnsTier } from "./tiers/dns";
export { type EncryptionProps, EncryptionTier } from "./tiers/encryption";
export { type GitalyProps, GitalyTier } from "./tiers/gitaly";
export { type IamProps, IamTier } from "./tiers/iam";
export { type LoadBalancerProps, LoadBalancerTier } from "./tiers/load-balancer";
export { type NetworkProps, NetworkTier } from "./tiers/network";
export { type SecretsProps, SecretsTier } from "./tiers/secrets";
export { type SecurityProps, SecurityTier } from "./tiers/security";
export { type StorageProps, StorageTier } from "./tiers/storage";
export * from "./topology";
export { type AwsNames, awsNames } from "./topology/names";
