"""Pages fetched again, and what a login changes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scraper.model import Entry, EventKind, SourceKind, from_instant
from scraper.profiles import Profiles
from scraper.settings import Source, Webhook
from tests.fetch.loopback import Reply, Script, coded, moved, run, site
from tests.newsroom import feed, newsroom, story

TAGGED = Reply(body=story(), headers=(("ETag", '"1"'), ("Content-Type", "text/html; charset=utf-8")))
NOT_MODIFIED = Reply(304, b"", (("ETag", '"1"'),), length=None)


def test_a_page_that_is_kept_is_asked_for_only_if_it_changed(tmp_path: Path) -> None:
    async def main() -> None:
        async with site({"/a": [TAGGED, NOT_MODIFIED]}) as place, newsroom(tmp_path, place) as room:
            first, again = await room.ingest("/a"), await room.ingest("/a")
            assert (first.attempt.outcome, again.attempt.outcome) == ("saved", "unchanged")
            assert (again.attempt.status, again.attempt.from_cache, again.attempt.size) == (304, True, 0)
            assert again.article is not None
            assert again.article.body == (first.article.body if first.article else None)
            assert place.only("/a")[1].headers["if-none-match"] == '"1"'
            assert [row["from_cache"] for row in room.rows("SELECT * FROM fetches WHERE kind = 'page'")] == [0, 1]
            assert len(room.rows("SELECT * FROM pages", "pages.db")) == 1

    run(main())


def test_the_whole_page_is_asked_for_where_that_is_said_and_once_a_day(tmp_path: Path) -> None:
    async def main() -> None:
        async with site({"/a": [TAGGED]}) as place, newsroom(tmp_path, place) as room:
            await room.ingest("/a")
            await room.ingest("/a", whole=True)
            room.clock.ahead = timedelta(hours=25)
            await room.ingest("/a")
            assert not any("if-none-match" in call.headers for call in place.calls)

    run(main())


def test_a_304_of_another_page_is_not_taken_for_this_one(tmp_path: Path) -> None:
    async def main() -> None:
        other = replace(TAGGED, body=story("Another story altogether"))
        pages: dict[str, Script | list[Script]] = {"/a": [TAGGED, moved("/b")], "/b": [NOT_MODIFIED, other]}
        async with site(pages) as place, newsroom(tmp_path, place) as room:
            await room.ingest("/a")
            again = await room.ingest("/a")
            assert again.article is not None
            assert again.article.title == "Another story altogether"
            assert not again.attempt.from_cache

    run(main())


def test_a_page_that_changed_is_a_revision(tmp_path: Path) -> None:
    async def main() -> None:
        later = Reply(body=story(times=14), headers=(("ETag", '"2"'),))
        async with site({"/a": [TAGGED, later, NOT_MODIFIED]}) as place, newsroom(tmp_path, place) as room:
            outcomes = [(await room.ingest("/a")).attempt.outcome for _ in range(3)]
            assert outcomes == ["saved", "revised", "unchanged"]
            assert [call.headers.get("if-none-match") for call in place.only("/a")] == [None, '"1"', '"2"']

    run(main())


def test_what_came_with_a_login_is_marked_and_never_stands_in_for_what_all_may_see(tmp_path: Path) -> None:
    (tmp_path / "cookies").write_text("session=hush", encoding="utf-8")

    async def main() -> None:
        pages = {"/a": TAGGED, "/b": replace(TAGGED, body=story("For all to read"))}
        async with site(pages) as place:
            member = Source(
                name="member", url=place.url("/feed.xml"), kind=SourceKind.FEED, login="env:PAPER_LOGIN",
                headers={"X-Key": "file:cookies"}, cookies={"consent": "yes"},
            )  # fmt: skip
            profiles = Profiles(tmp_path, {"PAPER_LOGIN": "session=hush"})
            async with newsroom(tmp_path / "storage", place, profiles=profiles) as room:
                await room.ingest("/a", source=member)
                await room.ingest("/b", source=member)
                asked = place.only("/a")[0].headers
                assert sorted(asked["cookie"].split("; ")) == ["consent=yes", "session=hush"]
                assert asked["x-key"] == "session=hush"
                assert [row["login"] for row in room.rows("SELECT login FROM pages", "pages.db")] == [1, 1]
                assert [row["login"] for row in room.rows("SELECT login FROM articles")] == [1, 1]
                await room.ingest("/b")
                assert "if-none-match" not in place.only("/b")[1].headers
                assert [row["login"] for row in room.rows("SELECT login FROM articles ORDER BY id")] == [1, 0]
        kept = b"".join(path.read_bytes() for path in (tmp_path / "storage").iterdir())
        assert b"hush" not in kept
        assert b"consent=yes" not in kept

    run(main())


@pytest.mark.parametrize(
    ("headers", "login"),
    [
        ({"Authorization": "Bearer hush"}, 1),
        ({"X-Auth-Token": "hush"}, 1),
        ({"X-Edition": "env:PAPER_KEY"}, 1),
        ({"X-Edition": "world"}, 0),
    ],
)
def test_what_came_with_a_secret_header_is_marked(tmp_path: Path, headers: dict[str, str], login: int) -> None:
    async def main() -> None:
        async with site({"/a": [TAGGED, NOT_MODIFIED]}) as place:
            member = Source(name="m", url=place.url("/f"), kind=SourceKind.FEED, headers=headers)
            profiles = Profiles(tmp_path, {"PAPER_KEY": "hush"})
            async with newsroom(tmp_path / "storage", place, profiles=profiles) as room:
                outcomes = [(await room.ingest("/a", source=member)).attempt.outcome for _ in range(2)]
                assert outcomes == ["saved", "unchanged"]  # what is kept with it stands in for what comes with it
                assert room.rows("SELECT login FROM articles") == [{"login": login}]
                assert room.rows("SELECT login FROM pages", "pages.db") == [{"login": login}]

    run(main())


def test_a_full_text_that_took_a_login_is_not_made_public_by_a_teaser(tmp_path: Path) -> None:
    paid = (
        b'<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script><article>'
    )
    teaser = Reply(body=story(times=2).replace(b"<article>", paid))

    async def main() -> None:
        async with site({"/a": [replace(TAGGED, headers=()), teaser]}) as place:
            member = Source(name="m", url=place.url("/f"), kind=SourceKind.FEED, login="env:LOGIN")
            profiles = Profiles(tmp_path, {"LOGIN": "session=1"})
            async with newsroom(tmp_path / "storage", place, profiles=profiles) as room:
                await room.ingest("/a", source=member)
                attempt = (await room.ingest("/a")).attempt
                assert "only a teaser now" in attempt.detail
                (row,) = room.rows("SELECT login, body FROM articles")
                assert row["login"] == 1
                assert "11. vote" in row["body"]

    run(main())


def test_a_host_whose_robots_txt_is_in_trouble_costs_its_entries_no_tries(tmp_path: Path) -> None:
    async def main() -> None:
        async with site({"/robots.txt": Reply(503)}) as place, newsroom(tmp_path, place) as room:
            place.pages["/feed.xml"] = [Reply(body=feed(place, "/a"))]
            await room.writer.run(lambda store: store.hosts.put("x", {"troubles": 0}))
            source = room.source()
            await room.poll()
            assert room.rows("SELECT last_outcome FROM sources") == [{"last_outcome": "failed"}]
            entry = Entry(place.url("/a"))
            await room.writer.run(lambda store: store.frontier.admit([entry], 1, "2026-11-23T10:00:00Z"))
            for _ in range(7):
                (due,) = await room.due("9999")
                attempt = (await room.ingest("/a", source=source, entry=due)).attempt
                assert attempt.reason == "robots.txt trouble"
                assert attempt.next_due is not None
            assert room.rows("SELECT attempts FROM entries") == [{"attempts": 0}]
            assert place.only("/a") == []

    run(main())


def test_a_consent_wall_is_not_believed_twice(tmp_path: Path) -> None:
    wall = (
        b"<!doctype html><title>Consent</title><h1>We value your privacy</h1><form><button>Accept all</button></form>"
    )

    async def main() -> None:
        walled = Reply(body=wall, headers=(("ETag", '"1"'),))
        async with site({"/a": [walled, TAGGED]}) as place, newsroom(tmp_path, place) as room:
            assert (await room.ingest("/a")).attempt.outcome == "skipped"
            assert (await room.ingest("/a")).attempt.outcome == "saved"
            assert "if-none-match" not in place.only("/a")[1].headers

    run(main())


CHALLENGE = b"<!doctype html><title>Just a moment...</title><p>Checking your browser before accessing</p>"
LOGIN = (
    b"<!doctype html><title>Log in</title><h1>Log in to continue</h1>"
    b"<form action='/login' method='post'><input type='email'><input type='password'><button>Log in</button></form>"
)


@pytest.mark.parametrize(
    "moment",
    [Reply(404), Reply(410), Reply(401), Reply(403, CHALLENGE), Reply(body=CHALLENGE), Reply(body=LOGIN),
     Reply(body=b""), moved("/a"), b"HTTP/1.1 200 OK\r\nX Y: z\r\n\r\n", coded("br", b"no such coding")],
    ids=["404", "410", "401", "403", "bot check", "login wall", "empty", "circle", "protocol", "coding"],
)  # fmt: skip
def test_a_bad_moment_of_a_site_loses_no_news(tmp_path: Path, moment: Script) -> None:
    async def main() -> None:
        async with site({"/a": [moment, moment, TAGGED]}) as place, newsroom(tmp_path, place) as room:
            place.pages["/feed.xml"] = [Reply(body=feed(place, "/a"))]
            await room.poll()
            told = []
            for minutes in (0, 70, 7 * 60):
                room.clock.ahead = timedelta(minutes=minutes)
                (due,) = await room.due()
                told.append((await room.ingest("/a", source=room.source(), entry=due)).attempt)
                assert not await room.due()
            assert [attempt.outcome for attempt in told] == ["skipped", "skipped", "saved"]
            begun = from_instant(due.first_seen_at)
            waits = [(from_instant(each.next_due) - begun).total_seconds() / 3600 for each in told if each.next_due]
            assert 1 <= waits[0] <= 1.1
            assert 6 <= waits[1] <= 6.6
            assert room.rows("SELECT attempts FROM entries") == [{"attempts": 0}]

    run(main())


def test_a_site_that_disallows_everything_for_a_moment_loses_no_news(tmp_path: Path) -> None:
    async def main() -> None:
        rules: list[Script] = [Reply(body=b"User-agent: *\nDisallow: /a"), Reply(404)]
        async with site({"/robots.txt": rules, "/a": TAGGED}) as place, newsroom(tmp_path, place) as room:
            place.pages["/feed.xml"] = [Reply(body=feed(place, "/a"))]
            await room.poll()
            told = []
            for hours in (0, 1.2, 7, 27):
                room.clock.ahead = timedelta(hours=hours)
                (due,) = await room.due()
                told.append((await room.ingest("/a", source=room.source(), entry=due)).attempt.reason)
            assert told == ["robots.txt", "robots.txt", "robots.txt", "new"]
            assert len(place.only("/robots.txt")) == 2  # asked when it has expired, and not before
            assert len(place.only("/a")) == 1

    run(main())


def test_what_a_page_is_does_not_pass(tmp_path: Path) -> None:
    async def main() -> None:
        picture = Reply(headers=(("Content-Type", "image/png"),))
        async with site({"/a": picture}) as place, newsroom(tmp_path, place) as room:
            place.pages["/feed.xml"] = [Reply(body=feed(place, "/a"))]
            await room.poll()
            (due,) = await room.due()
            assert (await room.ingest("/a", source=room.source(), entry=due)).attempt.next_due is None

    run(main())


def test_an_article_is_looked_at_again_the_sooner_the_later_it_changed(tmp_path: Path) -> None:
    async def main() -> None:
        changed = Reply(body=story(times=14))
        pages: dict[str, Script | list[Script]] = {"/a": [TAGGED, NOT_MODIFIED, Reply(404), changed]}
        async with site(pages) as place, newsroom(tmp_path, place) as room:
            place.pages["/feed.xml"] = [Reply(body=feed(place, "/a"))]
            await room.poll()
            told = []
            for minutes in (0, 20, 90, 300):
                room.clock.ahead = timedelta(minutes=minutes)
                (due,) = await room.due()
                attempt = (await room.ingest("/a", source=room.source(), entry=due)).attempt
                assert attempt.next_due is not None
                assert not await room.due()
                wait = from_instant(attempt.next_due) - room.clock()
                told.append((attempt.outcome, round(wait.total_seconds() / 60)))
            assert [outcome for outcome, _ in told] == ["saved", "unchanged", "skipped", "revised"]
            waits = [wait for _, wait in told]
            assert 14 <= waits[0] <= 17  # a quarter of an hour after it was stored
            assert 38 <= waits[1] <= 47  # an hour after it was stored
            assert 148 <= waits[2] <= 175  # it is gone, and may come back: four hours after
            assert 58 <= waits[3] <= 67  # it changed, after five hours: from the rung that suits its age
            assert room.rows("SELECT attempts, gone_at FROM entries JOIN articles") == [
                {"attempts": 0, "gone_at": None}
            ]
            assert len(room.rows("SELECT * FROM revisions")) == 1

    run(main())


def test_new_entries_go_before_articles_to_be_looked_at_again(tmp_path: Path) -> None:
    async def main() -> None:
        async with site({"/a": TAGGED}) as place, newsroom(tmp_path, place) as room:
            place.pages["/feed.xml"] = [Reply(body=feed(place, "/a")), Reply(body=feed(place, "/a", "/b"))]
            await room.poll()
            (due,) = await room.due("9999")
            await room.ingest("/a", source=room.source(), entry=due)
            room.clock.ahead = timedelta(days=1)
            await room.poll()
            both = await room.due("9999")
            assert [entry.url.rpartition("/")[2] for entry in both] == ["b", "a"]
            assert await room.writer.run(lambda store: store.frontier.queued()) == (1, 1)

    run(main())


def test_a_copy_of_another_entrys_article_is_looked_at_once(tmp_path: Path) -> None:
    async def main() -> None:
        canonical = story().replace(b"<article>", b"<link rel=canonical href=/a><article>")
        pages: dict[str, Script] = {"/a": Reply(body=canonical), "/b": moved("/a")}
        async with site(pages) as place, newsroom(tmp_path, place) as room:
            place.pages["/feed.xml"] = [Reply(body=feed(place, "/a", "/b"))]
            await room.poll()
            for due in await room.due("9999"):
                await room.ingest(due.url.rpartition(str(place.port))[2], source=room.source(), entry=due)
            assert await room.writer.run(lambda store: store.frontier.queued()) == (0, 1)

    run(main())


def test_an_article_that_a_redirect_led_to_first_is_looked_at_once(tmp_path: Path) -> None:
    async def main() -> None:
        async with site({"/go": moved("/a"), "/a": Reply(body=story())}) as place, newsroom(tmp_path, place) as room:
            for path in ("/go", "/a"):
                place.pages["/feed.xml"] = [Reply(body=feed(place, path))]
                await room.poll()
                (due,) = await room.due()
                await room.ingest(path, source=room.source(), entry=due)
            assert [row["outcome"] for row in room.rows("SELECT outcome FROM entries")] == ["saved", "unchanged"]
            assert await room.writer.run(lambda store: store.frontier.queued()) == (0, 1)

    run(main())


def test_a_further_page_of_an_article_is_looked_at_once(tmp_path: Path) -> None:
    def part(number: int) -> Reply:
        return Reply(body=story(times=12 + number).replace(b"<article>", b"<link rel=canonical href=/a><article>"))

    async def main() -> None:
        async with site({"/a?page=2": part(2), "/a": part(1)}) as place, newsroom(tmp_path, place) as room:
            place.pages["/feed.xml"] = [Reply(body=feed(place, "/a?page=2", "/a"))]
            await room.poll()
            for due in await room.due():
                await room.ingest(due.url.removeprefix(place.url("")), source=room.source(), entry=due)
            room.clock.ahead = timedelta(hours=1)
            for due in await room.due():
                await room.ingest(due.url.removeprefix(place.url("")), source=room.source(), entry=due)
            ended = {row["url"][-1]: row for row in room.rows("SELECT url, outcome, reason, next_due FROM entries")}
            assert (ended["2"]["reason"], ended["2"]["next_due"]) == ("page", None)
            assert (ended["a"]["outcome"], ended["a"]["next_due"] is not None) == ("unchanged", True)
            assert room.rows("SELECT revision FROM articles") == [{"revision": 2}]

    run(main())


def test_the_date_that_a_feed_gave_is_an_articles_whose_page_names_none_and_stays(tmp_path: Path) -> None:
    async def main() -> None:
        async with site({"/a": [Reply(body=story()), Reply(body=story(times=14))]}) as place:
            item = f"<item><link>{place.url('/a')}</link><pubDate>Fri, 20 Nov 2026 10:00:00 +0200</pubDate></item>"
            place.pages["/feed.xml"] = [Reply(body=f"<rss version='2.0'><channel>{item}</channel></rss>".encode())]
            async with newsroom(tmp_path, place) as room:
                await room.poll()
                (due,) = await room.due()
                await room.ingest("/a", source=room.source(), entry=due)
                revised = await room.ingest("/a", whole=True)
                assert revised.attempt.outcome == "revised"
                (row,) = room.rows("SELECT published_at, published_zone, evidence FROM articles")
                assert (row["published_at"], row["published_zone"]) == ("2026-11-20T08:00:00Z", "given")
                assert json.loads(row["evidence"])["published_at"] == "entry:published"

    run(main())


def test_what_happens_to_articles_is_written_down_for_whoever_is_to_be_told(tmp_path: Path) -> None:
    async def main(folder: Path, *events: EventKind) -> list[tuple[str, int, str, str]]:
        webhook = Webhook(url="https://example.org/", events=events) if events else None
        async with site() as place, newsroom(folder, place, webhook=webhook) as room:
            place.pages["/story"] = [Reply(body=story()), Reply(body=story(times=14)), Reply(body=story(times=14))]
            place.pages["/moved"] = [Reply(body=story(times=14))]
            for path in ("/story", "/story", "/story", "/moved"):
                await room.ingest(path, whole=True)
            told = room.rows("SELECT kind, article_id, detail, data, delivery FROM events ORDER BY id")
            assert {row["delivery"] for row in told} <= {"waiting"}
            kinds = [json.loads(row["data"]).get("change") for row in told]
            assert kinds == ["body" if row["kind"] == "revised" else None for row in told]
            assert {json.loads(row["data"])["url"] for row in told} <= {place.url("/story"), place.url("/moved")}
            return [(row["kind"], row["article_id"], row["detail"], json.loads(row["data"])["reason"]) for row in told]

    title = "Breakwater to be repaired"
    revised = ("revised", 1, f"{title}: 2 paragraphs added", "changed")
    new = ("new", 1, f"{title}: new article", "new")
    assert run(main(tmp_path / "all", EventKind.NEW, EventKind.REVISED)) == [new, revised]
    assert run(main(tmp_path / "some", EventKind.REVISED)) == [revised]
    assert run(main(tmp_path / "none")) == []
