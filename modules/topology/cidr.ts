import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Whether a text is an IPv4 or IPv6 range with a possible prefix length. */
export function isCidr(cidr: string): boolean {
  const { address, prefix } = split(cidr);
  return (isIPv4(address) && prefix <= 32) || (isIPv6(address) && prefix <= 128);
}

/** Whether a range is an IPv6 one. */
export function isIpv6Cidr(cidr: string): boolean {
  return isIPv6(split(cidr).address);
}

/** `10.0.0.0/16` to 16. */
export function prefixOf(cidr: string): number {
  return split(cidr).prefix;
}

/** Whether `outer` holds all of `inner`, both IPv4. */
export function contains(outer: string, inner: string): boolean {
  return prefixOf(outer) <= prefixOf(inner) && blockOf(outer).check(split(inner).address);
}

/** Whether two IPv4 ranges share an address. */
export function overlap(one: string, other: string): boolean {
  return contains(one, other) || contains(other, one);
}

/** An IPv4 range without host bits: `10.0.0.7/24` to `10.0.0.0/24`. */
export function canonical(cidr: string): string {
  const { address, prefix } = split(cidr);
  return `${toAddress(networkOf(toNumber(address), prefix))}/${prefix}`;
}

/** The n-th range of a given prefix length inside an IPv4 range, as Terraform's `cidrsubnet` counts them. */
export function subnet(cidr: string, prefix: number, n: number): string {
  const base = networkOf(toNumber(split(cidr).address), prefixOf(cidr));
  return `${toAddress(base + n * 2 ** (32 - prefix))}/${prefix}`;
}

function split(cidr: string): { address: string; prefix: number } {
  const [address = "", prefix = ""] = cidr.split("/");
  return { address, prefix: /^\d+$/.test(prefix) ? Number(prefix) : Number.NaN };
}

function blockOf(cidr: string): BlockList {
  const { address, prefix } = split(cidr);
  const block = new BlockList();
  block.addSubnet(address, prefix);
  return block;
}

function networkOf(address: number, prefix: number): number {
  const size = 2 ** (32 - prefix);
  return Math.floor(address / size) * size;
}

function toNumber(address: string): number {
  return address.split(".").reduce((number, byte) => number * 256 + Number(byte), 0);
}

function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}
