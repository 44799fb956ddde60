"""ElastiCache users and user groups through CloudFormation, and their description: moto 5.2.1 has neither.

CloudFormation is how a password reaches a cache user without passing through Terraform's state, so the emulator
resolves the secret as CloudFormation does and keeps the outcome. ElastiCache never gives a password back; a test
reads it from `GET /moto-api/elasticache/users`.
"""

import json
from typing import Any

from moto.core.common_models import CloudFormationModel
from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionResult
from moto.elasticache.exceptions import ElastiCacheException, InvalidParameterValueException
from moto.elasticache.models import ElastiCacheBackend, elasticache_backends
from moto.elasticache.responses import ElastiCacheResponse
from moto.elasticache.utils import AuthenticationTypes
from moto.moto_api._internal.urls import url_paths as control_paths

from .store import add_store


class UserGroupNotFound(ElastiCacheException):
    code = "UserGroupNotFound"

    def __init__(self, user_group_id: str):
        super().__init__(f"User group {user_group_id} not found.")


class UserGroupAlreadyExists(ElastiCacheException):
    code = "UserGroupAlreadyExists"

    def __init__(self, user_group_id: str):
        super().__init__(f"User group {user_group_id} already exists.")


class InvalidUserGroupState(ElastiCacheException):
    code = "InvalidUserGroupState"


class DefaultUserRequired(ElastiCacheException):
    code = "DefaultUserRequired"
    message = "User group must contain a user with the user name default."


class DefaultUserAssociatedToUserGroup(ElastiCacheException):
    code = "DefaultUserAssociatedToUserGroup"


class UserGroup:
    """A set of users that replication groups admit."""

    def __init__(self, backend: ElastiCacheBackend, user_group_id: str, engine: str):
        self.backend = backend
        self.user_group_id = user_group_id
        self.engine = engine
        self.status = "active"
        self.user_ids: list[str] = []
        self.minimum_engine_version = "7.2" if engine == "valkey" else "6.0"
        self.arn = f"arn:aws:elasticache:{backend.region_name}:{backend.account_id}:usergroup:{user_group_id}"

    @property
    def replication_groups(self) -> list[str]:
        return [
            group.replication_group_id
            for group in self.backend.replication_groups.values()
            if self.user_group_id in group.user_group_ids
        ]

    def set_users(self, user_ids: list[str]) -> None:
        users = [user for user_id in user_ids for user in self.backend.describe_users(user_id)]
        # Valkey alone can do without a default user.
        if self.engine == "redis" and "default" not in [user.name for user in users]:
            raise DefaultUserRequired
        if self.engine == "redis" and "valkey" in [user.engine for user in users]:
            raise InvalidParameterValueException("Redis user groups take Redis users only.")
        self.release_users()
        self.user_ids = user_ids
        for user in users:
            user.user_group_ids.append(self.user_group_id)

    def release_users(self) -> None:
        for user_id in self.user_ids:
            self.backend.users[user_id].user_group_ids.remove(self.user_group_id)


def find_user_group(backend: ElastiCacheBackend, user_group_id: str) -> UserGroup:
    if user_group_id not in backend.user_groups:
        raise UserGroupNotFound(user_group_id)
    return backend.user_groups[user_group_id]


def _authentication(properties: dict[str, Any]) -> dict[str, Any]:
    """CloudFormation's three ways to say how a user proves itself, as moto's model wants them."""
    mode = properties.get("AuthenticationMode", {})
    passwords = properties.get("Passwords") or mode.get("Passwords") or []
    no_password = str(properties.get("NoPasswordRequired", "false")).lower() == "true"
    default = AuthenticationTypes.NOPASSWORD if no_password else AuthenticationTypes.PASSWORD
    if any(len(password) < 16 for password in passwords):
        raise InvalidParameterValueException("Passwords length must be between 16-128 characters.")
    return {
        "passwords": passwords,
        "no_password_required": no_password,
        "authentication_type": mode.get("Type", default.value),
    }


class _ElastiCacheResource:
    """What CloudFormation needs of users and user groups alike."""

    def __init__(self, backend: ElastiCacheBackend, physical_resource_id: str, arn: str):
        self.backend = backend
        self.physical_resource_id = physical_resource_id
        self.arn = arn

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr in ("Arn", "Status")

    def get_cfn_attribute(self, attr: str) -> str:
        return {"Arn": self.arn, "Status": "active"}[attr]

    def is_created(self) -> bool:
        return True

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> Any:
        """The same id is changed in place; another id is another resource, and the old one goes."""
        if new_resource_name == original_resource.physical_resource_id:
            original_resource.modify(cloudformation_json["Properties"])
            return original_resource
        created = cls.create_from_cloudformation_json(new_resource_name, cloudformation_json, account_id, region_name)
        original_resource.delete(account_id, region_name)
        return created


# moto finds resource types among CloudFormationModel's direct subclasses.
class ElastiCacheUserResource(_ElastiCacheResource, CloudFormationModel):
    """AWS::ElastiCache::User"""

    @staticmethod
    def cloudformation_name_type() -> str:
        return "UserId"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::ElastiCache::User"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> "ElastiCacheUserResource":
        backend = elasticache_backends[account_id][region_name]
        properties = cloudformation_json["Properties"]
        user = backend.create_user(
            user_id=resource_name,
            user_name=properties["UserName"],
            engine=properties["Engine"].lower(),
            access_string=properties["AccessString"],
            tags=properties.get("Tags"),
            **_authentication(properties),
        )
        return cls(backend, user.id, user.arn)

    def modify(self, properties: dict[str, Any]) -> None:
        (user,) = self.backend.describe_users(self.physical_resource_id)
        user.access_string = properties["AccessString"]
        for attribute, value in _authentication(properties).items():
            setattr(user, attribute, value)

    def delete(self, account_id: str, region_name: str) -> None:
        (user,) = self.backend.describe_users(self.physical_resource_id)
        if user.name == "default" and user.user_group_ids:
            raise DefaultUserAssociatedToUserGroup(f"User {user.id} belongs to {', '.join(user.user_group_ids)}.")
        del self.backend.users[user.id]


class ElastiCacheUserGroupResource(_ElastiCacheResource, CloudFormationModel):
    """AWS::ElastiCache::UserGroup"""

    @staticmethod
    def cloudformation_name_type() -> str:
        return "UserGroupId"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::ElastiCache::UserGroup"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> "ElastiCacheUserGroupResource":
        backend = elasticache_backends[account_id][region_name]
        properties = cloudformation_json["Properties"]
        if resource_name in backend.user_groups:
            raise UserGroupAlreadyExists(resource_name)
        group = UserGroup(backend, resource_name, properties["Engine"].lower())
        group.set_users(properties["UserIds"])
        backend.user_groups[resource_name] = group
        return cls(backend, resource_name, group.arn)

    def modify(self, properties: dict[str, Any]) -> None:
        find_user_group(self.backend, self.physical_resource_id).set_users(properties["UserIds"])

    def delete(self, account_id: str, region_name: str) -> None:
        group = find_user_group(self.backend, self.physical_resource_id)
        if group.replication_groups:
            raise InvalidUserGroupState(f"User group {group.user_group_id} is in use by {group.replication_groups}.")
        group.release_users()
        del self.backend.user_groups[group.user_group_id]


def describe_user_groups(self: ElastiCacheResponse) -> ActionResult:
    backend, user_group_id = self.elasticache_backend, self._get_param("UserGroupId")
    groups = [find_user_group(backend, user_group_id)] if user_group_id else list(backend.user_groups.values())
    return ActionResult({"UserGroups": groups})


def list_passwords(request: Any, full_url: str, headers: Any) -> TYPE_RESPONSE:
    """GET /moto-api/elasticache/users: every user of every region, passwords in clear."""
    users = [
        {"UserId": user.id, "UserName": user.name, "Region": region, "Passwords": user.passwords}
        for regions in elasticache_backends.values()
        for region, backend in regions.items()
        for user in backend.users.values()
    ]
    return 200, {"Content-Type": "application/json"}, json.dumps({"Users": users})


def apply() -> None:
    add_store(ElastiCacheBackend, "user_groups")
    ElastiCacheResponse.describe_user_groups = describe_user_groups
    control_paths["{0}/moto-api/elasticache/users"] = list_passwords
