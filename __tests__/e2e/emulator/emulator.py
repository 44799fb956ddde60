"""AWS on 127.0.0.1: moto 5.2.1 with its gaps closed as far as this project's resources reach into them.

    python3 emulator.py --port N        N = 0: any free port

Prints one line of JSON, {"port": N}, when it accepts requests. Ends at SIGTERM, and when its parent ends.
"""

import argparse
import json
import logging
import os
import signal
import socket
import sys
import threading
from pathlib import Path

# Runs from a checkout: leave no __pycache__ behind.
sys.dont_write_bytecode = True

# moto reads these when it is imported.
os.environ.update(
    MOTO_AMIS_PATH=str(Path(__file__).with_name("amis.json")),
    # AmazonSSMManagedInstanceCore and its kind.
    MOTO_IAM_LOAD_MANAGED_POLICIES="true",
    # Certificates are issued at once. moto waits a minute, which proves nothing.
    MOTO_ACM_VALIDATION_WAIT="0",
    # Launching an image that doesn't exist must fail.
    MOTO_ENABLE_AMI_VALIDATION="true",
    MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION="true",
)

import moto  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

import aws_cli  # noqa: E402
import leftovers  # noqa: E402
import patches  # noqa: E402

MOTO_VERSION = "5.2.1"
PARENT_CHECK_SECONDS = 1.0


def check_free(port: int) -> None:
    """Fail where another server has the port: moto's own thread would end in silence, and its starter wait for ever."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))


def wait_for_end(parent: int) -> None:
    """Return at SIGTERM or SIGINT, or when this process is no longer its parent's child."""
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    while os.getppid() == parent and not ended.wait(PARENT_CHECK_SECONDS):
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    port = parser.parse_args().port
    if moto.__version__ != MOTO_VERSION:
        sys.exit(f"The emulator patches moto {MOTO_VERSION}, and found {moto.__version__}.")

    parent = os.getppid()
    # Failures are logged, requests aren't.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    patches.apply()
    aws_cli.serve()
    leftovers.serve()
    check_free(port)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    print(json.dumps({"port": server.get_host_and_port()[1]}), flush=True)
    wait_for_end(parent)
    server.stop()


if __name__ == "__main__":
    sys.exit(main())
