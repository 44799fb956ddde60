"""The AWS CLI without its start, which takes a second: POST /moto-api/aws-cli runs it here, with a list of arguments.

The answer is what a process would leave: {"status", "stdout", "stderr"}.
"""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from threading import Lock
from typing import Any

from awscli.clidriver import CLIDriver, create_clidriver
from moto.core.common_types import TYPE_RESPONSE
from moto.moto_api._internal.urls import url_paths as control_paths

# Output is redirected for the whole process.
_one_at_a_time = Lock()


@cache
def _driver() -> CLIDriver:
    # Keeps what it has read of the services.
    return create_clidriver()


def _run(arguments: list[str]) -> dict[str, Any]:
    stdout, stderr = io.StringIO(), io.StringIO()
    with _one_at_a_time, redirect_stdout(stdout), redirect_stderr(stderr):
        try:
            status = _driver().main(arguments)
        except SystemExit as end:
            status = end.code
    return {"status": status, "stdout": stdout.getvalue(), "stderr": stderr.getvalue()}


def serve() -> None:
    """Add the route to moto's control API."""

    def aws_cli(request: Any, full_url: str, headers: Any) -> TYPE_RESPONSE:
        arguments = [*json.loads(request.data), "--endpoint-url", request.host_url]
        return 200, {"Content-Type": "application/json"}, json.dumps(_run(arguments))

    control_paths["{0}/moto-api/aws-cli"] = aws_cli
