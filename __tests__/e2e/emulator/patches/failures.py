"""What moto 5.2.1 hasn't got, or gets wrong by an exception, answered in a way that ends the test at once.

moto answers 500, which SDKs retry: the provider then hangs for eight minutes and dies without saying why.
"""

import logging
from collections.abc import Callable
from threading import RLock
from typing import Any

from flask import Flask
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse
from moto.moto_server import threaded_moto_server
from werkzeug.exceptions import HTTPException

log = logging.getLogger("emulator")


class EmulatorFailure(ServiceException):
    code = "EmulatorFailure"


def patch_operations() -> None:
    """
    An operation that is missing, or that fails inside moto, is refused with its name and the reason.

    One operation at a time: moto's stores are plain dictionaries, which fail under a reader while another thread writes, and
    its checks don't hold until what they checked for is stored.
    """
    moto, lock = BaseResponse.call_action, RLock()

    def call_action(self: BaseResponse) -> Any:
        try:
            with lock:
                return moto(self)
        except HTTPException:
            raise
        except Exception as error:
            operation = f"{self.service_name}:{self._get_action()}"
            log.exception("%s failed in moto", operation)
            return self.serialized(ActionResult(EmulatorFailure(f"{operation}: {type(error).__name__}: {error}")))

    BaseResponse.call_action = call_action


def _absent_service(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("501 Not Implemented", [("Content-Type", "application/x-amz-json-1.1")])
    return [b'{"__type": "EmulatorFailure", "message": "moto has no such service"}']


def patch_services() -> None:
    """A service that moto hasn't got is refused with a status that SDKs don't retry."""
    moto = threaded_moto_server.create_backend_app

    def create_backend_app(service: str | None) -> Flask | Callable[..., Any]:
        return moto(service) if service else _absent_service

    threaded_moto_server.create_backend_app = create_backend_app


def apply() -> None:
    patch_operations()
    patch_services()
