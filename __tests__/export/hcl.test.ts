// HCL from the values of Terraform's JSON. That `terraform fmt` leaves it alone, and that it means the same, is shown with
// real Terraform in e2e/layouts.test.ts.
import { type Block, hclFile, Raw } from "../../modules/export/hcl";
import { segments } from "../../modules/export/template";
import type { JsonObject } from "../../modules/json";

const body = (values: Block["body"], isBlock?: Block["isBlock"]) =>
  hclFile([{ type: "resource", labels: ["aws_x", "y"], body: values, isBlock }])
    .split("\n")
    .slice(1, -2)
    .map((line) => line.replace(/^ {2}/, ""))
    .join("\n");

describe("templates", () => {
  it.each([
    ["text", [{ text: "text" }]],
    ["", []],
    ["${aws_vpc.vpc.id}", [{ expression: "aws_vpc.vpc.id" }]],
    ["a${ b }c", [{ text: "a" }, { expression: "b" }, { text: "c" }]],
    ["$${a} %%{b} $ % ${c}", [{ text: "$${a} %%{b} $ % " }, { expression: "c" }]],
    ['${x["a}b"]}${y}', [{ expression: 'x["a}b"]' }, { expression: "y" }]],
    ['${merge({a = 1}, {b = "${c}}"})}', [{ expression: 'merge({a = 1}, {b = "${c}}"})' }]],
    ['${"\\"}"}', [{ expression: '"\\"}"' }]],
    ["%{ if a }b%{ endif }", [{ text: "%{ if a }b%{ endif }" }]],
  ])("%s", (template, expected) => {
    expect(segments(template)).toEqual(expected);
  });

  it.each(["${a", '${"a}', "a ${b{}"])("that isn't closed is an error: %s", (template) => {
    expect(() => segments(template)).toThrow("isn't closed");
  });
});

describe("values", () => {
  it.each([
    ["a number", 1.5, "a = 1.5"],
    ["a text", 'x "y" \\ \t', 'a = "x \\"y\\" \\\\ \\t"'],
    ["signs that print nothing", "\b\f\u0001\\b", 'a = "\\u0008\\u000c\\u0001\\\\b"'],
    ["a reference", "${aws_vpc.vpc.id}", "a = aws_vpc.vpc.id"],
    ["a reference in a text", "${a.b}/*", 'a = "${a.b}/*"'],
    ["an escaped one", "$${HOME} %%{x}", 'a = "$${HOME} %%{x}"'],
    ["what is written as it stands", new Raw("map(string)"), "a = map(string)"],
    ["a short list", ["x", 1], 'a = ["x", 1]'],
    ["an empty list and object", [[], {}], "a = [[], {}]"],
    ["keys that aren't names", { "a-b": 1, for: 2, c: 3 }, 'a = {\n  "a-b" = 1\n  c     = 3\n  "for" = 2\n}'],
    ["a text of several lines", "b ${c}\n\nd\\\n", "a = <<EOT\nb ${c}\n\nd\\\nEOT"],
    ["one that has the mark in it", "EOT\nb\n", "a = <<EOT_\nEOT\nb\nEOT_"],
    ["one without a last newline", "b\nc", 'a = "b\\nc"'],
    ["one with other signs", "b\r\nc\n", 'a = "b\\r\\nc\\n"'],
  ])("%s", (_, value, expected) => {
    expect(body({ a: value })).toBe(expected);
  });

  it("JSON in a text is an object, where jsonencode gives the same text", () => {
    expect(body({ a: '{"b":["${x.y["k"]}/*",1],"c":{}}' })).toBe(
      'a = jsonencode({\n  b = ["${x.y["k"]}/*", 1]\n  c = {}\n})',
    );
    expect(body({ a: '{"b":"\\u003c\\u0026"}' })).toBe('a = jsonencode({\n  b = "<&"\n})');
  });

  it.each(['{"b":1,"a":2}', '{ "a": 1 }', '{"a":"<"}', "{not json}", '{"${k}":1}', '{"a":${n}}'])(
    "and stays a text where it gives another: %s",
    (text) => {
      expect(body({ a: text })).toMatch(/^a = "/);
    },
  );
});

describe("bodies", () => {
  it("align equals signs as far as values end on their line", () => {
    expect(body({ a: 1, bbb: { x: 1 }, cc: "x\ny\n", d: true, eeee: 2 })).toBe(
      "a = 1\nbbb = {\n  x = 1\n}\ncc = <<EOT\nx\ny\nEOT\nd    = true\neeee = 2",
    );
  });

  it("have blocks after attributes, one a member of a list, and what guards them last", () => {
    const values: Block["body"] = {
      lifecycle: { prevent_destroy: true, ignore_changes: ["ami"] },
      depends_on: [new Raw("aws_x.z")] as const,
      zone: "a",
      rule: [{ id: 1, filter: { prefix: "p" } }, { id: 2 }] as JsonObject[],
      for_each: "${var.all}",
    };
    expect(body(values, (path) => ["rule", "rule.filter"].includes(path))).toBe(
      [
        "for_each   = var.all",
        'zone       = "a"',
        "depends_on = [aws_x.z]",
        "",
        'rule {\n  id = 1\n\n  filter {\n    prefix = "p"\n  }\n}',
        "",
        "rule {\n  id = 2\n}",
        "",
        "lifecycle {\n  ignore_changes  = [ami]\n  prevent_destroy = true\n}",
      ].join("\n"),
    );
  });

  it("know dynamic blocks", () => {
    const values = { dynamic: { rule: { for_each: "${var.rules}", content: { id: "${rule.value}" } } } };
    expect(body(values, (path) => path === "rule")).toBe(
      'dynamic "rule" {\n  for_each = var.rules\n\n  content {\n    id = rule.value\n  }\n}',
    );
  });
});
