// What an instance finds around itself: instance metadata, and AWS and the package repositories over HTTPS.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { type Credentials, signatureFault } from "./sign";

/** An instance as instance metadata describes it. */
export interface InstanceMetadata {
  readonly instanceId: string;
  readonly credentials: Credentials;
  /** As Terraform passes it: compressed. */
  readonly userData: Buffer;
}

/** One call of AWS' API by a machine. */
export interface Call {
  readonly instanceId: string;
  readonly service: string;
  /** `GetSecretValue`, `CompleteLifecycleAction`, ... */
  readonly operation: string;
  readonly body: string;
  readonly status: number;
}

/** What is to go wrong with a call; undefined: nothing. */
export type Fault = (call: Omit<Call, "status">) => "throttle" | "deny" | "reset" | undefined;

export interface CloudProps {
  /** The address of both servers' network; instance metadata has its own one there too. */
  readonly address: string;
  readonly emulator: string;
  readonly key: string;
  readonly certificate: string;
  /** What the databases' certificates are signed with. */
  readonly databaseCa: string;
}

const METADATA_ADDRESS = "169.254.169.254";
const TOKEN = "metadata-token";
const ROLE = "GitLab";

/** Knows machines by their address, as the real ones do. */
export class Cloud {
  readonly calls: Call[] = [];
  /** Requests that AWS would refuse: what was wrong with them. */
  readonly violations: string[] = [];
  private readonly machines = new Map<string, { metadata: InstanceMetadata; fault?: Fault }>();
  private readonly servers: Server[] = [];

  private constructor(private readonly props: CloudProps) {}

  static async start(props: CloudProps): Promise<Cloud> {
    const cloud = new Cloud(props);
    const { key, certificate, address } = props;
    const metadata = createServer((request, response) => cloud.metadata(request, response));
    const https = createHttpsServer({ key, cert: certificate }, (request, response) => {
      cloud.serve(request, response).catch((error) => response.destroy(error));
    });
    await once(metadata.listen(80, METADATA_ADDRESS), "listening");
    await once(https.listen(443, address), "listening");
    cloud.servers.push(metadata, https);
    return cloud;
  }

  /** Gives the machine at an address its identity. */
  register(address: string, metadata: InstanceMetadata, fault?: Fault): void {
    this.machines.set(address, { metadata, fault });
  }

  stop(): void {
    for (const server of this.servers) {
      server.close();
      (server as unknown as { closeAllConnections(): void }).closeAllConnections();
    }
  }

  private machineOf(request: IncomingMessage): { metadata: InstanceMetadata; fault?: Fault } | undefined {
    const { address } = request.socket.remoteAddress ? { address: request.socket.remoteAddress } : ({} as AddressInfo);
    return this.machines.get((address ?? "").replace("::ffff:", ""));
  }

  private metadata(request: IncomingMessage, response: ServerResponse): void {
    const machine = this.machineOf(request)?.metadata;
    const send = (status: number, body: string | Buffer = "") => response.writeHead(status).end(body);
    if (!machine) return void send(404);
    const path = (request.url ?? "").replace(/^\/[^/]+\//, "").replace(/\/$/, "");
    if (request.method === "PUT" && path === "api/token") return void send(200, TOKEN);
    // Version 1, which launch templates turn off, has no token.
    if (request.headers["x-aws-ec2-metadata-token"] !== TOKEN) return void send(401);
    const answers: Record<string, string | Buffer> = {
      "user-data": machine.userData,
      "dynamic/instance-identity": "document",
      "dynamic/instance-identity/document": JSON.stringify({ instanceId: machine.instanceId, region: "us-west-2" }),
      "meta-data": "instance-id\nlocal-hostname\niam/",
      "meta-data/instance-id": machine.instanceId,
      "meta-data/local-hostname": machine.instanceId,
      "meta-data/iam": "security-credentials/",
      "meta-data/iam/security-credentials": ROLE,
      [`meta-data/iam/security-credentials/${ROLE}`]: JSON.stringify({ Code: "Success", ...machine.credentials }),
    };
    const answer = answers[path];
    send(answer === undefined ? 404 : 200, answer);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    const host = request.headers.host ?? "";
    if (host === "packages.gitlab.com") {
      response.end("#!/bin/bash\necho 'deb https://packages.gitlab.com/' >/etc/apt/sources.list.d/gitlab.list\n");
    } else if (host.startsWith("truststore.")) {
      response.end(this.props.databaseCa);
    } else {
      await this.forward(request, response, body);
    }
  }

  private async forward(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const machine = this.machineOf(request);
    if (!machine) throw new Error(`a request of ${request.socket.remoteAddress}, which is nobody`);
    const [service = ""] = (request.headers.host ?? "").split(".");
    const target = request.headers["x-amz-target"] as string | undefined;
    const operation = target?.split(".")[1] ?? new URLSearchParams(body.toString()).get("Action") ?? "";
    const call = { instanceId: machine.metadata.instanceId, service, operation, body: body.toString() };
    const wrong = signatureFault(request, body, machine.metadata.credentials);
    if (wrong) this.violations.push(`${service} ${operation}: ${wrong}`);

    const fault = wrong ? "deny" : machine.fault?.(call);
    if (fault === "reset") return void request.socket.destroy();
    const refused = fault && { throttle: "ThrottlingException", deny: "AccessDeniedException" }[fault];
    if (refused) {
      this.calls.push({ ...call, status: 400 });
      return void response.writeHead(400).end(JSON.stringify({ __type: refused, message: "Rate exceeded or denied" }));
    }
    const answer = await fetch(`${this.props.emulator}${request.url}`, {
      method: request.method,
      headers: Object.fromEntries(
        ["authorization", "content-type", "x-amz-target", "x-amz-date"].flatMap((name) =>
          request.headers[name] ? [[name, String(request.headers[name])]] : [],
        ),
      ),
      body,
    });
    this.calls.push({ ...call, status: answer.status });
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  }
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
