"""What is done every hour: old rows go, and sources are judged, each once."""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scraper.housekeeping import keep_house
from scraper.model import Attempt, Event, EventKind, Outcome, Page, instant
from scraper.settings import ArchiveOptions, Settings, StorageOptions, Webhook
from scraper.store import Store
from scraper.units import Period, Size
from tests.dedupe.made_up import written
from tests.fetch.loopback import Reply, Site, hang_up, run, site
from tests.newsroom import Newsroom, feed, newsroom, story
from tests.store.samples import article, run_sql, save

DAY = timedelta(days=1)
HOOK = Settings(webhook=Webhook(url="https://example.org/", events=(EventKind.QUIET,)))


async def judged(room: Newsroom, settings: Settings = HOOK) -> list[tuple[str, str | None]]:
    """The events of sources after another hour's housekeeping."""
    await keep_house(settings, room.writer, room.clock(), lambda: False)
    return [(row["kind"], row["delivery"]) for row in room.rows("SELECT kind, delivery FROM events ORDER BY id")]


async def publish(room: Newsroom, place: Site, days: float, every: timedelta = timedelta(hours=4)) -> None:
    """Let the source announce something new in every so many hours."""
    end = room.clock.ahead + timedelta(days=days)
    while room.clock.ahead < end:
        room.clock.ahead += every
        place.pages["/feed.xml"] = [Reply(body=feed(place, f"/{room.clock.ahead // timedelta(minutes=1)}"))]
        await room.poll()


def test_a_source_that_falls_quiet_is_reported_once_and_so_is_its_return(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            room.clock.ahead = -60 * DAY
            await publish(room, place, 20)
            assert await judged(room) == []
            room.clock.ahead += 6 * DAY  # nobody looks, and nothing is said of that
            assert await judged(room) == []
            await publish(room, place, 5)
            for _ in range(16):  # asked, and nothing new in it
                room.clock.ahead += DAY / 4
                await room.poll()
                found = await judged(room)
            assert found == [("quiet", "waiting")]
            (alarm,) = await room.writer.run(lambda store: store.alarms.all())
            assert (alarm.source, alarm.kind) == ("paper", "quiet")
            assert alarm.detail.startswith("nothing new for ")
            await publish(room, place, 0.1)
            assert await judged(room) == [("quiet", "waiting"), ("back", None)]
            assert await judged(room) == [("quiet", "waiting"), ("back", None)]
            assert room.rows("SELECT * FROM alarms") == []

    with caplog.at_level(logging.INFO, "scraper"):
        run(main())
    told = [(record.levelname, record.getMessage()) for record in caplog.records if record.getMessage()[:6] == "paper:"]
    assert [level for level, _ in told] == ["WARNING", "INFO"]
    assert told[0][1].startswith("paper: quiet: nothing new for ")
    assert told[1][1].startswith("paper: back: it announces again; it was quiet since ")


def test_a_source_that_does_not_answer_for_a_day_is_failing_until_it_does(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            place.pages["/feed.xml"] = [Reply(body=feed(place, "/1"))]
            await room.poll()
            place.pages["/feed.xml"] = [hang_up]
            room.clock.ahead = 9 * DAY  # asked again after nine days, and so not failing for nine days
            await room.poll()
            assert await judged(room) == []
            room.clock.ahead += DAY
            await room.poll()
            assert await judged(room) == [("failing", None)]
            (alarm,) = room.rows("SELECT * FROM alarms")
            assert alarm["detail"].endswith("it hung up without an answer")
            place.pages["/feed.xml"] = [Reply(body=feed(place, "/1"))]
            await room.poll()
            assert await judged(room) == [("failing", None), ("back", None)]

    run(main())


def test_pages_that_turn_into_walls_are_a_drift(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            room.clock.ahead = -30 * DAY
            for number in range(70):
                room.clock.ahead += DAY / 5
                if number == 60:
                    assert await judged(room) == []
                path = f"/{number}"
                place.pages["/feed.xml"] = [Reply(body=feed(place, path))]
                head = (("Content-Type", "text/html"),)
                place.pages[path] = [Reply(body=story(f"Report {number}"), headers=head) if number < 60 else Reply(403)]
                await room.poll()
                (entry,) = [entry for entry in await room.due() if entry.url == place.url(path)]
                await room.ingest(path, source=room.source(), entry=entry)
            assert await judged(room) == [("drift", None)]
            (event,) = room.rows("SELECT detail, data FROM events")
            assert event["detail"] == "no article came of it: 50% of the newest 20, 0% before (10 refused)"
            assert '"no article": {"share": 0.5, "of": 20, "before": 0.0}' in event["data"]

    run(main())


def test_old_rows_go_a_piece_at_a_time_and_their_totals_stay(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            now = room.clock()
            old = Attempt("https://a.example/", "page", Outcome.SAVED, "new", "stored", now - 91 * DAY)

            def fill(store: Store) -> None:
                for number in range(4001):
                    store.attempts.add(old)
                    if number < 2001:
                        store.events.add(Event(EventKind.GAP, old.at, "gone"), tell=False)
                store.attempts.add(Attempt("https://a.example/", "page", Outcome.SAVED, "new", "stored", now))
                store.events.add(Event(EventKind.GAP, now, "there"), tell=False)

            await room.writer.run(fill)
            await keep_house(Settings(), room.writer, now, lambda: True)  # it is to end: nothing is begun
            assert room.rows("SELECT count(*) AS n FROM fetches") == [{"n": 4002}]
            counts: list[Any] = []

            async def look() -> None:
                while not counts or counts[-1] > 1:
                    counts.append(await room.writer.run(lambda store: store.attempts.counts_since("")["saved"]))

            keeping = asyncio.create_task(keep_house(Settings(), room.writer, now, lambda: False))
            await asyncio.gather(keeping, look())
            assert len(set(counts)) > 2  # others had their turn between the pieces
            assert room.rows("SELECT sum(attempts) AS n FROM daily") == [{"n": 4002}]
            assert room.rows("SELECT detail FROM events") == [{"detail": "there"}]
            await keep_house(Settings(), room.writer, now + 100 * DAY, lambda: False)  # a clock that is ahead
            assert room.rows("SELECT count(*) AS n FROM fetches") == [{"n": 1}]
            short = Settings(storage=StorageOptions(keep_fetches=Period(1)))
            await keep_house(short, room.writer, now + DAY, lambda: False)
            assert room.rows("SELECT count(*) AS n FROM fetches") == [{"n": 0}]

    run(main())


def test_pages_go_by_age_and_size_in_pieces_and_articles_stay(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            place.pages["/story"] = [Reply(body=story())]
            assert (await room.ingest("/story")).attempt.outcome is Outcome.SAVED
            now = room.clock()

            def fill(store: Store) -> None:
                for number in range(450):
                    url = f"https://a.example/{number}"
                    body = random.Random(number).randbytes(8000)  # noqa: S311 - what does not compress
                    store.archive.add(Page(url, url, 200, (), body, now - number * DAY), yielded=False)

            await room.writer.run(fill)

            async def kept(options: ArchiveOptions) -> int:
                await keep_house(Settings(archive=options), room.writer, now, lambda: False)
                return int(room.rows("SELECT count(*) AS n FROM pages", "pages.db")[0]["n"])

            assert await kept(ArchiveOptions()) == 451
            assert await kept(ArchiveOptions(keep_days=299)) == 301
            kept_now = await kept(ArchiveOptions(max_size=Size(1_000_000)))
            assert 60 < kept_now < 125
            oldest = room.rows("SELECT min(fetched_at) AS at FROM pages", "pages.db")[0]["at"]
            assert oldest >= instant(now - 125 * DAY)
            assert await kept(ArchiveOptions(max_size=Size(1))) == 1
            assert await kept(ArchiveOptions(max_size=Size(1), keep_newest=False)) == 0
            assert len(room.rows("SELECT * FROM articles")) == 1

    with caplog.at_level(logging.INFO, "scraper"):
        run(main())
    told = [record.getMessage() for record in caplog.records if record.getMessage().startswith("archive:")]
    assert told[0] == "archive: 150 pages dropped, 1.2 MB of bodies"
    assert "what may go is gone (archive.keep_newest)" in told[3]


def test_a_clock_that_is_ahead_drops_no_pages(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            place.pages["/story"] = [Reply(body=story())]
            await room.ingest("/story")
            options = Settings(archive=ArchiveOptions(keep_days=30, keep_newest=False))
            await keep_house(options, room.writer, room.clock() + 400 * DAY, lambda: False)
            assert len(room.rows("SELECT * FROM pages", "pages.db")) == 1


def test_the_index_of_near_copies_forgets_what_is_old(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            now = room.clock()

            def fill(store: Store) -> None:
                for turn in range(10):
                    at = now - (9 - turn) * 14 * DAY
                    save(store, article(url=f"https://a.example/{turn}", body=written()[turn].body), at=at)
                store.note(Attempt("https://a.example/", "page", Outcome.SAVED, "new", "new", now))

            await room.writer.run(fill)
            assert room.rows("SELECT count(DISTINCT generation) AS n FROM sketches") == [{"n": 10}]
            await keep_house(Settings(), room.writer, now, lambda: False)
            kept = room.rows("SELECT DISTINCT generation AS n FROM sketches")
            assert kept == [{"n": number} for number in range(3, 11)]

    run(main())


def test_near_copies_are_looked_for_among_what_was_stored_before_that_was_done(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            now, body = room.clock(), written()[0].body
            texts = {7: body, 50: f"{body}\n\nNote."}

            def fill(store: Store) -> None:
                for number in range(60):
                    told = article(
                        url=f"https://a{number}.example/", title=f"{number}", body=texts.get(number, "Brief.")
                    )
                    save(store, told, at=now)
                store.note(Attempt("https://a.example/", "page", Outcome.SAVED, "new", "new", now))

            await room.writer.run(fill)
            # As it is where all of them were stored before there was the index.
            run_sql(tmp_path / "news.db", "DELETE FROM sketches")
            run_sql(tmp_path / "news.db", "DELETE FROM resemblances")
            run_sql(tmp_path / "news.db", "UPDATE articles SET story_id = NULL")
            run_sql(tmp_path / "news.db", "DELETE FROM stories")
            run_sql(tmp_path / "news.db", "DELETE FROM generations WHERE id > 0")
            run_sql(tmp_path / "news.db", "UPDATE generations SET first_article_id = 61")
            await keep_house(Settings(), room.writer, now, lambda: False)
            assert room.rows("SELECT id, story_id FROM articles WHERE story_id IS NOT NULL") == [
                {"id": 8, "story_id": 1},
                {"id": 51, "story_id": 1},
            ]

    run(main())
