from __future__ import annotations

import pytest

from scraper.errors import (
    LimitExceeded,
    PageRefused,
    UnsafeAddress,
)
from scraper.fetch.client import Request
from tests.fetch.loopback import (
    Reply,
    error_of,
    fetch,
    fetcher,
    moved,
    options,
    run,
    sent,
    site,
)


def test_redirects_are_followed() -> None:
    async def main() -> None:
        async with site(
            {"/a/b": moved("../c?d", 301), "/d": Reply(body=b"there")}, hosts=("127.0.0.1", "127.0.0.2")
        ) as place:
            place.pages["/c?d"] = [moved(place.url("/d", "127.0.0.2"), 308)]
            page = await fetch(place, "/a/b")
            assert page.body == b"there"
            assert page.url == place.url("/a/b")
            assert page.final_url == place.url("/d", "127.0.0.2")
            assert page.redirects == (place.url("/a/b"), place.url("/c?d"))
            assert [call.address for call in place.only("/robots.txt")] == ["127.0.0.1", "127.0.0.2"]

    run(main())


def test_the_operators_headers_do_not_follow_to_another_site() -> None:
    async def main() -> None:
        async with site({"/b": moved("/c"), "/c": Reply()}, hosts=("127.0.0.1", "127.0.0.2")) as place:
            place.pages["/a"] = [moved(place.url("/b", "127.0.0.2"))]
            async with fetcher(options(place)) as made:
                page = await made.fetch(Request(place.url("/a"), profile=sent(place, {"Authorization": "Basic hush"})))
            assert place.only("/a")[0].headers["authorization"] == "Basic hush"
            assert "authorization" not in place.only("/b")[0].headers
            assert "authorization" not in place.only("/c")[0].headers
            assert "hush" not in repr(page)

    run(main())


@pytest.mark.parametrize(
    ("location", "kind", "reason"),
    [
        ("/loop", LimitExceeded, "redirects"),
        ("/a?b", LimitExceeded, "redirects"),
        ("http://10.0.0.1/", UnsafeAddress, "unsafe address"),
        ("http://169.254.169.254/latest/meta-data/", UnsafeAddress, "unsafe address"),
        ("http://127.0.0.1:22/", UnsafeAddress, "unsafe address"),
        ("file:///etc/passwd", PageRefused, "bad redirect"),
        ("http://user:hush@example.org/", PageRefused, "bad redirect"),
        ("http://[", PageRefused, "bad redirect"),
        ("", PageRefused, "bad redirect"),
    ],
)
def test_redirects_that_are_not_followed(location: str, kind: type[Exception], reason: str) -> None:
    async def main() -> None:
        async with site({"/loop": moved(location), "/a?b": moved("/loop")}) as place:
            error = await error_of(fetch(place, "/loop", retries=2))
            assert (type(error), error.reason) == (kind, reason)
            assert "hush" not in str(error)

    run(main())


def test_a_location_is_read_as_browsers_read_it() -> None:
    async def main() -> None:
        pages = {"/a": moved("http:b"), "/b": moved("c?d=ü"), "/c?d=%C3%BC": Reply()}
        async with site(pages) as place:
            assert (await fetch(place, "/a")).final_url == place.url("/c?d=%C3%BC")

    run(main())


def test_too_many_redirects() -> None:
    async def main() -> None:
        async with site({f"/{number}": moved(f"/{number + 1}") for number in range(9)} | {"/9": Reply()}) as place:
            assert (await fetch(place, "/0", max_redirects=9)).final_url == place.url("/9")
            error = await error_of(fetch(place, "/0", max_redirects=8))
            assert isinstance(error, LimitExceeded)

    run(main())


def test_a_name_that_leads_to_a_private_address_is_not_connected_to() -> None:
    async def main() -> None:
        async with site({"/": Reply()}, hosts=("127.0.0.1",)) as place:
            async with fetcher(options(place, allow_private=())) as made:
                error = await error_of(made.fetch(Request(place.url(host="localhost"))))
            assert isinstance(error, UnsafeAddress)
            assert "localhost leads to" in str(error)
            assert place.calls == []

    run(main())
