import { Command } from "commander";

const EXAMPLES = `
Examples:
  gitlab-aws schema > topology.schema.json              for an editor, see docs/editors.md`;

/** `gitlab-aws schema`: the JSON schema of topologies. */
export function schemaCommand(): Command {
  return new Command("schema")
    .description("Print the JSON schema of topologies")
    .addHelpText("after", EXAMPLES)
    .action(async () => {
      const { default: schema } = await import("../../schemas/topology.schema.json");
      console.log(JSON.stringify(schema, undefined, 2));
    });
}
