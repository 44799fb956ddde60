import { DataAwsAmi } from "@cdktf/provider-aws/lib/data-aws-ami";
import type { Construct } from "constructs";
import { partitionOf } from "../topology/regions";

/** A CPU architecture, as AMIs name it. */
export type Architecture = "x86_64" | "arm64";

/** Which images an instance type boots: Graviton families have a `g` behind their generation. */
export function architectureOf(instanceType: string): Architecture {
  return /^(a1|[a-z]+\d+g[a-z]*)[.-]/.test(instanceType) ? "arm64" : "x86_64";
}

/** Canonical's accounts, by partition. */
const CANONICAL = { aws: "099720109477", "aws-cn": "837727238323", "aws-us-gov": "513442679011" } as const;

/** GitLab's account. Source: omnibus-gitlab, "AWS images and Marketplace listings". */
const GITLAB = "782774275127";

/**
 * The newest image of Ubuntu 24.04 LTS, which all GitLab versions from 17 on support.
 *
 * @returns the image's id
 */
export function ubuntuImage(scope: Construct, id: string, region: string, architecture: Architecture): string {
  const suffix = architecture === "arm64" ? "arm64" : "amd64";
  return image(scope, id, {
    owner: CANONICAL[partitionOf(region)],
    name: `ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-${suffix}-server-*`,
    architecture,
  });
}

/**
 * GitLab's official image of one version, whose name is exact: a wildcard would match images for the other architecture.
 *
 * @returns the image's id
 */
export function gitlabImage(
  scope: Construct,
  id: string,
  gitlab: { readonly version: string; readonly edition: "ee" | "ce" },
  architecture: Architecture,
): string {
  const suffix = architecture === "arm64" ? " (ARM64)" : "";
  return image(scope, id, {
    owner: GITLAB,
    name: `GitLab ${gitlab.edition.toUpperCase()} ${gitlab.version}${suffix}`,
    architecture,
  });
}

function image(
  scope: Construct,
  id: string,
  { owner, name, architecture }: { owner: string; name: string; architecture: Architecture },
): string {
  return new DataAwsAmi(scope, id, {
    owners: [owner],
    mostRecent: true,
    filter: [
      { name: "name", values: [name] },
      { name: "architecture", values: [architecture] },
      { name: "virtualization-type", values: ["hvm"] },
    ],
  }).id;
}
