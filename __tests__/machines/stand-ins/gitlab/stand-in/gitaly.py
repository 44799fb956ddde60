#!/usr/bin/python3
"""Gitaly, as far as taking connections goes, over TLS where it is configured so. Runs as user git."""

import json
import os
import pwd
import socket
import ssl
from pathlib import Path

CONFIG = json.loads(Path("/var/opt/gitlab/gitaly/config.toml").read_text())
git = pwd.getpwnam("git")
os.setgid(git.pw_gid)
os.setuid(git.pw_uid)

address = CONFIG.get("tls_listen_addr") or CONFIG["listen_addr"]
with socket.create_server(("0.0.0.0", int(address.rsplit(":", 1)[1]))) as server:
    if "tls" in CONFIG:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CONFIG["tls"]["certificate_path"], CONFIG["tls"]["key_path"])
        server = context.wrap_socket(server, server_side=True)
    while True:
        try:
            server.accept()[0].close()
        except OSError:
            pass
