"""A webhook's receiver on loopback: real HTTP, scripted answers, and a record of what was posted."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Delivery:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def events(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.body)["events"]
        return found

    @property
    def ids(self) -> list[int]:
        return [event["id"] for event in self.events]


@dataclass(frozen=True)
class Said:
    """An answer; the ``body`` comes a piece at a time until the client has enough."""

    status: int = 204
    headers: tuple[tuple[str, str], ...] = ()
    endless: bool = False


@dataclass
class Receiver:
    """The server. ``answers`` says what to a delivery; ``hanging`` holds all answers back until it is closed."""

    answers: Callable[[Delivery], Said] = lambda _: Said()
    hanging: bool = False
    deliveries: list[Delivery] = field(default_factory=list)
    port: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._over.clear()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook/b64f"

    @property
    def ids(self) -> list[int]:
        """The ids of all events that came, in their order."""
        return [number for delivery in self.deliveries for number in delivery.ids]

    def take(self, delivery: Delivery) -> Said:
        self.deliveries.append(delivery)
        if self.hanging:
            self._over.wait()
        return self.answers(delivery)


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            said = receiver.take(Delivery(self.path, headers, body))
            try:
                self.send_response(said.status)
                for name, value in said.headers:
                    self.send_header(name, value)
                if not said.endless:
                    self.send_header("Content-Length", "0")
                self.end_headers()
                while said.endless:
                    self.wfile.write(b"x" * 65536)
            except OSError:  # the client has had enough, or is dead
                self.close_connection = True

        def log_message(self, *_: object) -> None: ...

    return Handler
