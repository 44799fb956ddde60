/**
 * A value as it stands in a JSON file, for messages: on one line, cut where it grows long, and without what may be a
 * secret. Messages end up in logs of CI jobs, and people do paste a private key where the public one belongs.
 *
 * @param limit how long it may get
 */
export function show(value: unknown, limit = 80): string {
  // YAML has .inf and .nan, JSON has numbers such as 1e999, and JSON.stringify would call them all null.
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  const text =
    JSON.stringify(value, (_, part) => (typeof part === "string" ? cut(withoutSecrets(part), limit - 6) : part)) ??
    "nothing";
  return text.length > limit ? `${text.slice(0, limit - 3)}...` : text;
}

/** A text on one line: what breaks lines, and other control characters, as JSON writes them. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (sign) => JSON.stringify(sign).slice(1, -1));
}

/** A text that is no longer than a length. */
export function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 3)}...` : text;
}

/** A text up to what looks like a key or a token: a few characters of it help to find it. */
export function withoutSecrets(text: string): string {
  const header = /PRIVATE KEY(-----)?/.exec(text);
  const run = [...text.matchAll(/[A-Za-z0-9+/=_]{32,}/g)].find(([characters]) => isRandom(characters));
  const ends = [header && header.index + header[0].length, run && run.index + 4];
  const end = Math.min(...ends.map((one) => one ?? text.length));
  return end < text.length ? `${text.slice(0, end)}...` : text;
}

/** Whether a long run of characters is more likely hexadecimal or base64 than a name or a path. */
function isRandom(run: string): boolean {
  if (!/[0-9]/.test(run)) return false;
  return /^[0-9a-f]+$/i.test(run) || (run.length >= 40 && /[a-z]/.test(run) && /[A-Z]/.test(run));
}

/** `1 item`, `2 items`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}
