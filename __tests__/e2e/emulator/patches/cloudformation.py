"""CloudFormation's `{{resolve:secretsmanager:...}}`, which moto 5.2.1 hands to the resource as it stands."""

import json
import re
from typing import Any

from moto.cloudformation import parsing
from moto.secretsmanager.models import secretsmanager_backends

# secret-id is a name or an ARN; an ARN has colons of its own, seven parts in all.
REFERENCE = re.compile(
    r"\{\{resolve:secretsmanager:(?P<secret>arn:(?:[^:}]*:){5}[^:}]+|[^:}]+)"
    r"(?::(?P<field>SecretString)?)?(?::(?P<key>[^:}]*))?(?::(?P<stage>[^:}]*))?(?::(?P<version>[^:}]*))?\}\}"
)


def _secret(reference: re.Match[str], account_id: str, region_name: str) -> str:
    value = secretsmanager_backends[account_id][region_name].get_secret_value(
        secret_id=reference["secret"],
        version_id=reference["version"] or None,
        version_stage=reference["stage"] or None,
    )["SecretString"]
    return json.loads(value)[reference["key"]] if reference["key"] else value


def _resolve(value: Any, account_id: str, region_name: str) -> Any:
    """The same structure with every reference in its texts replaced."""
    if isinstance(value, dict):
        return {key: _resolve(item, account_id, region_name) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolve(item, account_id, region_name) for item in value]
    if isinstance(value, str):
        return REFERENCE.sub(lambda reference: _secret(reference, account_id, region_name), value)
    return value


def apply() -> None:
    """Resolve on the way to the resource alone: the stack's template keeps the reference, as in AWS."""
    moto = parsing.parse_resource

    def parse_resource(resource_json: dict[str, Any], resources_map: parsing.ResourceMap) -> Any:
        parsed = moto(resource_json, resources_map)
        if parsed is None:
            return None
        resource_class, resource, resource_type = parsed
        account_id, region_name = resources_map["AWS::AccountId"], resources_map["AWS::Region"]
        resource["Properties"] = _resolve(resource["Properties"], account_id, region_name)
        return resource_class, resource, resource_type

    parsing.parse_resource = parse_resource
