"""ElastiCache parameter groups and the deletion of subnet groups, both absent from moto 5.2.1."""

import re
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.exceptions import CacheSubnetGroupNotFound, ElastiCacheException, InvalidParameterValueException
from moto.elasticache.models import CacheSubnetGroup, ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse

from .store import add_store

FAMILIES = ["redis6.x", "redis7", "valkey7", "valkey8"]


class CacheParameterGroupNotFound(ElastiCacheException):
    code = "CacheParameterGroupNotFound"

    def __init__(self, name: str):
        super().__init__(f"CacheParameterGroup {name} not found.")


class CacheParameterGroupAlreadyExists(ElastiCacheException):
    code = "CacheParameterGroupAlreadyExists"

    def __init__(self, name: str):
        super().__init__(f"CacheParameterGroup {name} already exists.")


class InvalidCacheParameterGroupState(ElastiCacheException):
    code = "InvalidCacheParameterGroupState"


class CacheSubnetGroupInUse(ElastiCacheException):
    code = "CacheSubnetGroupInUse"


class CacheParameterGroup:
    """A parameter group, with the parameters that its owner set."""

    def __init__(self, backend: ElastiCacheBackend, name: str, family: str, description: str):
        self.cache_parameter_group_name = name
        self.cache_parameter_group_family = family
        self.description = description
        self.is_global = False
        self.arn = f"arn:aws:elasticache:{backend.region_name}:{backend.account_id}:parametergroup:{name}"
        self.parameters: dict[str, str] = {}


def find_parameter_group(backend: ElastiCacheBackend, name: str) -> CacheParameterGroup:
    if name not in backend.parameter_groups:
        raise CacheParameterGroupNotFound(name)
    return backend.parameter_groups[name]


def _users_of(backend: ElastiCacheBackend, attribute: str, name: str) -> list[str]:
    """The replication groups that name a parameter group or a subnet group."""
    return [
        group.replication_group_id
        for group in backend.replication_groups.values()
        if getattr(group, attribute) == name
    ]


def create_cache_parameter_group(self: ElastiCacheResponse) -> ActionResult:
    backend, request = self.elasticache_backend, self._get_params()
    name, family = request["CacheParameterGroupName"], request["CacheParameterGroupFamily"]
    if family not in FAMILIES:
        raise InvalidParameterValueException(f"{family} is not a valid parameter group family.")
    if name in backend.parameter_groups:
        raise CacheParameterGroupAlreadyExists(name)
    group = CacheParameterGroup(backend, name, family, request["Description"])
    backend.parameter_groups[name] = group
    backend.tagging_service.tag_resource(group.arn, request.get("Tags", []))
    return ActionResult({"CacheParameterGroup": group})


def describe_cache_parameter_groups(self: ElastiCacheResponse) -> ActionResult:
    backend, name = self.elasticache_backend, self._get_param("CacheParameterGroupName")
    groups = [find_parameter_group(backend, name)] if name else list(backend.parameter_groups.values())
    return ActionResult({"CacheParameterGroups": groups})


def modify_cache_parameter_group(self: ElastiCacheResponse) -> ActionResult:
    group = find_parameter_group(self.elasticache_backend, self._get_param("CacheParameterGroupName"))
    for parameter in self._get_param("ParameterNameValues"):
        group.parameters[parameter["ParameterName"]] = parameter["ParameterValue"]
    return ActionResult(group)


def reset_cache_parameter_group(self: ElastiCacheResponse) -> ActionResult:
    group = find_parameter_group(self.elasticache_backend, self._get_param("CacheParameterGroupName"))
    if self._get_bool_param("ResetAllParameters"):
        group.parameters.clear()
    for parameter in self._get_param("ParameterNameValues", []):
        group.parameters.pop(parameter["ParameterName"], None)
    return ActionResult(group)


def describe_cache_parameters(self: ElastiCacheResponse) -> ActionResult:
    """Reports the owner's parameters: the engines' hundreds of defaults aren't emulated."""
    group = find_parameter_group(self.elasticache_backend, self._get_param("CacheParameterGroupName"))
    source = self._get_param("Source") or "user"
    parameters = [
        {"ParameterName": name, "ParameterValue": value, "Source": "user", "IsModifiable": True, "DataType": "string"}
        for name, value in group.parameters.items()
        if source == "user"
    ]
    return ActionResult({"Parameters": parameters})


def delete_cache_parameter_group(self: ElastiCacheResponse) -> ActionResult:
    backend, name = self.elasticache_backend, self._get_param("CacheParameterGroupName")
    find_parameter_group(backend, name)
    users = _users_of(backend, "cache_parameter_group_name", name)
    if users:
        raise InvalidCacheParameterGroupState(f"Cache parameter group {name} is in use by {', '.join(users)}.")
    del backend.parameter_groups[name]
    return EmptyResult()


def delete_cache_subnet_group(self: ElastiCacheResponse) -> ActionResult:
    backend, name = self.elasticache_backend, self._get_param("CacheSubnetGroupName")
    if name not in backend.cache_subnet_groups:
        raise CacheSubnetGroupNotFound(name)
    users = _users_of(backend, "cache_subnet_group_name", name)
    if users:
        raise CacheSubnetGroupInUse(f"Cache subnet group {name} is in use by {', '.join(users)}.")
    del backend.cache_subnet_groups[name]
    return EmptyResult()


def patch_subnet_zones() -> None:
    """moto keeps a subnet's zone as text where the response wants {"Name": zone}, and so reports none."""
    moto = CacheSubnetGroup.__init__

    def __init__(self: CacheSubnetGroup, *args: Any, **kwargs: Any) -> None:
        moto(self, *args, **kwargs)
        for subnet in self.subnets:
            subnet["SubnetAvailabilityZone"] = {"Name": subnet["subnet_availability_zone"]}

    CacheSubnetGroup.__init__ = __init__


def patch_arns() -> None:
    """moto refuses the ARNs of parameter and user groups as malformed when their tags are read."""
    moto = ElastiCacheBackend.__init__

    def __init__(self: ElastiCacheBackend, *args: Any, **kwargs: Any) -> None:
        moto(self, *args, **kwargs)
        self.arn_regex = re.compile(self.arn_regex.pattern.replace("(cluster|", "(cluster|parametergroup|usergroup|"))

    ElastiCacheBackend.__init__ = __init__


def apply() -> None:
    add_store(ElastiCacheBackend, "parameter_groups")
    patch_arns()
    for operation in (
        create_cache_parameter_group,
        describe_cache_parameter_groups,
        modify_cache_parameter_group,
        reset_cache_parameter_group,
        describe_cache_parameters,
        delete_cache_parameter_group,
        delete_cache_subnet_group,
    ):
        setattr(ElastiCacheResponse, operation.__name__, operation)
    patch_subnet_zones()
