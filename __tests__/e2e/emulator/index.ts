import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { devNull } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** AWS on 127.0.0.1, empty at the start. See the README beside this file for what it can and can't do. */
export interface Emulator {
  /** http://127.0.0.1:<port> */
  readonly endpoint: string;
  /**
   * What makes the AWS CLI, the SDKs and Terraform talk to the emulator and to nothing else. S3 needs no setting of its
   * own: the SDKs address buckets by path where the endpoint is an IP address.
   */
  readonly env: Readonly<Record<string, string>>;
  /** Forgets every resource. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

type Server = ChildProcessByStdio<null, Readable, Readable>;

const REGION = "us-west-2";
const OUTPUT_LIMIT = 64 * 1024 * 1024;

/** Starts an emulator on a port of its own. It ends with `stop()`, or with this process. */
export async function startEmulator(): Promise<Emulator> {
  const server = spawn("python3", [join(__dirname, "emulator.py"), "--port", "0"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...withoutAws(), ...SETTINGS },
  });
  const endpoint = `http://127.0.0.1:${await listeningPort(server)}`;
  return {
    endpoint,
    env: { AWS_ENDPOINT_URL: endpoint, ...SETTINGS },
    reset: async () => {
      await request(endpoint, "reset", "POST");
    },
    stop: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const exited = once(server, "exit");
      server.kill("SIGTERM");
      await exited;
    },
  };
}

/**
 * What `aws <args>` answers: parsed JSON, or undefined where the command answers nothing. The emulator runs the AWS CLI in its
 * own process, as each start of it takes a second.
 *
 * The region is us-west-2 unless `--region` says otherwise.
 */
// biome-ignore lint/suspicious/noExplicitAny: the AWS CLI's answers have no types
export function aws(emulator: Emulator, ...args: string[]): any {
  const call = spawnSync("curl", ["-sS", "--fail-with-body", "--json", "@-", `${emulator.endpoint}/moto-api/aws-cli`], {
    encoding: "utf8",
    input: JSON.stringify([...args, "--output", "json"]),
    maxBuffer: OUTPUT_LIMIT,
  });
  if (call.error) throw new Error(`curl doesn't run: ${call.error.message}. Install it: https://curl.se`);
  if (call.status !== 0) throw new Error(`aws ${args.join(" ")}: ${call.stderr}${call.stdout}`);
  const { status, stdout, stderr } = JSON.parse(call.stdout);
  if (status !== 0) throw new Error(`aws ${args.join(" ")}: ${stderr.trim()}`);
  return stdout.trim() ? JSON.parse(stdout) : undefined;
}

/** Whatever a deployment left behind, in all regions; final snapshots aside, which are left on purpose. */
export async function leftovers(emulator: Emulator): Promise<string[]> {
  return (await request(emulator.endpoint, "leftovers")) as string[];
}

/** A secret where AWS would keep it from everyone: only the emulator tells. */
export interface StoredPasswords {
  /** By user id, the users that every account has included. */
  readonly cacheUsers: Readonly<Record<string, readonly string[]>>;
  /** By instance identifier. */
  readonly databases: Readonly<Record<string, string>>;
}

/** The passwords that ElastiCache's users and RDS' instances were given. */
export async function storedPasswords(emulator: Emulator): Promise<StoredPasswords> {
  const { Users } = (await request(emulator.endpoint, "elasticache/users")) as {
    Users: { UserId: string; Passwords: string[] }[];
  };
  const { DBInstances } = (await request(emulator.endpoint, "rds/instances")) as {
    DBInstances: { DBInstanceIdentifier: string; MasterUserPassword: string }[];
  };
  return {
    cacheUsers: Object.fromEntries(Users.map((user) => [user.UserId, user.Passwords])),
    databases: Object.fromEntries(DBInstances.map((one) => [one.DBInstanceIdentifier, one.MasterUserPassword])),
  };
}

/** An instance that a lifecycle hook of its group held when it was launched. Nothing but this record waits for it here. */
export interface LifecycleAction {
  readonly Region: string;
  readonly AutoScalingGroupName: string;
  readonly LifecycleHookName: string;
  readonly InstanceId: string;
  readonly LifecycleActionToken: string;
  /** null: the action is open. */
  readonly LifecycleActionResult: "CONTINUE" | "ABANDON" | null;
  readonly CompletedAt: string | null;
  /** How often CompleteLifecycleAction was called for it, refusals included. */
  readonly CompleteRequests: number;
  readonly Heartbeats: number;
}

/** The lifecycle actions of all launches, in their order. */
export async function lifecycleActions(emulator: Pick<Emulator, "endpoint">): Promise<LifecycleAction[]> {
  const answer = await request(emulator.endpoint, "autoscaling/lifecycle-actions");
  return (answer as { LifecycleActions: LifecycleAction[] }).LifecycleActions;
}

/** Calls the emulator's own API, which isn't part of AWS. */
async function request(endpoint: string, path: string, method = "GET"): Promise<unknown> {
  const response = await fetch(`${endpoint}/moto-api/${path}`, { method });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} /moto-api/${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

const SETTINGS = {
  AWS_ACCESS_KEY_ID: "emulator",
  AWS_SECRET_ACCESS_KEY: "emulator",
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_EC2_METADATA_DISABLED: "true",
  // The developer's profiles must neither help nor harm.
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_PAGER: "",
};

/** The process' own environment; AWS_PROFILE and its kind would outrank the emulator's settings. */
function withoutAws(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_")));
}

/** The port that the server announces, or an error with what it printed in its place. */
async function listeningPort(server: Server): Promise<number> {
  let complaints = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  const failure = Promise.race([
    once(server, "error").then(([error]) => String(error)),
    once(server, "exit").then(([code]) => `exit code ${code}\n${complaints}`),
  ]);
  const announced = once(createInterface(server.stdout), "line");
  const first = await Promise.race([announced.then(([line]) => JSON.parse(line)), failure]);
  if (typeof first === "string") {
    throw new Error(
      `The AWS emulator doesn't start: ${first}\nIt needs Python 3.11: pip install 'moto[server]==5.2.1' awscli`,
    );
  }
  // Failures inside the emulator show up beside the test that caused them.
  server.stderr.on("data", (text: string) => process.stderr.write(text));
  return first.port;
}
