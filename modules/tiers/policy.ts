import { jsonText } from "../json";

/** One statement of an IAM, bucket or key policy. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Readonly<Record<string, string>>;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/**
 * A policy as the text AWS takes.
 *
 * Statements that are undefined are left out.
 */
export function policyDocument(statements: readonly (PolicyStatement | undefined)[]): string {
  return jsonText({ Version: "2012-10-17", Statement: statements.filter((statement) => statement) });
}

/** The trust policy of a role that an AWS service assumes. */
export function assumedBy(service: string): string {
  return jsonText({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });
}
