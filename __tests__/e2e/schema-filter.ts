import { once } from "node:events";
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { connect as connectTo } from "node:net";

/** The call in which a provider tells Terraform what its resource types look like. Source: Terraform's tfplugin5.proto. */
const GET_SCHEMA = "/tfplugin5.Provider/GetSchema";

/** The answer's maps of schemas by type: resources, data sources, ephemeral resources. */
const MAPS = [2, 3, 8];

/** Bytes. What a side may send before it waits for the other one. */
const WINDOW = 16 * 1024 * 1024;
const OPTIONS = { maxSessionMemory: 500, settings: { initialWindowSize: WINDOW } };

/** What stands between Terraform and a provider. */
export interface SchemaFilter {
  stop(): void;
}

/**
 * Passes on everything between Terraform and a provider, but for the schemas of types that nobody uses. Terraform asks for
 * all of them with every command, and takes more than a second of a processor's time to read the AWS provider's.
 *
 * A type that is left out and used all the same isn't missed quietly: Terraform says that the provider doesn't have it.
 *
 * @param provider the provider's socket
 * @param socket the one to listen on
 * @param isUsed whether a type's schema is passed on
 */
export async function startSchemaFilter(
  provider: string,
  socket: string,
  isUsed: (type: string) => boolean,
): Promise<SchemaFilter> {
  const upstream = connect("http://provider", { ...OPTIONS, createConnection: () => connectTo(provider) });
  const schema = framed(withTypes(await askForSchema(upstream), isUsed));
  const server = createServer(OPTIONS);
  server.on("stream", (stream, headers) => {
    if (headers[constants.HTTP2_HEADER_PATH] === GET_SCHEMA) answer(stream, schema);
    else passOn(stream, upstream.request(headers));
  });
  server.listen(socket);
  await once(server, "listening");
  return {
    stop: () => {
      server.close();
      upstream.destroy();
    },
  };
}

function answer(stream: ServerHttp2Stream, message: Buffer): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.end(message);
}

/** What one side says goes to the other, its trailers included: they say how a call ended. */
function passOn(stream: ServerHttp2Stream, request: ClientHttp2Stream): void {
  let trailers: IncomingHttpHeaders = {};
  request.on("response", (headers, flags) => {
    const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    stream.respond(headers, endStream ? { endStream } : { waitForTrailers: true });
  });
  request.on("trailers", (received) => {
    trailers = received;
  });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  stream.on("error", () => request.close(constants.NGHTTP2_CANCEL));
  stream.on("aborted", () => request.close(constants.NGHTTP2_CANCEL));
  request.on("error", () => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
  stream.pipe(request).pipe(stream);
}

async function askForSchema(upstream: ClientHttp2Session): Promise<Buffer> {
  const request = upstream.request({
    [constants.HTTP2_HEADER_METHOD]: "POST",
    [constants.HTTP2_HEADER_PATH]: GET_SCHEMA,
    "content-type": "application/grpc",
    te: "trailers",
  });
  request.end(framed(Buffer.alloc(0)));
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).subarray(FRAME);
}

/** The bytes in front of a message: whether it's compressed, and its length. */
const FRAME = 5;

function framed(message: Buffer): Buffer {
  const frame = Buffer.alloc(FRAME);
  frame.writeUInt32BE(message.length, 1);
  return Buffer.concat([frame, message]);
}

/** The answer with the schemas of used types only. */
function withTypes(message: Buffer, isUsed: (type: string) => boolean): Buffer {
  const kept = [...fields(message)].filter(({ number, content }) => {
    if (!MAPS.includes(number)) return true;
    const key = [...fields(content)].find((field) => field.number === 1);
    return isUsed(key?.content.toString() ?? "");
  });
  return Buffer.concat(kept.map(({ whole }) => whole));
}

interface Field {
  readonly number: number;
  /** Its bytes, with number and length. */
  readonly whole: Buffer;
  /** Without them. */
  readonly content: Buffer;
}

/** The fields of a message. Source: Protocol Buffers, "Encoding". */
function* fields(message: Buffer): Generator<Field> {
  for (let at = 0; at < message.length; ) {
    const [tag, afterTag] = varint(message, at);
    const [start, end] = extent(message, afterTag, tag & 7);
    yield { number: tag >>> 3, whole: message.subarray(at, end), content: message.subarray(start, end) };
    at = end;
  }
}

function extent(message: Buffer, at: number, wireType: number): [start: number, end: number] {
  switch (wireType) {
    case 0:
      return [at, varint(message, at)[1]];
    case 1:
      return [at, at + 8];
    case 2: {
      const [length, start] = varint(message, at);
      return [start, start + length];
    }
    case 5:
      return [at, at + 4];
    default:
      throw new Error(`the provider's schema has a field of wire type ${wireType}`);
  }
}

function varint(message: Buffer, start: number): [value: number, end: number] {
  let value = 0;
  for (let at = start; ; at++) {
    const byte = message[at];
    if (byte === undefined) throw new Error("the provider's schema ends in the middle of a number");
    value += (byte & 0x7f) * 2 ** (7 * (at - start));
    if (byte < 0x80) return [value, at + 1];
  }
}
