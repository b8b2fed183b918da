from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from scraper.errors import NotARecord
from scraper.formats import reading
from scraper.formats.record import lines
from scraper.model import Article
from tests.formats.samples import ARTICLE, articles, stored


@given(articles())
@settings(max_examples=60, deadline=None)
def test_a_line_is_one_line_whoever_splits_and_comes_back(article: Article) -> None:
    for unicode in (True, False):
        (line,) = lines([stored(article)], unicode=unicode)
        assert len(line.splitlines()) == 1
        assert unicode or line.isascii()
        assert reading.line(line.encode()).article == article


def test_what_some_take_for_line_ends_is_escaped_and_stays() -> None:
    nasty = replace(ARTICLE, body="a\x85b\u2028c\u2029d\r\ne")
    (line,) = lines([stored(nasty)])
    assert len(line.splitlines()) == 1
    assert json.loads(line)["body"] == nasty.body


def dated(name: str, text: str) -> str | None:
    """What a line's date becomes."""
    stored = reading.line(json.dumps({"url": "https://a.example/x", "title": "x", "body": "y", name: text}).encode())
    found: str | None = getattr(stored.article if name in {"published_at", "modified_at"} else stored, name)
    return found


@pytest.mark.parametrize("name", ["published_at", "modified_at", "first_seen_at", "fetched_at", "gone_at"])
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z"),
        ("2026-11-20T10:00:00+00:00", "2026-11-20T10:00:00Z"),
        ("2026-11-20T00:30:00+01:00", "2026-11-19T23:30:00Z"),
        ("2026-11-20T10:00:00.987654-0500", "2026-11-20T15:00:00Z"),
        ("2026-11-20T10:00Z", "2026-11-20T10:00:00Z"),
        ("2026-11-20 10:00:00", "2026-11-20T10:00:00Z"),
    ],
)
def test_an_instant_may_be_written_in_any_zone(name: str, written: str, meant: str) -> None:
    assert dated(name, written) == meant


@pytest.mark.parametrize("name", ["published_at", "fetched_at"])
@pytest.mark.parametrize(
    "written",
    [
        "soon", "2026-02-30", "2026-02-30T10:00:00Z", "20261120", "2026-W47-5", "2026-11-20+01:00", "2026-11-20T25:00Z",
        "2026-11-20T10:00:00 o'clock", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(name: str, written: str) -> None:
    with pytest.raises(NotARecord, match=f"{name}: .* is no date; write it as 2026-11-23T20:15:00Z"):
        dated(name, written)


def test_a_bare_day_is_a_date_and_no_instant() -> None:
    assert dated("published_at", "2026-11-20") == "2026-11-20"
    with pytest.raises(NotARecord, match="is no date"):
        dated("fetched_at", "2026-11-20")
