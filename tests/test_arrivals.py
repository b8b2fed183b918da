"""What a poll brings, where sources announce the same articles, and where links change with every poll."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from scraper.health import quiet
from scraper.model import Attempt, SourceKind, from_instant, instant
from scraper.rhythm import Rhythm
from scraper.settings import Source
from tests.fetch.loopback import Reply, Site, run, site
from tests.newsroom import Newsroom, newsroom, story

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def poll(room: Newsroom, name: str, followed: Sequence[str]) -> Attempt:
    """Ask one of the sources that are followed; each is the feed of its name."""
    sources = {each: Source(name=each, url=room.place.url(f"/{each}"), kind=SourceKind.FEED) for each in followed}
    rows = [
        {"name": each, "title": each, "url": source.url, "kind": "feed", "enabled": 1, "language": None}
        for each, source in sources.items()
    ]

    def state(store: Any) -> Any:
        store.frontier.sync_sources(rows, instant(room.clock()))
        return store.frontier.source(name)

    return await room.pipeline.polls.poll(await room.writer.run(state), sources[name])


def shown(place: Site, start: datetime, now: datetime) -> Reply:
    """The last 10 stories of a paper that publishes one in 6 hours."""
    times = [start + number * 6 * HOUR for number in range(1 + (now - start) // (6 * HOUR))][-10:]
    items = "".join(
        f"<item><link>{place.url(f'/{time:%m%d-%H}')}</link><pubDate>{format_datetime(time)}</pubDate></item>"
        for time in times
    )
    return Reply(body=f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode())


def test_a_source_whose_articles_another_one_announces_first_is_not_quiet(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            start = room.clock()

            async def days(first: int, last: int, followed: Sequence[str], until: int = 99) -> None:
                for hours in range(24 * first, 24 * last, 6):
                    room.clock.ahead = hours * HOUR
                    now = start + min(hours, 24 * until) * HOUR
                    place.pages |= {f"/{name}": [shown(place, start, now)] for name in followed}
                    for name in followed:
                        await poll(room, name, followed)

            await days(0, 6, ["section"])
            await days(6, 16, ["all", "section"])
            (section,) = room.rows("SELECT * FROM sources WHERE name = 'section'")
            assert room.rows(f"SELECT count(*) AS n FROM entries WHERE source_id = {section['id']}") == [{"n": 24}]
            assert start + 15.5 * DAY < from_instant(section["last_new_at"])
            assert 3 < 24 * Rhythm.loaded(section["rhythm"]).rate < 5
            vitals = await room.writer.run(lambda store: store.alarms.vitals(section["id"], room.clock()))
            assert (vitals.arrivals, vitals.longest < 13 * 3600, quiet(vitals)) == (64, True, None)
            await days(16, 22, ["all", "section"], until=16)
            vitals = await room.writer.run(lambda store: store.alarms.vitals(section["id"], room.clock()))
            assert quiet(vitals) is not None

    run(main())


def test_what_another_source_announced_long_before_is_new_to_the_one_that_shows_it_now(tmp_path: Path) -> None:
    def item(place: Site, *paths: str) -> Reply:
        items = "".join(f"<item><link>{place.url(path)}</link></item>" for path in paths)
        return Reply(body=f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode())

    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            place.pages |= {"/all": [item(place, "/a", "/b")], "/late": [item(place, "/a"), item(place, "/b", "/a")]}
            await poll(room, "all", ["all", "late"])
            came = []
            for hours in (1, 2, 3):
                room.clock.ahead = hours * HOUR
                assert (await poll(room, "late", ["all", "late"])).outcome == "unchanged"
                came += room.rows("SELECT last_new_at FROM sources WHERE name = 'late'")
            first, second, third = (from_instant(row["last_new_at"]) for row in came)
            assert timedelta(minutes=59) < second - first
            assert third == second

    run(main())


def tokens(place: Site, visit: int, dated: bool) -> Reply:
    """A feed whose links have a parameter that is another one at each visit."""
    date = format_datetime(datetime(2026, 11, 20, 9, tzinfo=UTC)) if dated else ""
    items = "".join(
        f"<item><title>Story {n}</title><link>{place.url(f'/story-{n}?t={visit}f3a')}</link>"
        f"{f'<pubDate>{date}</pubDate>' if date else ''}</item>"
        for n in range(3)
    )
    return Reply(body=f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode())


@pytest.mark.parametrize(("dated", "announced"), [(True, 3), (False, 9)])
def test_an_entry_whose_address_is_another_one_at_each_visit_is_known(
    dated: bool, announced: int, tmp_path: Path
) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            kept = []
            for visit in range(6):
                place.pages["/tok"] = [tokens(place, visit, dated)]
                for n in range(3):
                    place.pages[f"/story-{n}?t={visit}f3a"] = [Reply(body=story(f"Story {n}"))]
                room.clock.ahead = visit * HOUR
                await poll(room, "tok", ["tok"])
                for entry in await room.due():
                    await room.ingest(entry.url.removeprefix(place.url("")), entry=entry)
                kept.append(room.rows("SELECT count(*) AS n FROM pages", "pages.db")[0]["n"])
            assert room.rows("SELECT count(*) AS n FROM entries") == [{"n": announced}]
            assert room.rows("SELECT count(*) AS n FROM articles") == [{"n": 3}]
            assert kept == [3] * 6

    run(main())


def test_a_date_that_the_source_gave_does_not_hide_that_its_pages_lost_theirs(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            start = room.clock() - 3 * HOUR
            for number in range(25):
                place.pages[f"/{number}"] = [Reply(body=story(f"Story {number}", 12 + number))]
            items = "".join(
                f"<item><link>{place.url(f'/{number}')}</link><pubDate>{format_datetime(start)}</pubDate></item>"
                for number in range(25)
            )
            place.pages["/all"] = [Reply(body=f"<rss version='2.0'><channel>{items}</channel></rss>".encode())]
            await poll(room, "all", ["all"])
            while due := await room.due():
                for entry in due:
                    await room.ingest(entry.url.removeprefix(place.url("")), entry=entry, source=room.source())
            assert room.rows("SELECT count(published_at) AS n FROM articles") == [{"n": 25}]
            newest, _ = await room.writer.run(lambda store: store.alarms.fates(1, room.clock()))
            assert len(newest) == 25
            assert not any(fate.dated for fate in newest)

    run(main())
