// Preloaded into measured processes: notes each one's peak resident set, in KiB.
process.on("exit", () => {
  require("node:fs").appendFileSync(process.env.BENCH_MEMORY_FILE, `${process.resourceUsage().maxRSS}\n`);
});
