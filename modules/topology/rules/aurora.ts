import type { Refusal } from "./rule";

/** Guide: "PostgreSQL with RDS". */
export const aurora: Refusal = {
  name: "aurora",
  path: "/database/engine",
  refuses: (value) => typeof value === "string" && value.startsWith("aurora"),
  reason: "GitLab doesn't support Amazon Aurora, whose load balancing breaks it with 500 errors",
  fix: 'Use "postgres", which is Amazon RDS for PostgreSQL',
};
