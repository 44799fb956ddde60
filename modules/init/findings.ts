import { type Problem, resolveTopology, TopologyError } from "../topology";
import { type Answers, flagName, isWithin, schemaOf, settings, topologyOf } from "./settings";

/** Something wrong or doubtful with a flag: a topology's problem by the flag's name, as there is no file yet. */
export interface Finding extends Pick<Problem, "severity" | "rule" | "path" | "message" | "fix"> {
  readonly flag: string;
}

/**
 * Why answers don't make a topology.
 *
 * @param complete whether no more answers are to come; otherwise only what is wrong with those that are there
 */
export function objections(answers: Answers, { complete }: { complete: boolean }): Finding[] {
  const errors = findings(answers).filter(({ severity }) => severity === "error");
  return complete ? [...missing(answers), ...errors] : errors.filter(isAbout(answers));
}

/** What is doubtful in the answers themselves. The topology's defaults are for `validate` to judge. */
export function doubts(answers: Answers): Finding[] {
  return findings(answers)
    .filter(({ severity }) => severity === "warning")
    .filter(isAbout(answers));
}

/** What is wrong or doubtful at one path and in what it leads to. */
export function findingsAt(answers: Answers, path: string): Finding[] {
  return findings(answers).filter((finding) => isWithin(finding.path, path));
}

/** `--domain is "GitLab", but must be a host name in lower case, ... Use another value, ...` */
export function formatFinding({ severity, flag, message, fix }: Finding): string {
  return `${severity === "warning" ? "warning: " : ""}${flag} ${message}. ${fix}.`;
}

/** Required flags that aren't there, each with an example. */
function missing(answers: Answers): Finding[] {
  return settings
    .filter(({ path, required }) => required && !answers.has(path))
    .map((setting) => {
      const flag = flagName(setting);
      const [example] = [schemaOf(setting.path).examples[0]].flat();
      const fix = `Add it, for example ${flag} ${example}`;
      return { severity: "error", rule: "missing", path: setting.path, flag, message: "is required", fix };
    });
}

/** What the schema and the rules find, beyond what is missing. */
function findings(answers: Answers): Finding[] {
  const absent = missing(answers);
  return problemsOf(answers)
    .filter(({ path }) => !absent.some((one) => isWithin(one.path, path)))
    .map(({ severity, rule, path, message, fix }) => ({ severity, rule, path, flag: flagOf(path), message, fix }));
}

function isAbout(answers: Answers): (finding: Finding) => boolean {
  return ({ path }) => [...answers.keys()].some((own) => isWithin(path, own));
}

function problemsOf(answers: Answers): readonly Problem[] {
  try {
    return resolveTopology(topologyOf(answers)).warnings;
  } catch (error) {
    if (error instanceof TopologyError) return error.problems;
    throw error;
  }
}

/** The flag that sets what a problem is about; the property itself where there is none. */
function flagOf(path: string): string {
  const setting = settings.find((one) => isWithin(path, one.path) || isWithin(one.path, path));
  return setting ? flagName(setting) : path;
}
