from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scraper import __version__
from scraper.errors import (
    BadUsage,
    PageGone,
    PageRefused,
    ServerTrouble,
)
from scraper.fetch.client import Profile, Request
from tests.fetch.loopback import (
    Reply,
    error_of,
    fetch,
    fetcher,
    options,
    run,
    sent,
    site,
)


def test_a_page_and_how_it_came() -> None:
    async def main() -> None:
        headers = (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Set-Cookie", "session=hush"),
            ("ETag", '"1"'),
        )
        async with site({"/a?b=%7C|": Reply(body=b"hi", headers=headers)}) as place, fetcher(options(place)) as made:
            profile = sent(place, {"X-Key": "hush", "Accept-Language": "de"})
            request = Request(place.url("/a?b=%7C|#part"), profile=profile)
            page = await made.fetch(request)
        assert (page.status, page.body, page.redirects) == (200, b"hi", ())
        assert page.url == request.url
        assert page.final_url == place.url("/a?b=%7C|")
        assert page.header("content-type") == "text/html; charset=utf-8"
        assert page.header("etag") == '"1"'
        assert page.elapsed > 0
        assert page.fetched_at.tzinfo is not None
        assert "hush" not in repr(page)
        asked = place.calls[-1].headers
        assert asked["x-key"] == "hush"
        assert asked["accept-encoding"] == "gzip, deflate, br, zstd"
        assert dict(page.request_headers)["accept-language"] == "de"
        assert dict(page.request_headers)["user-agent"] == asked["user-agent"]

    run(main())


@pytest.mark.parametrize(
    ("changes", "mine", "agent"),
    [
        ({}, None, f"article-scraper/{__version__}"),
        ({"contact": "mailto:me@example.org"}, None, f"article-scraper/{__version__} (+mailto:me@example.org)"),
        ({"user_agent": "Bot/1", "contact": "mailto:me@example.org"}, None, "Bot/1"),
        ({"user_agent": "Bot/1"}, "Bot/2", "Bot/2"),
    ],
)
def test_the_agent_has_a_name_and_no_invented_contact(changes: dict[str, str], mine: str | None, agent: str) -> None:
    async def main() -> None:
        async with site({"/": Reply()}) as place, fetcher(options(place, **changes)) as made:
            await made.fetch(Request(place.url(), profile=Profile(user_agent=mine or "")))
            assert place.only("/")[0].headers["user-agent"] == agent

    run(main())


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, PageRefused),
        (403, PageRefused),
        (404, PageGone),
        (410, PageGone),
        (304, PageRefused),
        (302, PageRefused),
        (300, PageRefused),
        (408, ServerTrouble),
        (429, ServerTrouble),
        (500, ServerTrouble),
        (503, ServerTrouble),
    ],
)
def test_statuses_that_are_no_page(status: int, kind: type[Exception]) -> None:
    async def main() -> None:
        async with site({"/": Reply(status, b"")}) as place:
            error = await error_of(fetch(place))
            assert type(error) is kind
            assert getattr(error, "status", None) == status
            assert place.url() in str(error)

    run(main())


@pytest.mark.parametrize("status", [200, 203, 204])
def test_empty_answers_are_pages(status: int) -> None:
    async def main() -> None:
        async with site({"/": Reply(status, b"", length=None if status == 204 else 0)}) as place:
            page = await fetch(place)
            assert (page.status, page.body) == (status, b"")

    run(main())


def test_a_page_that_did_not_change() -> None:
    async def main() -> None:
        async with site({"/": Reply(304, b"", length=None)}) as place, fetcher(options(place)) as made:
            page = await made.fetch(Request(place.url(), etag='"ä"', last_modified="Mon, 23 Nov 2026 10:00:00 GMT"))
            assert (page.status, page.body) == (304, b"")
            asked = place.only("/")[0].headers
            assert asked["if-none-match"].encode("latin-1").decode() == '"ä"'
            assert asked["if-modified-since"] == "Mon, 23 Nov 2026 10:00:00 GMT"

    run(main())


def test_headers_that_are_ours_cannot_be_set() -> None:
    async def main() -> None:
        async with site({"/": Reply()}) as place, fetcher(options(place)) as made:
            error = await error_of(made.fetch(Request(place.url(), profile=sent(place, {"Host": "x"}))))
            assert isinstance(error, BadUsage)
            error = await error_of(made.fetch(Request(place.url(), profile=sent(place, {"X-A": "b\r\nc: d"}))))
            assert isinstance(error, PageRefused)

    run(main())


@pytest.mark.parametrize(
    "module", ["scraper.fetch", "scraper.fetch.options", "scraper.fetch.pace", "scraper.fetch.guard"]
)
def test_light_modules_stay_light(module: str) -> None:
    code = f"import sys, {module}; assert not {{'httpx', 'httpcore', 'anyio'}} & set(sys.modules), sys.modules.keys()"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
