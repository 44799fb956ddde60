export type * from "./config";
export { type LoadedTopology, loadTopology, readTopology, resolveTopology } from "./load";
export { formatProblem, type Problem, subject, TopologyError } from "./problem";
