"""What systemd is told of the daemon (sd_notify(3)): that it is up, reads its configuration, lives and ends."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Mapping

log = logging.getLogger("scraper")


def notify(*states: str, environ: Mapping[str, str] = os.environ) -> None:
    """Say how things stand, as in ``READY=1``; nothing where no service manager listens."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    name = "\0" + address[1:] if address.startswith("@") else address  # of Linux's abstract sockets
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as there:
            there.sendto("\n".join(states).encode(), name)
    except OSError as error:
        log.warning("systemd cannot be told %s: %s", " ".join(states), error.strerror)


def watchdog(environ: Mapping[str, str] = os.environ) -> float | None:
    """How often, in seconds, this process must say ``WATCHDOG=1``: twice in the time that it is given; None: never."""
    said = environ.get("WATCHDOG_USEC", "")
    if not said.isdecimal() or int(said) == 0 or environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    return int(said) / 2e6
