import type { NetworkConfig } from "../config";
import { show } from "../show";
import type { Report } from "./rule";

/** Reports a zone that has no subnets. */
export function checkZone(zone: string, path: string, network: NetworkConfig, report: Report): void {
  const names = new Set(network.zones.map(({ name }) => name));
  if (!names.has(zone)) {
    report(path, `is ${show(zone)}, which is not among network.zones: ${[...names].join(", ")}`, "Use one of these");
  }
}
