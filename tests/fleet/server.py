"""The server of a fleet: plain asyncio, HTTP/1.1 with keep-alive.

It is routed by the Host header, or by an absolute target, as a proxy is asked.
"""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.fleet import pages
from tests.fleet.faults import Fault, fault
from tests.fleet.plan import DISALLOWED, FOREIGN, Article, Plan
from tests.fleet.record import Record

CONTROL = "fleet.invalid"
"""The host that answers with the state of the fleet, as JSON."""
_STALL = 1.0  # seconds of silence before a stalled answer is hung up
_HTML, _XML, _PLAIN = "text/html; charset=utf-8", "application/xml; charset=utf-8", "text/plain; charset=utf-8"
_STATUS = {200: "OK", 304: "Not Modified", 404: "Not Found", 429: "Too Many Requests", 500: "Oops", 503: "Busy"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answers; ``sent`` is called once it was wholly sent."""

    status: int
    kind: str
    body: bytes = field(default=b"", repr=False)
    headers: tuple[tuple[str, str], ...] = ()
    sent: Callable[[], None] = lambda: None


class Fleet:
    """Answers for all sites. ``weights``: bodies (gzipped) to serve as articles' pages in place of made-up ones."""

    def __init__(self, plan: Plan, weights: Sequence[bytes] = ()) -> None:
        self.plan = plan
        self.record = Record(plan)
        self._weights = weights
        self._sites = {host: site for site, host in enumerate(plan.hosts)}
        self._articles = {article.host + article.path: article for article in plan.everything}
        self._place = {article.url: place for place, article in enumerate(plan.everything)}
        self._nonces = 0

    def answer(self, host: str, target: str) -> tuple[Answer, Fault | None]:
        """The answer to a request, and how it is to fail, if it is."""
        if host == CONTROL:
            return Answer(200, "application/json", json.dumps(self.record.state()).encode()), None
        path = target.partition("?")[0]
        article = self._articles.get(host + path)
        kind = "article" if article else "robots" if path == pages.ROBOTS else "source"
        listed = kind != "source" or path in (pages.FEED, pages.HOME) or path.startswith("/sitemap")
        time = self.record.count(host, path, kind if listed else "other")
        answer = self._page(article) if article else self._document(host, path)
        if (failing := fault(self.plan.seed, host + path, time, self.plan.failing)) is not None:
            self.record.failed += 1
        return answer, failing

    def _page(self, article: Article) -> Answer:
        if self._weights:
            place = self._place[article.url] % len(self._weights)
            sent = _call(self.record.sent, article, 0)
            return Answer(200, "text/html", self._weights[place], (("Content-Encoding", "gzip"),), sent)
        version = self.record.version(article)
        body = pages.page(self.plan, article, version)
        tag = () if pages.has_nonce(article.site) else (("ETag", f'"{pages.hash_of(body)}"'),)
        if not tag:
            self._nonces += 1
            body = body.replace("</aside>", f"<script>var nonce = {self._nonces};</script></aside>")
        return Answer(200, _HTML, body.encode(), tag, _call(self.record.sent, article, version))

    def _document(self, host: str, path: str) -> Answer:
        site = self._sites.get(host)
        if path == pages.ROBOTS:
            return Answer(200, _PLAIN, (pages.robots(host) if site is not None else "").encode())
        if host == FOREIGN or path.startswith(DISALLOWED):  # an article like any other, for whoever asks
            return Answer(200, _HTML, pages.page(self.plan, next(self.plan.everything), 0).encode())
        if site is None:
            return Answer(404, _PLAIN, b"No such site.\n")
        found = self._listing(site, host, path)
        if found is None:
            return Answer(404, _HTML, b"<title>Not found</title><p>There is no such page.</p>")
        text, kind, counts = found
        sent = _call(self.record.polls.update, [host]) if counts else lambda: None
        return Answer(200, kind, text.encode(), (("ETag", f'"{pages.hash_of(text)}"'),), sent)

    def _listing(self, site: int, host: str, path: str) -> tuple[str, str, bool] | None:
        """A document that lists articles: its text, its type, and whether asking for it moves the site on."""
        announced = self.record.announced(self.plan.by_site[site])
        if path == pages.FEED:
            return pages.feed(self.plan, announced, host), "application/rss+xml", True
        if path == pages.HOME:
            return pages.home(self.plan, announced, host), _HTML, True
        if path == pages.SITEMAP and pages.is_index(site):
            return pages.index(host, self.record.polls[host]), _XML, True
        if path == pages.SITEMAP:
            return pages.sitemap(self.plan, announced, host, news=pages.is_news(site)), _XML, True
        for part in range(pages.PARTS):
            if path == pages.PART.format(part):
                return pages.sitemap(self.plan, announced[part :: pages.PARTS], host, news=False), _XML, False
        return None


def _call(function: Callable[..., object], *args: object) -> Callable[[], None]:
    def call() -> None:
        function(*args)

    return call


class _Connection(asyncio.Protocol):
    """One client; its requests are answered in turn."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._buffer = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer and not self._transport.is_closing():
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            self._respond(head.decode("latin-1"))

    def _respond(self, head: str) -> None:
        first, *lines = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        target, host = first.split(" ")[1], headers.get("host", "")
        if target.startswith("http://"):  # as a proxy is asked
            parts = urlsplit(target)
            host, target = parts.netloc, target.removeprefix(f"http://{parts.netloc}") or "/"
        answer, failing = self._fleet.answer(host, target)
        tag = dict(answer.headers).get("ETag")
        if failing is not None:
            self._fail(answer, failing)
        elif tag is not None and headers.get("if-none-match") == tag:
            self._fleet.record.unchanged += 1
            self._send(Answer(304, answer.kind, b"", answer.headers))
            answer.sent()
        else:
            self._send(answer)
            answer.sent()

    def _send(self, answer: Answer, *, part: int | None = None) -> None:
        lines = [f"HTTP/1.1 {answer.status} {_STATUS[answer.status]}"]
        if answer.status != 304:
            lines += [f"Content-Type: {answer.kind}", f"Content-Length: {len(answer.body)}"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        self._transport.write("\r\n".join([*lines, "", ""]).encode() + answer.body[:part])

    def _fail(self, answer: Answer, failing: Fault) -> None:
        if failing is Fault.RESET:
            self._transport.abort()
        elif failing in (Fault.CUT, Fault.STALL):
            self._send(answer, part=len(answer.body) // 2)
            if failing is Fault.CUT:
                self._transport.close()
            else:
                asyncio.get_running_loop().call_later(_STALL, self._transport.abort)
        else:
            status = int(failing.value)
            pause = () if failing is Fault.ERROR else (("Retry-After", "1"),)
            self._send(Answer(status, _PLAIN, b"Try again later.\n", pause))


async def serve(fleet: Fleet, addresses: Sequence[str], port: int, ready: Callable[[int], None]) -> None:
    """Answer on all addresses, on the same port (0: a free one), until SIGTERM or SIGINT."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    servers = []
    for address in addresses:
        server = await loop.create_server(lambda: _Connection(fleet), address, port, backlog=500)
        port = server.sockets[0].getsockname()[1]
        servers.append(server)
    ready(port)
    await stop.wait()
    for server in servers:
        server.close()


def real_pages(corpora: Path) -> list[bytes]:
    """The article pages of a folder of corpora, gzipped as they lie there; each once."""
    found: dict[str, bytes] = {}
    for truth in sorted(corpora.glob("*/truth.jsonl")):
        for line in truth.read_text(encoding="utf-8").split("\n"):
            row = json.loads(line) if line else {"page_type": "none"}
            if row.get("page_type", "article") == "article":
                body = (truth.parent / "pages" / f"{row['id']}.html.gz").read_bytes()
                found.setdefault(row.get("url") or row["id"], body)
    return list(found.values())
