import { GP3_STRIPED_GIB, leastMaxSizeGib, MOST_GIB_PER_IOPS } from "../rds-storage";
import type { Rule } from "./rule";

/**
 * What RDS for PostgreSQL allows of size and IOPS.
 *
 * Source: Amazon RDS User Guide, "Amazon RDS DB instance storage".
 */
const LIMITS = {
  io1: { minGib: 100, maxIops: 256000, maxIopsPerGib: 50 },
  io2: { minGib: 100, maxIops: 256000, maxIopsPerGib: 1000 },
  gp3: { minGib: 20, maxIops: 64000, maxIopsPerGib: 500 },
} as const;

export const databaseStorage: Rule = {
  name: "database-storage",
  severity: "error",
  reads: ["/database/storage"],
  check({ database }, report) {
    const { type, sizeGib, iops, maxSizeGib } = database.storage;
    const limits = LIMITS[type];
    const path = "/database/storage";
    // A volume that is too small for its type has to grow anyway.
    const usableGib = Math.max(sizeGib, limits.minGib);
    if (sizeGib < limits.minGib) {
      report(
        `${path}/sizeGib`,
        `is ${sizeGib} GiB, but ${type} needs at least ${limits.minGib}`,
        `Raise it to ${limits.minGib}, or use gp3`,
      );
    }
    if (type === "gp3" && sizeGib < GP3_STRIPED_GIB && iops !== 3000) {
      report(
        `${path}/iops`,
        `is ${iops}, but gp3 below ${GP3_STRIPED_GIB} GiB has 3000 IOPS and no others`,
        `Remove it, or raise database.storage.sizeGib to ${GP3_STRIPED_GIB}`,
      );
    } else if (type === "gp3" && sizeGib >= GP3_STRIPED_GIB && iops < 12000) {
      report(
        `${path}/iops`,
        `is ${iops}, but gp3 of ${GP3_STRIPED_GIB} GiB or more has 12000 IOPS at least`,
        "Remove it, or raise it to 12000",
      );
    } else if (iops > limits.maxIops) {
      report(
        `${path}/iops`,
        `is ${iops}, but ${type} allows ${limits.maxIops} at most`,
        `Lower it to ${limits.maxIops}`,
      );
    } else if (iops > usableGib * limits.maxIopsPerGib) {
      const ratio = Math.round((iops / sizeGib) * 10) / 10;
      const size = Math.ceil(iops / limits.maxIopsPerGib);
      report(
        `${path}/iops`,
        `is ${iops} on ${sizeGib} GiB, which is ${ratio} IOPS per GiB; ${type} allows ${limits.maxIopsPerGib}`,
        `Raise database.storage.sizeGib to ${size} or lower iops to ${usableGib * limits.maxIopsPerGib}`,
      );
    }
    if (type !== "gp3" && sizeGib > iops * MOST_GIB_PER_IOPS) {
      report(
        `${path}/iops`,
        `is ${iops} on ${sizeGib} GiB, but ${type} has at least 0.5 IOPS per GiB`,
        `Raise it to ${Math.ceil(sizeGib / MOST_GIB_PER_IOPS)}`,
      );
    } else if (type !== "gp3" && maxSizeGib > iops * MOST_GIB_PER_IOPS) {
      report(
        `${path}/maxSizeGib`,
        `is ${maxSizeGib} GiB with ${iops} IOPS, but ${type} has at least 0.5 IOPS per GiB, grown storage included`,
        `Lower it to ${iops * MOST_GIB_PER_IOPS} or raise database.storage.iops to ${Math.ceil(maxSizeGib / MOST_GIB_PER_IOPS)}`,
      );
    }
    if (maxSizeGib !== 0 && maxSizeGib < leastMaxSizeGib(sizeGib)) {
      report(
        `${path}/maxSizeGib`,
        `is ${maxSizeGib} GiB, which is less than 10 % above sizeGib, ${sizeGib}`,
        `Raise it to ${leastMaxSizeGib(sizeGib)} or more, or use 0 for no autoscaling`,
      );
    }
  },
};
