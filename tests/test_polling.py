"""Sources asked again: what a conditional request spares, when its answer is not believed, and what is written down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from scraper.model import SourceKind, from_instant
from scraper.store import Store
from scraper.store.links import MOST
from tests.fetch.loopback import Reply, Script, Site, run, site
from tests.newsroom import Newsroom, feed, newsroom
from tests.store.samples import source

NOT_MODIFIED = Reply(304, b"", length=None)


def validated(body: bytes, *headers: tuple[str, str]) -> Reply:
    return Reply(body=body, headers=(("ETag", '"1"'), ("Last-Modified", "Mon, 23 Nov 2026 10:00:00 GMT"), *headers))


def test_a_source_is_asked_whether_it_changed(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            place.pages["/feed.xml"] = [validated(feed(place, "/1", "/2")), NOT_MODIFIED]
            first, second = await room.poll(), await room.poll()
            assert (first.outcome, first.reason, first.from_cache) == ("saved", "new entries", False)
            assert (second.outcome, second.reason, second.from_cache) == ("unchanged", "not modified", True)
            assert (second.status, second.size) == (304, 0)
            asked = place.only("/feed.xml")[1].headers
            assert (asked["if-none-match"], asked["if-modified-since"]) == ('"1"', "Mon, 23 Nov 2026 10:00:00 GMT")
            assert [row["from_cache"] for row in room.rows("SELECT * FROM fetches WHERE kind = 'feed'")] == [0, 1]

    run(main())


def test_the_same_bytes_are_not_read_again_unless_they_are_read_in_another_way(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            place.pages["/feed.xml"] = [Reply(body=feed(place, "/a/1", "/b/2"))]
            assert (await room.poll(include=("/a/",))).detail == "1 new of 1 entries"
            assert (await room.poll(include=("/a/",))).reason == "same bytes"
            assert (await room.poll()).detail == "1 new of 2 entries"

    run(main())


def test_a_server_that_says_304_for_ever_is_found_out(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            old, new = validated(feed(place, "/1")), validated(feed(place, "/1", "/2"))
            newer = validated(feed(place, "/1", "/2", "/3"))
            place.pages["/feed.xml"] = [old, NOT_MODIFIED, NOT_MODIFIED, new, newer, NOT_MODIFIED]
            await room.poll()
            room.clock.ahead = timedelta(hours=23)
            assert (await room.poll()).reason == "not modified"
            room.clock.ahead = timedelta(hours=25)
            found = await room.poll()  # asked twice: with the validators, and for the whole answer
            assert found.detail == "1 new of 2 entries, which a 304 had just denied: it is not believed for a while"
            room.clock.ahead = timedelta(days=29)
            assert (await room.poll()).detail == "1 new of 3 entries"
            conditional = ["if-none-match" in call.headers for call in place.only("/feed.xml")]
            assert conditional == [False, True, True, False, False]
            room.clock.ahead = timedelta(days=40)  # after a month, another chance
            await room.poll()
            assert ["if-none-match" in call.headers for call in place.only("/feed.xml")][5:] == [True, False]

    run(main())


def test_an_honest_304_stands_an_audit(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            whole = validated(feed(place, "/1"))
            place.pages["/feed.xml"] = [whole, NOT_MODIFIED, whole, NOT_MODIFIED]
            await room.poll()
            room.clock.ahead = timedelta(hours=25)
            assert (await room.poll()).reason == "same bytes"
            room.clock.ahead = timedelta(hours=26)
            assert (await room.poll()).reason == "not modified"
            assert len(place.only("/feed.xml")) == 4
            assert room.rows("SELECT distrusted_at FROM sources") == [{"distrusted_at": None}]

    run(main())


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ((), 15),
        ((("Cache-Control", "max-age=60"),), 15),
        ((("Cache-Control", "max-age=1800"),), 30),
        ((("Cache-Control", "max-age=31536000"),), 60),
    ],
)
def test_a_fresh_answer_is_left_alone_for_an_hour_at_most(
    tmp_path: Path, headers: tuple[tuple[str, str], ...], minutes: int
) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            place.pages["/feed.xml"] = [validated(feed(place, "/1"), *headers), Reply(304, b"", headers, length=None)]
            for _ in range(2):  # a 304 says it anew
                attempt = await room.poll()
                assert attempt.next_due is not None
                wait = from_instant(attempt.next_due) - attempt.at
                assert wait.total_seconds() / 60 == pytest.approx(minutes, abs=0.1)

    run(main())


@pytest.mark.parametrize(("ttl", "minutes"), [("1", 15), ("40", 40), ("1440", 60)])
def test_what_a_feed_says_of_itself_counts_like_a_header_and_is_remembered(
    tmp_path: Path, ttl: str, minutes: int
) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            body = feed(place, "/1").replace(b"<item>", f"<ttl>{ttl}</ttl><item>".encode(), 1)
            place.pages["/feed.xml"] = [validated(body), NOT_MODIFIED, validated(body), validated(feed(place, "/2"))]
            told = []
            for _ in range(4):  # new, not modified, the same bytes; then it says nothing of it any more
                attempt = await room.poll()
                assert attempt.next_due is not None
                told.append((attempt.reason, round((from_instant(attempt.next_due) - attempt.at).total_seconds() / 60)))
            whole = [("new entries", minutes), ("not modified", minutes), ("same bytes", minutes)]
            assert told == [*whole, ("new entries", 15)]
            assert room.rows("SELECT ttl FROM sources") == [{"ttl": None}]

    run(main())


def test_changing_guids_and_campaigns_announce_nothing_twice(tmp_path: Path) -> None:
    async def main() -> None:
        def items(place: Site, run: int, *numbers: int) -> Reply:
            told = "".join(
                f"<item><title>Story {n}</title><link>{place.url(f'/{n}')}?utm_source=rss&amp;utm_campaign={run}</link>"
                f"<guid isPermaLink='false'>{run}-{n}</guid></item>"
                for n in numbers
            )
            return Reply(body=f"<rss version='2.0'><channel>{told}</channel></rss>".encode())

        async with site() as place, newsroom(tmp_path, place) as room:
            place.pages["/feed.xml"] = [items(place, 1, 2, 1), items(place, 2, 2, 1), items(place, 3, 3, 2)]
            polls = [await room.poll() for _ in range(3)]
            assert [poll.detail for poll in polls] == [
                "2 new of 2 entries",
                "nothing new in 2 entries",
                "1 new of 2 entries",
            ]
            urls = [row["url"] for row in room.rows("SELECT url FROM entries ORDER BY id")]
            assert [url.rpartition("/")[2].partition("?")[0] for url in urls] == ["2", "1", "3"]

    run(main())


def test_every_document_that_was_asked_for_has_its_row(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            room.kind = SourceKind.SITEMAP
            urls = f"<urlset><url><loc>{place.url('/1')}</loc></url></urlset>".encode()
            nested = "".join(f"<sitemap><loc>{place.url(path)}</loc></sitemap>" for path in ("/a.xml", "/gone.xml"))
            place.pages |= {
                "/robots.txt": [Reply(body=b"User-agent: *\nAllow: /\n")],
                "/feed.xml": [validated(f"<sitemapindex>{nested}</sitemapindex>".encode())],
                "/a.xml": [Reply(body=urls)],
            }
            await room.poll()
            await room.poll()
            rows = room.rows("SELECT kind, url, outcome, reason, status FROM fetches ORDER BY id")
            told = [(row["kind"], row["url"].rpartition("/")[2], row["outcome"], row["reason"]) for row in rows]
            assert told[0] == ("robots", "robots.txt", "saved", "robots.txt")
            assert sorted(told[1:4]) == [
                ("sitemap", "a.xml", "saved", "sitemap"),
                ("sitemap", "feed.xml", "saved", "new entries"),
                ("sitemap", "gone.xml", "skipped", "gone"),
            ]
            # What an index lists may change where it does not, so it is asked for whole each time.
            assert "if-none-match" not in place.only("/feed.xml")[1].headers
            assert len(place.only("/a.xml")) == 2
            assert told[4:]
            assert all(kind == "sitemap" for kind, *_ in told[4:])  # robots.txt is kept

    run(main())


@pytest.mark.parametrize(
    ("robots", "told"),
    [
        (Reply(404, b""), ("saved", "no robots.txt", 404)),
        (Reply(403, b""), ("saved", "no robots.txt", 403)),
        (Reply(503, b""), ("failed", "server trouble", 503)),
        (b"", ("failed", "reset", None)),
    ],
)
def test_what_became_of_robots_txt_has_its_row(
    tmp_path: Path, robots: Script, told: tuple[str, str, int | None]
) -> None:
    async def main() -> None:
        async with site({"/robots.txt": robots, "/1": Reply()}) as place, newsroom(tmp_path, place) as room:
            await room.ingest("/1")
            row = room.rows("SELECT * FROM fetches WHERE kind = 'robots'")[0]
            assert (row["outcome"], row["reason"], row["status"]) == told

    run(main())


def test_an_audit_that_fails_fails_no_poll(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            place.pages["/feed.xml"] = [validated(feed(place, "/1")), NOT_MODIFIED, Reply(500), NOT_MODIFIED]
            await room.poll()
            room.clock.ahead = timedelta(hours=25)
            attempt = await room.poll()
            assert (attempt.outcome, attempt.status, attempt.from_cache) == ("unchanged", 304, True)
            assert room.rows("SELECT failures FROM sources") == [{"failures": 0}]
            room.clock.ahead = timedelta(hours=26)
            await room.poll()
            assert len(place.only("/feed.xml")) == 4  # it is not audited at each poll from now on

    run(main())


def test_a_source_that_is_read_otherwise_is_asked_whole_and_nobody_is_accused(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            whole = validated(feed(place, "/a/1", "/b/2"))
            place.pages["/feed.xml"] = [whole, NOT_MODIFIED, whole, NOT_MODIFIED]
            await room.poll(include=("/a/",))
            assert (await room.poll(include=("/a/",))).reason == "not modified"
            assert (await room.poll()).detail == "1 new of 2 entries"
            assert room.rows("SELECT distrusted_at FROM sources") == [{"distrusted_at": None}]
            assert "if-none-match" not in place.only("/feed.xml")[2].headers

    run(main())


def test_an_index_whose_sitemaps_all_fail_says_so_of_each(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            room.kind = SourceKind.SITEMAP
            nested = f"<sitemap><loc>{place.url('/a.xml')}</loc></sitemap>"
            place.pages |= {
                "/feed.xml": [Reply(body=f"<sitemapindex>{nested}</sitemapindex>".encode())],
                "/a.xml": [Reply(404)],
            }
            attempt = await room.poll()
            assert (attempt.outcome, attempt.reason, attempt.status) == ("skipped", "gone", 404)
            rows = room.rows("SELECT url FROM fetches WHERE kind = 'sitemap'")
            assert sorted(row["url"].rpartition("/")[2] for row in rows) == ["a.xml", "feed.xml"]

    run(main())


def dated(place: Site, now: datetime, numbers: range) -> Reply:
    """A feed that shows an entry for each of these hours before now."""
    items = "".join(
        f"<item><link>{place.url(f'/{(now - timedelta(hours=n)):%d%H}')}</link>"
        f"<pubDate>{format_datetime(now - timedelta(hours=n))}</pubDate></item>"
        for n in numbers
    )
    return Reply(body=f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode())


def test_a_window_that_moved_past_what_was_known_is_a_gap(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            now = room.clock()
            later = now + timedelta(hours=48)
            place.pages["/feed.xml"] = [
                dated(place, now, range(1, 11)),
                dated(place, now + timedelta(hours=5), range(1, 11)),
                dated(place, later, range(1, 11)),
            ]
            await room.poll()
            room.clock.ahead = timedelta(hours=5)
            await room.poll()
            assert not room.rows("SELECT * FROM fetches WHERE reason = 'gap'")
            room.clock.ahead = timedelta(hours=48)
            assert (await room.poll()).outcome == "saved"
            (gap,) = room.rows("SELECT outcome, detail FROM fetches WHERE reason = 'gap'")
            assert gap["outcome"] == "skipped"
            assert 25 <= int(gap["detail"].split()[2]) <= 40  # of the 33 hours that nobody saw, one an hour
            assert room.rows("SELECT kind, detail, delivery FROM events") == [
                {"kind": "gap", "detail": gap["detail"], "delivery": None}
            ]
            findings = await room.writer.run(lambda store: store.inquire("paper", room.clock()))
            assert findings.ledger == {"seen": 25, "stored": 0, "skipped": 0, "failed": 0, "gaps": 1}

    run(main())


def test_a_gap_is_seen_through_a_sources_own_patterns(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            now, wanted = room.clock(), ("[02468]$",)  # every second hour
            place.pages["/feed.xml"] = [
                dated(place, now, range(1, 21)),
                dated(place, now + timedelta(hours=15), range(1, 21)),
                dated(place, now + timedelta(hours=72), range(1, 21)),
            ]
            for hours in (0, 15, 72):
                room.clock.ahead = timedelta(hours=hours)
                await room.poll(include=wanted)
            (gap,) = room.rows("SELECT at, detail FROM fetches WHERE reason = 'gap'")
            assert from_instant(gap["at"]) >= now + timedelta(hours=71)
            assert 10 <= int(gap["detail"].split()[2]) <= 26  # of 37 hours

    run(main())


def card(path: str, words: str) -> str:
    return f"<li><a href='{path}'>{words}</a></li>"


def test_a_doubtful_link_that_was_not_always_there_is_an_article(tmp_path: Path) -> None:
    """Short names, no headings, no dates: nothing but time tells these articles from the site's own pages."""
    furniture = [card(f"/{name}", f"About {name}") for name in ("desk", "team", "rules", "shop-hours", "ads", "prizes")]

    def page(*stories: str, rest: list[str] = furniture) -> Reply:
        return Reply(body=f"<!doctype html><title>City</title><ul>{''.join([*stories, *rest])}</ul>".encode())

    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            room.kind = SourceKind.PAGE
            first, second = card("/breakwater", "Breakwater breaks"), card("/ferry", "Ferry sinks")
            place.pages["/feed.xml"] = [page(first)]
            assert (await room.poll()).detail == "nothing new in 0 entries"
            room.clock.ahead = timedelta(hours=2)  # too early to tell
            place.pages["/feed.xml"] = [page(first, card("/early", "Early bird"))]
            assert (await room.poll()).detail == "nothing new in 0 entries"
            room.clock.ahead = timedelta(hours=30)
            place.pages["/feed.xml"] = [page(second, first)]
            assert (await room.poll()).detail == "1 new of 1 entries"
            assert [row["url"] for row in room.rows("SELECT url FROM entries")] == [place.url("/ferry")]
            # All of it at once is a page that was built anew.
            room.clock.ahead = timedelta(hours=60)
            anew = [card(f"/site/{name}", f"About {name}") for name in "abcdefgh"]
            place.pages["/feed.xml"] = [page(second, rest=anew)]
            assert (await room.poll()).detail == "nothing new in 0 entries"
            room.clock.ahead = timedelta(hours=61)
            place.pages["/feed.xml"] = [page(card("/storm", "Storm comes"), second, rest=anew)]
            assert (await room.poll()).detail == "1 new of 1 entries"

    run(main())


def test_links_that_change_with_every_poll_do_not_pile_up(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            room.kind = SourceKind.PAGE
            for visit in range(7):
                cards = "".join(card(f"/place-{n}?sess={visit}", f"Place {n}") for n in range(999))
                desk = card("/desk", "The desk")
                place.pages["/feed.xml"] = [Reply(body=f"<!doctype html><ul>{cards}{desk}</ul>".encode())]
                room.clock.ahead += timedelta(minutes=30)
                await room.poll()
                assert room.rows("SELECT count(*) AS n FROM links") == [{"n": min(1 + 999 * (visit + 1), MOST)}]
            kept = room.rows("SELECT url_key FROM links WHERE url_key LIKE '%sess=0' OR url_key LIKE '%/desk'")
            assert [row["url_key"].rpartition("/")[2] for row in kept] == ["desk"]

    run(main())


def test_links_are_known_by_their_source_and_forgotten_in_pieces(tmp_path: Path) -> None:
    with Store(tmp_path) as store, store.transaction():
        store.frontier.sync_sources([source("a"), source("b")], "2026-11-01T00:00:00Z")
        one, other = (state.id for name in ("a", "b") if (state := store.frontier.source(name)) is not None)
        assert store.links.seen(one, ["x", "y"], "2026-11-01T00:00:00Z") == set()
        assert store.links.seen(one, ["y", "z"], "2026-11-02T00:00:00Z") == {"y"}
        assert store.links.seen(other, ["x", "y"], "2026-11-03T00:00:00Z") == set()
        assert store.links.seen(one, [], "2026-11-03T00:00:00Z") == set()
        assert [store.links.drop_before("2026-11-03T00:00:00Z", 2) for _ in range(3)] == [2, 1, 0]
        assert (store.links.since(one), store.links.since(other)) == (None, "2026-11-03T00:00:00Z")


def undated(place: Site, paths: Iterable[str]) -> Reply:
    """A sitemap that says nothing of time."""
    return Reply(
        body=f"<urlset>{''.join(f'<url><loc>{place.url(path)}</loc></url>' for path in paths)}</urlset>".encode()
    )


def numbered(first: int, last: int) -> list[str]:
    return [f"/story-{number}" for number in range(first, last)]


async def brought(room: Newsroom) -> tuple[str, set[str]]:
    """What a poll says, and the paths that it queued."""
    known = {row["url"] for row in room.rows("SELECT url FROM entries")}
    room.clock.ahead += timedelta(hours=1)
    detail = (await room.poll()).detail
    queued = {row["url"] for row in room.rows("SELECT url FROM entries")} - known
    return detail, {url.removeprefix(room.place.url("")) for url in queued}


def test_whatever_is_new_in_a_large_sitemap_without_dates_is_seen_and_nothing_old_is_queued(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            room.kind = SourceKind.SITEMAP
            place.pages["/feed.xml"] = [undated(place, numbered(0, 1500))]
            detail, queued = await brought(room)
            assert detail == "1000 new of 1000 entries (500 more are listed)"
            assert queued == {*numbered(0, 500), *numbered(1000, 1500)}
            place.pages["/feed.xml"] = [undated(place, numbered(0, 1530))]
            assert await brought(room) == ("30 new of 1000 entries (530 more are listed)", {*numbered(1500, 1530)})
            place.pages["/feed.xml"] = [undated(place, ["/first", *numbered(0, 1530)])]
            assert (await brought(room))[1] == {"/first"}
            middle = [*numbered(0, 700), "/in-the-middle", *numbered(700, 1530)]
            place.pages["/feed.xml"] = [undated(place, middle)]
            assert (await brought(room))[1] == {"/in-the-middle"}
            place.pages["/feed.xml"] = [
                undated(place, numbered(300, 1530))
            ]  # what was in the middle stands in front now
            assert (await brought(room))[1] == set()

    run(main())


def test_what_is_new_in_an_index_without_dates_is_seen_in_its_first_and_its_last_file(tmp_path: Path) -> None:
    async def main() -> None:
        async with site() as place, newsroom(tmp_path, place) as room:
            room.kind = SourceKind.SITEMAP
            names = [*(f"/posts-{number}.xml" for number in (1, 2, 3)), "/tags-1.xml"]
            nested = "".join(f"<sitemap><loc>{place.url(name)}</loc></sitemap>" for name in names)
            place.pages |= {
                "/feed.xml": [Reply(body=f"<sitemapindex>{nested}</sitemapindex>".encode())],
                **{f"/posts-{n}.xml": [undated(place, numbered(n * 2000, n * 2000 + 2000))] for n in (1, 2)},
                "/posts-3.xml": [undated(place, numbered(6000, 6400))],
                "/tags-1.xml": [undated(place, [f"/tag/{number}" for number in range(1200)])],
            }
            detail, queued = await brought(room)
            assert detail.startswith("1000 new of 1000 entries (")
            assert {*numbered(6234, 6400), *numbered(2000, 2166)} <= queued
            assert await brought(room) == (detail.replace("1000 new of", "nothing new in"), set())
            place.pages["/posts-3.xml"] = [undated(place, numbered(6000, 6425))]
            assert (await brought(room))[1] == set(numbered(6400, 6425))
            place.pages["/posts-1.xml"] = [undated(place, ["/the-latest", *numbered(2000, 4000)])]
            assert (await brought(room))[1] == {"/the-latest"}
            del place.pages["/tags-1.xml"]  # the others' shares grow, and bring nothing that is old
            assert (await brought(room))[1] == set()

    run(main())
