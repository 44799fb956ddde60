import type { Deployment, Layout } from "./layouts";
import type { TierModule } from "./tier-module";

/** How to apply, change and destroy an exported tree: what its own README says beside the reference. */
export function guide(layout: Layout, deployment: Deployment): string {
  const { tiers } = deployment;
  const parts =
    layout === "modules"
      ? [
          `A root module that calls a module a tier, with one state for all of them. \`terraform apply\` builds everything, in about 25 minutes.`,
          tierTable(tiers, "modules/"),
          ...needs(deployment),
          "## Apply",
          shell("terraform init", "terraform plan -out=tfplan", "terraform apply tfplan"),
          ...initialization(deployment, layout),
          ...change("terraform plan"),
          ...destroy(["terraform apply", "terraform destroy"]),
        ]
      : [
          "A root module a tier, each with a state of its own; they read each other's outputs from there.",
          "## Order",
          "Each line needs those above it; what stands on one line can be applied at the same time.",
          waves(tiers)
            .map((wave, index) => `${index + 1}. ${wave.map((name) => `\`${name}\``).join(", ")}`)
            .join("\n"),
          tierTable(tiers, ""),
          ...needs(deployment),
          "## Apply",
          shell(
            `for tier in ${inOrder(tiers).join(" ")}; do`,
            "  terraform -chdir=$tier init && terraform -chdir=$tier apply || break",
            "done",
          ),
          "It takes about 25 minutes.",
          ...initialization(deployment, layout),
          ...change("terraform -chdir=TIER plan"),
          ...destroy([
            `for tier in ${inOrder(tiers).reverse().join(" ")}; do`,
            "  terraform -chdir=$tier destroy || break",
            "done",
          ]),
        ];
  return parts.join("\n\n");
}

/** Names of the tiers in an order in which each comes after those it reads from. */
export function inOrder(tiers: readonly TierModule[]): string[] {
  return waves(tiers).flat();
}

/** Tiers that can be applied at the same time, in the order in which they can. */
function waves(tiers: readonly TierModule[]): string[][] {
  const depth = new Map<string, number>();
  const depthOf = (name: string): number => {
    const known = depth.get(name);
    if (known !== undefined) return known;
    const readings = tiers.find((tier) => tier.name === name)?.readings ?? [];
    const found = Math.max(0, ...readings.map(({ tier }) => depthOf(tier) + 1));
    depth.set(name, found);
    return found;
  };
  const result: string[][] = [];
  for (const { name } of tiers) {
    const at = depthOf(name);
    result[at] = [...(result[at] ?? []), name];
  }
  return result;
}

function tierTable(tiers: readonly TierModule[], folder: string): string {
  const rows = tiers.map(({ name, purpose }) => `| [${name}](${folder}${name}) | ${purpose || "n/a"} |`);
  return ["| tier | what it holds |", "| --- | --- |", ...rows].join("\n");
}

function needs({ tiers }: Deployment): string[] {
  const [{ requiredVersion = "" } = {}] = tiers;
  return [
    "## Requirements of the one who applies",
    `Terraform ${requiredVersion}, and AWS credentials in the environment, as [the provider's documentation](https://registry.terraform.io/providers/hashicorp/aws/latest/docs#authentication-and-configuration) has them.`,
  ];
}

function initialization({ backend }: Deployment, layout: Layout): string[] {
  switch (backend.type) {
    case "local":
      return [
        "State is kept in files on the machine that applies. Have them where they outlive it, and where no two people apply at once, before this holds anything that counts: set `backend` in the topology.",
      ];
    case "s3":
      return ["State is kept in S3, locked by a file beside it; the bucket has to exist, with versioning turned on."];
    case "cloud":
      return [
        layout === "modules"
          ? "State is kept in HCP Terraform: `terraform login` once. Where the workspace is connected to the repository, runs start by themselves."
          : "State is kept in HCP Terraform, in a workspace a tier: `terraform login` once, and let each workspace share its state with those that read it.",
      ];
    case "none":
      return [
        `\`terraform init\` is to be told where the state is: ${
          backend.none?.type
            ? `\`terraform init -backend-config=FILE\`, with the arguments of the backend \`${backend.none.type}\``
            : "by a file of yours with a `backend` block, or by whoever runs it"
        }.${
          layout === "stacks"
            ? " The variable `remote_state` tells each root module how to read the others' states, with the name of each tier as key."
            : ""
        }`,
      ];
  }
}

function change(plan: string): string[] {
  return [
    "## Change and upgrade",
    `These files are written from a topology. Change that one, export again, and review the difference as well as \`${plan}\`: what is replaced stands there. \`.gitlab-aws.json\` lists the files that an export writes; whatever else lies beside them stays, such as \`.terraform.lock.hcl\` or an \`override.tf\`.`,
    "Commit a lock file for every platform that applies:",
    shell("terraform providers lock -platform=linux_amd64 -platform=linux_arm64 -platform=darwin_arm64"),
    "Another version of GitLab reaches the Gitaly node first, and then the application nodes by an instance refresh. Take one step of GitLab's upgrade path at a time.",
  ];
}

function destroy(commands: readonly string[]): string[] {
  return [
    "## Destroy",
    "What holds data is guarded: Terraform refuses to plan its destruction. Set `protect` to `false` in the topology, export, and apply first. Then:",
    shell(...commands),
  ];
}

function shell(...lines: string[]): string {
  return ["```sh", ...lines, "```"].join("\n");
}
