"""Route 53 gaps of moto 5.2.1."""

from moto.core.responses import ActionResult
from moto.route53.responses import Route53


def apply() -> None:
    """moto makes a zone private only when it is told so. Route 53 does it for any zone created with a VPC."""
    moto = Route53.create_hosted_zone

    def create_hosted_zone(self: Route53) -> ActionResult:
        if self._get_param("VPC.VPCId"):
            self.params.setdefault("HostedZoneConfig", {})["PrivateZone"] = True
        return moto(self)

    Route53.create_hosted_zone = create_hosted_zone
