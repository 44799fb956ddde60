// The command, and what documents it, say the same.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { program } from "../../modules/cli/program";

const ROOT = join(__dirname, "../..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const verbs = program().commands;
const names = verbs.map((verb) => verb.name());

it("package.json has a script a verb, and nothing else of that name", () => {
  const { scripts } = JSON.parse(read("package.json"));
  const wrapped = Object.entries<string>(scripts).filter(([, script]) => script.includes("modules/cli/main.ts"));
  expect(wrapped.map(([name]) => name).sort()).toEqual([...names].sort());
  for (const [name, script] of wrapped) expect(script).toBe(`node scripts/run.mjs modules/cli/main.ts ${name}`);
});

it("the help file has every script that people run", () => {
  const { scripts } = JSON.parse(read("package.json"));
  const help = read("help");
  const mentioned = [...help.matchAll(/npm (?:run )?([\w:]+)/g)].map(([, name]) => name);
  expect([...new Set(mentioned)].filter((name) => name !== "run" && !(String(name) in scripts))).toEqual([]);
  // npm runs `prepack` by itself, and formatting is the linter's.
  const people = Object.keys(scripts).filter((name) => !["prepack", "format"].includes(name));
  expect(people.filter((name) => !mentioned.includes(name))).toEqual([]);
});

it("docs/commands.md has a section a verb, in the order of --help", () => {
  const sections = [...read("docs/commands.md").matchAll(/^## (.*)$/gm)].map(([, title]) => title);
  expect(sections).toEqual(names);
});

it.each(verbs.map((verb) => [verb.name(), verb] as const))("%s has examples in --help", (_, verb) => {
  let help = "";
  verb.configureOutput({ writeOut: (text) => (help += text) });
  verb.outputHelp();
  expect(help).toMatch(new RegExp(`Examples:\n  gitlab-aws ${verb.name()}`));
});

it.each(verbs.map((verb) => [verb.name(), verb] as const))("%s can say its result as JSON", (name, verb) => {
  const has = verb.options.some(({ long }) => long === "--json");
  // A schema is JSON as it is.
  expect(has).toBe(name !== "schema");
});

it("docs/export.md has every option of export", () => {
  const page = read("docs/export.md");
  const options = verbs.find((verb) => verb.name() === "export")?.options ?? [];
  expect(options.length).toBeGreaterThan(5);
  expect(options.filter(({ long }) => !page.includes(`\`${long}`))).toEqual([]);
});

it("README.md leads to every page, and to none that there isn't", () => {
  const pages = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
  const linked = [...read("README.md").matchAll(/\]\(docs\/([\w-]+\.md)\)/g)].map(([, page]) => page);
  expect(pages.filter((page) => !linked.includes(page))).toEqual([]);
  expect(linked.filter((page) => !pages.includes(page as string))).toEqual([]);
});

it("links in the documentation lead somewhere", () => {
  const pages = ["README.md", ...readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`)].filter((name) =>
    name.endsWith(".md"),
  );
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].flatMap(([, path = "", anchor]) => {
      const target = path === "" ? page : join(page, "..", path);
      try {
        const isFolder = target.endsWith("/");
        const text = isFolder ? readdirSync(join(ROOT, target)).join() : read(target);
        return anchor === undefined || anchors(text).includes(anchor) ? [] : [`${page}: ${path}#${anchor}`];
      } catch {
        return [`${page}: ${path}`];
      }
    }),
  );
  expect(broken).toEqual([]);
});

/** The anchors that GitHub and GitLab give to headings. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}
