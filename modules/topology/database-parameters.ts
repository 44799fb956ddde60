/** A PostgreSQL parameter of the database's parameter group. */
export interface DatabaseParameter {
  readonly name: string;
  /** The value, or an RDS formula over `DBInstanceClassMemory` (bytes). */
  readonly value: string;
  /** Static parameters take effect at the next restart. */
  readonly applyMethod: "immediate" | "pending-reboot";
}

/** A parameter that GitLab has a requirement for. */
export interface RequiredParameter extends DatabaseParameter {
  /** The least and the most the topology may set it to, in PostgreSQL's unit; formulas are up to whoever writes them. */
  readonly range: readonly [least: number, most: number];
}

/**
 * What GitLab requires of PostgreSQL, whatever the instance class.
 *
 * Source: GitLab administration, "Tune PostgreSQL", required settings; RDS User Guide, "Specifying DB parameters".
 */
export const requiredParameters: readonly RequiredParameter[] = [
  { name: "rds.force_ssl", value: "1", range: [1, 1], applyMethod: "immediate" },
  { name: "work_mem", value: "8192", range: [8192, Infinity], applyMethod: "immediate" },
  { name: "statement_timeout", value: "60000", range: [15000, 60000], applyMethod: "immediate" },
  // RDS' own formulas, with GitLab's floors: 64 MiB in KiB, 2 GiB in blocks of 8 KiB, and 400 connections.
  {
    name: "maintenance_work_mem",
    value: "GREATEST({DBInstanceClassMemory*1024/63963136},65536)",
    range: [65536, Infinity],
    applyMethod: "immediate",
  },
  {
    name: "shared_buffers",
    value: "GREATEST({DBInstanceClassMemory/32768},262144)",
    range: [262144, Infinity],
    applyMethod: "pending-reboot",
  },
  {
    name: "max_connections",
    value: "GREATEST({DBInstanceClassMemory/9531392},400)",
    range: [400, Infinity],
    applyMethod: "pending-reboot",
  },
];

/** GitLab's parameters, overridden and extended by the topology's own. */
export function databaseParameters(own: Readonly<Record<string, string>>): DatabaseParameter[] {
  const required = requiredParameters.map(({ name, value, applyMethod }) => ({
    name,
    value: own[name] ?? value,
    applyMethod,
  }));
  const names = required.map(({ name }) => name);
  const further = Object.entries(own).filter(([name]) => !names.includes(name));
  return [...required, ...further.map(([name, value]) => ({ name, value, applyMethod: "pending-reboot" as const }))];
}
