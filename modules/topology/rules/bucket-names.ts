import { BUCKET_TYPES } from "../defaults";
import type { Rule } from "./rule";

/**
 * What S3 asks of a bucket's name beyond its characters, and a bucket a type.
 *
 * Source: Amazon S3 User Guide, "General purpose bucket naming rules".
 */
export const bucketNames: Rule = {
  name: "bucket-names",
  severity: "error",
  reads: ["/domain", "/objectStorage/bucketPrefix", "/objectStorage/buckets"],
  check({ objectStorage: { bucketPrefix, buckets } }, report) {
    const all = BUCKET_TYPES.map((type, index) => {
      const name = buckets[type];
      const other = BUCKET_TYPES.slice(0, index).find((earlier) => buckets[earlier] === name);
      const isPrefixed = name === `${bucketPrefix}-${type}`;
      return { path: `/objectStorage/buckets/${type}`, name, other, flaw: flawOf(name), isPrefixed };
    });

    // One prefix spoils many names: it is the prefix that has to change.
    const [worst] = all
      .filter(({ flaw, isPrefixed }) => flaw && isPrefixed)
      .sort((a, b) => b.name.length - a.name.length);
    if (worst) {
      report(
        "/objectStorage/bucketPrefix",
        `is "${bucketPrefix}", with which the bucket "${worst.name}" ${worst.flaw}`,
        worst.name.length > MAX_LENGTH
          ? `Set one of at most ${bucketPrefix.length + MAX_LENGTH - worst.name.length} characters`
          : "Use another prefix",
      );
    }
    for (const { path, name, flaw, other, isPrefixed } of all) {
      if (flaw && !isPrefixed) report(path, `is "${name}", which ${flaw}`, "Use another name, or remove it");
      if (other) {
        report(path, `is "${name}", as is /objectStorage/buckets/${other}`, "Give each type a bucket of its own");
      }
    }
  },
};

const MAX_LENGTH = 63;

/** What is wrong with a name, as the rest of a sentence. */
function flawOf(name: string): string | undefined {
  if (name.length < 3 || name.length > MAX_LENGTH) return `has ${name.length} characters; S3 allows 3 to ${MAX_LENGTH}`;
  if (/\.\.|\.-|-\./.test(name)) return "has a dot beside a dot or a hyphen";
  if (!/[a-z0-9]$/.test(name)) return "doesn't end with a letter or digit";
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return "looks like an IP address";
  if (/^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name))
    return "has a prefix or suffix S3 reserves";
  // Virtual-hosted-style requests over TLS match one label of S3's wildcard certificate.
  return name.includes(".") ? "has a dot, with which TLS to the bucket fails" : undefined;
}
