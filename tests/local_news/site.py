"""The server: one port on loopback, routed by the Host header, with real sockets, threads and keep-alive."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from tests.local_news.outlets import FIXTURES, Outlet, Reply, load_expected, load_outlets

UNKNOWN_HOST = Reply(404, {"content-type": "text/plain; charset=utf-8"}, b"No such newspaper here.\n")


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived; ``at`` is on the monotonic clock. ``headers`` have lower-case names."""

    at: float
    method: str
    host: str
    path: str
    status: int
    user_agent: str
    headers: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.path}"


@dataclass(frozen=True, slots=True)
class Override:
    """What a test puts over a URL while the site runs; ``None`` leaves that part as it was."""

    body: bytes | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float | None = None
    since: str = ""


class LocalNews:
    """All outlets on one port of 127.0.0.1 (a free one unless ``port`` names it).

    ``delay`` seconds pass before every answer, and may be changed while it runs. ``overrides`` are by URL; so are
    :meth:`override` and :meth:`restore`. Safe to use from any thread::

        with LocalNews() as site:
            site.override("http://harbour-gazette.example/feed.xml", status=503, headers={"retry-after": "2"})
    """

    def __init__(
        self,
        *,
        port: int = 0,
        delay: float = 0.0,
        overrides: Mapping[str, Override] | None = None,
        fixtures: Path = FIXTURES,
    ) -> None:
        self.outlets = load_outlets(fixtures)
        self.expected: dict[str, dict[str, Any]] = load_expected(fixtures)
        self.delay = delay
        self._wanted_port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._log: list[Request] = []
        self._overrides: dict[tuple[str, str], Override] = {}
        for url, override in (overrides or {}).items():
            self._put(url, override)

    def start(self) -> Self:
        self._server = _Server(("127.0.0.1", self._wanted_port), self)
        # A short poll, so that stop() does not keep every test waiting for half a second.
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop answering, and cut the connections that clients keep alive. Does nothing the second time."""
        server, thread = self._server, self._thread
        self._server = self._thread = None
        if server is None or thread is None:
            return
        server.stopping.set()
        server.shutdown()
        server.cut()
        server.server_close()
        thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        if self._server is None:
            raise RuntimeError("the site is not running: start() it, or use it in a with statement")
        return int(self._server.server_address[1])

    @property
    def resolve(self) -> dict[str, str]:
        """What the setting ``fetch.resolve`` takes: each outlet's address, and where it really is."""
        return {f"{domain}:80": f"127.0.0.1:{self.port}" for domain in self.outlets}

    @property
    def requests(self) -> tuple[Request, ...]:
        """Every request so far, in the order of arrival."""
        with self._lock:
            return tuple(self._log)

    def forget_requests(self) -> None:
        with self._lock:
            self._log.clear()

    def override(
        self,
        url: str,
        *,
        body: bytes | None = None,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        delay: float | None = None,
    ) -> None:
        """Change what a URL answers from now on. It may be a URL that the outlet does not have."""
        self._put(url, Override(body, status, headers or {}, delay))

    def restore(self, url: str) -> None:
        """Undo :meth:`override`."""
        with self._lock:
            self._overrides.pop(_key(url), None)

    def _put(self, url: str, override: Override) -> None:
        now = format_datetime(datetime.now(UTC).replace(microsecond=0), usegmt=True)
        with self._lock:
            self._overrides[_key(url)] = replace(override, since=now)

    def answer(self, host: str, target: str) -> tuple[Reply, float]:
        """What a path (with its query) of a host answers, and how many seconds later."""
        outlet = self.outlets.get(host)
        if outlet is None:
            return UNKNOWN_HOST, self.delay
        path = target.partition("?")[0]
        with self._lock:
            override = self._overrides.get((host, target)) or self._overrides.get((host, path))
        if override is None:
            return _found(outlet, target, path), self.delay
        reply = outlet.replies.get(target) or outlet.replies.get(path)
        if reply is None:
            reply = (
                Reply(200, {"content-type": "text/html; charset=utf-8"})
                if override.body is not None
                else outlet.replies["*"]
            )
        changed = replace(
            reply,
            body=reply.body if override.body is None else override.body,
            status=override.status or reply.status,
            headers={**reply.headers, **{name.lower(): value for name, value in override.headers.items()}},
            last_modified=override.since,
        )
        return changed, self.delay if override.delay is None else override.delay

    def record(self, request: Request) -> None:
        with self._lock:
            self._log.append(request)


def _key(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.hostname or "", (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _found(outlet: Outlet, target: str, path: str) -> Reply:
    return outlet.replies.get(target) or outlet.replies.get(path) or outlet.replies["*"]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a client may keep its connection for ever
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], site: LocalNews) -> None:
        self.site = site
        self.stopping = threading.Event()
        self._live: set[socket.socket] = set()
        self._live_lock = threading.Lock()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # HTTPServer asks the name server for its own name here, which can take seconds; nobody needs it.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        with self._live_lock:
            self._live.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        with self._live_lock:
            self._live.discard(request)
        super().shutdown_request(request)

    def cut(self) -> None:
        """Close every connection that is still open."""
        with self._live_lock:
            live = list(self._live)
        for connection in live:
            with contextlib.suppress(OSError):  # its client closed it first
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # Tests kill clients in the middle of an answer; that is not this server's failure.
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "LocalNews/1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body in one packet: in two, delayed acknowledgement costs 40 ms an answer

    def do_GET(self) -> None:
        self._send(with_body=True)

    def do_HEAD(self) -> None:
        self._send(with_body=False)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Keep quiet; the log of requests is :attr:`LocalNews.requests`."""

    def _send(self, *, with_body: bool) -> None:
        arrived = time.monotonic()
        host, target = self._asked()
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply, delay = self.server.site.answer(host, target)
        packs = self._packs(host)
        reply = _coded(_validated(reply, headers, weak=packs), headers, on=packs)
        agent = headers.get("user-agent", "")
        self.server.site.record(Request(arrived, self.command, host, target, reply.status, agent, headers))
        if delay and self.server.stopping.wait(delay):
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name.title(), value)
        if reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if with_body and reply.status != 304:
            self.wfile.write(reply.body)

    def _asked(self) -> tuple[str, str]:
        """The host and the path with its query; a proxy's client writes both into the request line."""
        if self.path.startswith("http://"):
            return _key(self.path)
        host = self.headers.get("Host", "").partition(":")[0]
        return host.lower().rstrip("."), self.path.partition("#")[0]

    def _packs(self, host: str) -> bool:
        outlet = self.server.site.outlets.get(host)
        return outlet is not None and outlet.gzip


def _validated(reply: Reply, asked: Mapping[str, str], *, weak: bool) -> Reply:
    """The reply with its ETag and Last-Modified, or 304 where the client has it already."""
    if not reply.validators or reply.status != 200:
        return reply
    validators: dict[str, str] = {}
    if "etag" in reply.validators:
        digest = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
        validators["etag"] = f"W/{digest}" if weak else digest
    if "last-modified" in reply.validators and reply.last_modified:
        validators["last-modified"] = reply.last_modified
    headers = {**reply.headers, **validators, "cache-control": "max-age=0"}
    if _fresh(validators, asked):
        headers.pop("content-type", None)
        return replace(reply, status=304, headers=headers, body=b"")
    return replace(reply, headers=headers)


def _fresh(validators: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    """Whether the client's copy is current, by RFC 9110: If-None-Match speaks alone where it is sent."""
    tags = asked.get("if-none-match")
    if tags is not None:
        mine = validators.get("etag", "").removeprefix("W/")
        given = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return bool(mine) and bool(given & {mine, "*"})
    since = asked.get("if-modified-since")
    changed = validators.get("last-modified")
    if since is None or changed is None:
        return False
    try:
        return parsedate_to_datetime(changed) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):  # not a date, or one without a zone
        return False


def _coded(reply: Reply, asked: Mapping[str, str], *, on: bool) -> Reply:
    """The reply in gzip, where the outlet does that, the type gains by it and the client takes it."""
    kind = reply.headers.get("content-type", "")
    if not on or not reply.body or not kind.startswith(("text/", "application/")):
        return reply
    headers = {**reply.headers, "vary": "Accept-Encoding"}
    if not _takes_gzip(asked.get("accept-encoding", "")):
        return replace(reply, headers=headers)
    return replace(reply, headers={**headers, "content-encoding": "gzip"}, body=gzip.compress(reply.body, 6, mtime=0))


def _takes_gzip(accepted: str) -> bool:
    for item in accepted.lower().split(","):
        name, _, quality = item.partition(";")
        if name.strip() in {"gzip", "*"}:
            return quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
