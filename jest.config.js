// The tests that need Node only: `npm test`.
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  // Some start programs, which takes seconds on a busy machine.
  testTimeout: 30_000,
  // jest leaves one processor out, which is half of a small machine's.
  maxWorkers: "100%",
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/__tests__/e2e/", "<rootDir>/__tests__/machines/"],
  transform: {
    // What runs on the nodes, as text.
    "\\.(sh|py|sql|rb|conf|service)$": "<rootDir>/scripts/jest-text.js",
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
};
