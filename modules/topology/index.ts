export type * from "./config";
export { type LoadedTopology, loadTopology, readTopology, resolveTopology } from "./load";
export { formatProblem, type Problem, TopologyError } from "./problem";
