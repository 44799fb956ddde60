import { arnRegions } from "./arn-regions";
import { awsManagedKeys } from "./aws-managed-keys";
import { backendSettings } from "./backend-settings";
import { bastionKeyPair } from "./bastion-key-pair";
import { bucketNames } from "./bucket-names";
import { burstableDatabase } from "./burstable-database";
import { cacheVersion } from "./cache-version";
import { cacheZones } from "./cache-zones";
import { cidrNotation } from "./cidr-notation";
import { configKeys } from "./config-keys";
import { configOwned } from "./config-owned";
import { configSecrets } from "./config-secrets";
import { databaseMemory } from "./database-memory";
import { databaseParameters } from "./database-parameters";
import { databaseStorage } from "./database-storage";
import { databaseVersion } from "./database-version";
import { dnsZone } from "./dns-zone";
import { encryptionKeys } from "./encryption-keys";
import { gitalyIops } from "./gitaly-iops";
import { gitalyStorage } from "./gitaly-storage";
import { gitalyZone } from "./gitaly-zone";
import { gitlabImage } from "./gitlab-image";
import { gitlabVersion } from "./gitlab-version";
import { httpInClear } from "./http-in-clear";
import { nameLimits } from "./name-limits";
import { noDeletionProtection } from "./no-deletion-protection";
import { noFinalSnapshot } from "./no-final-snapshot";
import { noInterpolation } from "./no-interpolation";
import { noReplica } from "./no-replica";
import { noStandby } from "./no-standby";
import { oldTls } from "./old-tls";
import { openSsh } from "./open-ssh";
import { registryCertificate } from "./registry-certificate";
import type { Rule } from "./rule";
import { scalingBounds } from "./scaling-bounds";
import { scalingThresholds } from "./scaling-thresholds";
import { schemaVersion } from "./schema-version";
import { singleNatGateway } from "./single-nat-gateway";
import { subnetsApart } from "./subnets-apart";
import { subnetsInVpc } from "./subnets-in-vpc";
import { unprotected } from "./unprotected";
import { userDataSize } from "./user-data-size";
import { vpcSize } from "./vpc-size";
import { wayIn } from "./way-in";
import { zonesDistinct } from "./zones-distinct";
import { zonesInRegion } from "./zones-in-region";

/** Every rule. What a rule may rely on is that the schema holds for all it reads, and nothing else. */
export const rules: readonly Rule[] = [
  arnRegions,
  awsManagedKeys,
  backendSettings,
  bastionKeyPair,
  bucketNames,
  burstableDatabase,
  cacheVersion,
  cacheZones,
  cidrNotation,
  configKeys,
  configOwned,
  configSecrets,
  databaseMemory,
  databaseParameters,
  databaseStorage,
  databaseVersion,
  dnsZone,
  encryptionKeys,
  gitalyIops,
  gitalyStorage,
  gitalyZone,
  gitlabImage,
  gitlabVersion,
  httpInClear,
  nameLimits,
  noDeletionProtection,
  noFinalSnapshot,
  noInterpolation,
  noReplica,
  noStandby,
  oldTls,
  openSsh,
  registryCertificate,
  scalingBounds,
  scalingThresholds,
  schemaVersion,
  singleNatGateway,
  subnetsApart,
  subnetsInVpc,
  unprotected,
  userDataSize,
  vpcSize,
  wayIn,
  zonesDistinct,
  zonesInRegion,
];
