import Ajv from "ajv";
import standaloneCode from "ajv/dist/standalone";
import type { SchemaNode } from "../modules/topology/schema-node";

/** Keywords that messages, types and reference docs read; no constraint stands behind them. */
const ANNOTATIONS = ["x-absent", "x-default", "x-expected", "x-guide", "x-unit"];

/** Ajv as the project uses it: strict, all errors at once, static defaults filled in. */
export function strictAjv(options: { code?: object } = {}): Ajv {
  const ajv = new Ajv({ strict: true, allErrors: true, verbose: true, useDefaults: true, ...options });
  ajv.addVocabulary(ANNOTATIONS);
  return ajv;
}

/** The compiled validator of the schema, as the text of a module: compiling it takes longer than a synthesis. */
export function generateValidator(schema: SchemaNode): string {
  const ajv = strictAjv({ code: { source: true, esm: true } });
  const code = standaloneCode(ajv, ajv.compile(schema));
  return `// Generated from modules/topology/topology.schema.json by \`npm run generate\`. Don't edit.\n// @ts-nocheck\n${code}\n`;
}
