"""Looking for what a source published before: what is read, what is queued, where it stops and goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scraper.backfill import begin
from scraper.model import Attempt, Outcome, SourceKind, instant
from scraper.polling import follow
from scraper.settings import BackfillOptions
from scraper.store import Backfill, Wanted
from tests.fetch.loopback import Reply, Site, moved, run, site
from tests.newsroom import Newsroom, feed, newsroom, story

SINCE = "2026-11-10"
SOME_POLL = Attempt(
    "https://x.example/", "feed", Outcome.UNCHANGED, "nothing new", "", datetime(2026, 11, 24, tzinfo=UTC)
)


def urls(place: Site, *paths: str, day: str = "2026-11-20") -> bytes:
    lines = "".join(f"<url><loc>{place.url(path)}</loc><lastmod>{day}</lastmod></url>" for path in paths)
    return f"<urlset>{lines}</urlset>".encode()


def index(place: Site, *paths: str) -> bytes:
    lines = "".join(f"<sitemap><loc>{place.url(path)}</loc></sitemap>" for path in paths)
    return f"<sitemapindex>{lines}</sitemapindex>".encode()


def robots(place: Site, *paths: str) -> bytes:
    return "\n".join(["User-agent: *", "Allow: /", *(f"Sitemap: {place.url(path)}" for path in paths)]).encode()


async def ask(room: Newsroom, *, options: BackfillOptions | None = None) -> Backfill:
    limits = options or BackfillOptions()

    def work(store: Any) -> Backfill:
        source = room.source()
        follow(store, [source], room.clock())
        store.frontier.polled(store.frontier.source("paper"), SOME_POLL, last_fetched_at=instant(room.clock()))
        wanted = Wanted("paper", SINCE, limits.max_documents, limits.max_entries)
        return begin(store, source, wanted, room.clock())

    return await room.writer.run(work)


async def work(room: Newsroom) -> list[Attempt]:
    """Read all documents that are due."""
    attempts = []
    while due := await room.writer.run(lambda store: store.backfills.due(instant(room.clock()))):
        attempts.append(await room.pipeline.archives.work(due[0], room.source()))
    return attempts


def queued(room: Newsroom) -> Sequence[str]:
    rows = room.rows("SELECT url FROM entries WHERE backfill_id IS NOT NULL ORDER BY url")
    return [row["url"].partition("/s/")[2] for row in rows]


def test_sitemaps_are_followed_to_what_was_published_since(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            place.pages["/robots.txt"] = [Reply(body=robots(place, "/index.xml"))]
            place.pages["/feed.xml"] = [Reply(body=feed(place, "/s/told-by-the-feed-1"))]
            place.pages["/index.xml"] = [Reply(body=index(place, "/2026-11.xml", "/2026-10.xml", "/deep.xml"))]
            place.pages["/2026-11.xml"] = [
                Reply(body=urls(place, "/s/young-story-one", "/tag/harbour", "/s/told-by-the-feed-1"))
            ]
            place.pages["/deep.xml"] = [Reply(body=index(place, "/deeper.xml", "/index.xml"))]
            place.pages["/deeper.xml"] = [Reply(body=urls(place, "/s/young-story-two"))]
            await room.poll()
            await ask(room)
            attempts = await work(room)
            assert queued(room) == ["young-story-one", "young-story-two"]
            assert "/2026-10.xml" not in place.paths()
            assert {attempt.reason for attempt in attempts} == {"back-fill"}
            (row,) = room.rows("SELECT * FROM backfills")
            assert (row["detail"], row["documents"], row["found"]) == ("read to the end", 6, 2)
            assert room.rows("SELECT * FROM documents") == []
            assert room.rows("SELECT reason FROM fetches WHERE url LIKE '%deeper.xml'") == [{"reason": "back-fill"}]

    run(main())


def test_what_is_new_comes_first_and_old_articles_are_not_looked_at_again_and_again(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            place.pages["/robots.txt"] = [Reply(body=robots(place, "/sitemap.xml"))]
            place.pages["/feed.xml"] = [Reply(body=feed(place)), Reply(body=feed(place, "/s/new-story-of-today"))]
            place.pages["/sitemap.xml"] = [Reply(body=urls(place, "/s/older-story-of-then"))]
            dated = b"<meta property='article:published_time' content='2026-11-12T08:00:00Z'>"
            place.pages["/s/older-story-of-then"] = [Reply(body=story().replace(b"<article>", dated + b"<article>"))]
            await ask(room)
            await work(room)
            await room.poll()
            new, old = await room.due()
            assert [new.url.rpartition("/")[2], old.url.rpartition("/")[2]] == [
                "new-story-of-today",
                "older-story-of-then",
            ]
            done = await room.ingest("/s/older-story-of-then", entry=old, source=room.source())
            assert done.attempt.next_due is not None
            # It is 13 days old: the rungs of its first day are behind it.
            assert done.attempt.next_due > instant(room.clock() + timedelta(hours=23))

    run(main())


def test_a_site_without_sitemaps_is_read_page_by_page(tmp_path: Path) -> None:
    def page(number: int, day: str) -> bytes:
        stories = "".join(
            f"<h2><a href='/s/{day}/the-story-number-{number}-{n}'>The story with the number {number}.{n}</a></h2>"
            for n in range(3)
        )
        return f"<!doctype html><title>City</title>{stories}<a href='/feed.xml?page={number + 1}'>Next</a>".encode()

    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            room.kind = SourceKind.PAGE
            place.pages["/feed.xml"] = [Reply(body=page(1, "2026/11/20"))]
            place.pages["/feed.xml?page=2"] = [Reply(body=page(2, "2026/11/12"))]
            place.pages["/feed.xml?page=3"] = [Reply(body=page(3, "2026/11/02"))]
            await ask(room)
            await work(room)
            assert queued(room) == sorted(f"2026/11/12/the-story-number-2-{n}" for n in range(3))
            assert "/feed.xml?page=4" not in place.paths()
            (row,) = room.rows("SELECT * FROM backfills")
            assert row["detail"] == "read to the end"  # that there is no sitemap is no failure of it

    run(main())


def test_a_list_without_an_end_is_left(tmp_path: Path) -> None:
    """Some sites answer with their last page, whatever number is asked for."""

    def page(number: int) -> bytes:
        only = "<h2><a href='/s/2026/11/20/the-only-story-there-is'>The only story that there is</a></h2>"
        return f"<!doctype html>{only}<a href='/feed.xml?page={number + 1}'>Next</a>".encode()

    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            room.kind = SourceKind.PAGE
            place.pages["/feed.xml"] = [Reply(body=page(1))]
            for number in range(2, 9):
                place.pages[f"/feed.xml?page={number}"] = [Reply(body=page(number))]
            await ask(room)
            await work(room)
            assert place.paths().count("/feed.xml?page=2") == 1
            assert "/feed.xml?page=3" not in place.paths()

    run(main())


def test_it_stops_at_its_limit_and_goes_on_where_it_was(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            names = [f"/{number}.xml" for number in range(6)]
            place.pages["/robots.txt"] = [Reply(body=robots(place, *names))]
            place.pages["/feed.xml"] = [Reply(body=feed(place))]
            for name in names:
                place.pages[name] = [Reply(body=urls(place, f"/s/the-story-of-number-{name[1]}"))]
            await ask(room, options=BackfillOptions(max_documents=4))
            await work(room)
            (row,) = room.rows("SELECT * FROM backfills")
            assert row["detail"].startswith("stopped at its limit, with 4 documents left")
            assert len(queued(room)) == 2
            again = await ask(room, options=BackfillOptions(max_documents=4))
            assert (again.id, again.ended_at) == (row["id"], None)
            await work(room)
            assert len(queued(room)) == 6
            assert all(place.paths().count(name) == 1 for name in names)
            # What is at its end begins anew, and finds nothing that is not known.
            assert (await ask(room)).id != row["id"]
            await work(room)
            assert len(queued(room)) == 6

    run(main())


def test_it_finds_no_more_than_it_has_room_for_and_then_the_rest(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            many = [f"/s/the-story-of-number-{number}" for number in range(50)]
            place.pages["/robots.txt"] = [Reply(body=robots(place, "/1.xml"))]
            place.pages["/feed.xml"] = [Reply(body=feed(place))]
            place.pages["/1.xml"] = [Reply(body=urls(place, *many))]
            counts = []
            for _ in range(3):
                await ask(room, options=BackfillOptions(max_entries=20))
                await work(room)
                (row,) = room.rows("SELECT * FROM backfills")
                counts.append((len(queued(room)), row["detail"].partition(",")[0]))
            assert counts == [(20, "stopped at its limit"), (40, "stopped at its limit"), (50, "read to the end")]

    run(main())


def test_what_the_source_announces_is_new_whoever_saw_it_first(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            place.pages["/robots.txt"] = [Reply(body=robots(place, "/1.xml"))]
            place.pages["/feed.xml"] = [Reply(body=feed(place)), Reply(body=feed(place, "/s/the-story-of-today"))]
            place.pages["/1.xml"] = [Reply(body=urls(place, "/s/an-older-story-told", "/s/the-story-of-today"))]
            await ask(room)
            await work(room)
            assert len(queued(room)) == 2
            assert (await room.poll()).detail == "1 new of 1 entries"
            assert queued(room) == ["an-older-story-told"]
            first, *_ = await room.due()
            assert first.url.endswith("/the-story-of-today")

    run(main())


def test_documents_are_read_in_the_order_of_their_list_and_a_paused_host_costs_nothing(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place, {"retries": 0}) as room:
            names = ["/zebra.xml", "/mango.xml", "/apple.xml"]
            place.pages["/robots.txt"] = [Reply(body=robots(place, *names))]
            place.pages["/feed.xml"] = [Reply(body=feed(place))]
            busy = Reply(429, b"", headers=(("Retry-After", "3600"),))
            place.pages["/zebra.xml"] = [busy, Reply(body=urls(place))]
            for name in names[1:]:
                place.pages[name] = [Reply(body=urls(place, f"/s/the-story-of-{name[1:6]}"))]
            await ask(room, options=BackfillOptions(max_documents=7))
            await work(room)
            (row,) = room.rows("SELECT * FROM backfills")
            assert (row["ended_at"], row["budget"]) == (None, 4)  # the feed, robots.txt and one refusal
            assert [name for name in place.paths() if name in names] == ["/zebra.xml"]
            room.clock.ahead = timedelta(hours=2)
            await work(room)
            assert [name for name in place.paths() if name in names] == ["/zebra.xml", *names]
            assert room.rows("SELECT detail FROM backfills") == [{"detail": "read to the end"}]

    run(main())


def test_one_of_a_source_that_is_gone_ends(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            await ask(room)
            await room.writer.run(lambda store: follow(store, [], room.clock()))
            (row,) = room.rows("SELECT * FROM backfills")
            assert row["detail"] == "its source is gone from sources.toml"
            assert await work(room) == []

    run(main())


def test_a_document_that_does_not_answer_is_tried_again(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place, {"retries": 0}) as room:
            place.pages["/robots.txt"] = [Reply(body=robots(place, "/1.xml"))]
            place.pages["/feed.xml"] = [Reply(body=feed(place))]
            place.pages["/1.xml"] = [Reply(500, b""), Reply(body=urls(place, "/s/the-story-of-one"))]
            await ask(room)
            await work(room)
            (row,) = room.rows("SELECT * FROM backfills")
            assert (row["ended_at"], queued(room)) == (None, [])
            room.clock.ahead = timedelta(hours=1)
            await work(room)
            assert queued(room) == ["the-story-of-one"]
            assert room.rows("SELECT detail FROM backfills") == [{"detail": "read to the end"}]

    run(main())


def test_one_that_is_stopped_fetches_nothing_more(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            place.pages["/robots.txt"] = [Reply(body=robots(place, "/1.xml"))]
            place.pages["/feed.xml"] = [Reply(body=feed(place))]
            place.pages["/1.xml"] = [Reply(body=urls(place, "/s/the-story-of-one", "/s/the-story-of-two"))]
            begun = await ask(room)
            await work(room)
            stopped = instant(room.clock())
            assert await room.writer.run(lambda store: store.backfills.stop("paper", stopped)) == 2
            assert (await room.due(), begun.found) == ([], 0)
            # Begun again, it begins anew.
            assert (await ask(room)).id != begun.id
            await work(room)
            assert len(queued(room)) == 2
            await room.writer.run(lambda store: store.backfills.stop("paper", stopped))
            # The feed may still announce them.
            place.pages["/feed.xml"] = [Reply(body=feed(place, "/s/the-story-of-one"))]
            assert (await room.poll()).detail == "1 new of 1 entries"

    run(main())


def test_a_gap_begins_one_but_not_at_every_poll(tmp_path: Path) -> None:
    """The feed shows 12 entries, one an hour; nobody looked for two days, and the sitemap has all of them."""

    def hourly(place: Site, room: Newsroom) -> bytes:
        now = room.clock().replace(minute=0, second=0, microsecond=0)
        hours = [now - timedelta(hours=n) for n in range(12)]
        items = "".join(
            f"<item><link>{place.url(f'/s/the-story-of-{at:%d-%H}-told')}</link>"
            f"<pubDate>{at:%d %b %Y %H:%M} GMT</pubDate></item>"
            for at in hours
        )
        return f"<rss><channel>{items}</channel></rss>".encode()

    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            place.pages["/robots.txt"] = [Reply(body=robots(place, "/1.xml"))]
            place.pages["/feed.xml"] = [Reply(body=hourly(place, room))]
            await room.poll()
            room.clock.ahead = timedelta(hours=6)
            place.pages["/feed.xml"] = [Reply(body=hourly(place, room))]
            await room.poll()
            assert room.rows("SELECT * FROM backfills") == []
            room.clock.ahead = timedelta(hours=54)
            missed = [room.clock() - timedelta(hours=n) for n in range(13, 40)]
            paths = [f"/s/the-story-of-{at:%d-%H}-told" for at in missed]
            place.pages["/1.xml"] = [Reply(body=urls(place, *paths, day=f"{room.clock():%Y-%m-%d}"))]
            place.pages["/feed.xml"] = [Reply(body=hourly(place, room))]
            await room.poll()
            (begun,) = room.rows("SELECT * FROM backfills")
            assert (begun["reason"], begun["ended_at"], begun["budget"]) == ("gap", None, 20)
            await work(room)
            assert {entry["url"] for entry in room.rows("SELECT url FROM entries")} >= {
                place.url(path) for path in paths
            }
            # Another gap, at once: what is under way, or found nothing, is not begun again.
            await room.writer.run(lambda store: store.backfills._db.execute("UPDATE backfills SET found = 0"))  # noqa: SLF001
            room.clock.ahead = timedelta(hours=54 + 20)
            place.pages["/feed.xml"] = [Reply(body=hourly(place, room))]
            await room.poll()
            assert len(room.rows("SELECT * FROM fetches WHERE reason = 'gap'")) == 2
            assert len(room.rows("SELECT * FROM backfills")) == 1

    run(main())


def test_a_redirect_to_a_host_that_is_paused_holds_up_that_document_alone(tmp_path: Path) -> None:
    async def main() -> None:
        pause = Reply(429, headers=(("Retry-After", "600"),))
        async with (
            site({"/map.xml": pause}, hosts=("127.0.0.2",)) as busy,
            site() as place,
            newsroom(tmp_path, place, fetch={"ports": (place.port, busy.port)}) as room,
        ):
            place.pages["/robots.txt"] = [Reply(body=robots(place, "/1.xml", "/2.xml", "/3.xml"))]
            place.pages["/feed.xml"] = [Reply(body=feed(place, "/s/told-by-the-feed-1"))]
            for path in ("/1.xml", "/2.xml"):
                place.pages[path] = [moved(busy.url("/map.xml", "127.0.0.2"))]
            place.pages["/3.xml"] = [Reply(body=urls(place, "/s/young-story-one"))]
            await room.poll()
            await ask(room)
            reasons = [attempt.reason for attempt in await work(room)]
            assert [reason for reason in reasons if reason != "back-fill"] == ["server trouble", "host paused"]
            assert queued(room) == ["young-story-one"]

    run(main())
