import effects from "./effects.json";

/** What a change of a property does to a deployment that stands. */
export interface Effect {
  /** The resources that it ends up in, by tier and address: `database/aws_db_instance.database`. */
  readonly changes: readonly string[];
  /** Those of them that are destroyed and made anew. */
  readonly replaces: readonly string[];
}

/**
 * What a change of the property at a path does; undefined where it changes no resource. Found by synthesizing topologies
 * that differ in this property, by `npm run generate`.
 */
export function effectOf(path: readonly string[]): Effect | undefined {
  const known: Readonly<Record<string, Effect>> = effects;
  return known[path.map((key) => (/^\d+$/.test(key) ? "*" : key)).join(".")];
}
