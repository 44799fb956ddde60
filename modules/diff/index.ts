export type { Stacks } from "./deployment";
export { type Action, type Change, type Difference, diffStacks } from "./diff";
export { diffTopologies, stacksOf, type TopologyDiff } from "./topologies";
