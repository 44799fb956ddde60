// `gitlab-aws init` as a program of its own. With TERMINAL it takes the pipes of a test for a terminal.
import { initCommand } from "../../modules/cli/init";

if (process.env.TERMINAL) {
  process.stdin.isTTY = true;
  process.stderr.isTTY = true;
}
initCommand().parseAsync();
