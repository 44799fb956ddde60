"""EC2 gaps of moto 5.2.1, other than its instances'."""

import copy
from typing import Any

from moto.ec2.models import amis
from moto.ec2.models.elastic_block_store import EBSBackend, Volume
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.nat_gateways import NatGateway, NatGatewayBackend
from moto.ec2.models.security_groups import SecurityGroupRule

GP3_THROUGHPUT = 125


def patch_image_list() -> None:
    """moto parses the creation dates of its image list in place, and so fails in a second region or after a reset."""
    images: list[dict[str, Any]] = amis.AMIS
    moto = amis.AmiBackend._load_amis

    def _load_amis(self: amis.AmiBackend) -> None:
        amis.AMIS = copy.deepcopy(images)
        moto(self)

    amis.AmiBackend._load_amis = _load_amis


def patch_create_volume() -> None:
    """moto reports no throughput for a gp3 volume that didn't ask for one. EC2 gives it 125 MiB/s."""
    moto = EBSBackend.create_volume

    def create_volume(self: EBSBackend, *args: Any, **kwargs: Any) -> Volume:
        volume = moto(self, *args, **kwargs)
        if volume.volume_type == "gp3":
            volume.throughput = volume.throughput or GP3_THROUGHPUT
        return volume

    EBSBackend.create_volume = create_volume


def patch_public_ip_association() -> None:
    """moto reports an empty association for an interface without public address, which reads as a public address."""
    moto = NetworkInterface.association.fget
    NetworkInterface.association = property(lambda self: moto(self) or None)


def patch_delete_nat_gateway() -> None:
    """moto leaves a deleted NAT gateway's network interface behind, with the Elastic IP address still on it."""
    moto = NatGatewayBackend.delete_nat_gateway

    def delete_nat_gateway(self: NatGatewayBackend, nat_gateway_id: str) -> NatGateway:
        gateway = moto(self, nat_gateway_id)
        for address in gateway.address_set:
            if address.get("associationId"):
                self.disassociate_address(association_id=address["associationId"])
            self.delete_network_interface(address["networkInterfaceId"])
        return gateway

    NatGatewayBackend.delete_nat_gateway = delete_nat_gateway


def patch_rule_description() -> None:
    """moto reports the description of address rules alone, though it keeps those of group and prefix list rules."""

    def description(self: SecurityGroupRule) -> str | None:
        for peer in (self.ip_range, self.source_group, self.prefix_list_id):
            if peer and peer.get("Description"):
                return peer["Description"]
        return None

    SecurityGroupRule.description = property(description)


def apply() -> None:
    patch_image_list()
    patch_create_volume()
    patch_public_ip_association()
    patch_delete_nat_gateway()
    patch_rule_description()
