"""URLs come out absolute and http(s), or not at all."""

from __future__ import annotations

import pytest

from scraper.extract.urls import absolute, host_of, path_of

BASE = "https://Www.News.example/a/b"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("../c?x=é", "https://www.news.example/c?x=%C3%A9"),
        ("//cdn.example/i.png", "https://cdn.example/i.png"),
        (" https://other.example/ ", "https://other.example/"),
        ("mailto:a@b.example", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("http://[::bad", None),
        ("https://a.example/" + "x" * 2100, None),
        ("\ud800", "https://www.news.example/a/b?"),
    ],
)
def test_absolute(url: str, expected: str | None) -> None:
    assert absolute(url, BASE) == expected


def test_without_a_base_only_whole_urls_stand() -> None:
    assert absolute("/a") is None
    assert absolute("https://a.example") == "https://a.example/"


def test_parts() -> None:
    assert (host_of(BASE), path_of(BASE), host_of(None), path_of("no url")) == ("news.example", "/a/b", "", "/")
