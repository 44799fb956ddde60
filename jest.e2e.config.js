// Real Terraform against an emulator of AWS: `npm run test:e2e`.
const unit = require("./jest.config.js");

module.exports = {
  ...unit,
  testMatch: ["<rootDir>/__tests__/e2e/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  // Applying the whole deployment takes minutes: the provider waits for load balancer and database by the clock.
  testTimeout: 25 * 60 * 1000,
  // A deployment each, at the same time: they mostly wait.
  maxWorkers: 3,
};
