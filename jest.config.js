// The tests that need Node only: `npm test`.
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
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
