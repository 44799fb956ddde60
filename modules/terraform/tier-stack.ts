import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import {
  DefaultTokenResolver,
  StringConcat,
  TerraformDataSource,
  TerraformElement,
  TerraformOutput,
  type TerraformRemoteState,
  type TerraformResource,
  TerraformStack,
  Tokenization,
} from "cdktf";
import { Construct, type IConstruct, type Node } from "constructs";
import type { Topology } from "../topology";
import { deploymentTags } from "../topology/tags";
import { TierBackend } from "./backend";

/** The AWS provider's releases we build for: the bindings are for 6.x, the tests run 5.100. */
export const AWS_PROVIDER = { source: "registry.terraform.io/hashicorp/aws", version: ">= 5.100.0, < 7.0.0" };

/** Write-only arguments and ephemeral resources, which keep secrets out of the state. */
const TERRAFORM_VERSION = ">= 1.11.0";

/**
 * One tier's Terraform root module, synthesized so that people can read, review and commit it.
 *
 * Where cdktf's own stack makes up hashed addresses and `cross-stack-output-...` names, this one has addresses that follow
 * the construct ids (`aws_subnet.public_a`), and stacks read each other's declared outputs (`Tier.output`).
 */
export class TierStack extends TerraformStack {
  private readonly addresses = new Map<string, IConstruct>();
  private readonly declaredOutputs = new Map<string, string>();
  private readonly inputs = new Map<string, string>();
  private readonly remoteStates = new Map<TerraformStack, TerraformRemoteState>();
  private readonly outputs: Construct;
  private callerIdentity?: DataAwsCallerIdentity;

  /**
   * @param id the tier's name: the stack's folder, and the exported module's
   * @param purpose a sentence or two for the exported module's documentation; default: none
   */
  constructor(
    scope: Construct,
    id: string,
    readonly topology: Topology,
    readonly purpose = "",
  ) {
    super(scope, id);
    // What CDK Terrain, the maintained fork, checks features against; cdktf doesn't ask.
    this.node.setContext("targetVersions", { terraform: TERRAFORM_VERSION });
    this.outputs = new Construct(this, "outputs");
    new AwsProvider(this, "aws", { region: topology.region, defaultTags: [{ tags: deploymentTags(topology) }] });
    this.addOverride("terraform.required_version", TERRAFORM_VERSION);
    this.addOverride("terraform.required_providers.aws", AWS_PROVIDER);
    new TierBackend(this, topology.backend);
  }

  /** The stack a construct is in, if it's one of ours. */
  static override of(construct: IConstruct): TierStack {
    const stack = TerraformStack.of(construct);
    if (!(stack instanceof TierStack)) throw new Error(`${construct.node.path} is not inside a TierStack`);
    return stack;
  }

  /**
   * The construct ids below the stack, joined by `_`. A construct that is called like its stack adds nothing, nor does
   * one called `Default`, the main one of its parent: `storage/storage/lfs/Default` is `lfs`.
   *
   * @throws where two elements of one type would share an address: Terraform would know one of them only
   */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? element.node : element;
    const stackDepth = this.node.scopes.length;
    const ids = node.scopes.slice(stackDepth).map((construct) => construct.node.id);
    const named = (ids[0] === this.node.id ? ids.slice(1) : ids).filter((one) => one !== "Default");
    const id = named.join("_").replace(/[^A-Za-z0-9_]/g, "_");
    const address = `${typeOf(node)}.${id}`;
    const holder = this.addresses.get(address);
    const construct = node.scopes.at(-1) as IConstruct;
    if (holder && holder !== construct) {
      throw new Error(`${holder.node.path} and ${node.path} would both be ${address}`);
    }
    this.addresses.set(address, construct);
    return id;
  }

  /**
   * Declares an output, which is what other stacks read when they use a value of this one.
   *
   * A map or a list is one output; other stacks read its members: `outputs.private_subnet_ids["us-west-2a"]`.
   */
  declareOutput(name: string, description: string, value: OutputValue, options: OutputOptions = {}): void {
    const { after = [], input = name } = options;
    const output = new TerraformOutput(this.outputs, name, { value, description });
    output.overrideLogicalId(name);
    if (after.length > 0) {
      // Addresses, as resources have them there; cdktf's own `dependsOn` of an output writes expressions.
      const addresses = after.map((one) => `${one.terraformResourceType}.${one.friendlyUniqueId}`);
      output.addOverride("depends_on", addresses.sort());
    }
    this.inputs.set(name, input);
    for (const [accessor, member] of membersOf(value)) {
      const reference = this.referenceIn(member);
      if (reference && !this.declaredOutputs.has(reference)) this.declaredOutputs.set(reference, name + accessor);
    }
  }

  /** What exported modules that take this output call it. */
  inputName(output: string): string {
    return this.inputs.get(output) ?? output;
  }

  /** `aws_vpc.vpc.id` for the token that stands for it; undefined for a literal. */
  private referenceIn(value: string): string | undefined {
    const resolver = new DefaultTokenResolver(new StringConcat());
    const resolved = Tokenization.resolve(value, { scope: this, resolver, preparing: false });
    return /^\$\{(.+)\}$/.exec(resolved)?.[1];
  }

  /** A value that another stack reads, by the output it's declared as. */
  override registerOutgoingCrossStackReference(reference: string): TerraformOutput {
    const declared = this.declaredOutputs.get(reference);
    if (!declared) {
      throw new Error(`another stack reads ${reference} of ${this.node.path}, which is not among its outputs`);
    }
    // cdktf only asks for the name, and appends it to `data.terraform_remote_state.<stack>.outputs.`.
    return { friendlyUniqueId: declared } as TerraformOutput;
  }

  /** The state of a stack that this one reads from: `data.terraform_remote_state.network`. */
  override registerIncomingCrossStackReference(from: TerraformStack): TerraformRemoteState {
    const known = this.remoteStates.get(from);
    if (known) return known;
    const id = from.node.id.replace(/-/g, "_");
    const state = from.ensureBackendExists().getRemoteStateDataSource(this, id, from.node.path);
    this.remoteStates.set(from, state);
    return state;
  }

  /** The id of the account that Terraform's credentials belong to. */
  get accountId(): string {
    this.callerIdentity ??= new DataAwsCallerIdentity(this, "current");
    return this.callerIdentity.accountId;
  }
}

/** What an output may hold. */
export type OutputValue = string | readonly string[] | Readonly<Record<string, string>>;

export interface OutputOptions {
  /**
   * What the modules of an export call it where they take it, and the root module where it gives it out: `database_address`
   * for the database's `address`. A contract, as the output's own name.
   *
   * @default - the output's name
   */
  readonly input?: string;
  /** What has to be there before anybody uses the value: a subnet's routes. @default - what the value refers to */
  readonly after?: readonly TerraformResource[];
}

function membersOf(value: OutputValue): [accessor: string, member: string][] {
  if (typeof value === "string") return [["", value]];
  if (Array.isArray(value)) return value.map((member, index) => [`[${index}]`, member]);
  return Object.entries(value).map(([key, member]) => [`["${key}"]`, member]);
}

/** What tells two elements with one id apart in Terraform. */
function typeOf(node: Node): string {
  const element = node.scopes.at(-1) as IConstruct & { terraformResourceType?: string };
  const type = element.terraformResourceType ?? element.constructor.name;
  return TerraformDataSource.isTerraformDataSource(element) ? `data.${type}` : type;
}
