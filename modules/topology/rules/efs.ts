import type { Refusal } from "./rule";

/** Guide: "Elastic File System (EFS)". */
export const efs: Refusal = {
  name: "efs",
  path: "/gitaly/storage/type",
  refuses: (value) => value === "efs",
  reason:
    "GitLab advises against EFS, as cloud file systems are too slow for many small files written one after another",
  fix: 'Use an EBS volume: "io1", "io2" or "gp3"',
};
