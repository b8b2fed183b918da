"""Exports taken in: the same articles in another home, byte for byte, and nothing that is there made worse."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.dedupe import candidate
from scraper.formats import notes
from scraper.formats.record import lines
from scraper.inputs import Input
from scraper.intake import Taken, in_order
from scraper.model import Article, Attempt, Kind, Outcome
from scraper.pipeline import open_pipeline
from scraper.settings import Settings
from scraper.store import Selection, Store
from scraper.store.writer import Writer
from tests.formats.samples import ARTICLE, articles
from tests.store.samples import rows

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LONG = "The council met at the harbour to talk about the new bridge and who is to pay for it. " * 8
OTHER = "Farmers of the valley wait for rain while the river falls lower than it has for thirty years now. " * 8


def fill(folder: Path, which: Sequence[Article], *, source: str | None = None, login: bool = False) -> None:
    with Store(folder) as store, store.transaction():
        if source is not None:
            row = {"name": source, "title": source, "url": "https://a.example/", "kind": "feed", "language": None}
            store.frontier.sync_sources([{**row, "enabled": 1}], "2026-01-01T00:00:00Z")
        for at, article in enumerate(which):
            seen = NOW + timedelta(minutes=at)
            store.save(candidate(article, [f"{article.url}?ref={at}"]), None, source, seen)
        if login:
            store.articles._db.execute("UPDATE articles SET login = 1")  # noqa: SLF001 - as a fetch with one would


def export(folder: Path, path: Path) -> Path:
    with Store(folder, readonly=True) as store:
        path.write_text("".join(lines(store.export())), encoding="utf-8", newline="")
    return path


def export_notes(folder: Path, into: Path) -> list[Path]:
    into.mkdir()
    with Store(folder, readonly=True) as store:
        for stored in store.export():
            (into / notes.file_name(stored)).write_text(notes.note(stored), encoding="utf-8", newline="")
    return sorted(into.iterdir())


def take(folder: Path, *paths: Path) -> tuple[list[Attempt], Taken]:
    """What a home's import of some files said."""
    heard: list[Attempt] = []

    async def run() -> Taken:
        window = timedelta(days=14)
        async with (
            Writer(folder, busy_timeout=5, window=window) as writer,
            open_pipeline(Settings(), writer) as pipeline,
        ):
            return await pipeline.intake().run(map(Input.of, paths), lambda one, _: heard.append(one))

    return heard, asyncio.run(run())


def tell(path: Path, *records: object) -> Path:
    path.write_text("".join(f"{json.dumps(each)}\n" for each in records), encoding="utf-8")
    return path


SLUGS = st.integers(1, 9).map("20{0}-the-story-of-{0}".format)


@given(st.lists(articles(SLUGS), min_size=1, max_size=6), st.booleans(), st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_export_import_export_is_the_same_bytes(which: list[Article], login: bool, as_notes: bool) -> None:
    with TemporaryDirectory() as name:
        here = Path(name)
        fill(here / "a", which, source="paper", login=login)
        first = export(here / "a", here / "a.jsonl")
        paths = export_notes(here / "a", here / "notes") if as_notes else [first]
        take(here / "b", *(file.path for file in in_order((Input.of(path), path.read_bytes()) for path in paths)))
        second = export(here / "b", here / "b.jsonl")
        take(here / "c", second)
        # Which revision a text is says how many texts are kept here: none comes along.
        texts = [json.dumps({**json.loads(line), "revision": 1}) for line in first.read_text("utf-8").splitlines()]
        assert [json.dumps(json.loads(line)) for line in second.read_text("utf-8").splitlines()] == texts
        assert export(here / "c", here / "c.jsonl").read_bytes() == second.read_bytes()
        if all(json.loads(line)["revision"] == 1 for line in first.read_text("utf-8").splitlines()):
            assert first.read_bytes() == second.read_bytes()


def test_copies_are_grouped_as_they_were_and_numbers_are_kept(tmp_path: Path) -> None:
    copies = [replace(ARTICLE, url=f"https://paper{at}.example/2026/the-bridge-{at}", body=LONG) for at in range(3)]
    fill(tmp_path / "a", [*copies, replace(ARTICLE, body=OTHER)])
    with Store(tmp_path / "a") as store:
        store.forget(copies[0].url, NOW)
    path = export(tmp_path / "a", tmp_path / "a.jsonl")
    take(tmp_path / "b", path)
    assert export(tmp_path / "b", tmp_path / "b.jsonl").read_bytes() == path.read_bytes()
    assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == [2, 3, 4]


def test_again_it_adds_nothing_and_writes_no_row(tmp_path: Path) -> None:
    fill(tmp_path / "a", [ARTICLE])
    path = export(tmp_path / "a", tmp_path / "a.jsonl")
    _, first = take(tmp_path / "b", path)
    before = rows(tmp_path / "b" / "news.db", "SELECT count(*), max(id) FROM fetches")
    _, second = take(tmp_path / "b", path)
    assert (first.outcomes, second.outcomes) == ({Outcome.SAVED: 1}, {Outcome.UNCHANGED: 1})
    assert rows(tmp_path / "b" / "news.db", "SELECT count(*), max(id) FROM fetches") == before == [(1, 1)]


@pytest.mark.parametrize(
    ("here", "there", "outcome", "stays"),
    [
        (Kind.ARTICLE, Kind.ARTICLE, Outcome.UNCHANGED, True),
        (Kind.ARTICLE, Kind.CLIPPING, Outcome.UNCHANGED, True),
        (Kind.LIVE, Kind.ARTICLE, Outcome.UNCHANGED, True),
        (Kind.CLIPPING, Kind.CLIPPING, Outcome.UNCHANGED, True),
        (Kind.ARTICLE, Kind.TEASER, Outcome.UNCHANGED, True),
        (Kind.CLIPPING, Kind.ARTICLE, Outcome.REVISED, False),
        (Kind.TEASER, Kind.ARTICLE, Outcome.REVISED, False),
    ],
)
def test_what_is_here_is_never_made_worse(
    tmp_path: Path, here: Kind, there: Kind, outcome: Outcome, stays: bool
) -> None:
    fill(tmp_path / "a", [replace(ARTICLE, kind=here, body=LONG)])
    fill(tmp_path / "b", [replace(ARTICLE, kind=there, body=OTHER)])
    _, taken = take(tmp_path / "a", export(tmp_path / "b", tmp_path / "b.jsonl"))
    assert taken.outcomes == {outcome: 1}
    with Store(tmp_path / "a", readonly=True) as store:
        found = store.get(1)
        assert (found.article.body, found.article.kind) == ((LONG, here) if stays else (OTHER, there))
        assert len(store.revisions(1)) == found.revision - 1 == int(not stays)
        assert "?ref=0" in found.aliases[0]


def test_a_page_that_is_fetched_later_takes_the_place_of_what_was_imported(tmp_path: Path) -> None:
    fill(tmp_path / "a", [replace(ARTICLE, body=LONG)])
    take(tmp_path / "b", export(tmp_path / "a", tmp_path / "a.jsonl"))
    fill(tmp_path / "b", [replace(ARTICLE, body=OTHER)])
    with Store(tmp_path / "b", readonly=True) as store:
        assert store.get(1).article.body == OTHER
        assert [revision.body for revision in store.revisions(1)] == [LONG]


def test_what_was_forgotten_here_does_not_come_back(tmp_path: Path) -> None:
    fill(tmp_path / "a", [ARTICLE])
    path = export(tmp_path / "a", tmp_path / "a.jsonl")
    with Store(tmp_path / "a") as store:
        store.forget(ARTICLE.url, NOW)
    (attempt,), _ = take(tmp_path / "a", path)
    assert (attempt.outcome, attempt.reason) == (Outcome.SKIPPED, "forgotten")
    assert export(tmp_path / "a", tmp_path / "a.jsonl").read_bytes() == b""


def test_a_source_that_nobody_follows_is_known_by_its_name(tmp_path: Path) -> None:
    fill(tmp_path / "a", [ARTICLE], source="harbour")
    take(tmp_path / "b", export(tmp_path / "a", tmp_path / "a.jsonl"))
    found = rows(tmp_path / "b" / "news.db", "SELECT name, url, enabled, next_due FROM sources")
    assert found == [("harbour", "https://harbour.example/", 0, None)]


def test_numbers_that_are_taken_are_not_taken_again(tmp_path: Path) -> None:
    fill(tmp_path / "a", [ARTICLE])
    fill(tmp_path / "b", [replace(ARTICLE, url="https://other.example/2026/here-before", body=OTHER)])
    path = export(tmp_path / "a", tmp_path / "a.jsonl")
    take(tmp_path / "b", path)
    record = json.loads(path.read_text()) | {
        "url": "https://far.example/a/b-c-d",
        "id": 2**60,
        "aliases": [],
        "how": {},
    }
    take(tmp_path / "b", tell(tmp_path / "far.jsonl", record))
    with Store(tmp_path / "b", readonly=True) as store:
        assert list(store.select(Selection())) == [1, 2, 3]


def test_lines_of_other_programs_are_read_with_what_they_say(tmp_path: Path) -> None:
    path = tell(tmp_path / "x.jsonl", {"url": "https://a.example/x/y", "title": "T", "body": "One two.", "score": 7})
    (attempt,), _ = take(tmp_path / "a", path)
    assert (attempt.outcome, attempt.article_id) == (Outcome.SAVED, 1)
    with Store(tmp_path / "a", readonly=True) as store:
        stored = store.get(1)
    assert (stored.article.word_count, stored.article.kind) == (2, Kind.ARTICLE)
    assert stored.first_seen_at == stored.fetched_at > "2026"


def test_no_password_and_no_tracking_comes_in(tmp_path: Path) -> None:
    url, alias = "https://me:secret@a.example/x/one-two-three?utm_source=y", "http://u:p@a.example/q"
    record = GOOD | {"url": url, "aliases": [alias]}
    take(tmp_path / "a", tell(tmp_path / "x.jsonl", record))
    with Store(tmp_path / "a", readonly=True) as store:
        stored = store.get(1)
    assert (stored.article.url, stored.aliases) == ("https://a.example/x/one-two-three", ("http://a.example/q",))


GOOD = {"url": "https://a.example/good/one-two", "title": "Good", "body": "Text."}


@pytest.mark.parametrize(
    ("record", "wrong"),
    [
        ({"url": "https://a.example/"}, "missing required field `title`"),
        (GOOD | {"title": 7}, "Expected `str`, got `int` - at `$.title`"),
        (GOOD | {"url": "ftp://a.example/x"}, "ftp"),
        (GOOD | {"aliases": ["nowhere"]}, "nowhere"),
        (GOOD | {"kind": "other"}, "never stored"),
        (GOOD | {"published_at": "2026-02-30"}, "no date"),
        (GOOD | {"fetched_at": "2026-02-03"}, "no date"),
        (GOOD | {"fetched_at": "2999-01-01T00:00:00Z"}, "a time to come"),
        (GOOD | {"source": "../x"}, "no name of a source"),
        (GOOD | {"word_count": -1}, "no number of words"),
        (GOOD | {"title": " ", "body": ""}, "neither title nor body"),
        ([1], "Expected `object`"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_with_its_place_and_the_rest_go_on(
    tmp_path: Path, record: object, wrong: str
) -> None:
    path = tell(tmp_path / "x.jsonl", record, GOOD)
    heard, taken = take(tmp_path / "a", path)
    assert taken.outcomes == {Outcome.SKIPPED: 1, Outcome.SAVED: 1}
    assert heard[0].detail.startswith(f"{path}:1: ")
    assert wrong in heard[0].detail
    assert rows(tmp_path / "a" / "news.db", "SELECT outcome, reason FROM fetches ORDER BY id") == [
        ("skipped", "not a record"), ("saved", "new"),
    ]  # fmt: skip


def test_bytes_that_are_no_lines(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(
        b'\xef\xbb\xbf{"url": "https://a.example/a/b-c", "title": "T", "body": "B"}\r\n\r\n{"url"\n{"\xff":1}\n{'
    )
    heard, taken = take(tmp_path / "a", path)
    assert taken.outcomes == {Outcome.SAVED: 1, Outcome.SKIPPED: 3}
    assert [attempt.url for attempt in heard[1:]] == [f"{path}:{line}" for line in (3, 4, 5)]
    assert taken.position == path.stat().st_size


def test_a_file_that_went_away_is_told_and_the_rest_go_on(tmp_path: Path) -> None:
    paths = [tell(tmp_path / "a.jsonl", GOOD), tmp_path / "gone.jsonl", tell(tmp_path / "c.jsonl", GOOD)]
    heard, taken = take(tmp_path / "a", *paths)
    assert [attempt.outcome for attempt in heard] == [Outcome.SAVED, Outcome.SKIPPED, Outcome.UNCHANGED]
    assert heard[1].detail == f"{paths[1]}: cannot be read: No such file or directory"
    assert taken.position == sum(path.stat().st_size for path in (paths[0], paths[2]))
