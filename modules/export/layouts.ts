import { isDeepStrictEqual } from "node:util";
import { backendSettings, REMOTE_STATE_VARIABLE, remoteStateArguments } from "../terraform/backend";
import type { BackendConfig } from "../topology";
import type { Folder } from "./folder";
import { Inputs } from "./inputs";
import { type TierModule, type Variable, withReadings } from "./tier-module";

/** How the tiers become folders: a root module that calls a module a tier, or a root module a tier. */
export type Layout = "modules" | "stacks";

/** What a layout is made of. */
export interface Deployment {
  /** In an order in which each comes after those it reads from. */
  readonly tiers: readonly TierModule[];
  readonly domain: string;
  readonly backend: BackendConfig;
}

const MODULES = "modules";

/** The folders of a layout, the tree's own first. */
export function foldersOf(layout: Layout, deployment: Deployment): Folder[] {
  return layout === "modules" ? modulesLayout(deployment) : stacksLayout(deployment);
}

/** A name as Terraform's blocks have it. */
export function identifier(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, "_");
}

/** A root module with a module a tier: one state, one apply. A tier without anything in it has no module. */
function modulesLayout({ tiers, domain, backend }: Deployment): Folder[] {
  const filled = tiers.filter(({ resource, data, outputs }) => [resource, data, outputs].some(hasMembers));
  const inputs = new Inputs(filled);
  const [first] = filled;
  if (!first) throw new Error("there is no tier to export");
  const own = new Map(filled.map((tier) => [tier, ownVariables(tier)]));
  const root: Folder = {
    path: "",
    title: `GitLab on AWS: ${domain}`,
    purpose: "",
    ...EMPTY,
    module: Object.fromEntries(
      filled.map((tier) => [
        identifier(tier.name),
        {
          source: `./${MODULES}/${tier.name}`,
          ...Object.fromEntries(
            tier.readings.map(({ tier: from, output }) => [
              inputs.name(from, output),
              `\${module.${identifier(from)}.${output}}`,
            ]),
          ),
          ...Object.fromEntries(Object.keys(own.get(tier) ?? {}).map((name) => [name, `\${var.${name}}`])),
        },
      ]),
    ),
    variables: merged(
      "variable",
      filled.map((tier) => own.get(tier) ?? {}),
    ),
    outputs: Object.fromEntries(
      filled.flatMap(({ name: tier, outputs }) =>
        Object.entries(outputs).map(([name, { description, sensitive }]) => [
          inputs.name(tier, name),
          { description, value: `\${module.${identifier(tier)}.${name}}`, ...(sensitive && { sensitive }) },
        ]),
      ),
    ),
    provider: merged(
      "provider",
      filled.map(({ provider }) => provider),
    ),
    backend: backendSettings(backend, { project: "." }),
    requiredVersion: first.requiredVersion,
    requiredProviders: merged(
      "provider",
      filled.map(({ requiredProviders }) => requiredProviders),
    ),
    // Terraform takes `import` blocks in root modules only.
    imports: filled.flatMap(({ name, imports }) =>
      imports.map((block) => ({ ...block, to: `module.${identifier(name)}.${block.to}` })),
    ),
  };
  return [root, ...filled.map((tier) => module(tier, inputs, own.get(tier) ?? {}))];
}

function module(tier: TierModule, inputs: Inputs, own: Readonly<Record<string, Variable>>): Folder {
  if (Object.values(tier.provider).some((configurations) => configurations.length > 1)) {
    throw new Error(
      `${tier.name} has several configurations of a provider, which the layout modules can't pass; use stacks`,
    );
  }
  const tierOf = new Map(tier.readings.map(({ tier: from }) => [identifier(from), from]));
  const content = withReadings(contentOf(tier), (id, output) => `var.${inputs.name(tierOf.get(id) ?? id, output)}`);
  const taken = tier.readings.map((reading) => [inputs.name(reading.tier, reading.output), inputs.variable(reading)]);
  return {
    ...headOf(tier),
    ...EMPTY,
    path: `${MODULES}/${tier.name}`,
    ...content,
    variables: { ...own, ...Object.fromEntries(taken) },
    moved: tier.moved,
    removed: tier.removed,
  };
}

/** A root module a tier, each with a state of its own, which those after it read. */
function stacksLayout({ tiers, backend }: Deployment): Folder[] {
  return tiers.map((tier) => {
    const from = new Set(tier.readings.map((reading) => reading.tier));
    const states = Object.fromEntries(
      [...from].map((name) => [identifier(name), remoteStateArguments(backend, { tier: name, project: ".." })]),
    );
    const { data, ...content } = contentOf(tier);
    return {
      ...headOf(tier),
      ...EMPTY,
      path: tier.name,
      ...content,
      data: { ...data, ...(from.size > 0 && { terraform_remote_state: states }) },
      variables: tier.variables,
      provider: tier.provider,
      backend: backendSettings(backend, { tier: tier.name, project: ".." }),
      moved: tier.moved,
      imports: tier.imports,
      removed: tier.removed,
    };
  });
}

const EMPTY = {
  resource: {},
  data: {},
  ephemeral: {},
  locals: {},
  others: {},
  module: {},
  variables: {},
  outputs: {},
  provider: {},
  backend: {},
  moved: [],
  imports: [],
  removed: [],
} satisfies Partial<Folder>;

function headOf({ name, purpose, requiredVersion, requiredProviders }: TierModule) {
  return { title: name, purpose, requiredVersion, requiredProviders };
}

function contentOf({ resource, data, ephemeral, locals, others, outputs }: TierModule) {
  return { resource, data, ephemeral, locals, others, outputs };
}

/** The variables that a stack of one's own declares; not the one that says where states are, as there's one state only. */
function ownVariables({ variables }: TierModule): Readonly<Record<string, Variable>> {
  const { [REMOTE_STATE_VARIABLE.name]: _, ...own } = variables;
  return own;
}

/** All parts as one. @throws where two parts say different things under one name */
function merged<T>(what: string, parts: readonly Readonly<Record<string, T>>[]): Record<string, T> {
  const all: Record<string, T> = {};
  for (const [name, value] of parts.flatMap((part) => Object.entries(part))) {
    if (name in all && !isDeepStrictEqual(all[name], value)) {
      throw new Error(`tiers differ in ${what} ${name}, which the layout modules has once; use stacks`);
    }
    all[name] = value;
  }
  return all;
}

function hasMembers(value: object): boolean {
  return Object.keys(value).length > 0;
}
