"""Whatever the bytes: an article that can be stored, or one of our errors."""

from __future__ import annotations

import gzip
import os
import random
from collections.abc import Iterator
from dataclasses import astuple
from itertools import cycle, islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.errors import ScrapeError
from scraper.extract import extract_article

FIXTURES = Path(__file__).parents[2] / "fixtures"
PAGES = sorted(FIXTURES.glob("articles/*/*/page.html")) + sorted(FIXTURES.glob("outcomes/**/*.html"))
FOLDER = "SCRAPE_SOAK_PAGES"  # real pages for `make soak`: a folder of *.html and *.html.gz, at any depth
URL = "https://news.example/2026/03/01/harbour"
TYPES = st.sampled_from(
    [None, "text/html", "text/html; charset=utf-16", "text/html; charset=gb18030", "text/html;charset="]
)
HOSTILE = [b"\0", b"\xff", b"\xed\xa0\x80", b"<!--", b'"', b"<svg>", b"&#xD800;", b"&#0;", b"<table>", b"<plaintext>"]
TREES = {
    "nested": b"<div>" * 100_000,
    "attributes": b"<p" + b"".join(b" a%d" % number for number in range(100_000)) + b">",
    "text": b"<p>" + b"word " * 2_090_000,
    "nul": b"<p>A line of text. " * 200 + b"\0" * 100_000,  # past what is looked at to tell binary data
    "fonts": b"".join(b"<p><font x=%d>" % number for number in range(100_000)),
    "lists": b"<ul><li>" * 100_000,
    "paragraphs": b"<p>A line of text, " * 100_000,
    "comment": b"<!--" * 100_000,
    "names": b"<h1>Locks</h1>" + b"<p>Ana Ruiz<p>A text of the town on its locks and keys." * 10_000,
    "signatures": b"<h1>Locks</h1>" + b"<div>" * 900 + b"<p>Written by Ana Ruiz" * 10_000,
    "utf-16": b"\xff\xfe" + ("<title>A title of some words</title>" + "<p>é" * 50_000).encode("utf-16-le"),
    "utf-16 be": b"\xfe\xff" + ("<title>A title of some words</title>" + "<p>é" * 50_000).encode("utf-16-be"),
    "half a utf-16": b"\xff\xfe" + "<title>A title of some words</title>".encode("utf-16-le") + b"\x00\xd8" * 50_000,
}
soak = settings(max_examples=4000, deadline=None, suppress_health_check=list(HealthCheck))


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from texts(tuple(value.items()))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from texts(one)


def survives(page: bytes, content_type: str | None = None) -> None:
    try:
        article = extract_article(page, URL, content_type=content_type)
    except ScrapeError:
        return
    for text in texts(astuple(article)):
        assert "\0" not in text
        assert text.encode() or not text  # lone surrogates cannot be stored


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    page = bytearray(draw(st.sampled_from(PAGES)).read_bytes())
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(page)))
        end = min(len(page), at + draw(st.integers(0, 2000)))
        piece = bytes(page[at:end])
        page[at:end] = draw(st.sampled_from([b"", piece * 2, piece[::-1], piece.replace(b"</", b"<"), *HOSTILE]))
    return bytes(page)


@pytest.mark.slow
@pytest.mark.parametrize("tree", TREES.values(), ids=TREES)
def test_pathological_trees(tree: bytes) -> None:
    wide = tree.startswith((b"\xff\xfe", b"\xfe\xff"))  # their mark has to stand first
    heading = b"" if wide else b"<title>A title of some words</title><h1>A title of some words</h1>"
    survives(heading + tree[: 9 << 20])


def test_a_nul_that_json_spells_is_not_kept() -> None:
    told = rb'{"@type":"NewsArticle","headline":"Ferry\u0000 stops","articleBody":"It stopped\u0000 on Monday. %s"}'
    page = b'<script type="application/ld+json">' + told % (b"Nobody knows why. " * 40) + b"</script><p>x"
    article = extract_article(page, URL)
    assert article.title == "Ferry stops"
    assert article.body.startswith("It stopped on Monday.")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2000), TYPES)
def test_random_bytes(page: bytes, content_type: str | None) -> None:
    survives(page, content_type)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated(), TYPES)
def test_mutated_pages(page: bytes, content_type: str | None) -> None:
    survives(page, content_type)


@pytest.mark.soak
@soak
@given(mutated(), TYPES)
def test_many_mutated_pages(page: bytes, content_type: str | None) -> None:
    survives(page, content_type)


def real_pages() -> list[Path]:
    folder = os.environ.get(FOLDER)
    return sorted(Path(folder).rglob("*.html*")) if folder else PAGES


def read(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
def test_real_pages_mutated(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 -- repeatable, not secret
    for path in real_pages():
        page = bytearray(read(path))
        for _ in range(5):
            at = chance.randrange(len(page) + 1)
            page[at : at + chance.randrange(3000)] = chance.choice(HOSTILE)
        survives(bytes(page))


@pytest.mark.soak
def test_memory_is_flat_over_10_000_pages() -> None:
    early = 0
    for number, path in enumerate(islice(cycle(real_pages()), 10_000)):
        survives(read(path))
        if number == 1000:
            early = resident()
    assert resident() < early * 1.1


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1])
