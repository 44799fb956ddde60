import { RubyExpression, ruby } from "../../modules/nodes/ruby";

// What Ruby itself makes of it is asserted in __tests__/machines/gitlab-rb.test.ts.
it.each([
  ["a string", "x", "'x'"],
  ["what would end a string", "it's \\", "'it\\'s \\\\'"],
  ["what would be evaluated in double quotes", "#{x}\\n", "'#{x}\\\\n'"],
  ["a number", 1.5, "1.5"],
  ["a truth", true, "true"],
  ["nothing", null, "nil"],
  ["an expression", new RubyExpression("secret.call('x')"), "secret.call('x')"],
  ["a list", [1, "a"], "[1, 'a']"],
  ["an empty list", [], "[]"],
  ["an empty hash", {}, "{}"],
  ["a hash", { a: { b: [null] } }, "{ 'a' => { 'b' => [nil] } }"],
])("writes %s", (_, value, expected) => {
  expect(ruby(value)).toBe(expected);
});

it("gives each member a line where one would be long", () => {
  const long = "x".repeat(60);
  expect(ruby({ a: long, b: { c: [long, long] } })).toBe(
    [
      "{",
      `  'a' => '${long}',`,
      "  'b' => {",
      "    'c' => [",
      `      '${long}',`,
      `      '${long}',`,
      "    ],",
      "  },",
      "}",
    ].join("\n"),
  );
});
