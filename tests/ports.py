"""Ports for the servers that tests start."""

import socket
from random import SystemRandom

# Below the ports that systems hand to outgoing connections: one of those would take a port
# between the moment it is found free and the moment a server opens it.
PORTS = range(12_000, 30_000)


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    while True:
        port = SystemRandom().choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
