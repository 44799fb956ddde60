/** A PostgreSQL parameter of the database's parameter group. */
export interface DatabaseParameter {
  readonly name: string;
  /** The value, or an RDS formula over `DBInstanceClassMemory` (bytes). */
  readonly value: string;
  /** Static parameters take effect at the next restart. */
  readonly applyMethod: "immediate" | "pending-reboot";
}

/**
 * What GitLab requires of PostgreSQL, at least, whatever the instance class.
 *
 * Source: GitLab administration, "Tune PostgreSQL", required settings; RDS User Guide, "Specifying DB parameters".
 */
export const requiredParameters: readonly DatabaseParameter[] = [
  { name: "rds.force_ssl", value: "1", applyMethod: "immediate" },
  { name: "work_mem", value: "8192", applyMethod: "immediate" },
  { name: "maintenance_work_mem", value: "65536", applyMethod: "immediate" },
  { name: "statement_timeout", value: "60000", applyMethod: "immediate" },
  // RDS' own formulas, with GitLab's floors: 2 GiB in blocks of 8 KiB, and 400 connections.
  { name: "shared_buffers", value: "GREATEST({DBInstanceClassMemory/32768},262144)", applyMethod: "pending-reboot" },
  { name: "max_connections", value: "GREATEST({DBInstanceClassMemory/9531392},400)", applyMethod: "pending-reboot" },
];
