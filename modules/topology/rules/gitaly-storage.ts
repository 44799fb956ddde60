import type { Rule } from "./rule";

/**
 * What EBS allows of size, IOPS and throughput.
 *
 * Source: Amazon EBS User Guide, "Amazon EBS volume types".
 */
const LIMITS = {
  io1: { maxGib: 16384, minIops: 100, maxIops: 64000, maxIopsPerGib: 50 },
  io2: { maxGib: 65536, minIops: 100, maxIops: 256000, maxIopsPerGib: 1000 },
  gp3: { maxGib: 65536, minIops: 3000, maxIops: 80000, maxIopsPerGib: 500 },
} as const;

/** gp3 volumes come with 3,000 IOPS whatever their size, so that the ratio binds only above. */
const GP3_BASELINE_IOPS = 3000;

export const gitalyStorage: Rule = {
  name: "gitaly-storage",
  severity: "error",
  reads: ["/gitaly/storage"],
  check({ gitaly }, report) {
    const { type, sizeGib, iops, throughputMibps } = gitaly.storage;
    const limits = LIMITS[type];
    const path = "/gitaly/storage";
    const mostForSize = Math.max(sizeGib * limits.maxIopsPerGib, type === "gp3" ? GP3_BASELINE_IOPS : 0);
    if (sizeGib > limits.maxGib) {
      report(
        `${path}/sizeGib`,
        `is ${sizeGib} GiB, but ${type} allows ${limits.maxGib} at most`,
        `Lower it to ${limits.maxGib}, or use io2`,
      );
    }
    if (iops < limits.minIops || iops > limits.maxIops) {
      report(
        `${path}/iops`,
        `is ${iops}, but ${type} allows ${limits.minIops} to ${limits.maxIops}`,
        "Use a value in between",
      );
    } else if (iops > mostForSize) {
      const ratio = Math.round((iops / sizeGib) * 10) / 10;
      report(
        `${path}/iops`,
        `is ${iops} on ${sizeGib} GiB, which is ${ratio} IOPS per GiB; ${type} allows ${limits.maxIopsPerGib}`,
        `Raise gitaly.storage.sizeGib to ${Math.ceil(iops / limits.maxIopsPerGib)} or lower iops to ${mostForSize}`,
      );
    }
    if (throughputMibps !== undefined && type !== "gp3") {
      report(
        `${path}/throughputMibps`,
        `is ${throughputMibps}, but ${type} has no throughput to set`,
        "Remove it, or use gp3",
      );
    } else if (throughputMibps !== undefined && throughputMibps > iops / 4) {
      report(
        `${path}/throughputMibps`,
        `is ${throughputMibps} on ${iops} IOPS; gp3 allows 0.25 MiB/s per IOPS`,
        `Raise gitaly.storage.iops to ${throughputMibps * 4} or lower throughputMibps to ${Math.floor(iops / 4)}`,
      );
    }
  },
};
