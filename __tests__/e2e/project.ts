import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TopologyFile } from "../../modules/topology";
import { run } from "./harness";

/** The checkout the tests run from. */
const CHECKOUT = resolve(__dirname, "../..");

/** A user's project in a folder of its own: a topology file, what is synthesized from it, and Terraform's states. */
export interface Project {
  readonly folder: string;
  /** The tiers. */
  readonly tiers: readonly string[];
  /** Does something with every tier's folder, tiers that don't need each other at the same time. */
  forEachTier(action: (folder: string, tier: string) => Promise<void>): Promise<void>;
  /** The same against the order: a tier after all that need it. */
  forEachTierBackwards(action: (folder: string, tier: string) => Promise<void>): Promise<void>;
  /** The folder of a tier's Terraform root module. */
  stack(tier: string): string;
  /** Writes the topology and synthesizes it, leaving the states alone. */
  synthesize(topology: TopologyFile): Promise<void>;
  /** Every state file's text, by tier. */
  states(): Readonly<Record<string, string>>;
  remove(): void;
}

/** Makes a project for a topology. */
export async function createProject(topology: TopologyFile): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), "gitlab-aws-"));
  const outdir = join(folder, "cdktf.out");
  const states = join(folder, "terraform-state");
  mkdirSync(outdir);
  const app = `node ${join(CHECKOUT, "scripts/run.mjs")} ${join(CHECKOUT, "main.ts")}`;
  writeFileSync(
    join(folder, "cdktf.json"),
    JSON.stringify({ language: "typescript", app, projectId: "e2e", sendCrashReports: "false" }),
  );

  const synthesize = async (content: TopologyFile): Promise<void> => {
    writeFileSync(join(folder, "topology.json"), JSON.stringify(content, null, 2));
    await run("node", [join(CHECKOUT, "scripts/run.mjs"), join(CHECKOUT, "main.ts")], {
      cwd: folder,
      env: { ...process.env, CDKTF_OUTDIR: outdir },
    });
  };
  await synthesize(topology);

  const needs = dependencies(outdir);
  const stack = (tier: string) => join(outdir, "stacks", tier);

  return {
    folder,
    tiers: [...needs.keys()],
    forEachTier: (action) => inOrder(needs, (tier) => action(stack(tier), tier)),
    forEachTierBackwards: (action) => inOrder(reversed(needs), (tier) => action(stack(tier), tier)),
    stack,
    synthesize,
    states: () =>
      Object.fromEntries(
        readdirSync(states)
          .filter((file) => file.endsWith(".tfstate"))
          .map((file) => [file.replace(".tfstate", ""), readFileSync(join(states, file), "utf8")]),
      ),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Which tiers each tier reads from. */
type Needs = ReadonlyMap<string, readonly string[]>;

function dependencies(outdir: string): Needs {
  const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
  return new Map(Object.keys(stacks).map((tier) => [tier, stacks[tier].dependencies]));
}

function reversed(needs: Needs): Needs {
  const tiers = [...needs.keys()];
  return new Map(tiers.map((tier) => [tier, tiers.filter((other) => needs.get(other)?.includes(tier))]));
}

/** Starts each tier's action once those of the tiers it needs are done. */
async function inOrder(needs: Needs, action: (tier: string) => Promise<void>): Promise<void> {
  const started = new Map<string, Promise<void>>();
  const start = (tier: string): Promise<void> => {
    const running = started.get(tier) ?? Promise.all((needs.get(tier) ?? []).map(start)).then(() => action(tier));
    started.set(tier, running);
    return running;
  };
  await Promise.all([...needs.keys()].map(start));
}
