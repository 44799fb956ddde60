// A jest transform: a file becomes a module that exports its text. Jest itself hands it over without its `#!` line.
const { readFileSync } = require("node:fs");

module.exports = {
  process: (_, file) => ({ code: `module.exports = ${JSON.stringify(readFileSync(file, "utf8"))};` }),
};
