from __future__ import annotations

from pathlib import Path

import pytest

from scraper.errors import ConfigError
from scraper.fetch.cookies import Jar
from scraper.model import SourceKind
from scraper.profiles import Profiles
from scraper.settings import Source

ENVIRON = {"LOGIN": "session=hush; b=2", "PROXY": "http://me:hush@127.0.0.1:3128", "LINES": "a\nb", "EMPTY": ""}
TXT = "# Netscape HTTP Cookie File\n.paper.example\tTRUE\t/\tTRUE\t0\tsession\thush\n"


def source(**more: object) -> Source:
    values = {"name": "paper", "url": "https://www.paper.example/rss", "kind": SourceKind.FEED, **more}
    return Source(**values)  # type: ignore[arg-type]


def profiles(root: Path) -> Profiles:
    return Profiles(root, ENVIRON)


def test_without_a_source_everybody_is_asked_alike(tmp_path: Path) -> None:
    found = profiles(tmp_path).of(None)
    assert (found.name, found.user_agent, found.proxy, found.headers, found.cookies) == ("", "", None, {}, ())


def test_secrets_are_read_from_where_they_lie(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hush\n", encoding="utf-8")
    found = profiles(tmp_path).of(
        source(headers={"X-Key": "file:key", "X-Plain": "value"}, login="env:LOGIN", proxy="env:PROXY", language="de")
    )
    assert found.headers == {"X-Key": "hush", "X-Plain": "value"}
    assert found.hosts == ("paper.example",)
    assert str(found.proxy) == "127.0.0.1:3128"
    assert (found.secure, found.language) == (True, "de")
    jar = Jar(found.cookies, found.login)
    assert sorted(jar.header("https://amp.paper.example/").split("; ")) == ["b=2", "session=hush"]
    assert jar.header("http://paper.example/") == jar.header("https://other.example/") == ""
    assert "hush" not in repr(found)


def test_a_cookies_txt_says_itself_where_its_cookies_go(tmp_path: Path) -> None:
    (tmp_path / "cookies.txt").write_text(TXT, encoding="utf-8")
    found = profiles(tmp_path).of(source(url="https://feeds.example/paper", login="file:cookies.txt"))
    jar = Jar(found.cookies, found.login)
    assert jar.header("https://www.paper.example/") == "session=hush"
    assert jar.header("https://feeds.example/") == ""
    assert [jar.has_login(url) for url in ("https://paper.example/", "https://feeds.example/")] == [True, False]


def test_the_hosts_may_be_named(tmp_path: Path) -> None:
    found = profiles(tmp_path).of(source(cookies={"a": "1"}, hosts=("one.example", "two.example:8443")))
    jar = Jar(found.cookies)
    for url in ("https://one.example/", "https://www.one.example/", "https://two.example:8443/"):
        assert jar.header(url) == "a=1"
    assert jar.header("https://www.paper.example/") == ""


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"login": "env:NOWHERE"}, "login: the environment variable NOWHERE is not set"),
        ({"login": "env:EMPTY"}, "login: the environment variable EMPTY is not set"),
        ({"headers": {"X-Key": "env:NOWHERE"}}, "headers.X-Key: the environment variable NOWHERE is not set"),
        ({"headers": {"X-Key": "file:nowhere"}}, "headers.X-Key: nowhere cannot be read: No such file or directory"),
        ({"headers": {"X-Key": "env:LINES"}}, "headers.X-Key: what env:LINES holds is more than one line of text"),
        ({"login": "env:PROXY"}, "login: cookies are written name=value"),
        ({"login": "file:nowhere.txt"}, "login: .*nowhere.txt cannot be read: No such file or directory"),
        ({"proxy": "env:LOGIN"}, 'proxy: a proxy is written "http://host:port"'),
    ],
)
def test_a_secret_that_is_not_there_is_named_and_not_told(tmp_path: Path, more: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError, match=f"^source paper: {told}") as caught:
        profiles(tmp_path).check([source(**more)])
    assert "hush" not in str(caught.value)
