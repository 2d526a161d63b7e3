"""How gunicorn serves the site: threads, and limits on what a client may send and how slowly."""

from __future__ import annotations

import gc
import os
import socket
import struct
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

from delivery.environment import read_int
from delivery.supervisor import SUPERVISOR_VARIABLE, read_logging


class SilentAboutRequests(Logger):  # type: ignore[misc]  # a base class without types
    """Leaves it to the site to log its requests, each with its id."""

    def access(self, *args: Any) -> None:
        """Say nothing, and work out nothing to say."""


wsgi_app = "delivery.wsgi:application"
worker_class = "gthread"
timeout = 60
graceful_timeout = 20
keepalive = 5
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
control_socket_disable = True
if Path("/dev/shm").is_dir():  # noqa: S108  # a worker's sign of life must not wait for a disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108  # as above

_logging = read_logging()
logconfig_dict = {
    **_logging,
    "loggers": {**_logging["loggers"], "gunicorn.error": {"level": "INFO", "propagate": True}},
}

logger_class = SilentAboutRequests
CLIENT_TIMEOUT = read_int("WEB_CLIENT_TIMEOUT", 20)  # seconds without a byte from or to a client
LOOK_AFTER_SUPERVISOR = 1.0  # seconds


def when_ready(server: Any) -> None:
    """Give the connections to come a time-out: a client that stalls must not keep a thread.

    The kernel hands these options of a listening socket on to the connections it accepts.
    """
    limit = struct.pack("ll", CLIENT_TIMEOUT, 0)
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)


def post_worker_init(worker: Any) -> None:
    """Load the blocks before the first visitor waits for them, and look after the supervisor.

    A worker ends with its supervisor, even one that was killed: its port must become free.
    """
    import_module("delivery.runtime.assets").installed_tags()  # Django is set up only by now
    # What is there now stays: without this, some request waits half a second for it to be searched.
    gc.collect()
    gc.freeze()
    supervisor = os.environ.get(SUPERVISOR_VARIABLE)
    if supervisor:
        threading.Thread(target=_end_with, args=(int(supervisor), worker.ppid), daemon=True).start()


def _end_with(supervisor: int, master: int) -> None:
    while _is_alive(supervisor):
        time.sleep(LOOK_AFTER_SUPERVISOR)
    os.kill(master, 15)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
