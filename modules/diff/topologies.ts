import { composeGitLab } from "../gitlab";
import { synthesize } from "../testing";
import type { Topology } from "../topology";
import type { Stacks } from "./deployment";
import { type Difference, diffStacks } from "./diff";

/** What changes between two topologies. */
export interface TopologyDiff {
  /**
   * Another region, which is another deployment: Terraform looks for everything there, finds nothing and builds all of it,
   * while the old one stays where it is. Nothing is compared then. @default - the region stays
   */
  readonly region?: { readonly before: string; readonly after: string };
  readonly differences: readonly Difference[];
}

/** What Terraform would do to a deployment of one topology when another one is applied to it. */
export function diffTopologies(before: Topology, after: Topology): TopologyDiff {
  if (before.region !== after.region) {
    return { region: { before: before.region, after: after.region }, differences: [] };
  }
  return { differences: diffStacks(stacksOf(before), stacksOf(after)) };
}

/** A topology's synthesized stacks: for those who compare one with many, and don't want to synthesize it each time. */
export function stacksOf(topology: Topology): Stacks {
  return synthesize((app) => composeGitLab(app, topology));
}
