export { compare, type Difference, isConflict, type Kind } from "./compare";
export type { Format } from "./folder";
export type { Layout } from "./layouts";
export { readManifest } from "./manifest";
export { recover, replace } from "./replace";
export { type Tree, type TreeOptions, terraformTree } from "./tree";
