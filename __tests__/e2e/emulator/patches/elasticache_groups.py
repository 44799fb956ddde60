"""ElastiCache replication groups: what moto 5.2.1 loses between create and describe, and the calls it lacks."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.elasticache.exceptions import (
    InvalidParameterCombinationException,
    InvalidParameterValueException,
)
from moto.elasticache.models import ElastiCacheBackend, ReplicationGroup
from moto.elasticache.responses import ElastiCacheResponse

from .elasticache_parameters import find_parameter_group
from .elasticache_users import find_user_group


def _subnet_zones(backend: ElastiCacheBackend, subnet_group_name: str) -> list[str]:
    """The zones ElastiCache may place nodes in; raises when the subnet group doesn't exist."""
    (group,) = backend.describe_cache_subnet_groups(subnet_group_name)
    return sorted({subnet["SubnetAvailabilityZone"]["Name"] for subnet in group.subnets})


def _check_request(backend: ElastiCacheBackend, request: dict[str, Any]) -> None:
    """Refuse what ElastiCache refuses: dangling names, and flags that exclude each other."""
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    for group_id in request["security_group_ids"] or []:
        if not ec2.get_security_group_from_id(group_id):
            raise InvalidParameterValueException(f"Some security group is invalid: {group_id}")
    if request["cache_parameter_group_name"]:
        find_parameter_group(backend, request["cache_parameter_group_name"])

    zones = set(_subnet_zones(backend, request["cache_subnet_group_name"]))
    strays = set(request["preferred_cache_cluster_azs"] or []) - zones
    if strays:
        raise InvalidParameterValueException(f"Subnet group has no subnet in {', '.join(sorted(strays))}.")
    if request["multi_az_enabled"] and not request["automatic_failover_enabled"]:
        raise InvalidParameterCombinationException("Must enable automatic failover to enable Multi-AZ.")
    for user_group_id in request["user_group_ids"] or []:
        find_user_group(backend, user_group_id)
        if not request["transit_encryption_enabled"]:
            raise InvalidParameterCombinationException(
                "User group based access control requires encryption-in-transit to be enabled on the replication group."
            )


def patch_create_replication_group() -> None:
    """moto ignores NumCacheClusters, makes up us-east-1 zones, and takes any reference on trust."""
    moto = ElastiCacheBackend.create_replication_group

    def create_replication_group(self: ElastiCacheBackend, **request: Any) -> ReplicationGroup:
        _check_request(self, request)
        nodes = request["num_cache_clusters"]
        if nodes and not request["replicas_per_node_group"]:
            request["replicas_per_node_group"] = nodes - 1
            zones = _subnet_zones(self, request["cache_subnet_group_name"])
            spread = [zones[node % len(zones)] for node in range(nodes)]
            request["preferred_cache_cluster_azs"] = request["preferred_cache_cluster_azs"] or spread
        group = moto(self, **request)
        if request["transit_encryption_enabled"]:
            group.transit_encryption_mode = request["transit_encryption_mode"] or "required"
        for node_group in group.node_groups:
            node_group["reader_endpoint"] = {
                "address": node_group.get("reader_endpoint_address"),
                "port": group.port,
            }
        return group

    ElastiCacheBackend.create_replication_group = create_replication_group


def _member_clusters(group: ReplicationGroup) -> list[dict[str, Any]]:
    """The cache clusters of a replication group, in the shape of DescribeCacheClusters.

    Derived at each call: a group's settings live in one place, however they were changed.
    """
    return [
        {
            "CacheClusterId": member["cache_cluster_id"],
            "ARN": f"{group.arn.partition('replicationgroup:')[0]}cluster:{member['cache_cluster_id']}",
            "ReplicationGroupId": group.replication_group_id,
            "CacheClusterStatus": "available",
            "CacheClusterCreateTime": group.replication_group_create_time,
            "CacheNodeType": group.cache_node_type,
            "NumCacheNodes": 1,
            "Engine": group.engine,
            "EngineVersion": _patch_version(group.engine_version),
            "PreferredAvailabilityZone": member["preferred_availability_zone"],
            "PreferredMaintenanceWindow": group.preferred_maintenance_window,
            "CacheParameterGroup": {
                "CacheParameterGroupName": group.cache_parameter_group_name,
                "ParameterApplyStatus": "in-sync",
            },
            "CacheSubnetGroupName": group.cache_subnet_group_name,
            "SecurityGroups": [
                {"SecurityGroupId": group_id, "Status": "active"} for group_id in group.security_group_ids or []
            ],
            "AutoMinorVersionUpgrade": group.auto_minor_version_upgrade,
            "SnapshotRetentionLimit": group.snapshot_retention_limit,
            "SnapshotWindow": group.snapshot_window,
            "AuthTokenEnabled": group.auth_token_enabled,
            "TransitEncryptionEnabled": group.transit_encryption_enabled,
            "TransitEncryptionMode": group.transit_encryption_mode,
            "AtRestEncryptionEnabled": group.at_rest_encryption_enabled,
            "LogDeliveryConfigurations": group.log_delivery_configurations,
            "NetworkType": group.network_type,
            "IpDiscovery": group.ip_discovery,
        }
        for node_group in group.node_groups
        for member in node_group["node_group_members"]
    ]


def _patch_version(version: str) -> str:
    """ElastiCache takes 7.2 and reports 7.2.0."""
    return version if version.count(".") == 2 else f"{version}.0"


def patch_describe_cache_clusters() -> None:
    """moto's replication groups have no member clusters, and most settings are reported by the members alone."""
    moto = ElastiCacheBackend.describe_cache_clusters

    def describe_cache_clusters(self: ElastiCacheBackend, cache_cluster_id: str | None = None) -> list[Any]:
        members = [member for group in self.replication_groups.values() for member in _member_clusters(group)]
        if not cache_cluster_id:
            return moto(self) + members
        for member in members:
            if member["CacheClusterId"] == cache_cluster_id:
                return [member]
        return moto(self, cache_cluster_id)

    ElastiCacheBackend.describe_cache_clusters = describe_cache_clusters


# ModifyReplicationGroup's parameters that replace an attribute of moto's model as they are.
REPLACED = {
    "ReplicationGroupDescription": "description",
    "SecurityGroupIds": "security_group_ids",
    "PreferredMaintenanceWindow": "preferred_maintenance_window",
    "CacheParameterGroupName": "cache_parameter_group_name",
    "Engine": "engine",
    "EngineVersion": "engine_version",
    "AutoMinorVersionUpgrade": "auto_minor_version_upgrade",
    "SnapshotRetentionLimit": "snapshot_retention_limit",
    "SnapshotWindow": "snapshot_window",
    "CacheNodeType": "cache_node_type",
    "TransitEncryptionMode": "transit_encryption_mode",
}
SWITCHES = {"AutomaticFailoverEnabled": "automatic_failover", "MultiAZEnabled": "multi_az"}


def add_modify_replication_group() -> None:
    """moto has no ModifyReplicationGroup."""

    def modify_replication_group(self: ElastiCacheResponse) -> ActionResult:
        request = self._get_params()
        (group,) = self.elasticache_backend.describe_replication_groups(request["ReplicationGroupId"])
        for parameter, attribute in REPLACED.items():
            if parameter in request:
                setattr(group, attribute, request[parameter])
        for parameter, attribute in SWITCHES.items():
            if parameter in request:
                setattr(group, attribute, "enabled" if request[parameter] else "disabled")
        kept = set(group.user_group_ids) - set(request.get("UserGroupIdsToRemove", []))
        group.user_group_ids = sorted(kept | set(request.get("UserGroupIdsToAdd", [])))
        return ActionResult({"ReplicationGroup": group})

    ElastiCacheResponse.modify_replication_group = modify_replication_group


def patch_delete_replication_group() -> None:
    """moto keeps a deleted replication group for ever as "deleting", and drops the request for a final snapshot."""

    def delete_replication_group(self: ElastiCacheResponse) -> ActionResult:
        backend = self.elasticache_backend
        group_id = self._get_param("ReplicationGroupId")
        (group,) = backend.describe_replication_groups(group_id)
        final_snapshot = self._get_param("FinalSnapshotIdentifier")
        if final_snapshot:
            backend.create_snapshot(final_snapshot, group_id, None, group.kms_key_id, None)
        del backend.replication_groups[group_id]
        group.status = "deleting"
        return ActionResult({"ReplicationGroup": group})

    ElastiCacheResponse.delete_replication_group = delete_replication_group


def apply() -> None:
    patch_create_replication_group()
    patch_describe_cache_clusters()
    add_modify_replication_group()
    patch_delete_replication_group()
