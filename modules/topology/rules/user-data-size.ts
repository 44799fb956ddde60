import { constants, gzipSync } from "node:zlib";
import { applicationUserData } from "../../nodes/user-data";
import type { Rule } from "./rule";

/** What EC2 takes, before it is encoded in base64. */
const LIMIT = 16 * 1024;

/** What is left for another implementation of gzip than the one Terraform has. */
const SPARE = 256;

/** Host names are known at apply only. None is longer than these, or compresses worse. */
const LONGEST_HOSTS = {
  database: "gitlab-staging-a.c9akciq32rabcdefghijk.ap-northeast-3.rds.amazonaws.com.cn",
  cache: "master.gitlab-staging-a.x7k2qz3v.apne3.cache.amazonaws.com.cn",
  gitaly: "gitaly.gitlab-staging-a.internal",
};

/** User data holds all that a node needs to configure itself, gitlab.config included, and EC2 limits its size. */
export const userDataSize: Rule = {
  name: "user-data-size",
  severity: "error",
  // All of it goes into user data.
  reads: [""],
  check(topology, report) {
    const text = applicationUserData(topology, LONGEST_HOSTS);
    // What is small enough in a hurry is so at leisure.
    if (compressedSize(text, constants.Z_BEST_SPEED) + SPARE <= LIMIT) return;
    const size = compressedSize(text);
    if (size + SPARE <= LIMIT) return;
    const without = { ...topology, gitlab: { ...topology.gitlab, config: {} } };
    const room = LIMIT - SPARE - compressedSize(applicationUserData(without, LONGEST_HOSTS));
    report(
      "/gitlab/config",
      `is ${kib(size - LIMIT + SPARE)} KiB too long: EC2 takes 16 KiB of user data, compressed, and ${kib(room)} are left for it`,
      "Shorten its values, or move long ones to a secret of its own and name it with fromSecret",
    );
  },
};

/** Roughly, as implementations of gzip differ by a few bytes. */
function kib(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}

function compressedSize(text: string, level: number = constants.Z_BEST_COMPRESSION): number {
  return gzipSync(text, { level }).length;
}
