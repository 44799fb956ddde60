/** A JSON schema node, as far as the generators look into it. */
export interface SchemaNode {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
}

/** The schema with each `$ref` replaced by what it refers to; keywords beside a `$ref` win. */
export function withoutReferences(schema: SchemaNode): SchemaNode {
  const { definitions = {}, ...root } = schema;
  const inline = (node: SchemaNode): SchemaNode => {
    const { $ref, ...own } = node;
    const merged: SchemaNode = $ref ? { ...definitions[$ref.replace("#/definitions/", "")], ...own } : own;
    return mapChildren(merged, inline);
  };
  return inline(root);
}

/**
 * What a property is where a topology doesn't give it; undefined where its own properties say.
 *
 * @param show writes a value
 */
export function defaultText(node: SchemaNode, show: (value: unknown) => string): string | undefined {
  if (node["x-default"] !== undefined) return String(node["x-default"]);
  if (node["x-absent"] !== undefined) return `none: ${node["x-absent"]}`;
  return "default" in node && !node.properties ? show(node.default) : undefined;
}

/** The same node with the nodes of its properties and items replaced. */
export function mapChildren(node: SchemaNode, map: (child: SchemaNode, key?: string) => SchemaNode): SchemaNode {
  return {
    ...node,
    ...(node.properties && {
      properties: Object.fromEntries(Object.entries(node.properties).map(([key, child]) => [key, map(child, key)])),
    }),
    ...(node.items && { items: map(node.items) }),
  };
}
