"""Elastic Load Balancing gaps of moto 5.2.1."""

from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer
from moto.elbv2.responses import ELBV2Response

PRIVATE_LINK_RULES = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"


def patch_create_load_balancer() -> None:
    """moto gives a network load balancer the ARN of an application load balancer, and forgets the default scheme."""
    moto = ELBv2Backend.create_load_balancer

    def create_load_balancer(self: ELBv2Backend, *args: Any, **kwargs: Any) -> FakeLoadBalancer:
        balancer = moto(self, *args, **kwargs)
        balancer.scheme = balancer.scheme or "internet-facing"
        if balancer.type == "network":
            del self.load_balancers[balancer.arn]
            self.tagging_service.delete_all_tags_for_resource(balancer.arn)
            balancer.arn = balancer.arn.replace("loadbalancer/app/", "loadbalancer/net/")
            self.load_balancers[balancer.arn] = balancer
            self.tagging_service.tag_resource(balancer.arn, kwargs.get("tags"))
        return balancer

    ELBv2Backend.create_load_balancer = create_load_balancer


def patch_set_security_groups() -> None:
    """moto drops whether a network load balancer's groups apply to PrivateLink too. ELB's default is yes."""
    moto = ELBV2Response.set_security_groups

    def set_security_groups(self: ELBV2Response) -> ActionResult:
        response = moto(self)
        balancer = self.elbv2_backend.load_balancers[self._get_param("LoadBalancerArn")]
        enforced = self._get_param(PRIVATE_LINK_RULES)
        if enforced:
            balancer.enforce_security_group_inbound_rules_on_private_link_traffic = enforced
        response.result[PRIVATE_LINK_RULES] = enforced
        return response

    ELBV2Response.set_security_groups = set_security_groups
    FakeLoadBalancer.enforce_security_group_inbound_rules_on_private_link_traffic = None


def apply() -> None:
    patch_create_load_balancer()
    patch_set_security_groups()
