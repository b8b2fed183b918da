"""Cookies go back within one fetch, and from one fetch to the next only in a source's jar."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import BadUsage, LimitExceeded
from scraper.fetch.client import Profile, Request
from scraper.fetch.cookies import Jar, cookies_of_file, own_cookies, parsed_cookies
from tests.fetch.loopback import Reply, Site, error_of, fetch, fetcher, options, run, site


def setting(*cookies: str, to: str = "") -> Reply:
    """A page that sets cookies, or a redirect that does."""
    headers = tuple(("Set-Cookie", cookie) for cookie in cookies)
    return Reply(302 if to else 200, b"" if to else b"<p>hello</p>", (*headers, *((("Location", to),) if to else ())))


def wall(place: Site) -> None:
    """``/story`` sends whoever has no cookie to ``/consent``, which sets one and sends him back."""

    async def story(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen = "cookie" in place.calls[-1].headers
        writer.write((Reply(body=b"the story") if seen else setting(to="/consent")).render())

    place.pages["/story"] = [story]


def test_a_cookie_wall_is_passed_as_by_a_browser() -> None:
    async def main() -> None:
        async with site({"/consent": setting("consent=yes; Path=/", to="/story")}) as place:
            wall(place)
            page = await fetch(place, "/story")
            assert page.body == b"the story"
            assert page.redirects == (place.url("/story"), place.url("/consent"))
            assert [call.headers.get("cookie") for call in place.calls[1:]] == [None, None, "consent=yes"]
            assert "consent=yes" not in repr(page)

    run(main())


def test_a_wall_that_no_cookie_passes_ends() -> None:
    async def main() -> None:
        async with site({"/story": setting(to="/consent"), "/consent": setting("a=1", to="/story")}) as place:
            assert isinstance(await error_of(fetch(place, "/story")), LimitExceeded)
            assert len(place.only("/story")) == 2  # the second with the cookie; there is nothing new to come

    run(main())


@pytest.mark.parametrize("kept", [False, True])
def test_cookies_end_with_their_fetch_unless_the_source_has_a_jar(*, kept: bool) -> None:
    async def main() -> None:
        async with site({"/": setting("a=b; Path=/"), "/2": Reply()}) as place, fetcher(options(place)) as made:
            mine = Profile(name="mine", jar=kept, hosts=(f"127.0.0.1:{place.port}",))
            for path in ("/", "/2"):
                await made.fetch(Request(place.url(path), profile=mine))
            await made.fetch(Request(place.url("/2"), profile=Profile(name="another", jar=True)))
            assert [call.headers.get("cookie") for call in place.only("/2")] == ["a=b" if kept else None, None]
            assert not [call for call in place.only("/robots.txt") if "cookie" in call.headers]

    run(main())


def test_cookies_do_not_go_to_another_host() -> None:
    async def main() -> None:
        async with site({"/b": Reply()}, hosts=("127.0.0.1", "127.0.0.2")) as place:
            place.pages["/a"] = [setting("a=b; Path=/", "c=d; Domain=127.0.0.2", to=place.url("/b", "127.0.0.2"))]
            await fetch(place, "/a")
            assert "cookie" not in place.only("/b")[0].headers

    run(main())


@pytest.mark.parametrize(
    ("cookie", "url", "goes"),
    [
        ("a=1", "https://www.example.org/x/y", True),
        ("a=1", "https://example.org/", False),
        ("a=1; Path=/", "https://below.www.example.org/", False),
        ("__Host-a=1; Path=/", "https://www.example.org/", False),
        ("a=1 \x7f; Path=/", "https://www.example.org/", False),
        ("a=1; Domain=example.org; Path=/", "https://sub.example.org/", True),
        ("a=1; Domain=.example.org; Path=/", "https://example.org/", True),
        ("a=1; Domain=org; Path=/", "https://other.org/", False),
        ("a=1; Domain=evil.org; Path=/", "https://evil.org/", False),
        ("a=1; Path=/x", "https://www.example.org/y", False),
        ("a=1; Secure; Path=/", "http://www.example.org/", False),
        ("a=1; Path=/; Max-Age=0", "https://www.example.org/", False),
        ("a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "https://www.example.org/", False),
        ("a=1; Path=/; HttpOnly; SameSite=Strict", "https://www.example.org/", True),
        (f"a={'1' * 5000}; Path=/", "https://www.example.org/", False),
        ("", "https://www.example.org/x/y", False),
    ],
)
def test_where_a_cookie_goes(cookie: str, url: str, *, goes: bool) -> None:
    jar = Jar()
    jar.take("https://www.example.org/x/page", [("set-cookie", cookie)])
    assert jar.header(url) == ("a=1" if goes else "")


def test_what_comes_in_the_open_takes_no_secure_cookies_place() -> None:
    jar = Jar(own_cookies({"session": "mine"}, ["example.org"], secure=True))
    for cookie in ("session=theirs; Domain=example.org; Path=/", "session=theirs; Secure; Path=/", "other=1; Secure"):
        jar.take("http://www.example.org/", [("set-cookie", cookie)])
    assert jar.header("https://www.example.org/") == "session=mine"


def test_a_cookie_that_the_library_trips_over_costs_only_itself(recwarn: pytest.WarningsRecorder) -> None:
    jar = Jar()
    bad = f"a=1; Expires=Wed, 01 Jan {'9' * 4400} 00:00:00 GMT"
    jar.take("https://example.org/", [("set-cookie", bad), ("set-cookie", "b=2; Path=/")])
    assert jar.header("https://example.org/").split("; ")[-1] == "b=2"
    assert not list(recwarn)


def test_a_jar_keeps_what_its_own_hosts_set() -> None:
    jar = Jar()
    for host in ("www.example.org", "consent.example.net"):
        jar.take(f"https://{host}/", [("set-cookie", "a=1; Path=/")])
    jar.keep_only(["example.org"])
    assert {domain for domain, *_ in jar.state} == {"www.example.org"}


def test_nothing_is_set_for_a_whole_country() -> None:
    jar = Jar()
    jar.take("https://www.example.co.uk/", [("set-cookie", "a=1; Domain=.co.uk; Path=/")])
    assert jar.header("https://other.co.uk/") == ""


def test_a_flood_of_cookies_has_an_end() -> None:
    jar = Jar()
    for number in range(50):
        jar.take("https://example.org/", [("set-cookie", f"c{number}-{n}=1; Path=/") for n in range(100)])
    assert len(jar.state) <= 350
    assert len(jar.header("https://example.org/")) <= 16384


HEADER_TEXT = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=200)


@given(st.lists(HEADER_TEXT, max_size=5), st.sampled_from(["https://example.org/", "http://[::1]:8080/a?b"]))
def test_no_cookie_is_a_fault(cookies: list[str], url: str) -> None:
    jar = Jar()
    jar.take(url, [("set-cookie", cookie) for cookie in cookies])
    assert "\n" not in jar.header(url)


def test_the_operators_cookies_go_to_his_hosts_alone() -> None:
    jar = Jar(own_cookies({"a": "1"}, ["example.org", "127.0.0.1:8080", "localhost"], secure=False))
    for url in ("http://example.org/x", "https://www.example.org/", "http://127.0.0.1:8080/", "http://localhost/"):
        assert jar.header(url) == "a=1", url
    for url in ("http://badexample.org/", "http://127.0.0.2/", "http://org/"):
        assert jar.header(url) == "", url
    assert Jar(own_cookies({"a": "1"}, ["example.org"], secure=True)).header("http://example.org/") == ""


def test_what_a_site_sets_does_not_change_what_was_given() -> None:
    given = own_cookies({"a": "1"}, ["example.org"], secure=False)
    jar = Jar(given)
    jar.take("https://example.org/", [("set-cookie", "a=2; Domain=.example.org; Path=/")])
    assert jar.header("https://example.org/") == "a=2"
    assert Jar(given).header("https://example.org/") == "a=1"


def test_cookies_as_a_header_has_them() -> None:
    assert parsed_cookies(" a=1; b=x=y ;; c=") == {"a": "1", "b": "x=y", "c": ""}
    for text in ("", "hush", "a=1; hush", "=hush"):
        with pytest.raises(BadUsage) as caught:
            parsed_cookies(text)
        assert "hush" not in str(caught.value)


COOKIES_TXT = """# Netscape HTTP Cookie File
.example.org\tTRUE\t/\tTRUE\t4102444800\tsession\thush
#HttpOnly_www.example.org\tFALSE\t/\tFALSE\t0\tother\t1
.example.org\tTRUE\t/\tFALSE\t1000000000\tstale\t1
"""


def test_a_cookies_txt(tmp_path: Path) -> None:
    path = tmp_path / "cookies.txt"
    path.write_text(COOKIES_TXT, encoding="utf-8")
    jar = Jar(cookies_of_file(path))
    assert sorted(jar.header("https://www.example.org/").split("; ")) == ["other=1", "session=hush"]
    assert jar.header("http://example.org/") == ""
    for text, told in (("", "no cookies.txt"), ("# Netscape HTTP Cookie File\n", "no cookie that is still good")):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(BadUsage, match=told):
            cookies_of_file(path)
    with pytest.raises(BadUsage, match="cannot be read: No such file"):
        cookies_of_file(tmp_path / "none.txt")
