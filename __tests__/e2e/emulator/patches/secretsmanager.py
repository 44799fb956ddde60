"""Secrets Manager gaps of moto 5.2.1."""

from typing import Any

from moto.secretsmanager import exceptions

NOT_FOUND = (
    exceptions.ResourceNotFoundException,
    exceptions.SecretNotFoundException,
    exceptions.SecretHasNoValueException,
)


def patch_not_found() -> None:
    """moto answers 404 where Secrets Manager answers 400, as to all that is wrong with a request."""

    def answer_400(error: type[exceptions.SecretsManagerClientError]) -> None:
        moto = error.__init__

        def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
            moto(self, *args, **kwargs)
            self.code = 400

        error.__init__ = __init__

    for error in NOT_FOUND:
        answer_400(error)


def apply() -> None:
    patch_not_found()
