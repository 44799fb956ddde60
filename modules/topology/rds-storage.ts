// What RDS says of storage. Source: Amazon RDS User Guide, "Amazon RDS DB instance storage" and "Managing capacity
// automatically with Amazon RDS storage autoscaling".

/** From this size gp3 volumes are striped, have 12,000 IOPS instead of 3,000, and take more to provision. */
export const GP3_STRIPED_GIB = 400;

/** Provisioned IOPS go with storage, as allocated and as autoscaling may grow it, of at most so many GiB each. */
export const MOST_GIB_PER_IOPS = 2;

/** The least that autoscaling may be limited to: 10 % above the allocated storage. */
export function leastMaxSizeGib(sizeGib: number): number {
  return Math.ceil((sizeGib * 11) / 10);
}
