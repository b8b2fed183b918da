from __future__ import annotations

import pytest

from scraper.fetch.client import Profile, Request
from scraper.fetch.cookies import own_cookies
from scraper.fetch.guard import check_url
from scraper.fetch.options import FetchOptions
from scraper.fetch.profile import own_hosts
from scraper.units import Duration
from tests.fetch.loopback import Reply, Script, error_of, fetcher, moved, options, run, sent, silence, site


@pytest.mark.parametrize(
    ("url", "covered"),
    [
        ("https://example.org/", True),
        ("https://www.example.org/a", True),
        ("https://example.org./", True),
        ("https://badexample.org/", False),
        ("https://example.org.evil.net/", False),
        ("http://example.org/", False),
        ("https://example.org:8443/", False),
    ],
)
def test_whom_the_operators_headers_reach(url: str, *, covered: bool) -> None:
    assert Profile(hosts=("example.org",)).covers(check_url(url, FetchOptions())) is covered


def test_where_headers_go_if_nothing_is_said() -> None:
    hosts = {
        url: own_hosts(check_url(url, FetchOptions()).key)
        for url in (
            "https://www.example.org/rss",
            "https://feeds.example.org/",
            "http://8.8.8.8:8080/",
            "http://www.de/",
        )
    }
    assert list(hosts.values()) == [("example.org",), ("feeds.example.org",), ("8.8.8.8:8080",), ("www.de",)]


def test_headers_are_not_sent_to_whom_a_feed_happens_to_link() -> None:
    async def main() -> None:
        async with site({"/a": Reply(), "/b": Reply()}, hosts=("127.0.0.1", "127.0.0.2")) as place:
            profile = sent(place, {"Authorization": "Basic hush"})
            async with fetcher(options(place)) as made:
                for url in (place.url("/a"), place.url("/b", "127.0.0.2")):
                    page = await made.fetch(Request(url, profile=profile))
                    assert "hush" not in repr(page)
            assert place.only("/a")[0].headers["authorization"] == "Basic hush"
            assert "authorization" not in place.only("/b")[0].headers
            assert all("authorization" not in call.headers for call in place.only("/robots.txt"))
            assert "hush" not in repr(profile)

    run(main())


def test_the_language_is_asked_for() -> None:
    async def main() -> None:
        async with site({"/": Reply()}) as place, fetcher(options(place)) as made:
            await made.fetch(Request(place.url(), profile=Profile(language="de")))
            assert place.calls[-1].headers["accept-language"] == "de, *;q=0.5"

    run(main())


def test_a_source_may_have_a_shorter_or_a_longer_time() -> None:
    async def main() -> None:
        pages: dict[str, Script] = {"/": silence, "/slow": Reply(hold=0.6)}
        async with site(pages) as place, fetcher(options(place, timeout=Duration(0.3))) as made:
            short = await error_of(made.fetch(Request(place.url(), profile=Profile(timeout=0.1))))
            assert str(short) == "cannot reach 127.0.0.1: timed out after 0.1 s"
            page = await made.fetch(Request(place.url("/slow"), profile=Profile(timeout=5)))
            assert page.status == 200

    run(main())


def test_what_came_with_a_login_is_marked() -> None:
    async def main() -> None:
        pages: dict[str, Script] = {"/": moved("/a"), "/a": Reply()}
        async with site(pages, hosts=("127.0.0.1", "127.0.0.2")) as place, fetcher(options(place)) as made:
            login = own_cookies({"session": "1"}, [f"127.0.0.1:{place.port}"], secure=False)
            member = Profile(login=login)
            assert (await made.fetch(Request(place.url(), profile=member))).login
            assert not (await made.fetch(Request(place.url()))).login
            # Where no cookie of the login goes, none was needed.
            assert not (await made.fetch(Request(place.url(host="127.0.0.2"), profile=member))).login

    run(main())
