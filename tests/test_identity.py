"""One article, one row: what the real pipeline makes of the addresses that outlets hand out."""

from __future__ import annotations

from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scraper.pipeline import Errand
from tests.fetch.loopback import Reply, Script, moved, run, site
from tests.newsroom import Newsroom, newsroom

NEWS, MOBILE, AMP, WIRE = "www.news.example", "m.news.example", "amp.news.example", "wire.example"
PLAIN = f"http://{NEWS}/2026/11/24/breakwater-to-be-repaired"
HARBOUR = (
    "The council of the harbour town voted on Monday to repair the old breakwater before the winter storms return.",
    "Two thirds of the stones that were laid in 1911 have moved, the master of the harbour told the meeting.",
    "The work is to cost four million, of which the province pays half, and begins when the last ferry has left.",
    "Fishermen asked for a second light at the end of the wall, where three boats ran aground last year.",
    "The mayor said that she expected the first barges with granite from the north within a fortnight.",
)
BRIDGE = (
    "Cars may not cross the bridge over the river before May, since inspectors found cracks in two of its piers.",
    "Buses take the way through the old town, which is twenty minutes longer and closed to lorries at night.",
    "Shops on the far bank fear for their customers, and asked the city for a ferry at weekends.",
    "The last repair was seven years ago; the engineers who signed for it have since retired.",
    "A second crossing was planned once, and given up when the railway company withdrew its money.",
)
SCHOOL = (
    "Pupils in the valley will have lessons on four days a week from February, the board of education decided.",
    "Teachers are missing in every second school, most of all for physics, music and the lower classes.",
    "Parents had asked for a vote of their own, which the chairman called a matter for the courts.",
    "The fifth day is to be spent with clubs and in libraries, where places for all have yet to be found.",
    "Other districts watch the trial, which ends after two years with a report to the minister.",
)


def page(title: str, text: tuple[str, ...], *head: str, html: str = "<html>") -> Reply:
    body = "".join(f"<p>{paragraph} {paragraph[::-1].swapcase()[:60]}</p>" for paragraph in text)
    named = f"<title>{title}</title><meta property='og:title' content='{title}'>{''.join(head)}"
    return Reply(body=f"<!doctype html>{html}{named}<article><h1>{title}</h1>{body}</article>".encode())


def canonical(url: str) -> str:
    return f"<link rel=canonical href='{url}'>"


class Desk:
    """A newsroom whose hosts all lead to one server; pages are told apart by their paths."""

    def __init__(self, room: Newsroom) -> None:
        self.room = room

    async def ingest(self, url: str) -> tuple[str, str]:
        attempt = (await self.room.pipeline.ingest(Errand(url))).attempt
        return attempt.outcome.value, attempt.reason

    @property
    def articles(self) -> list[str]:
        return [row["url"] for row in self.room.rows("SELECT url FROM articles ORDER BY id")]

    @property
    def aliases(self) -> dict[str, str]:
        return {row["url"]: row["how"] for row in self.room.rows("SELECT url, how FROM aliases")}

    def of(self, column: str) -> list[Any]:
        return [row[column] for row in self.room.rows(f"SELECT {column} FROM articles ORDER BY id")]


@asynccontextmanager
async def desk(folder: Path, pages: dict[str, Script | list[Script]]) -> AsyncIterator[Desk]:
    async with site(pages) as place:
        hosts = (NEWS, "news.example", MOBILE, AMP, WIRE, "cdn.ampproject.org", "news-example.cdn.ampproject.org")
        options = {"resolve": {f"{host}:80": f"127.0.0.1:{place.port}" for host in hosts}, "ports": (80,)}
        async with newsroom(folder, place, options) as room:
            yield Desk(room)


STORY = "/2026/11/24/breakwater-to-be-repaired"
AMP_PAGE = page("Breakwater to be repaired", HARBOUR[:4], canonical(PLAIN), html="<html amp>")
PLAIN_PAGE = page("Breakwater to be repaired", HARBOUR, canonical(PLAIN))


@pytest.mark.parametrize(
    "at", [f"http://{NEWS}{STORY}/amp", f"http://{NEWS}{STORY}?amp=1", f"http://{AMP}{STORY}.html"]
)
def test_amp_first_and_then_its_page(tmp_path: Path, at: str) -> None:
    pages: dict[str, Script | list[Script]] = {
        STORY: PLAIN_PAGE, f"{STORY}/amp": AMP_PAGE, f"{STORY}?amp=1": AMP_PAGE, f"{STORY}.html": AMP_PAGE,
    }  # fmt: skip

    async def main() -> None:
        async with desk(tmp_path, pages) as news:
            assert await news.ingest(at) == ("saved", "new")
            assert (news.articles, news.aliases) == ([PLAIN], {at: "amp"})
            assert await news.ingest(PLAIN) == ("revised", "changed")  # the whole text, over what AMP had of it
            assert await news.ingest(at) == ("unchanged", "variant")
            assert (news.articles, news.aliases) == ([PLAIN], {at: "amp"})
            assert HARBOUR[4] in news.of("body")[0]

    run(main())


def test_its_page_first_and_then_amp(tmp_path: Path) -> None:
    at = f"http://{NEWS}{STORY}/amp"

    async def main() -> None:
        async with desk(tmp_path, {STORY: PLAIN_PAGE, f"{STORY}/amp": AMP_PAGE}) as news:
            assert await news.ingest(PLAIN) == ("saved", "new")
            assert await news.ingest(at) == ("duplicate", "known article")
            assert (news.articles, news.aliases, news.of("revision")) == ([PLAIN], {at: "amp"}, [1])
            assert HARBOUR[4] in news.of("body")[0]

    run(main())


def test_an_amp_page_that_names_nothing_is_known_by_what_its_page_says(tmp_path: Path) -> None:
    at = f"http://{NEWS}/ampstories/8812"
    says = f"<link rel=amphtml href='{at}'>"
    pages: dict[str, Script | list[Script]] = {
        STORY: page("Breakwater to be repaired", HARBOUR, says),
        "/ampstories/8812": page("Breakwater to be repaired | AMP", HARBOUR[:4]),
    }

    async def amp_first() -> None:
        async with desk(tmp_path / "amp", pages) as news:
            assert await news.ingest(at) == ("saved", "new")
            assert news.articles == [at]
            assert await news.ingest(PLAIN) == ("revised", "changed")
            assert (news.articles, news.aliases) == ([PLAIN], {at: "amp"})
            assert await news.ingest(at) == ("unchanged", "variant")
            assert await news.ingest(PLAIN) == ("unchanged", "known")

    async def plain_first() -> None:
        async with desk(tmp_path / "plain", pages) as news:
            assert await news.ingest(PLAIN) == ("saved", "new")
            assert await news.ingest(at) == ("unchanged", "variant")
            assert (news.articles, news.aliases, news.of("revision")) == ([PLAIN], {at: "amp"}, [1])

    run(amp_first())
    run(plain_first())


def test_a_copy_in_a_cache_is_the_page_whose_address_it_has(tmp_path: Path) -> None:
    cached = f"/c/s/{NEWS}{STORY}/amp"
    at = f"http://news-example.cdn.ampproject.org{cached}"

    async def main() -> None:
        async with desk(tmp_path, {STORY: PLAIN_PAGE, cached: AMP_PAGE, f"{STORY}/amp": AMP_PAGE}) as news:
            assert await news.ingest(at) == ("saved", "new")
            assert (news.articles, news.aliases) == ([PLAIN], {at: "amp"})
            assert await news.ingest(f"http://{NEWS}{STORY}/amp") == ("duplicate", "known article")
            assert news.articles == [PLAIN]

    run(main())


def test_a_page_for_telephones(tmp_path: Path) -> None:
    at = f"http://{MOBILE}/a/8812"
    said = "<link rel=alternate media='only screen and (max-width: 640px)' href='" + at + "'>"
    pages: dict[str, Script | list[Script]] = {
        STORY: page("Breakwater to be repaired", HARBOUR, said),
        "/a/8812": page("Breakwater to be repaired - m", HARBOUR[1:]),
    }

    async def main() -> None:
        async with desk(tmp_path, pages) as news:
            assert await news.ingest(at) == ("saved", "new")
            assert await news.ingest(PLAIN) == ("revised", "changed")
            assert (news.articles, news.aliases) == ([PLAIN], {at: "mobile"})

    run(main())


@pytest.mark.parametrize("print_first", [False, True])
def test_a_page_for_printers_that_has_the_same_text(tmp_path: Path, print_first: bool) -> None:
    at = f"http://{NEWS}{STORY}?print=1"
    plain = page("Breakwater to be repaired", HARBOUR)

    async def main() -> None:
        async with desk(tmp_path, {STORY: plain, f"{STORY}?print=1": plain}) as news:
            first, then = (at, PLAIN) if print_first else (PLAIN, at)
            assert await news.ingest(first) == ("saved", "new")
            assert await news.ingest(then) == ("duplicate", "known article")
            assert (news.articles, news.aliases) == ([PLAIN], {at: "print"})

    run(main())


def test_the_form_of_a_variant_proves_nothing(tmp_path: Path) -> None:
    """``/print/`` is a section about printing here, and ``m.`` another paper."""
    pages: dict[str, Script | list[Script]] = {
        "/print": page("Breakwater to be repaired", HARBOUR),
        "/": page("Bridge closed until May", BRIDGE),
        "/story": page("Four days of school", SCHOOL),
    }

    async def main() -> None:
        async with desk(tmp_path, pages) as news:
            urls = [f"http://{NEWS}/story", f"http://{MOBILE}/story?n=1", f"http://{NEWS}/print"]
            pages["/story?n=1"] = page("Bridge closed until May", BRIDGE)
            for url in urls:
                if url.endswith("n=1"):
                    news.room.place.pages["/story?n=1"] = [page("Bridge closed until May", BRIDGE)]
                assert await news.ingest(url) == ("saved", "new")
            assert (news.articles, news.aliases) == (urls, {})

    run(main())


def test_redirects(tmp_path: Path) -> None:
    pages: dict[str, Script | list[Script]] = {
        "/?p=8812": moved("/go/8812"),
        "/go/8812": moved(STORY),
        STORY: PLAIN_PAGE,
    }

    async def main() -> None:
        async with desk(tmp_path, pages) as news:
            assert await news.ingest(f"http://{NEWS}/?p=8812") == ("saved", "new")
            known = {f"http://{NEWS}/?p=8812": "asked", f"http://{NEWS}/go/8812": "redirect"}
            assert (news.articles, news.aliases) == ([PLAIN], known)
            assert await news.ingest(f"http://{NEWS}/go/8812") == ("unchanged", "known")

    run(main())


@pytest.mark.parametrize("lie", ["/", "/index.html?from=story", "/en/", "/2026/11/24/", "/home"])
def test_a_front_page_or_a_section_is_nobodys_own_address(tmp_path: Path, lie: str) -> None:
    lying = canonical(f"http://{NEWS}{lie}") + f"<meta property=og:url content='{PLAIN}?utm_source=og#top'>"

    async def main() -> None:
        async with desk(tmp_path, {STORY: page("Breakwater to be repaired", HARBOUR, lying)}) as news:
            assert await news.ingest(PLAIN) == ("saved", "new")
            assert news.articles == [PLAIN]
            assert set(news.aliases.values()) <= {"og:url"}
            assert await news.ingest(PLAIN) == ("unchanged", "known")

    run(main())


def test_articles_that_all_name_one_address_have_their_own(tmp_path: Path) -> None:
    shared = f"http://{NEWS}/stories/all-of-the-latest"
    texts = {"/stories/1": ("Breakwater", HARBOUR), "/stories/2": ("Bridge", BRIDGE), "/stories/3": ("School", SCHOOL)}
    pages: dict[str, Script | list[Script]] = {
        path: page(title, text, canonical(shared)) for path, (title, text) in texts.items()
    }

    async def main() -> None:
        async with desk(tmp_path, pages) as news:
            own = [f"http://{NEWS}{path}" for path in texts]
            assert [await news.ingest(url) for url in own] == [("saved", "new")] * 3
            assert (news.articles, news.aliases) == (own, {shared: "shared"})
            assert [await news.ingest(url) for url in own] == [("unchanged", "known")] * 3
            assert news.of("title") == ["Breakwater", "Bridge", "School"]
            assert news.of("revision") == [1, 1, 1]

    run(main())


def test_the_number_that_says_which_article_it_is_goes_before_a_canonical_without_it(tmp_path: Path) -> None:
    script = canonical(f"http://{NEWS}/article.php")
    pages: dict[str, Script | list[Script]] = {
        f"/article.php?id={number}": page("Communiqué", text, script)
        for number, text in ((7, HARBOUR), (8, BRIDGE), (9, SCHOOL))
    }

    async def main() -> None:
        async with desk(tmp_path, pages) as news:
            own = [f"http://{NEWS}{path}" for path in pages]
            for url in (*own, *own):
                await news.ingest(url)
            assert (news.articles, news.aliases, news.of("revision")) == (own, {}, [1, 1, 1])

    run(main())


def test_an_article_that_named_anothers_address_gives_it_back(tmp_path: Path) -> None:
    pages: dict[str, Script | list[Script]] = {
        "/news/bridge-closed-until-may": page("Bridge closed", BRIDGE, canonical(PLAIN)),
        STORY: page("Breakwater to be repaired", HARBOUR, canonical(PLAIN)),
    }
    bridge = f"http://{NEWS}/news/bridge-closed-until-may"

    async def main() -> None:
        async with desk(tmp_path, pages) as news:
            assert await news.ingest(bridge) == ("saved", "new")
            assert news.articles == [PLAIN]  # nobody can know yet
            assert await news.ingest(PLAIN) == ("saved", "new")
            assert (news.articles, news.aliases) == ([bridge, PLAIN], {})
            assert [await news.ingest(url) for url in (bridge, PLAIN)] == [("unchanged", "known")] * 2
            assert news.of("title") == ["Bridge closed", "Breakwater to be repaired"]

    run(main())


def test_chains_and_loops_of_canonical_addresses_are_one_article(tmp_path: Path) -> None:
    a, b, c = (f"http://{NEWS}/news/breakwater-to-be-repaired-{letter}" for letter in "abc")
    pages: dict[str, Script | list[Script]] = {
        url.removeprefix(f"http://{NEWS}"): page("Breakwater to be repaired", HARBOUR, canonical(says))
        for url, says in ((a, b), (b, c), (c, a))
    }

    async def main() -> None:
        async with desk(tmp_path, pages) as news:
            for url in (a, b, c, a, b, c):
                await news.ingest(url)
            assert news.articles == [b]
            assert news.aliases == {a: "answered", c: "canonical"}

    run(main())


@pytest.mark.parametrize("says", [canonical, lambda url: f"<meta name=syndication-source content='{url}'>"])
def test_a_copy_that_names_its_original(tmp_path: Path, says: Any) -> None:
    wire = f"http://{WIRE}/stories/breakwater-to-be-repaired"
    pages: dict[str, Script | list[Script]] = {
        "/stories/breakwater-to-be-repaired": page("Breakwater to be repaired", HARBOUR),
        STORY: page("Old wall gets new stones", HARBOUR[:4], says(wire)),
        "/news/bridge-closed-until-may": page("Bridge closed", BRIDGE, says(wire)),
    }

    async def main() -> None:
        async with desk(tmp_path, pages) as news:
            assert await news.ingest(wire) == ("saved", "new")
            assert await news.ingest(PLAIN) == ("saved", "copy")
            assert await news.ingest(f"http://{NEWS}/news/bridge-closed-until-may") == ("saved", "new")  # it does not
            assert news.articles == [wire, PLAIN, f"http://{NEWS}/news/bridge-closed-until-may"]
            assert news.aliases == {}
            assert news.of("story_id") == [1, 1, None]

    run(main())


def test_hash_bang_pages_have_their_own_addresses(tmp_path: Path) -> None:
    """Servers are not asked for what follows; a page that shows the same to all of them is one article all the same."""

    async def main() -> None:
        async with desk(tmp_path, {"/app": page("Breakwater to be repaired", HARBOUR)}) as news:
            one, two = f"http://{NEWS}/app#!/news/1", f"http://{NEWS}/app#!/news/2"
            assert await news.ingest(one) == ("saved", "new")
            assert await news.ingest(two) == ("duplicate", "known article")
            assert (news.articles, news.aliases) == ([one], {two: "text"})

    run(main())


def test_the_end_of_an_amp_page_is_not_its_articles(tmp_path: Path) -> None:
    at = f"http://{NEWS}{STORY}/amp"
    gone = Reply(410, b"gone")

    async def main() -> None:
        async with desk(tmp_path, {STORY: [PLAIN_PAGE, gone], f"{STORY}/amp": [AMP_PAGE, gone]}) as news:
            for url in (PLAIN, at, at):
                await news.ingest(url)
            assert news.of("gone_at") == [None]
            await news.ingest(PLAIN)
            assert news.of("gone_at") != [None]

    run(main())


@pytest.mark.parametrize("ended", [False, True])
def test_the_end_of_a_redirect_is_not_its_articles(tmp_path: Path, ended: bool) -> None:
    gone = Reply(410, b"gone")
    pages: dict[str, Script | list[Script]] = {
        "/proxy/7": [moved(STORY), moved(STORY) if ended else gone],
        STORY: [PLAIN_PAGE, gone if ended else PLAIN_PAGE],
    }

    async def main() -> None:
        async with desk(tmp_path, pages) as news:
            proxy = f"http://{NEWS}/proxy/7"
            assert [await news.ingest(proxy) for _ in range(2)] == [("saved", "new"), ("skipped", "gone")]
            assert [at is not None for at in news.of("gone_at")] == [ended]

    run(main())


TIDINGS = f"http://{NEWS}/news/latest-news-from-town"


@pytest.mark.parametrize("head", [canonical(TIDINGS), ""])
def test_what_all_pages_of_a_site_have_in_common_is_not_forgotten_with_one(tmp_path: Path, head: str) -> None:
    """An address that all of them name as theirs, or by which all of them are led: a check for cookies."""
    told = {"Breakwater to be repaired": HARBOUR, "Bridge closed until May": BRIDGE, "Four days of school": SCHOOL}
    paths = [f"/news/{title.lower().replace(' ', '-')}" for title in told]
    waiting = iter(paths)

    async def onward(_reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(replace(moved(to := next(waiting)), headers=(("Location", to), ("Set-Cookie", "seen=1"))).render())

    answers = [page(title, text, head) for title, text in told.items()]
    pages: dict[str, Script | list[Script]] = {
        path: answer if head else [moved("/cookies"), answer] for path, answer in zip(paths, answers, strict=True)
    }
    pages["/cookies"] = onward

    async def main() -> None:
        async with desk(tmp_path, pages) as news:
            first, second, third = (f"http://{NEWS}{path}" for path in paths)
            for url in (first, second):
                assert await news.ingest(url) == ("saved", "new")
            assert await news.room.writer.run(lambda store: store.forget(first, news.room.clock())) == (1,)
            assert await news.ingest(third) == ("saved", "new")
            assert await news.ingest(first) == ("skipped", "forgotten")
            assert news.of("title") == list(told)[1:]

    run(main())
