"""KMS gaps of moto 5.2.1."""

import json

from moto.kms.responses import KmsResponse

DEFAULT_ROTATION_DAYS = 365


def apply() -> None:
    """moto drops RotationPeriodInDays."""
    enable, status = KmsResponse.enable_key_rotation, KmsResponse.get_key_rotation_status

    def enable_key_rotation(self: KmsResponse) -> str:
        response = enable(self)
        key = self.kms_backend.describe_key(self._get_param("KeyId"))
        key.rotation_period = self._get_param("RotationPeriodInDays") or DEFAULT_ROTATION_DAYS
        return response

    def get_key_rotation_status(self: KmsResponse) -> str:
        response = json.loads(status(self))
        if response["KeyRotationEnabled"]:
            key = self.kms_backend.describe_key(self._get_param("KeyId"))
            response["RotationPeriodInDays"] = getattr(key, "rotation_period", DEFAULT_ROTATION_DAYS)
        return json.dumps(response)

    KmsResponse.enable_key_rotation = enable_key_rotation
    KmsResponse.get_key_rotation_status = get_key_rotation_status
