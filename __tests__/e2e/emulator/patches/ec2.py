"""EC2 gaps of moto 5.2.1."""

import copy
from typing import Any

from moto.ec2.models import amis


def patch_image_list() -> None:
    """moto parses the creation dates of its image list in place, and so fails in a second region or after a reset."""
    images: list[dict[str, Any]] = amis.AMIS
    moto = amis.AmiBackend._load_amis

    def _load_amis(self: amis.AmiBackend) -> None:
        amis.AMIS = copy.deepcopy(images)
        moto(self)

    amis.AmiBackend._load_amis = _load_amis


def apply() -> None:
    patch_image_list()
