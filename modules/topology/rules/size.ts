import type { Refusal } from "./rule";

const LARGER: readonly unknown[] = ["60rps", "100rps", "200rps", "500rps", "1000rps"];

/** Source: GitLab's reference architectures from "Up to 60 RPS or 3,000 users" on. */
export const size: Refusal = {
  name: "size",
  path: "/size",
  refuses: (value) => LARGER.includes(value),
  reason:
    "from 60rps on, GitLab's reference architectures have Gitaly Cluster (three Gitaly nodes and Praefect) and Sidekiq nodes of their own, which aren't built here",
  fix: "Use 40rps, with larger instance types if it has to be",
};
