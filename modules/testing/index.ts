/**
 * What tests of synthesized output need, for jest or any other runner:
 *
 *     const stacks = synthesize((app) => composeGitLab(app, topology));
 *     expect(resource(stacks.database, "aws_db_instance", "database")).toMatchObject({ multi_az: true });
 *
 * @packageDocumentation
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Manifest, TerraformStack } from "cdktf";

/** The arguments of one block. */
// biome-ignore lint/suspicious/noExplicitAny: Terraform's JSON has no types
export type Block = Record<string, any>;

/** Blocks by type, and then by name. */
export type Blocks = Record<string, Record<string, Block>>;

/** One stack's `cdk.tf.json`. */
export interface TerraformJson {
  readonly resource?: Blocks;
  readonly data?: Blocks;
  readonly ephemeral?: Blocks;
  readonly locals?: Readonly<Record<string, string>>;
  readonly output?: Record<string, Block>;
  readonly variable?: Record<string, Block>;
  readonly provider: Record<string, Block[]>;
  readonly terraform: Block;
}

/**
 * The stacks of an app that is composed by `compose`, by name.
 *
 * It is the real synthesis, references between stacks included, into a folder that is gone afterwards. Do it once for many
 * assertions: it's what takes time.
 */
export function synthesize(compose: (app: App) => void): Record<string, TerraformJson> {
  return inOutdir((outdir) => {
    const app = new App({ outdir });
    compose(app);
    app.synth();
    const names = app.node.children.filter(TerraformStack.isStack).map(({ node }) => node.id);
    return Object.fromEntries(
      names
        .sort()
        .map((name) => [
          name,
          JSON.parse(readFileSync(join(outdir, Manifest.stacksFolder, name, "cdk.tf.json"), "utf8")),
        ]),
    );
  });
}

/** Runs `use` with a folder that is gone afterwards. */
export function inOutdir<T>(use: (outdir: string) => T): T {
  const outdir = mkdtempSync(join(tmpdir(), "cdktf-out-"));
  try {
    return use(outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** A stack's resources of one type, by name, without cdktf's metadata. */
export function resources(stack: TerraformJson | undefined, type: string): Record<string, Block> {
  return blocks(stack?.resource, type);
}

/** The arguments of `aws_vpc.vpc`. @throws where there's none */
export function resource(stack: TerraformJson | undefined, type: string, id: string): Block {
  return one(resources(stack, type), `${type}.${id}`, id);
}

/** The arguments of `data.aws_ami.image`. @throws where there's none */
export function dataSource(stack: TerraformJson | undefined, type: string, id: string): Block {
  return one(blocks(stack?.data, type), `data.${type}.${id}`, id);
}

/** The values of a stack's outputs, by name. */
export function outputs(stack: TerraformJson | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(stack?.output ?? {}).map(([name, { value }]) => [name, value]));
}

/** All of a stack's addresses, such as `aws_vpc.vpc`, `data.aws_ami.image` and `ephemeral.aws_x.y`, sorted. */
export function addresses(stack: TerraformJson | undefined): string[] {
  return addressesOf(stack).map(([address]) => address);
}

/** All of a stack's blocks with their addresses, sorted. */
export function addressesOf(stack: TerraformJson | undefined): [address: string, block: Block][] {
  const of = (prefix: string, all: Blocks = {}) =>
    Object.keys(all).flatMap((type) =>
      Object.entries(blocks(all, type)).map(([id, block]): [string, Block] => [`${prefix}${type}.${id}`, block]),
    );
  return [...of("", stack?.resource), ...of("data.", stack?.data), ...of("ephemeral.", stack?.ephemeral)].sort(
    ([one], [other]) => (one < other ? -1 : 1),
  );
}

function blocks(all: Blocks | undefined, type: string): Record<string, Block> {
  return Object.fromEntries(
    Object.entries(all?.[type] ?? {}).map(([id, { "//": _, ...block }]): [string, Block] => [id, block]),
  );
}

function one(found: Record<string, Block>, address: string, id: string): Block {
  const block = found[id];
  if (!block) throw new Error(`there is no ${address}; there are ${Object.keys(found).join(", ") || "none"}`);
  return block;
}
