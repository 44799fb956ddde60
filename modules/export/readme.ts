import { isObject } from "../json";
import type { Folder } from "./folder";

/** Where terraform-docs writes, so that it finds nothing to change. */
const BEGIN = "<!-- BEGIN_TF_DOCS -->";
const END = "<!-- END_TF_DOCS -->";

/** A folder's README: its purpose, and the rest in the form of `terraform-docs markdown table`. */
export function readme(folder: Folder, text = folder.purpose): string {
  const head = [`# ${folder.title}`, ...(text ? [text] : [])];
  return `${[...head, BEGIN].join("\n\n")}\n${reference(folder).join("\n\n")}\n${END}\n`;
}

function reference(folder: Folder): string[] {
  const { requiredVersion, requiredProviders, module, variables, outputs } = folder;
  const providers = Object.keys(requiredProviders).sort();
  const versions = providers.map((name): [string, string] => [name, requiredProviders[name]?.version ?? "n/a"]);
  return [
    section("Requirements", ["Name", "Version"], {
      none: "No requirements.",
      rows: [["terraform", requiredVersion], ...versions].map(([name = "", version = ""]) => [
        anchored("requirement", name),
        version,
      ]),
    }),
    section("Providers", ["Name", "Version"], {
      none: "No providers.",
      rows: versions.map(([name, version]) => [anchored("provider", name), version]),
    }),
    section("Modules", ["Name", "Source", "Version"], {
      none: "No modules.",
      rows: Object.keys(module)
        .sort()
        .map((name) => [anchored("module", name), String(module[name]?.source), "n/a"]),
    }),
    section("Resources", ["Name", "Type"], { none: "No resources.", rows: resources(folder) }),
    section("Inputs", ["Name", "Description", "Type", "Default", "Required"], {
      none: "No inputs.",
      rows: Object.keys(variables)
        .sort()
        .map((name) => {
          const { description, type, default: value } = variables[name] ?? {};
          const fallback = value === undefined ? "n/a" : `\`${JSON.stringify(value)}\``;
          return [anchored("input", name), description, `\`${type}\``, fallback, value === undefined ? "yes" : "no"];
        }),
    }),
    section("Outputs", ["Name", "Description"], {
      none: "No outputs.",
      rows: Object.keys(outputs)
        .sort()
        .map((name) => [anchored("output", name), outputs[name]?.description]),
    }),
  ];
}

interface Table {
  /** What stands in place of a table without rows. */
  readonly none: string;
  readonly rows: readonly (readonly (string | undefined)[])[];
}

function section(title: string, columns: readonly string[], { none, rows }: Table): string {
  if (rows.length === 0) return `## ${title}\n\n${none}`;
  const rule = columns.map((column) => (column === "Required" ? ":--------:" : "-".repeat(column.length + 2)));
  const lines = [
    `| ${columns.join(" | ")} |`,
    `|${rule.join("|")}|`,
    ...rows.map((row) => `| ${row.map((cell) => cell || "n/a").join(" | ")} |`),
  ];
  return `## ${title}\n\n${lines.join("\n")}`;
}

function anchored(kind: string, name: string): string {
  return `<a name="${kind}_${name}"></a> [${escaped(name)}](#${kind}\\_${escaped(name)})`;
}

function escaped(name: string): string {
  return name.replaceAll("_", "\\_");
}

/** Addresses with the pages that document their types, as far as a provider of HashiCorp's has them. */
function resources({ resource, data, requiredProviders }: Folder): string[][] {
  const row = (kind: string, page: string) => (type: string, name: string) => {
    const [, provider = "", rest = ""] = /^([^_]+)_(.+)$/.exec(type) ?? [];
    const source = requiredProviders[provider]?.source.replace("registry.terraform.io/", "");
    const address = `${type}.${name}`;
    const link = source ? `https://registry.terraform.io/providers/${source}/latest/docs/${page}/${rest}` : undefined;
    return [address, link ? `[${address}](${link})` : address, kind];
  };
  const rows = [
    ...named(resource).map(([type, name]) => row("resource", "resources")(type, name)),
    ...named(data).map(([type, name]) => row("data source", "data-sources")(type, name)),
  ];
  return rows.sort(([one = ""], [other = ""]) => (one < other ? -1 : 1)).map(([, ...cells]) => cells);
}

function named(types: Folder["resource"]): [type: string, name: string][] {
  return Object.entries(types).flatMap(([type, names]) =>
    isObject(names) ? Object.keys(names).map((name): [string, string] => [type, name]) : [],
  );
}
