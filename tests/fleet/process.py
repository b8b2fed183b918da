"""A fleet's server as a process of its own."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.fleet.plan import FOREIGN, Plan
from tests.fleet.record import State
from tests.fleet.server import CONTROL

_PATIENCE = 30.0


class FleetProcess:
    """The sites of a plan, from ``with`` to its end. ``folder`` is for a file of its own.

    ``corpora`` is a folder of labelled pages (the form of ``tests.benchmarks.extraction.corpora``): the articles' pages
    are then those. ``addresses`` is how many loopback addresses the sites are spread over: one, or on Linux up to 250.
    """

    def __init__(self, plan: Plan, folder: Path, *, corpora: Path | None = None, addresses: int = 1) -> None:
        self.plan = plan
        self.port = 0
        self._addresses = addresses
        self._corpora = corpora
        self._file = folder / "fleet.port"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        plan, self._file = self.plan, self._file.absolute()
        words = [
            f"--{name}={getattr(plan, name)}" for name in ("sites", "articles", "seed", "failing", "late", "edited")
        ]
        words += [f"--addresses={self._addresses}", f"--port-file={self._file}"]
        words += [f"--corpora={self._corpora}"] if self._corpora else []
        self._file.unlink(missing_ok=True)
        self._process = subprocess.Popen([sys.executable, "-m", "tests.fleet", "serve", *words])
        deadline = time.monotonic() + _PATIENCE
        while not self._file.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the fleet did not start")
            time.sleep(0.02)
        self.port = int(self._file.read_text(encoding="ascii"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(_PATIENCE)

    @property
    def resolve(self) -> dict[str, str]:
        """What the setting ``fetch.resolve`` takes: where each site really is, and the foreign host."""
        many = self._addresses
        hosts = {f"{host}:80": address(site % many) for site, host in enumerate(self.plan.hosts)}
        return {name: f"{where}:{self.port}" for name, where in (hosts | {f"{FOREIGN}:80": address(0)}).items()}

    def state(self) -> State:
        """What the server saw so far."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        try:
            connection.request("GET", "/", headers={"Host": CONTROL})
            return State(**json.loads(connection.getresponse().read()))
        finally:
            connection.close()


def address(number: int) -> str:
    """A loopback address; all but the first are Linux's alone."""
    return f"127.0.0.{number + 1}"
