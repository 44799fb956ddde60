import { aurora } from "./aurora";
import { cacheClusterMode } from "./cache-cluster-mode";
import { efs } from "./efs";
import type { Refusal } from "./rule";
import { size } from "./size";

/** What GitLab's guide refuses, with its reasons. */
export const refusals: readonly Refusal[] = [aurora, cacheClusterMode, efs, size];
