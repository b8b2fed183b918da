"""Lists of feeds as readers exchange them: what is read of them, and that what is written is read again."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scraper.discover.decoding import decode
from scraper.discover.opml import Subscription, read, write
from scraper.errors import NotAFeed

LIST = """\
<?xml version="1.0" encoding="ISO-8859-1"?>
<!-- exported -->
<opml version="2.0">
<head><title>Andr\xe9's &amp; mine</title></head>
<body>
  <outline text="News &mdash; world" title="">
    <outline type="rss" text="The Paper" xmlUrl="https://paper.example/feed" htmlUrl="https://paper.example/"/>
      <outline text="deeper">
      <outline text="Caf\xe9 & bar" xmlurl="https://cafe.example/rss?a=1&b=2" type="rss"/>
    </outline>
  </outline>
  <outline type="rss" text="again" xmlUrl="https://paper.example/feed"/>
  <outline type="rss" text="old" xmlUrl="feed://old.example/feed"/>
  <outline type="rss" text="older" xmlUrl="feed:https://older.example/feed" language="de-AT"/>
  <outline type="rss" text="nowhere" xmlUrl="javascript:alert(1)"/>
  <outline type="rss" text="nothing"/>
  <outline type="link" text="a page" url="https://page.example/"/>
</body></opml>
""".encode("latin-1")


def test_a_list_with_all_its_habits() -> None:
    found = read(LIST)
    assert found.feeds == (
        Subscription("https://paper.example/feed", "The Paper", "https://paper.example/", "", "News — world"),
        Subscription("https://cafe.example/rss?a=1&b=2", "Café & bar", folder="deeper"),
        Subscription("http://old.example/feed", "old"),
        Subscription("https://older.example/feed", "older", language="de-AT"),
    )
    assert (found.title, found.doubles, found.unusable) == ("André's & mine", 1, 2)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "not OPML: there is no markup"),
        (b"https://paper.example/feed\n", "not OPML: there is no markup"),
        (b"<rss version='2.0'><channel/></rss>", "not OPML: its root is <rss>"),
        (b"<!doctype html><title>x</title>", "not OPML: its root is <title>"),
        (b"<?xml version='1.0'?>\n<opml>\n<body>\n<outline>\n</body></opml>", "line 5: not OPML that can be read"),
        (b"<opml><body><outline text='a'", "line 1: not OPML that can be read"),
        (b"\x00\x01\x02", "not OPML: there is no markup"),
    ],
)  # fmt: skip
def test_what_is_no_list(body: bytes, says: str) -> None:
    with pytest.raises(NotAFeed) as error:
        read(body)
    assert str(error.value).startswith(says)


def test_entities_are_not_expanded_and_nothing_is_fetched() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
    bomb = f'<!DOCTYPE opml [<!ENTITY l0 "ha">{laughs}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    found = read(
        f'{bomb}<opml><body><outline text="&l29;&file;" type="rss" xmlUrl="https://a.example/f"/></body></opml>'.encode()
    )
    assert found.feeds == (Subscription("https://a.example/f", "&l29;&file;"),)


def test_no_nesting_is_too_deep() -> None:
    deep = b"<opml><body>" + b"<outline text='x'>" * 20_000
    deep += b"<outline xmlUrl='https://a.example/f'/>" + b"</outline>" * 20_000 + b"</body></opml>"
    assert [feed.url for feed in read(deep).feeds] == ["https://a.example/f"]


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=40)
LINE = TEXT.map(lambda text: " ".join(text.split()))


@given(st.lists(st.tuples(LINE, st.integers(0, 10**6), LINE), max_size=5, unique_by=lambda one: one[1]), LINE)
def test_what_is_written_is_read_again(told: list[tuple[str, int, str]], title: str) -> None:
    feeds = tuple(
        Subscription(f"https://a.example/{number}?a=1&b=%272%27", name or "x", page, "en")
        for name, number, page in told
    )
    written = write(feeds, title).encode()
    assume(decode(written, "") == written.decode())  # not if all of it looks as if it had been encoded twice
    found = read(written)
    assert found.feeds == feeds
    assert (found.title, found.doubles, found.unusable) == (title, 0, 0)
