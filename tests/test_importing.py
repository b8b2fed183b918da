"""Web archives taken in: the same articles whatever the order, nothing twice, and home again by export."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from scraper.importing import Sources, Tally
from scraper.inputs import Input
from scraper.model import Attempt, Page, SourceKind
from scraper.settings import Settings, Source
from scraper.store import Filters, Store
from scraper.store.writer import Writer
from scraper.warc.writing import Writing
from tests.newsroom import shared_pipeline, story
from tests.warc.samples import answer, packed, record

START = datetime(2021, 3, 4, 8, 0, tzinfo=UTC)
URL = "https://paper.example/2021/03/story"
DAY = timedelta(days=1)


def page(body: bytes, days: float = 0, url: str = URL, **changes: Any) -> Page:
    made = Page(url, url, 200, (("content-type", "text/html; charset=utf-8"),), body, START + days * DAY)
    return replace(made, **changes)


def warc(folder: Path, pages: Iterable[Page], name: str = "x.warc.gz") -> Path:
    path = folder / name
    with path.open("wb") as file:
        writing = Writing(file)
        for number, each in enumerate(pages):
            writing.page(each, number, again=True)
    return path


def taken(folder: Path, *paths: Path, sources: Sources | None = None) -> tuple[Tally, list[Attempt | None]]:
    """Import files into a store; the last one's tally, and what was heard of all."""
    heard: list[Attempt | None] = []

    async def main() -> Tally:
        async with (
            Writer(folder, busy_timeout=30) as writer,
            shared_pipeline(Settings(), writer) as pipeline,
        ):
            importing = pipeline.importing(sources or Sources())
            for path in paths:
                tally = await importing.run(Input.of(path), lambda attempt, _tally: heard.append(attempt))
        return tally

    return asyncio.run(main()), heard


def rows(folder: Path, sql: str, database: str = "news.db") -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / database)) as conn:
        return conn.execute(sql).fetchall()


def histories(folder: Path) -> list[Any]:
    """Every article's texts, from the first to the present one, with when they were fetched and replaced."""
    texts = rows(
        folder,
        "SELECT articles.url, revisions.revision, revisions.title, revisions.fetched_at, replaced_at FROM revisions"
        " JOIN articles ON articles.id = article_id"
        " UNION ALL SELECT url, revision, title, fetched_at, NULL FROM articles ORDER BY 1, 2",
    )
    seen = rows(folder, "SELECT url, first_seen_at, kind, body FROM articles ORDER BY url")
    aliases = rows(folder, "SELECT url FROM aliases ORDER BY url")
    return [texts, seen, aliases]


def archived(folder: Path) -> list[Page]:
    with Store(folder, readonly=True) as store:
        return sorted((kept.page for kept in store.pages()), key=repr)


VERSIONS = [page(story("Breakwater to be repaired"), 0), page(story("Breakwater repaired"), 1),
            page(story("Breakwater repaired, at a cost"), 2), page(story("Breakwater repaired"), 3)]  # fmt: skip


def test_one_file_with_all_of_it_under_way_together(tmp_path: Path) -> None:
    other = [page(story(f"Story {n}"), n / 10, f"{URL}/{n}") for n in range(20)]
    mixed = [*VERSIONS, *other]
    random.Random(3).shuffle(mixed)  # noqa: S311
    for name, order in (("a", [*VERSIONS, *other]), ("b", mixed)):
        (tmp_path / name).mkdir()
        taken(tmp_path / name, warc(tmp_path, order))
    assert histories(tmp_path / "a") == histories(tmp_path / "b")
    assert archived(tmp_path / "a") == archived(tmp_path / "b")


def test_a_version_that_was_there_before_and_after_another(tmp_path: Path) -> None:
    first, between, again = VERSIONS[0], VERSIONS[1], replace(VERSIONS[0], fetched_at=START + 2 * DAY)
    taken(tmp_path, warc(tmp_path, [first, again]))
    taken(tmp_path, warc(tmp_path, [between]))
    texts, _, _ = histories(tmp_path)
    assert [(number, title[-8:], at[:10], (until or "")[:10]) for _, number, title, at, until in texts] == [
        (1, "repaired", "2021-03-04", "2021-03-05"),
        (2, "repaired", "2021-03-05", "2021-03-06"),
        (3, "repaired", "2021-03-06", ""),
    ]
    assert len({title for _, _, title, _, _ in texts}) == 2


def test_an_older_page_leaves_the_present_text_alone(tmp_path: Path) -> None:
    taken(tmp_path, warc(tmp_path, [VERSIONS[2]]))
    tally, (attempt,) = taken(tmp_path, warc(tmp_path, [VERSIONS[0]]))
    assert attempt is not None
    assert (attempt.outcome, attempt.reason, attempt.kind) == ("revised", "earlier version", "import")
    assert tally.outcomes == Counter(revised=1)
    assert rows(tmp_path, "SELECT title, revision, fetched_at, first_seen_at FROM articles") == [
        ("Breakwater repaired, at a cost", 2, "2021-03-06T08:00:00Z", "2021-03-04T08:00:00Z")
    ]
    assert rows(tmp_path, "SELECT rank, fetched_at FROM pages ORDER BY 1", "pages.db") == [
        (1, "2021-03-04T08:00:00Z"), (2, "2021-03-06T08:00:00Z")
    ]  # fmt: skip
    assert rows(tmp_path, "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'cost'") == [(1,)]
    assert rows(tmp_path, "SELECT count(*) FROM events") == [(0,)]


def test_importing_again_adds_nothing(tmp_path: Path) -> None:
    refused = page(b"<title>Nothing</title>", 0, f"{URL}/empty")
    cut = record(block=answer(b"\x1f\x8b\x08junk", "Content-Type: text/html", "Content-Encoding: gzip"))
    path = warc(tmp_path, [*VERSIONS, refused])
    path.write_bytes(path.read_bytes() + packed(cut))
    first, heard = taken(tmp_path, path)
    assert first.pages == 6
    assert Counter(attempt.outcome for attempt in heard if attempt) == {"saved": 1, "revised": 3, "skipped": 2}
    tables = ("articles", "revisions", "fetches", "daily")
    before = [rows(tmp_path, f"SELECT * FROM {table}") for table in tables]
    kept = archived(tmp_path)
    again, _ = taken(tmp_path, path)
    assert (again.known, again.outcomes) == (6, Counter())
    assert before == [
        rows(tmp_path, f"SELECT * FROM {table}") for table in ("articles", "revisions", "fetches", "daily")
    ]
    assert archived(tmp_path) == kept


def test_what_was_forgotten_stays_forgotten(tmp_path: Path) -> None:
    path = warc(tmp_path, [VERSIONS[0], page(b"<title>x</title>", 1)])
    with Store(tmp_path) as store:
        store.forget(URL, START)
    _, heard = taken(tmp_path, path)
    assert [(attempt.outcome, attempt.reason) for attempt in heard if attempt] == [("skipped", "forgotten")] * 1
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(0,)]
    assert rows(tmp_path, "SELECT count(*) FROM pages", "pages.db") == [(0,)]


def test_a_page_outranks_a_clipping_although_it_is_older(tmp_path: Path) -> None:
    clipping = f"Breakwater\n\nMarch 4, 2021\n\n{'The council voted. ' * 40}\n\nOriginal url:\n\n{URL}\n"

    async def main() -> None:
        async with Writer(tmp_path, busy_timeout=30) as writer, shared_pipeline(Settings(), writer) as pipeline:
            await pipeline.clip("a.txt", clipping.encode())

    asyncio.run(main())
    ((now,),) = rows(tmp_path, "SELECT fetched_at FROM articles")
    taken(tmp_path, warc(tmp_path, [VERSIONS[0]]))
    assert rows(tmp_path, "SELECT kind, revision, fetched_at, first_seen_at FROM articles") == [
        ("article", 2, now, "2021-03-04T08:00:00Z")
    ]


def test_a_page_of_a_time_to_come_is_refused(tmp_path: Path) -> None:
    late = replace(VERSIONS[0], fetched_at=datetime.now(UTC) + 9 * DAY)
    tally, (attempt,) = taken(tmp_path, warc(tmp_path, [late]))
    assert attempt is not None
    assert (attempt.outcome, attempt.reason) == ("skipped", "bad record")
    assert tally.reasons["bad record"] == 1


def test_what_is_no_address_costs_no_other_page(tmp_path: Path) -> None:
    id_ = "<urn:uuid:11111111-2222-3333-4444-555555555555>"
    path = tmp_path / "x.warc.gz"
    path.write_bytes(
        packed(
            record(block=answer(story()), WARC_Target_URI="http://"),
            record("metadata", b"requestedUrl: javascript:alert(1)\r\n", WARC_Record_ID="<urn:uuid:2>",
                   WARC_Concurrent_To=id_),
            record(block=answer(story("Harbour opens"))),
            record("metadata", b"redirectedFrom: http://[/\r\n", WARC_Record_ID="<urn:uuid:2>", WARC_Concurrent_To=id_),
            record(block=answer(story("Harbour closes")), WARC_Target_URI="https://paper.example/2021/other"),
        )
    )  # fmt: skip
    tally, heard = taken(tmp_path / "storage", path)
    assert tally.reasons == {"not a url": 2, "new": 1}
    assert sorted(each.url for each in heard if each is not None) == [
        "http://", "https://paper.example/2021/other", "https://paper.example/2021/story",
    ]  # fmt: skip
    again, _ = taken(tmp_path / "storage", path)
    assert (again.known, again.outcomes.total()) == (3, 0)


def test_revisits_take_the_body_that_they_repeat(tmp_path: Path) -> None:
    head = answer(b"")
    first = record(block=answer(story("One")), WARC_Payload_Digest="sha1:AAAA")
    elsewhere = "https://paper.example/2021/other"
    by_digest = record("revisit", head, WARC_Target_URI=elsewhere, WARC_Payload_Digest="sha1:AAAA")
    by_address = record("revisit", head, WARC_Target_URI=f"{elsewhere}/2", WARC_Date="2021-03-06T00:00:00Z",
                        WARC_Refers_To_Target_URI="https://paper.example/2021/story")  # fmt: skip
    gone = record("revisit", head, WARC_Target_URI=f"{elsewhere}/3", WARC_Payload_Digest="sha1:ZZZZ")
    unchanged = record("revisit", answer(b"", status="HTTP/1.1 304 Not Modified"), WARC_Date="2021-05-01T00:00:00Z",
                       WARC_Profile="http://netpreserve.org/warc/1.1/revisit/server-not-modified")  # fmt: skip
    path = tmp_path / "x.warc.gz"
    path.write_bytes(packed(first, by_digest, by_address, gone, unchanged))
    tally, heard = taken(tmp_path, path)
    assert tally.damages == 0
    assert [attempt.reason for attempt in heard if attempt and attempt.outcome == "skipped"] == ["lost payload"]
    assert rows(tmp_path, "SELECT count(*), count(DISTINCT body_hash) FROM pages", "pages.db") == [(3, 1)]
    assert ("2021-05-01T00:00:00Z",) in rows(tmp_path, "SELECT fetched_at FROM articles")
    again, _ = taken(tmp_path, path)
    assert again.known == 5


def test_the_source_that_an_archive_names_tells_zone_and_language(tmp_path: Path) -> None:
    body = story("Dated").replace(b"<h1>", b"<time datetime='2021-03-04T09:30:00'>4 March 2021, 9:30</time><h1>")
    known = Source(name="paper", url="https://paper.example/feed", kind=SourceKind.FEED, timezone="Asia/Tokyo")
    out = BytesIO()
    Writing(out).page(page(body), 1, source="paper")
    path = tmp_path / "x.warc.gz"
    path.write_bytes(out.getvalue())
    found = {}
    for name, sources in (("named", Sources((known,))), ("unknown", Sources())):
        (tmp_path / name).mkdir()
        with Store(tmp_path / name) as store, store.transaction():
            row = {"name": "paper", "title": "", "url": known.url, "kind": "feed", "language": None, "enabled": 1}
            store.frontier.sync_sources([row], "2021-01-01T00:00:00Z")
        taken(tmp_path / name, path, sources=sources)
        found[name] = rows(tmp_path / name, "SELECT published_at, published_zone, source_id FROM articles")
    assert found == {
        "named": [("2021-03-04T00:30:00Z", "source", 1)],
        "unknown": [("2021-03-04T09:30:00Z", "assumed", None)],
    }


def varied(seed: int) -> list[Page]:
    """Articles, revised ones, moved ones, copies, refused pages, other codings of text, pages behind a login."""
    draw = random.Random(seed)  # noqa: S311 - the same pages every time
    made: list[Page] = []
    for number in range(25):
        host = draw.choice(["paper", "post", "blatt"])
        url = f"https://{host}.example/{2020 + number % 3}/{number}?id={number}"
        for version in range(draw.choice([1, 1, 1, 2, 3])):
            title = f"Report {number} on the harbour, version {version}"
            body = story(title, draw.randrange(8, 20))
            if draw.random() < 0.2:
                body = b"<title>Please accept</title><p>We value your privacy</p>"
            coding = draw.choice(["utf-8", "utf-16", "latin-1"])
            headers = (("content-type", f"text/html; charset={coding}"), ("etag", f'"{number}"'),
                       *draw.choice([(), (("content-encoding", "br"),), (("content-length", "7"),)]))  # fmt: skip
            via = draw.choice([(), (f"https://{host}.example/s/{number}",)])
            made.append(
                Page(
                    url=via[0] if via else url, final_url=url, status=200, headers=headers,
                    body=body.decode().encode(coding), fetched_at=START + timedelta(hours=number * 9 + version * 2),
                    redirects=via, request_headers=(("user-agent", "ours"),), login=draw.random() < 0.1,
                )
            )  # fmt: skip
    draw.shuffle(made)
    return made


def contents(folder: Path, *, login: bool) -> tuple[list[Any], list[Page]]:
    """Articles without what is a home's own, and raw pages."""
    with Store(folder, readonly=True) as store:
        articles = [replace(stored, id=0, story_id=None) for stored in store.export(Filters(public=not login))]
        pages = sorted((kept.page for kept in store.pages(Filters(public=not login))), key=repr)
    return sorted((asdict(each) for each in articles), key=lambda each: str(each["url_key"])), pages


def test_there_and_back_again(tmp_path: Path) -> None:
    first, second, path = tmp_path / "first", tmp_path / "second", tmp_path / "second.warc.gz"
    taken(first, warc(tmp_path, varied(1)))
    with Store(first, readonly=True) as store, path.open("wb") as file:
        writing = Writing(file)
        for kept in store.pages():
            writing.page(kept.page, kept.id, source=kept.source, again=kept.shared)
    taken(second, path)
    assert contents(second, login=True) == contents(first, login=True)
    assert contents(second, login=False) == contents(first, login=False)
    assert len(contents(first, login=True)[0]) > 15
    assert histories(second) == histories(first)
