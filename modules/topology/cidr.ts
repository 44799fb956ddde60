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

/** A range without host bits, as AWS writes it: `10.0.0.7/24` to `10.0.0.0/24`, `2001:DB8::7/32` to `2001:db8::/32`. */
export function canonical(cidr: string): string {
  const { address, prefix } = split(cidr);
  const network = isIPv6(address)
    ? toIpv6(networkOfIpv6(address, prefix))
    : toAddress(networkOf(toNumber(address), prefix));
  return `${network}/${prefix}`;
}

/** Whether the address has bits beyond the prefix. */
export function hasHostBits(cidr: string): boolean {
  const { address, prefix } = split(cidr);
  const whole = isIPv6(address) ? toIpv6(networkOfIpv6(address, 128)) : address;
  return `${whole}/${prefix}` !== canonical(cidr);
}

/** The n-th range of a given prefix length inside an IPv4 range, as Terraform's `cidrsubnet` counts them. */
export function subnet(cidr: string, prefix: number, n: number): string {
  const base = networkOf(toNumber(split(cidr).address), prefixOf(cidr));
  return `${toAddress(base + n * 2 ** (32 - prefix))}/${prefix}`;
}

function split(cidr: string): { address: string; prefix: number } {
  const [address = "", prefix = ""] = cidr.split("/");
  return { address, prefix: /^(0|[1-9]\d*)$/.test(prefix) ? Number(prefix) : Number.NaN };
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

/** The eight groups of an IPv6 address, those beyond the prefix zero. */
function networkOfIpv6(address: string, prefix: number): number[] {
  // A URL's host is the shortest form, which has neither leading zeros nor a dotted end.
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const [left, right] = [head, tail ?? ""].map((part) => part.split(":").filter(Boolean)) as [string[], string[]];
  const zeros = Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...zeros, ...right].map((group, index) => {
    const unit = 2 ** Math.min(Math.max((index + 1) * 16 - prefix, 0), 16);
    return Math.floor(Number.parseInt(group, 16) / unit) * unit;
  });
}

function toIpv6(groups: readonly number[]): string {
  return new URL(`http://[${groups.map((group) => group.toString(16)).join(":")}]`).hostname.slice(1, -1);
}
