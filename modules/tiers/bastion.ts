import { Eip } from "@cdktf/provider-aws/lib/eip";
import { EipAssociation } from "@cdktf/provider-aws/lib/eip-association";
import type { Construct } from "constructs";
import { bastionUserData } from "../nodes/user-data";
import { Tier } from "../terraform/tier";
import { compressedUserData } from "../terraform/user-data";
import type { BastionConfig } from "../topology";
import type { AwsNames } from "../topology/names";
import { zoneLetter } from "../topology/regions";
import { architectureOf, ubuntuImage } from "./image";
import { NodeInstance } from "./node-instance";

export interface BastionProps {
  readonly config: BastionConfig;
  readonly names: AwsNames;
  readonly region: string;
  /** The public subnets by zone name: one bastion each. */
  readonly subnetIds: Readonly<Record<string, string>>;
  readonly securityGroupId: string;
  readonly instanceProfile: string;
  /** @default - no key pair: Session Manager only */
  readonly keyName?: string;
  /** What root volumes are encrypted with. @default - the key AWS manages for EBS */
  readonly kmsKeyArn?: string;
}

/** Bastion hosts with fixed addresses, one in every public subnet. Guide: "Setting up Bastion Hosts". */
export class BastionTier extends Tier {
  static readonly purpose =
    'Bastion hosts with fixed addresses, one in every public subnet. Guide: "Setting up Bastion Hosts".';

  /** The bastions' addresses by zone name. */
  readonly publicIps: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: BastionProps) {
    super(scope, id);
    const { config, names, region, subnetIds, ...common } = props;
    const imageId = ubuntuImage(this, "image", region, architectureOf(config.instanceType));
    const userData = compressedUserData(this, bastionUserData());
    const hosts = Object.entries(subnetIds).map(([zone, subnetId]) => {
      const letter = zoneLetter(zone);
      const name = names.bastion(letter);
      const bastion = new NodeInstance(this, letter, {
        ...common,
        name,
        userData,
        // Nothing is kept on a bastion, and its address stays.
        replaceOnUserDataChange: true,
        imageId,
        subnetId,
        instanceType: config.instanceType,
        rootVolumeSizeGib: config.rootVolumeSizeGib,
      });
      const address = new Eip(this, `${letter}_address`, { domain: "vpc", tags: { Name: name } });
      new EipAssociation(this, `${letter}_association`, { allocationId: address.id, instanceId: bastion.instanceId });
      return { zone, publicIp: address.publicIp, instanceId: bastion.instanceId };
    });
    this.publicIps = this.output(
      "public_ips",
      "Addresses of the bastion hosts by zone.",
      Object.fromEntries(hosts.map(({ zone, publicIp }) => [zone, publicIp])),
      { input: "bastion_public_ips" },
    );
    this.output(
      "instance_ids",
      "Instance ids of the bastion hosts by zone, for Session Manager.",
      Object.fromEntries(hosts.map(({ zone, instanceId }) => [zone, instanceId])),
      { input: "bastion_instance_ids" },
    );
  }
}
