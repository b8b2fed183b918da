"""The seed: imported, imported again, and then fetched from where it was published, over real TLS."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from tests.end_to_end.harness import Newsroom

ROOT = Path(__file__).parents[2]
SEED = ROOT / "fixtures" / "seed" / "000_a7afc849934ed496.txt"
HOST = "www.themoscowtimes.com"
PATH = "/2022/01/19/russia-completes-pullout-from-unrest-hit-kazakhstan-a76083"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>Russia-Led Peacekeeping Force Completes Pullout From Unrest-Hit Kazakhstan - The Moscow Times</title>
<link rel="canonical" href="https://www.themoscowtimes.com{path}">
<meta property="og:site_name" content="The Moscow Times"><meta property="og:type" content="article">
<meta property="article:published_time" content="2022-01-19T15:53:00+03:00"></head>
<body><article><h1>Russia-Led Peacekeeping Force Completes Pullout From Unrest-Hit Kazakhstan</h1>{body}</article>
</body></html>"""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path.partition("?")[0] == PATH
        body = _page() if found else b"not here"
        self.send_response(200 if found else 404)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


def _page() -> bytes:
    paragraphs = SEED.read_text(encoding="ascii").split("\n\n")
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph.endswith((".", ".\n")))
    return PAGE.format(path=PATH, body=body).encode()


@pytest.fixture
def moscow_times(newsroom: Newsroom) -> Iterator[Newsroom]:
    """www.themoscowtimes.com on loopback, under a certificate of an authority that the home trusts."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    authority.cert_pem.write_to_path(newsroom.home / "config" / "ca.pem")
    settings = (
        f'[fetch]\nca_file = "config/ca.pem"\nretries = 0\n'
        f'[fetch.resolve]\n"{HOST}:443" = "127.0.0.1:{server.server_address[1]}"\n[manners]\nspacing = "20ms"\n'
    )
    (newsroom.home / "config" / "scraper.toml").write_text(settings, encoding="utf-8")
    try:
        yield newsroom
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_story_fetched_from_its_url_is_the_clippings_article(moscow_times: Newsroom) -> None:
    assert "saved #1" in moscow_times.run("import", str(SEED)).stdout
    assert "unchanged #1" in moscow_times.run("import", str(SEED)).stdout
    fetched = moscow_times.run("fetch", f"https://{HOST}{PATH}?utm_source=telegram")
    assert "revised #1: its page now stands in place of the clipping" in fetched.stdout
    article = moscow_times.json("show", "1")
    assert article["kind"] == "article"
    assert article["published_at"] == "2022-01-19T12:53:00Z"
    assert article["url"] == f"https://{HOST}{PATH}"
    assert moscow_times.rows("SELECT kind, revision FROM revisions") == [("clipping", 1)]
    assert "unchanged #1" in moscow_times.run("import", str(SEED)).stdout
    assert moscow_times.json("show", "1") == article
    assert moscow_times.rows("SELECT count(*) FROM articles") == [(1,)]


def test_without_the_authority_the_certificate_is_refused(moscow_times: Newsroom) -> None:
    settings = moscow_times.home / "config" / "scraper.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('ca_file = "config/ca.pem"\n', ""), encoding="utf-8"
    )
    refused = moscow_times.run("fetch", f"https://{HOST}{PATH}", check=False)
    assert refused.returncode == 1
    assert "certificate" in refused.stderr
    assert refused.stderr.count("\n") == 1
