// An editor without a screen: the language servers' own libraries, which read the schema from the disk as they do in VS Code.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  ClientCapabilities,
  type CompletionItem,
  type Diagnostic,
  getLanguageService as jsonService,
  type Position,
  TextDocument,
} from "vscode-json-languageservice";
import { getLanguageService as yamlService } from "yaml-language-server/lib/umd/languageservice/yamlLanguageService";
import { type SchemaNode, withoutReferences } from "../../modules/topology/schema-node";
import { type Fixture, fixtures, problemsOf } from "../topology/fixtures";

export const ROOT = join(__dirname, "..", "..");
export const SCHEMA = JSON.parse(
  readFileSync(join(ROOT, "modules", "topology", "topology.schema.json"), "utf8"),
) as SchemaNode;
const SCHEMA_URI = pathToFileURL(join(ROOT, "schemas", "topology.schema.json")).href;

/** The cursor in a text. */
export const CURSOR = "▮";

export interface Editor {
  /** What has a squiggle in a file. */
  diagnostics(path: string, text: string): Promise<readonly Diagnostic[]>;
  /** What is proposed at the cursor, with its documentation as plain text. */
  proposals(text: string): Promise<readonly (CompletionItem & { readonly documentation: string })[]>;
  /** What shows with the mouse over the cursor; empty, if nothing does. */
  hover(text: string): Promise<string>;
}

/** How files come to the schema. */
export interface Settings {
  /** Whether the editor's settings name the schema for all files; otherwise each names it itself. */
  readonly associated?: boolean;
}

/** The language server of VS Code for JSON, with comments. */
export function jsonEditor({ associated = true }: Settings = {}): Editor {
  const service = jsonService(services());
  service.configure({ schemas: associated ? [{ uri: SCHEMA_URI, fileMatch: ["*"] }] : [] });
  return editor("json", {
    diagnostics: (file) =>
      service.doValidation(file, service.parseJSONDocument(file), { comments: "ignore", trailingCommas: "ignore" }),
    complete: (file, position) => service.doComplete(file, position, service.parseJSONDocument(file)),
    hover: (file, position) => service.doHover(file, position, service.parseJSONDocument(file)),
  });
}

/** Red Hat's language server for YAML. */
export function yamlEditor({ associated = true }: Settings = {}): Editor {
  const service = yamlService(services());
  const schemas = associated ? [{ uri: SCHEMA_URI, fileMatch: ["*"] }] : [];
  service.configure({ validate: true, hover: true, completion: true, schemas });
  return editor("yaml", {
    diagnostics: (file) => service.doValidation(file, false),
    complete: (file, position) => service.doComplete(file, position, false),
    hover: (file, position) => service.doHover(file, position),
  });
}

interface Service {
  diagnostics(file: TextDocument): PromiseLike<Diagnostic[]>;
  complete(file: TextDocument, position: Position): PromiseLike<{ items: CompletionItem[] } | null>;
  hover(file: TextDocument, position: Position): PromiseLike<{ contents: unknown } | null>;
}

function services() {
  return {
    schemaRequestService: async (uri: string) => readFileSync(fileURLToPath(uri), "utf8"),
    workspaceContext: { resolveRelativePath: (path: string, resource: string) => new URL(path, resource).href },
    clientCapabilities: ClientCapabilities.LATEST,
  };
}

/** Of the file last opened. The server of YAML remembers what it parsed by name and version, for all its instances. */
let version = 0;

function editor(language: "json" | "yaml", service: Service): Editor {
  const open = (path: string, text: string) =>
    TextDocument.create(pathToFileURL(path).href, language, ++version, withoutMark(text));
  const atCursor = (text: string): [TextDocument, Position] => {
    const file = open(join(ROOT, `topology-${version}.${language}`), text.replace(CURSOR, ""));
    return [file, file.positionAt(text.indexOf(CURSOR))];
  };
  return {
    diagnostics: async (path, text) => service.diagnostics(open(join(ROOT, path), text)),
    proposals: async (text) => {
      const items = (await service.complete(...atCursor(text)))?.items ?? [];
      return items.map((item) => ({ ...item, documentation: plainText(item.documentation) }));
    },
    hover: async (text) => plainText((await service.hover(...atCursor(text)))?.contents),
  };
}

/** Text or Markdown, as servers hand it over, without the escapes of Markdown. */
function plainText(contents: unknown): string {
  return JSON.parse(JSON.stringify(contents ?? ""), (_, value) => value?.value ?? value)
    .toString()
    .replace(/\\([^A-Za-z0-9\s])/g, "$1");
}

/** Fixtures that break the schema by themselves, in the language: an editor sees nothing of a file that one extends. */
export function brokenFixtures(extension: RegExp): readonly Fixture[] {
  return fixtures("invalid").filter(
    (fixture) =>
      fixture.topic !== "extends" &&
      extension.test(fixture.name) &&
      problemsOf(fixture).some(({ rule }) => rule === "schema"),
  );
}

/** The problems of the schema that a fixture has and none of the diagnostics covers, by path. */
export function uncovered(fixture: Fixture, diagnostics: readonly Diagnostic[]): readonly string[] {
  const file = TextDocument.create("", "", 0, withoutMark(fixture.text));
  return problemsOf(fixture)
    .filter(({ rule }) => rule === "schema")
    .filter(({ position }) => {
      const place = file.offsetAt({ line: position.line - 1, character: position.column - 1 });
      return !diagnostics.some(({ range }) => {
        const [start, end] = [file.offsetAt(range.start), file.offsetAt(range.end)];
        // What lacks a value has no length.
        return start <= place && place < Math.max(end, start + 1);
      });
    })
    .map(({ path }) => path);
}

/** Topologies that the schema has nothing against, by path in the project: examples and the fixtures of other tests. */
export function validFiles(extension: RegExp): readonly string[] {
  const folders = ["examples", "__tests__/fixtures/topologies", "__tests__/fixtures/warnings"];
  return [
    "topology.json",
    "examples/app/topology.json",
    ...folders.flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: folder.startsWith("__tests__"), encoding: "utf8" }).map((name) =>
        join(folder, name),
      ),
    ),
  ].filter((path) => extension.test(path));
}

/** A file of the project. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** Editors keep a byte order mark to themselves. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, "");
}

/** A property of the schema. */
export interface Place {
  /** `["network", "zones", "0", "name"]` */
  readonly path: readonly string[];
  /** The same as a text, for names of tests. */
  readonly pointer: string;
  readonly key: string;
  readonly node: SchemaNode;
  readonly required: boolean;
}

/** Every property of the schema, in and under a node. */
export function places(node: SchemaNode = withoutReferences(SCHEMA), path: readonly string[] = []): readonly Place[] {
  if (node.items) return places(node.items, [...path, "0"]);
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
    {
      path: [...path, key],
      pointer: [...path, key].join("/"),
      key,
      node: child,
      required: node.required?.includes(key) ?? false,
    },
    ...places(child, [...path, key]),
  ]);
}

/** What has properties: the file, objects in it, and objects in lists, which lie at their list's first place. */
export function objects(): readonly (Pick<Place, "pointer" | "path"> & {
  readonly properties: [string, SchemaNode][];
})[] {
  const inside = places().map(({ pointer, path, node }) =>
    node.items ? { pointer, path: [...path, "0"], node: node.items } : { pointer, path, node },
  );
  return [{ pointer: "the file", path: [], node: SCHEMA }, ...inside]
    .filter(({ node }) => node.properties)
    .map(({ node, ...place }) => ({ ...place, properties: Object.entries(node.properties ?? {}) }));
}

/** A topology that is empty but for the value at a path. */
export function nest(path: readonly string[], value: unknown): unknown {
  return path.reduceRight((inner, key) => (key === "0" ? [inner] : { [key]: inner }), value);
}

/** What a property's hover has to say beside its description. */
export function factsOf({ node, required }: Place): readonly string[] {
  const own = node.properties ? [] : ["Default: ", `\`${JSON.stringify(node.default)}\``];
  const absence = required
    ? ["Required"]
    : [node["x-default"], node["x-absent"]].filter((fact) => fact !== undefined).map(String);
  return [
    ...(absence.length > 0 ? absence : own),
    ...[node["x-unit"], node["x-guide"]].filter((fact) => fact !== undefined).map(String),
  ];
}
