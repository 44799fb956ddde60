import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** The credentials an instance was given. */
export interface Credentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly Token: string;
}

/**
 * Why AWS would refuse a request's signature; undefined where it wouldn't.
 *
 * Source: AWS' IAM user guide, "Create a signed AWS API request". For requests without a query.
 */
export function signatureFault(request: IncomingMessage, body: Buffer, { ...known }: Credentials): string | undefined {
  const header = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(.+), *SignedHeaders=([^,]+), *Signature=([0-9a-f]+)$/.exec(
    request.headers.authorization ?? "",
  );
  if (!header) return "the request isn't signed";
  const [, key, scope = "", signed = "", signature] = header;
  const names = signed.split(";");
  if (key !== known.AccessKeyId) return `the access key ${key} isn't this instance's`;
  if (request.headers["x-amz-security-token"] !== known.Token) return "the session token isn't this instance's";
  for (const name of ["host", "x-amz-date", "x-amz-security-token"]) {
    if (!names.includes(name)) return `${name} isn't signed`;
  }
  const [date = "", region = "", service = ""] = scope.split("/");
  const canonical = [
    request.method,
    request.url,
    "",
    ...names.map((name) => `${name}:${String(request.headers[name]).trim()}`),
    "",
    signed,
    sha256(body),
  ].join("\n");
  const text = ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, sha256(Buffer.from(canonical))].join("\n");
  const signingKey = [date, region, service, "aws4_request"].reduce<string | Buffer>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${known.SecretAccessKey}`,
  );
  const expected = createHmac("sha256", signingKey).update(text).digest("hex");
  return signature === expected ? undefined : "the signature doesn't match";
}

function sha256(data: Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
