"""Lifecycle hooks of Auto Scaling beyond their description, which is all that moto 5.2.1 has.

An instance that is launched while its group has a launching hook waits for CompleteLifecycleAction. Only the waiting is
left out: nothing boots here, and the provider waits until a group's instances are in service, so that they are from
the start. What is recorded of an instance and a hook, a test reads from `GET /moto-api/autoscaling/lifecycle-actions`.
"""

import json
from threading import Lock
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, LifecycleHook, autoscaling_backends
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random
from moto.moto_api._internal.urls import url_paths as control_paths

from .store import add_store

LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING"
RESULTS = ("CONTINUE", "ABANDON")

lock = Lock()


class LifecycleAction:
    """One instance that a hook holds, or held."""

    def __init__(self, group: str, hook: str, instance_id: str):
        self.group = group
        self.hook = hook
        self.instance_id = instance_id
        self.token = str(mock_random.uuid4())
        self.result: str | None = None
        self.completed: str | None = None
        self.completions = 0
        self.heartbeats = 0

    def describe(self, region: str) -> dict[str, Any]:
        return {
            "Region": region,
            "AutoScalingGroupName": self.group,
            "LifecycleHookName": self.hook,
            "InstanceId": self.instance_id,
            "LifecycleActionToken": self.token,
            # None: the action is open.
            "LifecycleActionResult": self.result,
            "CompletedAt": self.completed,
            # How often it was asked for, refusals included.
            "CompleteRequests": self.completions,
            "Heartbeats": self.heartbeats,
        }


def patch_initial_hooks() -> None:
    """moto drops the hooks that a group is created with. They are there before its first instances."""
    moto = AutoScalingResponse.create_auto_scaling_group

    def create_auto_scaling_group(self: AutoScalingResponse) -> ActionResult:
        backend, name = self.autoscaling_backend, self._get_param("AutoScalingGroupName")
        if name in backend.autoscaling_groups:
            return moto(self)
        for hook in self._get_param("LifecycleHookSpecificationList", []):
            backend.create_lifecycle_hook(
                name=hook["LifecycleHookName"],
                as_name=name,
                transition=hook["LifecycleTransition"],
                timeout=int(hook["HeartbeatTimeout"]) if "HeartbeatTimeout" in hook else None,
                result=hook.get("DefaultResult"),
            )
        try:
            return moto(self)
        except Exception:
            _delete_hooks(backend, name)
            raise

    AutoScalingResponse.create_auto_scaling_group = create_auto_scaling_group


def patch_deletion() -> None:
    """moto keeps the hooks of a group that is gone."""
    moto = AutoScalingBackend.delete_auto_scaling_group

    def delete_auto_scaling_group(self: AutoScalingBackend, group_name: str) -> None:
        moto(self, group_name)
        _delete_hooks(self, group_name)

    AutoScalingBackend.delete_auto_scaling_group = delete_auto_scaling_group


def _delete_hooks(backend: AutoScalingBackend, group: str) -> None:
    for hook in backend.describe_lifecycle_hooks(group):
        backend.delete_lifecycle_hook(group, hook.name)


def patch_launches() -> None:
    """moto has no lifecycle actions: each launch opens one for each launching hook of its group."""
    moto = FakeAutoScalingGroup.replace_autoscaling_group_instances

    def replace_autoscaling_group_instances(self: FakeAutoScalingGroup, count: int, tags: dict[str, str]) -> None:
        known = {state.instance_id for state in self.instance_states}
        moto(self, count, tags)
        backend = self.autoscaling_backend
        hooks = [hook for hook in backend.describe_lifecycle_hooks(self.name) if hook.lifecycle_transition == LAUNCHING]
        for instance_id in [one.instance_id for one in self.instance_states if one.instance_id not in known]:
            for hook in hooks:
                backend.lifecycle_actions[instance_id, hook.name] = LifecycleAction(self.name, hook.name, instance_id)

    FakeAutoScalingGroup.replace_autoscaling_group_instances = replace_autoscaling_group_instances


def _requested_action(self: AutoScalingResponse) -> LifecycleAction | None:
    """What a request is about, by instance or by token, whether it's open or not."""
    group, hook = self._get_param("AutoScalingGroupName"), self._get_param("LifecycleHookName")
    instance_id, token = self._get_param("InstanceId"), self._get_param("LifecycleActionToken")
    for action in self.autoscaling_backend.lifecycle_actions.values():
        named = action.token == token if token else action.instance_id == instance_id
        if named and (action.group, action.hook) == (group, hook):
            return action
    return None


def _is_open(backend: AutoScalingBackend, action: LifecycleAction | None) -> bool:
    group = backend.autoscaling_groups.get(action.group) if action else None
    if not group or action.result:
        return False
    return action.instance_id in [state.instance_id for state in group.instance_states]


def _no_active_action(self: AutoScalingResponse) -> ValidationError:
    instance_id, token = self._get_param("InstanceId"), self._get_param("LifecycleActionToken")
    named = f"token {token}" if token else f"instance ID {instance_id}"
    return ValidationError(f"No active Lifecycle Action found with {named}")


def complete_lifecycle_action(self: AutoScalingResponse) -> ActionResult:
    result = self._get_param("LifecycleActionResult")
    if result not in RESULTS:
        raise ValidationError(f"Lifecycle action result {result} is not one of {', '.join(RESULTS)}")
    with lock:
        action = _requested_action(self)
        if action:
            action.completions += 1
        if not _is_open(self.autoscaling_backend, action):
            raise _no_active_action(self)
        action.result, action.completed = result, utcnow().isoformat()
    return EmptyResult()


def record_lifecycle_action_heartbeat(self: AutoScalingResponse) -> ActionResult:
    with lock:
        action = _requested_action(self)
        if not _is_open(self.autoscaling_backend, action):
            raise _no_active_action(self)
        action.heartbeats += 1
    return EmptyResult()


def list_actions(request: Any, full_url: str, headers: Any) -> TYPE_RESPONSE:
    """GET /moto-api/autoscaling/lifecycle-actions: every action of every region since the start."""
    actions = [
        action.describe(region)
        for regions in autoscaling_backends.values()
        for region, backend in regions.items()
        for action in list(backend.lifecycle_actions.values())
    ]
    return 200, {"Content-Type": "application/json"}, json.dumps({"LifecycleActions": actions})


def patch_target() -> None:
    """moto makes up a queue and a role for every lifecycle hook."""
    init = LifecycleHook.__init__

    def __init__(self: LifecycleHook, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        self.notification_target_arn = self.role_arn = None

    LifecycleHook.__init__ = __init__


def apply() -> None:
    add_store(AutoScalingBackend, "lifecycle_actions")
    patch_target()
    patch_initial_hooks()
    patch_deletion()
    patch_launches()
    AutoScalingResponse.complete_lifecycle_action = complete_lifecycle_action
    AutoScalingResponse.record_lifecycle_action_heartbeat = record_lifecycle_action_heartbeat
    control_paths["{0}/moto-api/autoscaling/lifecycle-actions"] = list_actions
