import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual, stripVTControlCharacters } from "node:util";
import type { Emulator } from "./emulator";

/** Write-only arguments came with 1.11. */
const OLDEST_TERRAFORM = [1, 11] as const;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Takes what a command prints, as it prints it. */
export type Log = (text: string) => void;

export interface RunOptions {
  readonly cwd: string;
  readonly env: Environment;
  /** @default - what is printed is kept for the result alone */
  readonly log?: Log;
  /** Resolve whatever the exit code. @default - any code but 0 rejects */
  readonly allowFailure?: boolean;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** Runs a command to its end. What it said of errors is part of the error when it fails. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { cwd, env, log, allowFailure = false } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const printed = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        printed[stream] += text;
        log?.(text);
      });
    }
    child.on("error", reject);
    child.on("close", (status, signal) => {
      const code = status ?? -1;
      if (code === 0 || allowFailure) return resolve({ ...printed, code });
      const line = [command, ...args].join(" ");
      reject(new Error(`${line}: ${signal ?? `exit code ${code}`} in ${cwd}\n${reason(printed)}`));
    });
  });
}

/** What Terraform, and what runs it, say of errors; all that was printed where they say nothing. */
function reason({ stdout, stderr }: Omit<RunResult, "code">): string {
  const printed = stripVTControlCharacters(`${stdout}${stderr}`).split("\n");
  const errors = printed.flatMap((line, index) => (/\bError: /.test(line) ? printed.slice(index, index + 8) : []));
  return (errors.length > 0 ? errors : printed).join("\n");
}

/** Makes sure that `terraform` can be run, and is new enough. */
export function findTerraform(): string {
  const hint = "Install Terraform: https://developer.hashicorp.com/terraform/install";
  let version: string;
  try {
    const answer = execFileSync("terraform", ["version", "-json"], {
      encoding: "utf8",
      env: terraformSettings(),
      stdio: ["ignore", "pipe", "ignore"],
    });
    version = JSON.parse(answer).terraform_version;
  } catch (error) {
    throw new Error(`Terraform doesn't run: ${(error as Error).message}. ${hint}`);
  }
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_TERRAFORM;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new Error(`Terraform ${version} is too old: ${OLDEST_TERRAFORM.join(".")} is needed. ${hint}`);
  }
  return "terraform";
}

/**
 * An environment in which Terraform deploys to the emulator.
 *
 * Providers come from the filesystem mirror that `TF_PLUGIN_MIRROR` names, through a CLI configuration written to
 * `scratchDir`, and from the public registry where the variable isn't set.
 */
export function terraformEnv(emulator: Pick<Emulator, "env">, scratchDir: string): Environment {
  const env: Record<string, string | undefined> = { ...terraformSettings(), ...emulator.env };
  const mirror = process.env.TF_PLUGIN_MIRROR;
  if (mirror) {
    env.TF_CLI_CONFIG_FILE = join(scratchDir, "terraform.rc");
    writeFileSync(env.TF_CLI_CONFIG_FILE, mirrorConfig(mirror));
  }
  return env;
}

/** The process' own environment without what would steer AWS or Terraform elsewhere. */
export function terraformSettings(): Record<string, string | undefined> {
  const neutral = Object.entries(process.env).filter(([name]) => !/^(AWS|TF)_/.test(name));
  const config = process.env.TF_CLI_CONFIG_FILE;
  return {
    ...Object.fromEntries(neutral),
    // Terraform only warns of a file that isn't there, but does so in the middle of what is parsed.
    ...(config && existsSync(config) ? { TF_CLI_CONFIG_FILE: config } : {}),
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
  };
}

function mirrorConfig(path: string): string {
  return `provider_installation {
  filesystem_mirror {
    path = ${JSON.stringify(path)}
  }
  direct {
    exclude = ["registry.terraform.io/*/*"]
  }
}
`;
}

/** Terraform in one environment; every method takes the folder of a root module. */
export class Terraform {
  private readonly command = findTerraform();

  constructor(
    private readonly env: Environment,
    private readonly log?: Log,
  ) {}

  async init(dir: string, ...args: string[]): Promise<void> {
    await this.run(dir, ["init", "-no-color", ...args]);
  }

  async validate(dir: string): Promise<Validation> {
    // Invalid is an answer too.
    const { stdout } = await this.attempt(dir, ["validate", "-json"]);
    return JSON.parse(stdout);
  }

  async apply(dir: string, ...args: string[]): Promise<void> {
    await this.run(dir, ["apply", "-auto-approve", "-no-color", ...args]);
  }

  /** Plans without applying, and gives back what would change: nothing, where Terraform says that there are no changes. */
  async changes(dir: string): Promise<PlanChange[]> {
    const { code } = await this.attempt(dir, ["plan", "-no-color", "-detailed-exitcode"]);
    return code === 0 ? [] : changes(await this.plan(dir));
  }

  /** Plans without applying. */
  async plan(dir: string, ...args: string[]): Promise<Plan> {
    const scratch = mkdtempSync(join(tmpdir(), "plan-"));
    try {
      const file = join(scratch, "plan");
      await this.run(dir, ["plan", "-no-color", `-out=${file}`, ...args]);
      const { stdout } = await run(this.command, ["show", "-json", file], { cwd: dir, env: this.env });
      return JSON.parse(stdout);
    } finally {
      rmSync(scratch, { recursive: true });
    }
  }

  async destroy(dir: string, ...args: string[]): Promise<void> {
    await this.run(dir, ["destroy", "-auto-approve", "-no-color", ...args]);
  }

  /** Runs any command of Terraform's, and resolves when it fails too. */
  attempt(dir: string, args: readonly string[]): Promise<RunResult> {
    return run(this.command, args, { cwd: dir, env: this.env, log: this.log, allowFailure: true });
  }

  private run(dir: string, args: readonly string[]): Promise<RunResult> {
    return run(this.command, args, { cwd: dir, env: this.env, log: this.log });
  }
}

/** `terraform validate -json` */
export interface Validation {
  readonly valid: boolean;
  readonly error_count: number;
  readonly warning_count: number;
  readonly diagnostics: readonly {
    readonly severity: string;
    readonly summary: string;
    readonly detail?: string;
    readonly range?: { readonly filename: string };
  }[];
}

/** `terraform show -json` of a plan: the parts that the tests read. */
export interface Plan {
  readonly resource_changes?: readonly (Change & { readonly address: string; readonly mode: string })[];
  readonly output_changes?: Readonly<Record<string, Change["change"]>>;
  readonly configuration: { readonly root_module: Configuration };
}

/** A module's part of a plan's `configuration`. */
export interface Configuration {
  readonly resources?: readonly { readonly address: string; readonly type: string; readonly expressions?: unknown }[];
  readonly module_calls?: Readonly<
    Record<string, { readonly module: Configuration; readonly expressions?: Configuration["expressions"] }>
  >;
  readonly expressions?: Readonly<Record<string, { readonly references?: readonly string[] }>>;
}

interface Change {
  readonly change: {
    readonly actions: readonly string[];
    readonly before: unknown;
    readonly after: unknown;
    readonly after_unknown?: unknown;
  };
}

export interface PlanChange {
  readonly address: string;
  readonly actions: readonly string[];
  /** Only attributes that differ. What is known after apply only is after: "(known after apply)". */
  readonly differences: Readonly<Record<string, { readonly before: unknown; readonly after: unknown }>>;
}

/**
 * What a plan would do: nothing, where `terraform plan` says "No changes".
 *
 * The plan's `resource_drift` isn't part of it. After a first apply that lists every computed attribute that settled
 * once other resources came, such as a security group's rules: nothing that would be changed.
 */
export function changes(plan: Plan): PlanChange[] {
  const resources = (plan.resource_changes ?? []).map(({ address, change }) => ({ address, change }));
  const outputs = Object.entries(plan.output_changes ?? {}).map(([name, change]) => ({
    address: `output.${name}`,
    change: { ...change, before: { value: change.before }, after: { value: change.after } },
  }));
  return [...resources, ...outputs]
    .filter(({ change }) => change.actions.join() !== "no-op")
    .map(({ address, change }) => ({ address, actions: change.actions, differences: differences(change) }));
}

function differences({ before, after, after_unknown }: Change["change"]): PlanChange["differences"] {
  const attributes = (value: unknown) => (value ?? {}) as Record<string, unknown>;
  const [old, planned, unknown] = [attributes(before), attributes(after), attributes(after_unknown)];
  const names = new Set([old, planned, unknown].flatMap(Object.keys));
  const rows = [...names].map((name) => {
    const next = unknown[name] === true ? "(known after apply)" : planned[name];
    return [name, { before: old[name], after: next }] as const;
  });
  return Object.fromEntries(rows.filter(([, row]) => !isDeepStrictEqual(row.before, row.after)));
}
