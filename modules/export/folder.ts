import { canonicalJson, isObject, type Json, type JsonObject } from "../json";
import type { BackendSettings } from "../terraform/backend";
import type { BlockPaths } from "./block-paths";
import { type Block, type Body, hclFile, type IsBlock, Raw, references } from "./hcl";
import type { TierModule } from "./tier-module";

/** The syntax of an exported tree. What stands in side files is HCL in both. */
export type Format = "json" | "hcl";

/**
 * A folder of Terraform: a root module, or one that a root module calls. Of the latter, provider configurations and backend are
 * empty: its caller has them.
 */
export interface Folder extends Omit<TierModule, "name" | "readings" | "inputNames"> {
  /** The way to it from the tree's own folder; empty for that one. */
  readonly path: string;
  readonly title: string;
  /** Calls of modules by name. */
  readonly module: Readonly<Record<string, JsonObject>>;
  /** Where the state is. Empty where `terraform init` or HCP Terraform knows. */
  readonly backend: BackendSettings;
}

/** A folder's files by name, without its README. */
export function terraformFiles(folder: Folder, format: Format, blockPaths: BlockPaths): Record<string, string> {
  const { resource, data, ephemeral, locals, others, module, variables, outputs, provider } = folder;
  const parts: Record<string, JsonObject> = {
    main: filled({ data, ephemeral, locals, module, resource, ...others } as unknown as JsonObject),
    variables: filled({ variable: variables } as unknown as JsonObject),
    outputs: filled({ output: outputs } as unknown as JsonObject),
    providers: filled({ provider } as unknown as JsonObject),
  };
  const main = Object.entries(parts)
    .filter(([, content]) => Object.keys(content).length > 0)
    .map(([name, content]) =>
      format === "json"
        ? [`${name}.tf.json`, canonicalJson(content)]
        : [`${name}.tf`, hclFile(blocksOf(content, blockPaths))],
    );
  return { ...Object.fromEntries(main), ...sideFiles(folder) };
}

/**
 * What stands in HCL whatever the format: checkov's reader of `.tf.json` dies of `required_version`, `moved`, `import` and
 * `removed` (https://github.com/bridgecrewio/checkov/issues/7454).
 */
function sideFiles(folder: Folder): Record<string, string> {
  const { requiredVersion, requiredProviders, backend, moved, imports, removed } = folder;
  const versions = {
    required_version: requiredVersion,
    required_providers: requiredProviders as unknown as Json,
  };
  const refactoring = [
    ...moved.map((body) => ({ type: "moved", body: withReferences(body, "from", "to") })),
    ...imports.map((body) => ({ type: "import", body: withReferences(body, "to", "provider") })),
    ...removed.map((body) => ({
      type: "removed",
      body: withReferences(body, "from"),
      isBlock: (path: string) => path === "lifecycle",
    })),
  ];
  return {
    "versions.tf": hclFile([{ type: "terraform", body: versions, isBlock: (path) => path === "required_providers" }]),
    ...(Object.keys(backend).length > 0 && { "backend.tf": hclFile([backendBlock(backend)]) }),
    ...(refactoring.length > 0 && { "moved.tf": hclFile(refactoring) }),
  };
}

function backendBlock({ backend, cloud }: BackendSettings): Block {
  if (cloud) {
    return {
      type: "terraform",
      body: { cloud: cloud as unknown as Json },
      isBlock: (path) => ["cloud", "cloud.workspaces"].includes(path),
    };
  }
  const [[type, args] = ["local", {}]] = Object.entries(backend ?? {});
  // A block with a label inside another one.
  return { type: "terraform", body: {}, children: [{ type: "backend", labels: [type], body: args as Body }] };
}

function withReferences(body: JsonObject, ...names: string[]): Body {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, names.includes(name) ? new Raw(String(value)) : value]),
  );
}

/** Without members that are empty. */
function filled(content: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(content).filter(([, value]) => !isObject(value) || Object.keys(value).length),
  );
}

/** The kinds of block that have a type and a name; those below have a name, `locals` neither. */
const TYPED = ["data", "ephemeral", "resource"];
const NAMED = ["module", "variable", "output", "check"];

function blocksOf(content: JsonObject, blockPaths: BlockPaths): Block[] {
  return Object.keys(content)
    .sort(byKind)
    .flatMap((kind): Block[] => {
      const members = content[kind] as JsonObject;
      if (kind === "locals") return [{ type: kind, body: members }];
      if (TYPED.includes(kind)) {
        return Object.keys(members)
          .sort()
          .flatMap((type) => {
            const named = members[type] as JsonObject;
            const isBlock: IsBlock = (path) => blockPaths.has(`${kind}.${type}.${path}`);
            return Object.keys(named)
              .sort()
              .map((name) => ({
                type: kind,
                labels: [type, name],
                body: bodyOf(kind, named[name] as JsonObject),
                isBlock,
              }));
          });
      }
      if (kind === "provider") {
        return Object.keys(members)
          .sort()
          .flatMap((name) => {
            const isBlock: IsBlock = (path) => blockPaths.has(`provider.${name}.${path}`);
            const configurations = members[name] as readonly JsonObject[];
            return configurations.map((body) => ({ type: kind, labels: [name], body, isBlock }));
          });
      }
      if (NAMED.includes(kind)) {
        return Object.keys(members)
          .sort()
          .map((name) => ({
            type: kind,
            labels: [name],
            body: bodyOf(kind, members[name] as JsonObject),
            isBlock: (path) =>
              (kind === "variable" && path === "validation") || (kind === "check" && path === "assert"),
          }));
      }
      throw new Error(`a block of type ${kind} has no form in HCL here; export as JSON`);
    });
}

/** What things are read from, then what is made of it. */
function byKind(one: string, other: string): number {
  const order = ["locals", "data", "ephemeral", "module", "resource"];
  return order.indexOf(one) - order.indexOf(other) || (one < other ? -1 : 1);
}

function bodyOf(kind: string, { depends_on, type, provider, ...body }: JsonObject): Body {
  return {
    ...body,
    ...(depends_on !== undefined && { depends_on: references(depends_on) }),
    ...(provider !== undefined && { provider: new Raw(String(provider)) }),
    ...(type !== undefined && { type: kind === "variable" ? new Raw(String(type)) : type }),
  };
}
