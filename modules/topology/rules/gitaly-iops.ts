import type { Rule } from "./rule";

/** GitLab's documented floor for Gitaly's disk: 8,000 read and 2,000 write operations per second. */
const FLOOR = 8000;

export const gitalyIops: Rule = {
  name: "gitaly-iops",
  severity: "warning",
  reads: ["/gitaly/storage"],
  check({ gitaly }, report) {
    const { type, iops } = gitaly.storage;
    if (iops < FLOOR) {
      report(
        "/gitaly/storage/iops",
        `is ${iops}, but GitLab asks for 8000 read and 2000 write operations per second under load`,
        type === "gp3" ? "Raise it to 8000" : "Use gp3 with 8000, or io1 with 8000 on 160 GiB",
      );
    }
  },
};
