import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { AWS_PROVIDER } from "../../modules/terraform/tier-stack";
import { type Environment, Terraform } from "./harness";
import { startSchemaFilter } from "./schema-filter";

/** A running AWS provider, which many commands of Terraform's attach to. */
export interface Provider {
  /** An environment in which a command uses it: the given one, in which Terraform neither installs nor starts one. */
  readonly env: Environment;
  stop(): Promise<void>;
}

/**
 * Starts the AWS provider once for all commands. By itself, Terraform starts it for each command and each configuration in
 * it, which takes seconds of both processors' time every time.
 *
 * It holds one configuration at a time: commands that run at the same time have to configure it alike.
 *
 * Source: HashiCorp's "Debugging Providers", "Starting A Provider In Debug Mode".
 *
 * @param env Where the provider finds AWS.
 */
export async function startProvider(env: Environment, scratchDir: string): Promise<Provider> {
  const folder = join(scratchDir, "provider");
  mkdirSync(folder);
  const child = spawn(await install(env, folder), ["-debug"], {
    // Its socket goes with the rest.
    env: { ...env, TMPDIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = () => child.kill();
  process.once("exit", end);
  const exited = once(child, "exit").then(() => {
    process.off("exit", end);
  });
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  for await (const line of createInterface(child.stdout)) {
    const [, settings] = /TF_REATTACH_PROVIDERS='(.*)'/.exec(line) ?? [];
    if (!settings) continue;
    const reattach = JSON.parse(settings) as Record<string, { Addr: { String: string } }>;
    const [address] = Object.values(reattach).map(({ Addr }) => Addr);
    if (!address) break;
    const socket = join(folder, "filter.sock");
    const filter = await startSchemaFilter(address.String, socket, isUsed);
    address.String = socket;
    return {
      env: { ...env, TF_REATTACH_PROVIDERS: JSON.stringify(reattach) },
      stop: async () => {
        filter.stop();
        end();
        await exited;
      },
    };
  }
  throw new Error(`The AWS provider doesn't start:\n${complaints}`);
}

/** The types of the AWS provider that stand anywhere in the project. */
const USED = new Set(
  ["modules", "examples", "__tests__"]
    .map((folder) => join(__dirname, "../..", folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)))
    .filter((path) => /\.(ts|tf|json)$/.test(path))
    .flatMap((path) => readFileSync(path, "utf8").match(/\baws_\w+/g) ?? []),
);

function isUsed(type: string): boolean {
  return USED.has(type);
}

/** Has Terraform install the provider, and tells where its program is. */
async function install(env: Environment, folder: string): Promise<string> {
  const terraform = { required_providers: { aws: AWS_PROVIDER } };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform }));
  await new Terraform(env).init(folder);
  const providers = join(folder, ".terraform/providers");
  const program = readdirSync(providers, { recursive: true, encoding: "utf8" }).find((path) => PROGRAM.test(path));
  if (!program) throw new Error(`terraform init installed no AWS provider in ${providers}`);
  return join(providers, program);
}

const PROGRAM = /\/terraform-provider-aws_[^/]*$/;
