#!/usr/bin/env node
// The package's command: `gitlab-aws <verb>`.
import { program } from "./program";

const gitlabAws = program();
// Every wrong use is exit code 2, as distinct from a topology with problems.
for (const command of [gitlabAws, ...gitlabAws.commands]) {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
}
// `gitlab-aws explain | head` has read what it wanted.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});
gitlabAws.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? `gitlab-aws: ${error.message}` : error);
  process.exit(1);
});
