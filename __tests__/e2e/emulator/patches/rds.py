"""RDS gaps of moto 5.2.1."""

import json
from typing import Any

from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionResult
from moto.moto_api._internal.urls import url_paths as control_paths
from moto.rds.models import DBInstance, DBParameterGroup, rds_backends
from moto.rds.responses import RDSResponse

# Parameters of CreateDBInstance that moto swallows. ModifyDBInstance sets them already, under these names.
INSTANCE_PARAMETERS = {
    "monitoring_interval": 0,
    "monitoring_role_arn": None,
    "enable_performance_insights": False,
    "performance_insights_kms_key_id": None,
    "performance_insights_retention_period": None,
    "database_insights_mode": "standard",
    "network_type": "IPV4",
}

DEFAULT_AUTHORITY = "rds-ca-rsa2048-g1"


def patch_instance() -> None:
    """moto drops a new instance's monitoring, Performance Insights, Database Insights and network type."""
    moto = DBInstance.__init__

    def __init__(self: DBInstance, *args: Any, **kwargs: Any) -> None:
        moto(self, *args, **kwargs)
        for parameter, default in INSTANCE_PARAMETERS.items():
            setattr(self, parameter, kwargs.get(parameter, default))

    DBInstance.__init__ = __init__
    # The one parameter that the response calls by another name.
    DBInstance.performance_insights_enabled = property(lambda self: self.enable_performance_insights)


def patch_default_authority() -> None:
    """moto's default certificate authority doesn't exist, so the provider changes it and waits another 80 seconds."""
    moto = DBInstance.__init__

    def __init__(self: DBInstance, *args: Any, **kwargs: Any) -> None:
        moto(self, *args, **{"ca_certificate_identifier": DEFAULT_AUTHORITY, **kwargs})

    DBInstance.__init__ = __init__


def patch_parameter_source() -> None:
    """moto doesn't say that a parameter was set by its user, so the provider takes it for a default and skips it."""
    moto = DBParameterGroup.update_parameters

    def update_parameters(self: DBParameterGroup, new_parameters: Any) -> None:
        moto(self, [{**parameter, "Source": "user"} for parameter in new_parameters])

    DBParameterGroup.update_parameters = update_parameters


def add_reset_parameters() -> None:
    """moto has no ResetDBParameterGroup, which the provider calls for a parameter that is no longer configured."""

    def reset_db_parameter_group(self: RDSResponse) -> ActionResult:
        name = self.params["DBParameterGroupName"]
        (group,) = self.backend.describe_db_parameter_groups({"db_parameter_group_name": name})
        for parameter in self.params.get("Parameters", []):
            group.parameters.pop(parameter["ParameterName"], None)
        return ActionResult({"DBParameterGroupName": name})

    RDSResponse.reset_db_parameter_group = reset_db_parameter_group


def list_passwords(request: Any, full_url: str, headers: Any) -> TYPE_RESPONSE:
    """GET /moto-api/rds/instances: every instance's master password in clear."""
    instances = [
        {"DBInstanceIdentifier": name, "Region": region, "MasterUserPassword": database._master_user_password}
        for regions in rds_backends.values()
        for region, backend in regions.items()
        for name, database in backend.databases.items()
    ]
    return 200, {"Content-Type": "application/json"}, json.dumps({"DBInstances": instances})


def apply() -> None:
    patch_instance()
    patch_default_authority()
    patch_parameter_source()
    add_reset_parameters()
    control_paths["{0}/moto-api/rds/instances"] = list_passwords
