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
  check({ objectStorage }, report) {
    const { buckets } = objectStorage;
    BUCKET_TYPES.forEach((type, index) => {
      const path = `/objectStorage/buckets/${type}`;
      const name = buckets[type];
      const other = BUCKET_TYPES.slice(0, index).find((earlier) => buckets[earlier] === name);
      const flaw = flawOf(name);
      if (flaw)
        report(
          path,
          `is "${name}", which ${flaw}`,
          "Set it, or objectStorage.bucketPrefix, to a shorter or plainer name",
        );
      else if (other)
        report(path, `is "${name}", as is /objectStorage/buckets/${other}`, "Give each type a bucket of its own");
    });
  },
};

function flawOf(name: string): string | undefined {
  if (name.length < 3 || name.length > 63) return `has ${name.length} characters; S3 allows 3 to 63`;
  if (/\.\.|\.-|-\./.test(name)) return "has a dot beside a dot or a hyphen";
  if (!/[a-z0-9]$/.test(name)) return "doesn't end with a letter or digit";
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return "looks like an IP address";
  if (/^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name))
    return "has a prefix or suffix S3 reserves";
  // Virtual-hosted-style requests over TLS match one label of S3's wildcard certificate.
  return name.includes(".") ? "has a dot, with which TLS to the bucket fails" : undefined;
}
