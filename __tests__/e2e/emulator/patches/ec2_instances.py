"""Gaps of moto 5.2.1 in EC2's instances and launch templates."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.instances import Instance, InstanceBackend
from moto.ec2.models.launch_templates import LaunchTemplateVersion
from moto.ec2.responses.instances import InstanceResponse
from moto.ec2.responses.monitoring import Monitoring
from moto.ec2.utils import convert_tag_spec, parse_user_data


def patch_network_interface() -> None:
    """moto keeps the groups of a network interface from its instance, and outlives the instance with its interface."""
    moto = Instance.__init__

    def __init__(self: Instance, *args: Any, **kwargs: Any) -> None:
        moto(self, *args, **kwargs)
        primary = self.nics[0]
        self.security_groups = self.security_groups or primary.group_set
        requested = {int(nic["DeviceIndex"]): nic for nic in kwargs.get("nics") or []}.get(0, {})
        if "NetworkInterfaceId" not in requested:
            primary.delete_on_termination = requested.get("DeleteOnTermination", True)

    Instance.__init__ = __init__


def patch_run_instances() -> None:
    """moto drops DisableApiTermination, and the IOPS and throughput of the volumes it creates for an instance."""
    moto = InstanceResponse.run_instances

    def run_instances(self: InstanceResponse) -> ActionResult:
        response = moto(self)
        for instance in response.result.instances:
            instance.disable_api_termination = self._get_bool_param("DisableApiTermination", False)
            _set_performance(instance, self._get_param("BlockDeviceMappings", []))
        return response

    InstanceResponse.run_instances = run_instances


def _set_performance(instance: Instance, mappings: list[dict[str, Any]]) -> None:
    for mapping in mappings:
        volume = instance.ec2_backend.volumes[instance.block_device_mapping[mapping["DeviceName"]].volume_id]
        volume.iops = mapping["Ebs"].get("Iops", volume.iops)
        volume.throughput = mapping["Ebs"].get("Throughput", volume.throughput)


def patch_launch_from_template() -> None:
    """moto takes little from a launch template, and adds a volume of its own under the template's root volume."""
    moto = InstanceBackend.run_instances

    def run_instances(self: InstanceBackend, *args: Any, **kwargs: Any) -> Any:
        if not kwargs.get("launch_template"):
            return moto(self, *args, **kwargs)
        template = self._get_template_from_args(kwargs["launch_template"]).data
        volume_tags = convert_tag_spec(template.get("TagSpecifications", [])).get("volume", {})
        tags = kwargs.get("tags", {})
        kwargs["tags"] = {**tags, "volume": {**volume_tags, **tags.get("volume", {})}}
        kwargs["metadata_options"] = kwargs.get("metadata_options") or template.get("MetadataOptions", {})
        kwargs["ebs_optimized"] = kwargs.get("ebs_optimized") or template.get("EbsOptimized", False)
        if template.get("Monitoring", {}).get("Enabled"):
            kwargs["monitoring_state"] = "enabled"
        mappings = template.get("BlockDeviceMappings", [])
        if mappings:
            kwargs.setdefault("block_device_mappings", mappings)

        reservation = moto(self, *args, **kwargs)
        profile = template.get("IamInstanceProfile")
        own_profile = kwargs.get("iam_instance_profile_name") or kwargs.get("iam_instance_profile_arn")
        for instance in reservation.instances:
            _set_performance(instance, kwargs.get("block_device_mappings", []))
            if profile and not own_profile:
                self.associate_iam_instance_profile(instance.id, profile.get("Name"), profile.get("Arn"))
        return reservation

    InstanceBackend.run_instances = run_instances


def patch_launch_template() -> None:
    """moto puts a launch template's own tags among those of its instances, and fails on user data of a 2nd version."""
    moto = LaunchTemplateVersion.__init__

    def __init__(self: LaunchTemplateVersion, template: Any, number: int, data: dict[str, Any], *args: Any) -> None:
        if data.get("UserData"):
            data["UserData"] = parse_user_data(str(data["UserData"]))
        if "TagSpecifications" in data:
            data["TagSpecifications"] = [
                tags for tags in data["TagSpecifications"] if tags["ResourceType"] != "launch-template"
            ]
        moto(self, template, number, data, *args)

    LaunchTemplateVersion.__init__ = __init__


def add_monitor_instances() -> None:
    """moto has no MonitorInstances, which the provider calls for `monitoring = true`."""

    def switch(state: str) -> Any:
        def respond(self: Monitoring) -> ActionResult:
            instances = [self.ec2_backend.get_instance(instance_id) for instance_id in self._get_param("InstanceIds")]
            for instance in instances:
                instance.monitoring_state = state
            return ActionResult({
                "InstanceMonitorings": [{"InstanceId": one.id, "Monitoring": {"State": state}} for one in instances]
            })

        return respond

    Monitoring.monitor_instances = switch("enabled")
    Monitoring.unmonitor_instances = switch("disabled")


def apply() -> None:
    patch_network_interface()
    patch_run_instances()
    patch_launch_from_template()
    patch_launch_template()
    add_monitor_instances()
