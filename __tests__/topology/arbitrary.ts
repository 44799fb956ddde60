// Any topology that holds. It follows from the schema, so that a new property is generated without a word here; what the
// schema doesn't say of a value is in arbitrary-values.ts, and what values need to fit together in arbitrary-fits.ts.
import fc from "fast-check";
import type { TopologyFile } from "../../modules/topology";
import type { SchemaNode } from "../../modules/topology/schema-node";
import schema from "../../modules/topology/topology.schema.json";
import { type Facts, factsOf, fits } from "./arbitrary-fits";
import { awkwardText, values } from "./arbitrary-values";

/** The same topologies in every run; `SEED=n` tries others. */
export const SEED = Number(process.env.SEED ?? 20260101);

/** What a deployment's files have to do with each other isn't for one of them to say. */
const LEFT_OUT = ["/extends"];

const ROOT = schema as SchemaNode;

/** Pointers to all that the schema has: `0` stands for any item, `*` for any key, and `=` is before a choice. */
export function pathsOfSchema(node = ROOT, path = ""): string[] {
  const choices = choicesOf(node).map((choice) => `${path}=${choice}`);
  return [path, ...choices, ...childrenOf(node, path).flatMap((child) => pathsOfSchema(child.node, child.path))];
}

/** Those of them that stand in a value. */
export function pathsIn(value: unknown, node = ROOT, path = ""): string[] {
  const choice = choicesOf(node).includes(value) ? [`${path}=${value}`] : [];
  return [
    path,
    ...choice,
    ...membersOf(value, node, path).flatMap(([, member, child]) => pathsIn(member, child.node, child.path)),
  ];
}

interface Child {
  /** Undefined where any key or index leads to it. */
  readonly key?: string;
  readonly path: string;
  readonly node: SchemaNode;
}

function childrenOf(node: SchemaNode, path: string): Child[] {
  const { properties = {}, items, additionalProperties: rest } = resolved(node);
  const named = Object.entries(properties).map(([key, child]): Child => ({ key, path: `${path}/${key}`, node: child }));
  const others: Child[] = [
    ...(items ? [{ path: `${path}/0`, node: items }] : []),
    ...(typeof rest === "object" ? [{ path: `${path}/*`, node: rest as SchemaNode }] : []),
  ];
  return [...named, ...others].filter((child) => !LEFT_OUT.includes(child.path));
}

/** What is in an object or a list, each with what the schema says of it. */
function membersOf(value: unknown, node: SchemaNode, path: string): [key: string, member: unknown, child: Child][] {
  if (typeof value !== "object" || value === null) return [];
  const children = childrenOf(node, path);
  return Object.entries(value).flatMap(([key, member]) => {
    const child = children.find((one) => one.key === undefined || one.key === key);
    return child && member !== undefined ? [[key, member, child] as [string, unknown, Child]] : [];
  });
}

function choicesOf(node: SchemaNode): readonly unknown[] {
  const { type, enum: choices = [], const: only } = resolved(node);
  return type === "boolean" && only === undefined ? [true, false] : choices;
}

function resolved(node: SchemaNode): SchemaNode {
  const definitions: Readonly<Record<string, SchemaNode>> = schema.definitions;
  return node.$ref ? { ...definitions[node.$ref.replace("#/definitions/", "")], ...node } : node;
}

function arbitraryOf(node: SchemaNode, path: string): fc.Arbitrary<unknown> {
  return values[path] ?? values[node.$ref ?? "-"] ?? bySchema(resolved(node), path);
}

function bySchema(node: SchemaNode, path: string): fc.Arbitrary<unknown> {
  if (node.const !== undefined) return fc.constant(node.const);
  if (node.enum) return fc.constantFrom(...node.enum);
  switch (node.type) {
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer({ min: node.minimum as number, max: node.maximum as number });
    case "string":
      return text(node);
    case "array":
      return list(node, path);
    case "object":
      return node.properties ? record(node, path) : map(node, path);
    default:
      throw new Error(`${path} is of the type ${node.type}, which nothing here generates`);
  }
}

function text({ pattern, examples = [], ...node }: SchemaNode): fc.Arbitrary<unknown> {
  const { minLength = 0, maxLength = Infinity } = node as { minLength?: number; maxLength?: number };
  const others =
    pattern === undefined ? awkwardText(minLength, maxLength) : fc.stringMatching(new RegExp(pattern as string, "u"));
  const fitting = others.filter((one) => [...one].length >= minLength && [...one].length <= maxLength);
  return fc.oneof(fc.constantFrom(...examples), fitting);
}

function list(node: SchemaNode, path: string): fc.Arbitrary<unknown[]> {
  const items = arbitraryOf(node.items as SchemaNode, `${path}/0`);
  const { minItems: minLength, maxItems: maxLength } = node as { minItems?: number; maxItems?: number };
  return node.uniqueItems ? fc.uniqueArray(items, { minLength, maxLength }) : fc.array(items, { minLength, maxLength });
}

function record(node: SchemaNode, path: string): fc.Arbitrary<object> {
  const { required = [], minProperties = 0 } = node as { required?: string[]; minProperties?: number };
  const members: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(
    childrenOf(node, path).map((child) => [child.key, arbitraryOf(child.node, child.path)]),
  );
  return fc
    .record(members, { requiredKeys: required, noNullPrototype: true })
    .filter((value) => Object.keys(value).length >= minProperties);
}

function map(node: SchemaNode, path: string): fc.Arbitrary<object> {
  const [example = {}] = node.examples as object[];
  const names = { type: "string", examples: Object.keys(example), ...(node.propertyNames as SchemaNode) };
  return fc.dictionary(
    (values[`${path}/?`] ?? bySchema(names, path)) as fc.Arbitrary<string>,
    arbitraryOf(node.additionalProperties as SchemaNode, `${path}/*`),
    { maxKeys: node.maxProperties as number | undefined, noNullPrototype: true },
  );
}

/** A generated value as a topology that holds: the inner ones first, so that the outer ones have the last word. */
function fitted(value: unknown, known: Facts, node = ROOT, path = ""): unknown {
  const members = membersOf(value, node, path).map(
    ([key, member, child]) => [key, fitted(member, known, child.node, child.path)] as const,
  );
  const whole = Array.isArray(value)
    ? members.map(([, member]) => member)
    : members.length > 0
      ? Object.fromEntries(members)
      : value;
  const adjust = fits[path] ?? fits[node.$ref ?? "-"];
  return adjust ? adjust(whole as never, known, path) : whole;
}

/** Topology files that hold: the rules have nothing against them. */
export const topologies: fc.Arbitrary<TopologyFile> = arbitraryOf(ROOT, "").map((value) => {
  const generated = value as TopologyFile;
  return fitted(generated, factsOf(generated)) as TopologyFile;
});
