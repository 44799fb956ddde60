#!/usr/bin/python3
"""GitLab's web server, as far as its readiness goes: 200 once the database has its first user."""

import json
import os
import socket
import subprocess
from pathlib import Path

NGINX = json.loads(Path("/var/opt/gitlab/nginx.json").read_text())
ENVIRONMENT = dict(
    line.split("=", 1) for line in Path("/var/opt/gitlab/gitlab-rails/etc/database.env").read_text().splitlines()
)


def is_ready() -> bool:
    query = subprocess.run(
        ["/opt/gitlab/embedded/bin/psql", "-qAtc", "SELECT count(*) FROM users WHERE name = 'root'"],
        env={**os.environ, **ENVIRONMENT},
        capture_output=True,
        text=True,
    )
    return query.stdout.strip() == "1"


def answer(connection: socket.socket) -> None:
    stream = connection.makefile("rwb")
    line = stream.readline()
    proxied = line.startswith(b"PROXY ")
    if proxied != bool(NGINX.get("proxy_protocol")):
        return
    if proxied:
        line = stream.readline()
    while stream.readline().strip():
        pass
    known = line.split()[1].startswith(b"/-/readiness")
    status = b"404 Not Found" if not known else b"200 OK" if is_ready() else b"503 Service Unavailable"
    stream.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    stream.flush()


with socket.create_server(("0.0.0.0", NGINX["listen_port"])) as server:
    while True:
        connection, _ = server.accept()
        with connection:
            try:
                answer(connection)
            except OSError:
                pass
