export { documentOf, isWritable } from "./document";
export { doubts, type Finding, formatFinding, objections } from "./findings";
export { Cancelled, interview } from "./interview";
export { schemaPath } from "./schema-path";
export { type Answers, topologyOf } from "./settings";
