import { resolveTopology, type TopologyFile } from "../topology";
import { type Answers, schemaOf, topologyOf } from "./settings";

type Prompts = typeof import("@inquirer/prompts");

/** What a question has at hand. */
export interface Asking {
  readonly prompts: Prompts;
  /** The terminal. */
  readonly context: Parameters<Prompts["input"]>[1];
  readonly answers: Answers;
  /** Why a value, or what is there without one, is refused. */
  errorsIn(value?: unknown): string | undefined;
}

/** Asks for a value; undefined where, after the answers so far, there is nothing to ask for or to set. */
type Question = (asking: Asking) => Promise<unknown> | undefined;

/** The questions by the setting they are for. What has no question here has a flag only. */
export const questions: Readonly<Record<string, Question>> = {
  "/size": ({ prompts, context }) => prompts.select({ message: "Size", choices: SIZES }, context),

  "/region": ({ prompts, context }) => {
    const regions = schemaOf("/region").enum ?? [];
    const source = (term = "") => regions.filter((region) => region.includes(term.trim().toLowerCase()));
    // The one that the AWS tools work with here is offered first.
    const usual = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
    return prompts.search({ message: "AWS region", source, ...(usual && { default: usual }) }, context);
  },

  "/domain": (asking) => text(asking, "GitLab's host name (such as gitlab.example.com)"),

  // Its default comes from the domain, which may be too long for it.
  "/objectStorage/bucketPrefix": (asking) =>
    asking.errorsIn() ? text(asking, "A prefix for bucket names (the domain makes too long ones)") : undefined,

  "/access/trustedCidrs": async ({ prompts, context, errorsIn }) => {
    const message = "Who may use SSH (such as 203.0.113.0/24, 2001:db8::/32)";
    return listOf(await prompts.input({ message, validate: (typed) => errorsIn(listOf(typed)) ?? true }, context));
  },

  "/dns/zone": ({ prompts, context }) => prompts.select({ message: "DNS", choices: ZONES }, context),

  "/dns/zoneName": (asking) =>
    asking.answers.get("/dns/zone") === "none"
      ? undefined
      : text(asking, "The hosted zone's name", defaultZoneName(asking.answers)),

  "/certificate/arn": async (asking) => {
    const { prompts, context, answers } = asking;
    const isIssued =
      answers.get("/dns/zone") !== "none" &&
      (await prompts.select({ message: "Certificate", choices: CERTIFICATES }, context)) === "issued";
    return isIssued ? undefined : text(asking, "The certificate's ARN, in ACM or IAM");
  },

  "/backend/s3/bucket": (asking) =>
    asking.answers.get("/backend/type") === "s3" ? text(asking, "The bucket of Terraform's states") : undefined,

  "/backend/cloud/organization": (asking) =>
    asking.answers.get("/backend/type") === "cloud" ? text(asking, "The HCP Terraform organization") : undefined,
};

/** The guide's own numbers are what a topology without a size has. */
const SIZES = [
  { value: undefined, name: "as in the guide" },
  ...choicesOf<NonNullable<TopologyFile["size"]>>({
    "20rps": "20 requests per second, up to 1,000 users",
    "40rps": "40 requests per second, up to 2,000 users",
  }),
];

const ZONES = choicesOf<NonNullable<NonNullable<TopologyFile["dns"]>["zone"]>>({
  existing: "a public hosted zone that is in Route 53",
  create: "a new hosted zone in Route 53",
  none: "elsewhere",
});

const CERTIFICATES = choicesOf({ issued: "issued by ACM, validated through the hosted zone", existing: "one I have" });

function choicesOf<Value extends string>(names: Readonly<Record<Value, string>>): { value: Value; name: string }[] {
  return (Object.entries(names) as [Value, string][]).map(([value, name]) => ({ value, name }));
}

/** Asks for a text until it's none that is refused. */
async function text({ prompts, context, errorsIn }: Asking, message: string, value?: string): Promise<string> {
  const validate = (typed: string) => errorsIn(typed.trim()) ?? true;
  return (await prompts.input({ message, default: value, validate }, context)).trim();
}

function listOf(typed: string): string[] {
  return typed
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** What the topology has where it names no zone. */
function defaultZoneName(answers: Answers): string {
  const judged = ["/region", "/domain", "/objectStorage/bucketPrefix", "/access/trustedCidrs"];
  const topology = topologyOf(new Map([...answers].filter(([path]) => judged.includes(path))));
  return resolveTopology(topology).topology.dns.zoneName;
}
