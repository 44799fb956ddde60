// Nodes that boot for real, and what is proven with the nodes' own programs: `npm run test:nodes`.
const unit = require("./jest.config.js");

module.exports = {
  ...unit,
  testMatch: ["<rootDir>/__tests__/machines/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  testTimeout: 10 * 60 * 1000,
  // One network and one AWS at a time.
  maxWorkers: 1,
};
