"""The pure parts of the reader's pages."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape
from reading import asked, chart, differences, languages, markup, times
from reading.cache import Cache
from selectolax.lexbor import LexborHTMLParser

NOW = datetime(2026, 11, 26, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "long", "short"),
    [
        ("2026-11-26T00:05:00Z", "26 November 2026, 00:05 UTC", "today 00:05"),
        ("2026-11-25T23:50:00Z", "25 November 2026, 23:50 UTC", "yesterday 23:50"),
        ("2026-01-02T03:04:05Z", "2 January 2026, 03:04 UTC", "2 Jan 03:04"),
        ("2022-01-19", "19 January 2022", "19 Jan 2022"),
        ("2026-11-26", "26 November 2026", "today"),
    ],
)
def test_times_are_said_as_people_say_them(text: str, long: str, short: str) -> None:
    assert times.long(text) == f'<time datetime="{text}">{long}</time>'
    assert LexborHTMLParser(times.short(text, NOW)).text() in (short, short.removesuffix(" 03:04"))


def test_what_is_no_time_is_shown_as_it_is() -> None:
    assert times.long("<b>soon") == times.short("<b>soon", NOW) == "&lt;b&gt;soon"
    assert times.long(None) == ""
    assert times.ago(None, NOW) == "never"
    assert "3 hours ago" in times.ago("2026-11-25T21:30:00Z", NOW)
    assert "in 5 min" in times.ago("2026-11-26T00:35:00Z", NOW)
    assert "1 day ago" in times.ago("2026-11-25T00:20:00Z", NOW)


@pytest.mark.parametrize(
    ("language", "attributes"),
    [
        ("en", ' lang="en" dir="ltr"'),
        ("ar-EG", ' lang="ar-EG" dir="rtl"'),
        ("az-Arab", ' lang="az-Arab" dir="rtl"'),
        ("ar-Latn", ' lang="ar-Latn" dir="ltr"'),
        ("zh-Hant-TW", ' lang="zh-Hant-TW" dir="ltr"'),
        ('en" onload="x', ' dir="auto"'),
        (None, ' dir="auto"'),
    ],
)
def test_languages_have_a_direction(language: str | None, attributes: str) -> None:
    assert languages.attributes(language) == attributes


def test_a_chart_has_a_bar_a_day() -> None:
    made = chart.chart({"2026-11-26": 1, "2026-11-24": 730, "2020-01-01": 9}, date(2026, 11, 26), 30)
    assert [bar.day for bar in made.bars][::29] == ["2026-10-28", "2026-11-26"]
    assert (made.top, made.total, made.busiest.day) == (1000, 731, "2026-11-24")
    assert made.bars[-1].height == 2.0  # one article is seen beside 730
    assert all(0 <= bar.y <= made.height and bar.x + bar.width <= made.width for bar in made.bars)
    assert chart.chart({}, date(2026, 11, 26), 90).top == 1


@settings(max_examples=50)
@given(st.text(), st.text())
def test_no_markdown_makes_markup_of_its_own(markdown: str, plain: str) -> None:
    html, cut = markup.body(markdown, plain)
    assert not cut
    tree = LexborHTMLParser(html)
    allowed = {
        *("p", "a", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "br", "table", "thead"),
        *("tbody", "tr", "th", "td", "h2", "h3", "h4", "h5", "h6", "html", "head", "body", "-text"),
    }
    assert {node.tag for node in tree.css("*")} <= allowed
    for link in tree.css("a"):
        assert link.attributes["rel"] == "nofollow noopener noreferrer"
        assert markup.web_address(link.attributes["href"])


@pytest.mark.parametrize(
    "harm",
    [
        "<script>alert(1)</script>", "[a](javascript:alert(1))", "[a](JaVaScRiPt:alert(1))", "[a](data:text/html,x)",
        "[a](vbscript:x)", "<javascript:alert(1)>", "![a](javascript:alert(1))", "[a]: javascript:alert(1)\n\n[a]",
        "<img src=x onerror=alert(1)>", "[a](&#106;avascript:alert(1))", "[a](file:///etc/passwd)", "<svg/onload=x>",
    ],
)  # fmt: skip
def test_what_would_do_harm_is_text(harm: str) -> None:
    tree = LexborHTMLParser(markup.body(harm, "")[0])
    assert tree.css("script, img, svg, a") == []


def test_pictures_become_links_and_headings_fit_under_the_title() -> None:
    html, _ = markup.body("# Big\n\n#### Small\n\n[![alt](https://a.example/i.png)](https://a.example/)", "")
    assert "<h2>Big</h2>" in html
    assert "<h3>Small</h3>" in html
    assert '<a href="https://a.example/" rel="nofollow noopener noreferrer">[image: alt]</a>' in html


@pytest.mark.parametrize("piece", ["![", "*a ", "> ", "- ", "`", "<", "a**b", "| a |\n"])
def test_a_hostile_body_is_bounded(piece: str) -> None:
    html, cut = markup.body(piece * (2 * markup.LONGEST // len(piece)), "")
    assert cut
    assert len(html) < 60 * markup.LONGEST


def test_snippets_are_marked_and_escaped() -> None:
    assert markup.marked("a [<b>] c \x02d\x03 [e") == "a <mark>&lt;b&gt;</mark> c [d] e"
    assert markup.marked(None) == ""


def test_differences_are_marked_and_escaped() -> None:
    assert differences.CAN_TELL
    changed, cut = differences.between("340 tonnes <b>", "430 tonnes <b>")
    assert (changed, cut) == ("<del>340</del><ins>430</ins> tonnes &lt;b&gt;", False)
    assert differences.between("<same>", "<same>") == ("&lt;same&gt;", False)


@pytest.mark.parametrize("place", ["begins", "ends", "between"])
@pytest.mark.parametrize("script", ["The river <rose> on.\n\n", "河水<上涨>。"])
def test_a_change_is_found_wherever_a_long_text_has_it(place: str, script: str) -> None:
    long = script * (differences.LONGEST // len(script) + 1)
    before, after = {"begins": ("", long), "ends": (long, ""), "between": (long, long)}[place]
    html, cut = differences.between(f"{before}340 tonnes{after}", f"{before}430 tonnes{after}")
    changed = str(html).removeprefix(str(escape(before))).removesuffix(str(escape(after)))
    assert (changed, cut) == ("<del>340</del><ins>430</ins> tonnes", False)


def test_texts_that_differ_at_length_are_compared_at_the_beginning_and_it_is_said() -> None:
    words = "flood " * (differences.LONGEST // 5)
    html, cut = differences.between(f"Same. old {words}last", f"Same. new {words}first")
    assert html.startswith("Same. <del>old</del><ins>new</ins> flood")
    assert cut
    assert "last" not in html


@pytest.mark.parametrize("title", ["", " ", "\u200b\u2060\ufeff", "\u3164", "\u202e\u00a0", None])
def test_a_title_that_nobody_sees_is_told_in_words(title: str | None) -> None:
    assert markup.headline(title) == "Without a title"
    assert markup.headline("\u200b7") == "\u200b7"


def test_an_address_is_read_and_written() -> None:
    given = {"q": "  peace \0 talks ", "since": "2026-01-01", "until": "yesterday", "page": "3", "sort": "newest"}
    read = asked.read(given)
    assert (read.q, read.since, read.until, read.page) == ("peace talks", "2026-01-01", "", 3)
    assert len(read.troubles) == 1
    assert read.query() == "?q=peace+talks&since=2026-01-01&sort=newest"
    assert read.query(page=4).endswith("&page=4")
    assert read.feed() == "?q=peace+talks&since=2026-01-01"
    assert asked.read({}).query() == ""
    long = asked.read({"q": "x" * (asked.LONGEST + 1)})
    assert (len(long.q), long.troubles, long.cut, read.cut) == (asked.LONGEST, (), True, False)
    assert "cut" not in long.query()
    words = asked.read({"q": " OR ".join(["flood"] * 300)})
    assert (words.cut, set(words.q.split())) == (True, {"flood", "OR"})
    assert words.q.endswith("flood")
    assert asked.read({"q": words.q}).q == words.q
    assert asked.read({"page": "²"}).page == asked.read({"page": "-1"}).page == 1
    assert asked.read({"page": "9" * 30}).page == asked.PAGES


def test_what_many_ask_for_at_once_is_made_once() -> None:
    made = []

    async def make() -> int:
        made.append(1)
        await asyncio.sleep(0)
        return len(made)

    async def ask() -> list[int]:
        cache = Cache(3600, most=2)
        return [*await asyncio.gather(*(cache.get("a", make) for _ in range(8))), await cache.get("b", make)]

    assert asyncio.run(ask()) == [1] * 8 + [2]


def test_a_failure_is_not_kept() -> None:
    async def fail() -> int:
        raise OSError

    async def make() -> int:
        return 1

    async def ask() -> int:
        cache = Cache(3600)
        with pytest.raises(OSError):  # noqa: PT011 - ours, above
            await cache.get("a", fail)
        return int(await cache.get("a", make))

    assert asyncio.run(ask()) == 1
