"""What a service manager hears, on a real socket."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from scraper.notify import notify, watchdog


@pytest.mark.parametrize("abstract", [False, True] if sys.platform == "linux" else [False])
def test_a_service_manager_hears_how_things_stand(tmp_path: Path, *, abstract: bool) -> None:
    name = f"@article-scraper-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as here:
        here.bind("\0" + name[1:] if abstract else name)
        here.settimeout(5)
        notify("READY=1", "STATUS=following 3 sources", environ={"NOTIFY_SOCKET": name})
        assert here.recv(100) == b"READY=1\nSTATUS=following 3 sources"


def test_where_nobody_listens_nothing_happens(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    notify("READY=1", environ={})
    assert not caplog.records
    notify("READY=1", environ={"NOTIFY_SOCKET": str(tmp_path / "gone")})
    assert caplog.messages == ["systemd cannot be told READY=1: No such file or directory"]


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "180000000"}, 90),
        ({"WATCHDOG_USEC": "180000000", "WATCHDOG_PID": str(os.getpid())}, 90),
        ({"WATCHDOG_USEC": "180000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_how_often_the_watchdog_wants_to_hear(environ: dict[str, str], seconds: float | None) -> None:
    assert watchdog(environ) == seconds
