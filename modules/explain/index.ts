export { type Explained, explainProperty, explainValues, type Origin, type PropertyExplained } from "./explain";
export { formatPath, namesAt, nodeAt, parsePath } from "./properties";
