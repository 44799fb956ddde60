"""Auto Scaling gaps of moto 5.2.1."""

from typing import Any

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, FakeScalingPolicy
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random

from .store import add_store

# Parameters of a group that moto's model has no attribute for, by the name under which the response looks for them.
GROUP_PARAMETERS = {
    "DefaultInstanceWarmup": "default_instance_warmup",
    "MaxInstanceLifetime": "max_instance_lifetime",
    "InstanceMaintenancePolicy": "instance_maintenance_policy",
}


def patch_group() -> None:
    """moto drops a group's warm-up, its instances' lifetime and its maintenance policy."""

    def keep(moto: Any) -> Any:
        def respond(self: AutoScalingResponse) -> ActionResult:
            response = moto(self)
            request = self._get_params()
            group = self.autoscaling_backend.autoscaling_groups[request["AutoScalingGroupName"]]
            for parameter, attribute in GROUP_PARAMETERS.items():
                if parameter in request:
                    setattr(group, attribute, request[parameter])
            return response

        return respond

    AutoScalingResponse.create_auto_scaling_group = keep(AutoScalingResponse.create_auto_scaling_group)
    AutoScalingResponse.update_auto_scaling_group = keep(AutoScalingResponse.update_auto_scaling_group)


def patch_launches() -> None:
    """moto launches a group's instances in its first subnet, from the default version of its template.

    Auto Scaling keeps the zones even, and takes the version that the group names.
    """
    moto = FakeAutoScalingGroup.replace_autoscaling_group_instances

    def replace_autoscaling_group_instances(self: FakeAutoScalingGroup, count: int, tags: dict[str, str]) -> None:
        subnets, template = self.vpc_zone_identifier, self.ec2_launch_template
        if not subnets or not template:
            moto(self, count, tags)
            return
        default_version = template.default_version_number
        # moto looks at the first subnet and at the default version: make them those that the next instance needs.
        template.default_version_number = template.get_version(self.launch_template_version).number
        try:
            for _ in range(count):
                used = [state.instance.subnet_id for state in self.instance_states]
                self.vpc_zone_identifier = ",".join(sorted(subnets.split(","), key=used.count))
                moto(self, 1, tags)
        finally:
            self.vpc_zone_identifier = subnets
            template.default_version_number = default_version

    FakeAutoScalingGroup.replace_autoscaling_group_instances = replace_autoscaling_group_instances


def patch_policy() -> None:
    """moto reports every policy as disabled, with an empty predictive scaling configuration."""
    init, put = FakeScalingPolicy.__init__, AutoScalingResponse.put_scaling_policy

    def __init__(self: FakeScalingPolicy, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        self.predictive_scaling_configuration = self.predictive_scaling_configuration or None

    def put_scaling_policy(self: AutoScalingResponse) -> ActionResult:
        response = put(self)
        self.autoscaling_backend.policies[self._get_param("PolicyName")].enabled = self._get_bool_param("Enabled", True)
        return response

    FakeScalingPolicy.__init__ = __init__
    AutoScalingResponse.put_scaling_policy = put_scaling_policy


def add_instance_refresh() -> None:
    """moto has no instance refresh. Here one is over at once: new instances, from the launch template as it is now."""

    def start_instance_refresh(self: AutoScalingResponse) -> ActionResult:
        backend, name = self.autoscaling_backend, self._get_param("AutoScalingGroupName")
        group, now = backend.autoscaling_groups[name], utcnow()
        retired = [state.instance.id for state in group.instance_states]
        backend.ec2_backend.terminate_instances(retired)
        backend.elbv2_backend.notify_terminate_instances(retired)
        group.instance_states = []
        group.replace_autoscaling_group_instances(len(retired), group.get_propagated_tags())
        backend.update_attached_target_groups(name)
        refresh = {
            "InstanceRefreshId": str(mock_random.uuid4()),
            "AutoScalingGroupName": name,
            "Status": "Successful",
            "StartTime": now,
            "EndTime": now,
            "PercentageComplete": 100,
            "Preferences": self._get_param("Preferences"),
        }
        backend.instance_refreshes.setdefault(name, []).insert(0, refresh)
        return ActionResult({"InstanceRefreshId": refresh["InstanceRefreshId"]})

    def describe_instance_refreshes(self: AutoScalingResponse) -> ActionResult:
        refreshes = self.autoscaling_backend.instance_refreshes.get(self._get_param("AutoScalingGroupName"), [])
        return ActionResult({"InstanceRefreshes": refreshes})

    add_store(AutoScalingBackend, "instance_refreshes")
    AutoScalingResponse.start_instance_refresh = start_instance_refresh
    AutoScalingResponse.describe_instance_refreshes = describe_instance_refreshes


def apply() -> None:
    patch_group()
    patch_launches()
    patch_policy()
    add_instance_refresh()
