import type { NetworkConfig } from "../config";

/** All subnets with their JSON pointers, in file order. */
export function subnetsOf(network: NetworkConfig): { path: string; cidr: string }[] {
  return network.zones.flatMap((zone, index) => [
    { path: `/network/zones/${index}/publicCidr`, cidr: zone.publicCidr },
    { path: `/network/zones/${index}/privateCidr`, cidr: zone.privateCidr },
  ]);
}
