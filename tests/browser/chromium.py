"""Debian's Chromium, driven by its DevTools protocol over a pair of pipes: no driver, no socket, no package.

``--remote-debugging-pipe`` reads commands from file descriptor 3 and writes answers and events to 4, each a JSON
object that ends in NUL.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PATIENCE = 60.0  # seconds that an answer may take
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    "--force-color-profile=srgb", "--font-render-hinting=none", "--remote-debugging-pipe",
)  # fmt: skip
# Puts the pipes where Chromium looks for them; a shell takes no number above 9.
_TRAMPOLINE = """
import fcntl, os, sys
high = [fcntl.fcntl(int(number), fcntl.F_DUPFD, 10) for number in sys.argv[1:3]]
os.dup2(high[0], 3), os.dup2(high[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at: the width in CSS pixels, and whether the reader's system is dark."""

    width: int
    dark: bool = False
    height: int = 800


class Browser:
    """One browser with one tab. ``complaints`` are what its console said since the last `open`."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._buffer, self._number, self._session = b"", 0, ""
        self._loaded = False
        self.complaints: list[str] = []
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")

    def open(self, url: str, look: Look) -> None:
        """Load a page."""
        self._call(
            "Emulation.setDeviceMetricsOverride", width=look.width, height=look.height, deviceScaleFactor=1,
            mobile=look.width < 600,
        )  # fmt: skip
        self.darken(look.dark)
        self.complaints, self._loaded = [], False
        answer = self._call("Page.navigate", url=url)
        assert "errorText" not in answer, answer
        end = time.monotonic() + _PATIENCE
        while not self._loaded:
            self._take(end)

    def darken(self, dark: bool) -> None:
        """Make the reader's system dark or light."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", features=[scheme])

    def run(self, script: str) -> Any:
        """The value of an expression in the page, a promise's once it is kept."""
        answer = self._call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def picture(self, *, tallest: int = 1400) -> bytes:
        """The page as PNG, from its top down to ``tallest`` pixels."""
        size = self._call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], tallest), "scale": 1}
        taken = self._call("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        return base64.b64decode(taken["data"])

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._commands, data) :]
        end = time.monotonic() + _PATIENCE
        while True:
            answer = self._take(end)
            if answer.get("id") == self._number:
                assert "error" not in answer, (method, answer["error"])
                result: dict[str, Any] = answer["result"]
                return result

    def _take(self, end: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._answers], [], [], max(0.0, end - time.monotonic()))
            assert ready, "chromium does not answer"
            read = os.read(self._answers, 1 << 20)
            assert read, "chromium has ended"
            self._buffer += read
        message, _, self._buffer = self._buffer.partition(b"\0")
        event: dict[str, Any] = json.loads(message)
        self._note(event.get("method", ""), event.get("params", {}))
        return event

    def _note(self, method: str, params: dict[str, Any]) -> None:
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(params["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] in {"error", "warning", "assert"}:
            self.complaints.append(json.dumps(params["args"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in {"error", "warning"}:
            self.complaints.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")


@contextmanager
def chromium(profile: Path) -> Iterator[Browser]:
    """A browser of one's own, which ends with the block."""
    program = shutil.which("chromium")
    assert program is not None, "Debian's chromium is not installed; .ci/run installs it"
    ours_out, its_in = os.pipe()[::-1]
    ours_in, its_out = os.pipe()
    words = [sys.executable, "-c", _TRAMPOLINE, str(its_in), str(its_out), program, *_FLAGS]
    words += [f"--user-data-dir={profile}", "about:blank"]
    it = subprocess.Popen(words, pass_fds=(its_in, its_out), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    os.close(its_in)
    os.close(its_out)
    try:
        yield Browser(ours_out, ours_in)
    finally:
        os.close(ours_out)
        os.close(ours_in)
        it.terminate()
        it.wait(_PATIENCE)
