"""www.themoscowtimes.com on loopback, over real TLS, with the seed's story, a front page and feeds."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import trustme

ROOT = Path(__file__).parents[2]
SEED = ROOT / "fixtures" / "seed" / "000_a7afc849934ed496.txt"
STORY = "/2022/01/19/russia-completes-pullout-from-unrest-hit-kazakhstan-a76083"
_TITLE = "Russia-Led Peacekeeping Force Completes Pullout From Unrest-Hit Kazakhstan"
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>{title} - The Moscow Times</title>
<link rel="canonical" href="https://{host}{path}">
<meta property="og:site_name" content="The Moscow Times"><meta property="og:type" content="article">
<meta property="article:published_time" content="2022-01-19T15:53:00+03:00"></head>
<body><article><h1>{title}</h1>{body}</article></body></html>"""
_FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>The Moscow Times</title><link>https://{host}/</link>
<item><title>{title}</title><link>https://{host}{path}</link><pubDate>{date}</pubDate></item>
</channel></rss>"""
_FRONT = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The Moscow Times</title>
<link rel="alternate" type="application/rss+xml" title="News" href="/rss/news"></head>
<body><article><h2><a href="{path}">{title}</a></h2></article></body></html>"""


Pages = dict[str, tuple[str, bytes]]
"""Path to content type and content."""


@dataclass(frozen=True, slots=True)
class TrustedServer:
    """A server under a certificate of an authority of its own."""

    host: str
    port: int
    authority: trustme.CA
    pages: Pages

    def correct(self, was: str, now: str) -> None:
        """Have the story say something else from now on."""
        kind, content = self.pages[STORY]
        assert was.encode() in content
        self.pages[STORY] = (kind, content.replace(was.encode(), now.encode()))

    def trust(self, home: Path, *, sources: str | None = None) -> None:
        """Make a home trust the authority and find the host here; ``sources`` becomes its sources.toml."""
        config = home / "config"
        config.mkdir(parents=True, exist_ok=True)
        self.authority.cert_pem.write_to_path(config / "ca.pem")
        settings = (
            f'[fetch]\ncontact = "you@example.org"\nca_file = "config/ca.pem"\nretries = 0\n'
            f'[fetch.resolve]\n"{self.host}:443" = "127.0.0.1:{self.port}"\n[manners]\nspacing = "20ms"\n'
        )
        (config / "scraper.toml").write_text(settings, encoding="utf-8")
        if sources is not None:
            (config / "sources.toml").write_text(sources, encoding="utf-8")


@contextmanager
def trusted_server(host: str) -> Iterator[TrustedServer]:
    """Serve ``host`` on a free port of loopback while inside."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    pages = _pages(host)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(pages))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield TrustedServer(host, server.server_address[1], authority, pages)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _pages(host: str) -> Pages:
    paragraphs = SEED.read_text(encoding="ascii").split("\n\n")
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph.endswith((".", ".\n")))
    words = {"host": host, "path": STORY, "title": _TITLE, "body": body, "date": "Wed, 19 Jan 2022 15:53:00 +0300"}
    lately = words | {"date": format_datetime(datetime.now(UTC))}  # an outlet that is still alive
    return {
        STORY: ("text/html; charset=utf-8", _PAGE.format_map(words).encode()),
        "/": ("text/html; charset=utf-8", _FRONT.format_map(words).encode()),
        "/rss/news": ("application/rss+xml", _FEED.format_map(lately).encode()),
        "/rss/top": ("application/rss+xml", _FEED.format_map(words).encode()),
    }


def _handler(pages: Pages) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, content = pages.get(self.path.partition("?")[0], ("text/plain", b""))
            self.send_response(200 if content else 404)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None: ...

    return Handler
