import { Command } from "commander";
import { diagramCommand } from "./diagram";
import { diffCommand } from "./diff";
import { explainCommand } from "./explain";
import { exportCommand } from "./export";
import { initCommand } from "./init";
import { schemaCommand } from "./schema";
import { validateCommand } from "./validate";

/** The package's command with all its verbs: `gitlab-aws <verb>`. */
export function program(): Command {
  return new Command("gitlab-aws")
    .description("GitLab on AWS, from one topology file")
    .addCommand(initCommand())
    .addCommand(validateCommand())
    .addCommand(explainCommand())
    .addCommand(diffCommand())
    .addCommand(diagramCommand())
    .addCommand(exportCommand())
    .addCommand(schemaCommand())
    .addHelpText("after", "\nExit codes: 0 done, 1 there is a problem or a difference, 2 the command isn't one.");
}
