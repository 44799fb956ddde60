import { existsSync } from "node:fs";
import { dirname, join, parse, relative, resolve, sep } from "node:path";

/** Where the schema is beside a topology: in a checkout of this project, or in a project that has its package. */
const PLACES = ["schemas/topology.schema.json", "node_modules/gitlab-aws/schemas/topology.schema.json"];

/** The relative way from a topology file to the schema; undefined where no folder above the file has it. */
export function schemaPath(file: string): string | undefined {
  const folder = dirname(resolve(file));
  const found = parents(folder)
    .flatMap((parent) => PLACES.map((place) => join(parent, place)))
    .find((path) => existsSync(path));
  if (!found) return undefined;
  const path = relative(folder, found).split(sep).join("/");
  return path.startsWith("../") ? path : `./${path}`;
}

/** A folder and all it lies in. */
function parents(folder: string): string[] {
  return folder === parse(folder).root ? [folder] : [folder, ...parents(dirname(folder))];
}
