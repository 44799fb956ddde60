// What an exported tree consists of.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { homedir, hostname, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { type App, TerraformStack, TerraformVariable } from "cdktf";
import { TierStack } from "../../modules/terraform/tier-stack";
import type { BackendFile, TopologyFile } from "../../modules/topology";
import { exportApp, exportTopology, load, SMALLEST, synthesize, TIERS } from "../synth";

const ROOT = resolve(__dirname, "../..");
const MODULES = { layout: "modules", format: "json" } as const;
const STACKS = { layout: "stacks", format: "json" } as const;

const modules = exportTopology("topology.json", MODULES);
const stacks = exportTopology("topology.json", STACKS);
// biome-ignore lint/suspicious/noExplicitAny: Terraform's JSON has no types
const json = (tree: Readonly<Record<string, string>>, path: string): any => JSON.parse(tree[path] ?? `"no ${path}"`);

describe("the layout modules", () => {
  it("is a root module with a module a tier", () => {
    expect(Object.keys(modules).filter((path) => !path.includes("/"))).toEqual([
      "README.md",
      "backend.tf",
      "main.tf.json",
      "outputs.tf.json",
      "providers.tf.json",
      "versions.tf",
    ]);
    const folders = [...new Set(Object.keys(modules).map(dirname))].filter((path) => path !== ".");
    expect(folders).toEqual(TIERS.map((tier) => `modules/${tier}`).sort());
    expect(Object.keys(modules).filter((path) => path.startsWith("modules/database/"))).toEqual(
      ["README.md", "main.tf.json", "outputs.tf.json", "variables.tf.json", "versions.tf"].map(
        (name) => `modules/database/${name}`,
      ),
    );
  });

  it("wires modules through variables and outputs", () => {
    expect(json(modules, "main.tf.json").module.database).toEqual({
      source: "./modules/database",
      kms_key_arn: "${module.encryption.kms_key_arn}",
      private_subnet_ids: "${module.network.private_subnet_ids}",
      secret_arns: "${module.secrets.secret_arns}",
      security_group_ids: "${module.security.security_group_ids}",
    });
    const group = json(modules, "modules/database/main.tf.json").resource.aws_db_subnet_group.subnet_group;
    expect(group.subnet_ids).toEqual([
      '${var.private_subnet_ids["us-west-2a"]}',
      '${var.private_subnet_ids["us-west-2b"]}',
    ]);
    expect(json(modules, "main.tf.json").module.application).toMatchObject({
      database_address: "${module.database.address}",
      gitaly_host: "${module.gitaly.host}",
    });
  });

  it("gives every output of a tier out, under a name that tells whose it is", () => {
    const all = TIERS.flatMap((tier) => Object.keys(json(modules, `modules/${tier}/outputs.tf.json`).output));
    const root = json(modules, "outputs.tf.json").output;
    expect(Object.keys(root)).toHaveLength(all.length);
    expect(root.database_address).toEqual({
      description: "Host name of the database.",
      value: "${module.database.address}",
    });
  });

  it("hands everything a tier needs over before it is used", () => {
    expect(json(modules, "modules/network/outputs.tf.json").output.private_subnet_ids.depends_on).toContain(
      "aws_route.private_a_default",
    );
    expect(json(modules, "modules/iam/outputs.tf.json").output.application_profile_name.depends_on).toEqual([
      "aws_iam_role_policy_attachment.application_object_storage",
    ]);
  });

  it("leaves out a tier that has nothing in it", () => {
    const tree = exportTopology({ ...SMALLEST, bastion: { enabled: false } }, MODULES);
    expect(Object.keys(tree).filter((path) => path.includes("bastion"))).toEqual([]);
    expect(json(tree, "main.tf.json").module).not.toHaveProperty("bastion");
  });
});

describe("variables", () => {
  const variables = (tree: Readonly<Record<string, string>>) =>
    Object.keys(tree)
      .filter((path) => path.endsWith("/variables.tf.json"))
      .flatMap((path) => Object.entries<Record<string, unknown>>(json(tree, path).variable));

  it("have a description, a type, and no null", () => {
    const all = variables(modules);
    expect(all.length).toBeGreaterThan(25);
    for (const [, { description, type, nullable }] of all) {
      expect(description).toMatch(/^[A-Z].*[^.]\.$/);
      expect(type).toMatch(/^(string|list\(string\)|map\(string\))$/);
      expect(nullable).toBe(false);
    }
  });

  it("are checked for the form of an id, and for the members that are read", () => {
    const { variable } = json(modules, "modules/load-balancer/variables.tf.json");
    expect(variable.vpc_id.validation).toEqual([
      { condition: '${startswith(var.vpc_id, "vpc-")}', error_message: "vpc_id must be the id of a VPC: vpc-..." },
    ]);
    expect(variable.public_subnet_ids.validation).toEqual([
      {
        condition: '${alltrue([for key in ["us-west-2a", "us-west-2b"] : contains(keys(var.public_subnet_ids), key)])}',
        error_message: "public_subnet_ids must have these keys: us-west-2a, us-west-2b.",
      },
      {
        condition: '${alltrue([for member in values(var.public_subnet_ids) : startswith(member, "subnet-")])}',
        error_message: "Each member of public_subnet_ids must be the id of a subnet: subnet-...",
      },
    ]);
    const { target_group_arns } = json(modules, "modules/application/variables.tf.json").variable;
    expect(target_group_arns.validation[0].condition).toBe("${length(var.target_group_arns) >= 3}");
  });
});

describe("the layout stacks", () => {
  it("is a root module a tier, with the order of application", () => {
    expect(new Set(Object.keys(stacks).map(dirname))).toEqual(new Set([".", ...TIERS]));
    const order = /^for tier in (.*); do$/m.exec(stacks["README.md"] ?? "")?.[1]?.split(" ") ?? [];
    expect([...order].sort()).toEqual([...TIERS].sort());
    for (const tier of TIERS) {
      const read = Object.keys(json(stacks, `${tier}/main.tf.json`).data?.terraform_remote_state ?? {});
      for (const id of read) expect(order.indexOf(id.replaceAll("_", "-"))).toBeLessThan(order.indexOf(tier));
    }
  });

  it("keeps a tier that has nothing in it, so that applying it removes what was there", () => {
    const tree = exportTopology({ ...SMALLEST, bastion: { enabled: false } }, STACKS);
    expect(Object.keys(tree).filter((path) => path.startsWith("bastion/"))).toEqual(
      ["README.md", "backend.tf", "providers.tf.json", "versions.tf"].map((name) => `bastion/${name}`),
    );
  });

  it("holds what the stacks of a synthesis hold", () => {
    const synthesized = synthesize("topology.json");
    for (const tier of TIERS) {
      const { resource } = json(stacks, `${tier}/main.tf.json`);
      const expected = JSON.parse(
        JSON.stringify(synthesized[tier].resource ?? {}, (key, value) => (key === "//" ? undefined : value)),
      );
      expect(resource ?? {}).toEqual(expected);
    }
  });
});

describe("backends", () => {
  const backend = (settings: BackendFile, options: typeof MODULES | typeof STACKS, path: string) => {
    const tree = exportTopology({ ...SMALLEST, backend: settings }, options);
    return { tree, text: tree[path] };
  };
  const S3: BackendFile = { type: "s3", s3: { bucket: "acme-states" } };
  const CLOUD: BackendFile = { type: "cloud", cloud: { organization: "acme", project: "git", workspace: "all" } };
  const NONE: BackendFile = { type: "none", none: { type: "s3" } };

  it("local: one file, or one a tier beside the folders", () => {
    expect(modules["backend.tf"]).toContain('path = "terraform-state/terraform.tfstate"');
    expect(stacks["database/backend.tf"]).toContain('path = "../terraform-state/database.tfstate"');
    expect(json(stacks, "database/main.tf.json").data.terraform_remote_state.network.config).toEqual({
      path: "../terraform-state/network.tfstate",
    });
  });

  it("s3: one key, or one a tier", () => {
    expect(backend(S3, MODULES, "backend.tf").text).toBe(
      `terraform {
  backend "s3" {
    bucket       = "acme-states"
    encrypt      = true
    key          = "gitlab/terraform.tfstate"
    region       = "us-west-2"
    use_lockfile = true
  }
}
`,
    );
    const { tree, text } = backend(S3, STACKS, "database/backend.tf");
    expect(text).toContain('key          = "gitlab/database.tfstate"');
    expect(json(tree, "database/main.tf.json").data.terraform_remote_state.network).toEqual({
      backend: "s3",
      config: { bucket: "acme-states", encrypt: true, key: "gitlab/network.tfstate", region: "us-west-2" },
      workspace: "${terraform.workspace}",
    });
  });

  it("cloud: one workspace, or one a tier", () => {
    expect(backend(CLOUD, MODULES, "backend.tf").text).toBe(
      `terraform {
  cloud {
    organization = "acme"

    workspaces {
      name    = "all"
      project = "git"
    }
  }
}
`,
    );
    const { tree, text } = backend(CLOUD, STACKS, "database/backend.tf");
    expect(text).toContain('name    = "gitlab-database"');
    expect(json(tree, "database/main.tf.json").data.terraform_remote_state.network).toEqual({
      backend: "remote",
      config: { organization: "acme", workspaces: { name: "gitlab-network" } },
    });
  });

  it("none: an empty block or none, and a variable for where other states are", () => {
    expect(backend(NONE, MODULES, "backend.tf").text).toBe('terraform {\n  backend "s3" {}\n}\n');
    expect(backend({ type: "none" }, MODULES, "backend.tf").text).toBeUndefined();
    expect(backend(NONE, MODULES, "variables.tf.json").text).toBeUndefined();
    const { tree } = backend(NONE, STACKS, "database/backend.tf");
    expect(Object.keys(json(tree, "database/variables.tf.json").variable)).toEqual(["remote_state"]);
    expect(json(tree, "database/main.tf.json").data.terraform_remote_state.network.config).toBe(
      '${var.remote_state["network"].config}',
    );
  });

  it.each([{}, S3, CLOUD, NONE, { type: "none" as const }])("are told apart in the READMEs: %j", (settings) => {
    const text = backend(settings, MODULES, "README.md").text ?? "";
    const told = ["files on the machine", "kept in S3", "HCP Terraform", "-backend-config=FILE", "by a file of yours"];
    expect(told.filter((words) => text.includes(words))).toHaveLength(1);
  });
});

describe("everything", () => {
  const trees = [modules, stacks, exportTopology("topology.json", { layout: "modules", format: "hcl" })];

  it.each(trees.map((tree, index) => [index, tree] as const))(
    "is free of traces of where it came from: %i",
    (_, tree) => {
      for (const [path, text] of Object.entries(tree)) {
        expect([path, text]).toEqual([
          path,
          expect.not.stringMatching(/cdktf|cdk\.tf|TfToken|"\/\/"|metadata":|uniqueId/i),
        ]);
        for (const mine of [ROOT, realpathSync(tmpdir()), homedir(), hostname()])
          expect(text).not.toContain(`${mine}/`);
        expect(text.endsWith("\n") && !text.endsWith("\n\n")).toBe(true);
        expect(text).not.toMatch(/[ \t]\n(?!.*EOT)/);
      }
    },
  );

  it("is in canonical JSON", () => {
    for (const path of Object.keys(modules).filter((name) => name.endsWith(".json"))) {
      const inOrder = (value: unknown): unknown =>
        Array.isArray(value) || typeof value !== "object" || value === null
          ? value
          : Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
      const text = JSON.stringify(json(modules, path), (_, value) => inOrder(value), 2);
      expect([path, modules[path]]).toEqual([path, `${text}\n`]);
    }
  });

  it("has nothing in .tf.json that checkov dies of", () => {
    for (const [path, text] of Object.entries({ ...modules, ...stacks })) {
      if (!path.endsWith(".json")) continue;
      const content = JSON.parse(text);
      for (const key of ["terraform", "moved", "import", "removed"])
        expect([path, key in content]).toEqual([path, false]);
      for (const configurations of Object.values(content.provider ?? {})) expect(configurations).toBeInstanceOf(Array);
    }
  });

  it("has a README a module in the form of terraform-docs", () => {
    const text = modules["modules/database/README.md"] ?? "";
    expect(text).toMatch(/^# database\n\nAmazon RDS for PostgreSQL\..*\n\n<!-- BEGIN_TF_DOCS -->\n## Requirements\n/);
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual([
      "Requirements",
      "Providers",
      "Modules",
      "Resources",
      "Inputs",
      "Outputs",
    ]);
    expect(text).toContain(
      "| [aws_db_instance.database](https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_instance) | resource |",
    );
    expect(text).toContain(
      '| <a name="input_kms_key_arn"></a> [kms\\_key\\_arn](#input\\_kms\\_key\\_arn) | ARN of the KMS key that every store is encrypted with. | `string` | n/a | yes |',
    );
    expect(text).toContain(
      '| <a name="output_address"></a> [address](#output\\_address) | Host name of the database. |',
    );
    expect(text.endsWith("<!-- END_TF_DOCS -->\n")).toBe(true);
    for (const tier of TIERS) expect(modules[`modules/${tier}/README.md`]).toMatch(/^# .+\n\n[A-Z].+\.\n/);
  });
});

describe("a change of the topology", () => {
  /** Lines that differ, by file. */
  function difference(change: Partial<TopologyFile>, options: typeof MODULES | typeof STACKS) {
    const before = exportTopology(SMALLEST, options);
    const after = exportTopology({ ...SMALLEST, ...change }, options);
    const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
      (path) => before[path] !== after[path],
    );
    return Object.fromEntries(
      paths.map((path) => {
        const [old, now] = [before[path] ?? "", after[path] ?? ""].map((text) => text.split("\n"));
        return [path, now?.filter((line) => !old?.includes(line)).map((line) => line.trim())];
      }),
    );
  }

  it.each([MODULES, STACKS])("changes the lines that it concerns, and no others: %j", (options) => {
    const folder = options.layout === "modules" ? "modules/" : "";
    expect(difference({ database: { instanceClass: "db.m6g.xlarge" } }, options)).toEqual({
      [`${folder}database/main.tf.json`]: ['"instance_class": "db.m6g.xlarge",'],
    });
    expect(difference({ loadBalancer: { crossZone: false } }, options)).toEqual({
      [`${folder}load-balancer/main.tf.json`]: ['"enable_cross_zone_load_balancing": false,'],
    });
  });
});

describe("stacks of one's own", () => {
  const { topology } = load(SMALLEST);
  const tier = (app: App, id: string, fill: (stack: TierStack) => void = () => {}) => {
    const stack = new TierStack(app, id, topology, "Mine.");
    const vpc = new Vpc(stack, "vpc", { cidrBlock: "10.0.0.0/16" });
    fill(stack);
    return { stack, vpc };
  };

  it("pass their variables through the root module", () => {
    const tree = exportApp((app) => {
      tier(app, "mine", (stack) => new TerraformVariable(stack, "size", { type: "string", description: "Mine." }));
    }, MODULES);
    expect(json(tree, "main.tf.json").module.mine).toEqual({ source: "./modules/mine", size: "${var.size}" });
    expect(json(tree, "variables.tf.json")).toEqual({ variable: { size: { description: "Mine.", type: "string" } } });
    expect(json(tree, "modules/mine/variables.tf.json")).toEqual(json(tree, "variables.tf.json"));
  });

  it("have moved, import and removed blocks in a file beside", () => {
    const tree = exportApp((app) => {
      tier(app, "mine", (stack) => {
        stack.addOverride("moved", [{ from: "aws_vpc.old", to: "aws_vpc.vpc" }]);
        stack.addOverride("import", [{ to: "aws_vpc.vpc", id: "vpc-1" }]);
        stack.addOverride("removed", [{ from: "aws_vpc.gone", lifecycle: { destroy: false } }]);
      });
    }, MODULES);
    expect(tree["modules/mine/moved.tf"]).toBe(
      `moved {
  from = aws_vpc.old
  to   = aws_vpc.vpc
}

removed {
  from = aws_vpc.gone

  lifecycle {
    destroy = false
  }
}
`,
    );
    // Terraform takes them in root modules only.
    expect(tree["moved.tf"]).toBe('import {\n  id = "vpc-1"\n  to = module.mine.aws_vpc.vpc\n}\n');
    expect(Object.keys(json(tree, "modules/mine/main.tf.json"))).toEqual(["resource"]);
  });

  it("can't give out two values under one name", () => {
    const compose = (app: App) => {
      for (const id of ["one", "two"]) {
        const { stack, vpc } = tier(app, id);
        stack.declareOutput("vpc_id", "The VPC's id.", vpc.id);
      }
    };
    expect(() => exportApp(compose, MODULES)).toThrow(
      "one.vpc_id and two.vpc_id would both be vpc_id; give one of them another input name",
    );
    expect(() => exportApp(compose, STACKS)).not.toThrow();
  });

  it("have to be tiers", () => {
    expect(() => exportApp((app) => void new TerraformStack(app, "mine"), STACKS)).toThrow();
  });
});

describe("the same topology gives the same bytes", () => {
  const scratch = mkdtempSync(join(realpathSync(tmpdir()), "export-"));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  it("in two folders, users, locales and time zones", () => {
    const run = (out: string, env: Record<string, string>) => {
      const { status, stderr } = spawnSync(
        process.execPath,
        ["scripts/run.mjs", "modules/cli/main.ts", "export", "--out", out, "--json"],
        { cwd: ROOT, encoding: "utf8", env: { PATH: process.env.PATH, HOME: scratch, ...env } },
      );
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      return Object.fromEntries(
        files
          .map((file): [string, string] => {
            const path = join(file.parentPath, file.name);
            return [path.slice(out.length), readFileSync(path, "utf8")];
          })
          .sort(),
      );
    };
    const here = run(join(scratch, "one"), { LANG: "C", LC_ALL: "C", TZ: "UTC", USER: "one" });
    const there = run(join(scratch, "deeper", "and with spaces"), {
      LANG: "de_DE.UTF-8",
      LC_ALL: "de_DE.UTF-8",
      TZ: "Pacific/Auckland",
      USER: "two",
    });
    expect(Object.keys(here).length).toBeGreaterThan(70);
    expect(there).toEqual(here);
  }, 60_000);
});
