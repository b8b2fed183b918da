"""Dates: every form that is read, every one that is refused, zones, and the order of the rules."""

# ruff: noqa: E501, ISC004, RUF001 - one case a line, in the world's alphabets

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.fields.dates import Reading, localised, parse_date, parse_day_line, published, rivals
from scraper.extract.fields.days import printed_day
from scraper.extract.fields.instants import offset_in
from scraper.extract.page import ParsedPage
from scraper.model import Date, Zone, from_instant

PLAIN = Reading()
DAY = ("2022-01-19", Zone.NONE)
GIVEN = ("2022-01-19T10:00:00Z", Zone.GIVEN)
WORDS = "word " * 50
NAIVE = ("2022-01-19T14:30:00Z", Zone.ASSUMED)


def read(text: str, reading: Reading = PLAIN) -> tuple[str, Zone] | None:
    date = parse_date(text, reading)
    return (date.at, date.zone) if date else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-01-19T10:00:00Z", GIVEN),
        ("2022-01-19T13:00:00.123+03:00", GIVEN),
        ("2022-01-19 05:00:00 -0500", GIVEN),
        ("2022-01-19T11:00+01:00[Europe/Paris]", GIVEN),
        ("2022-01-19T14:30", NAIVE),
        ("2022-01-19", DAY),
        ("20220119", DAY),
        ("20220119143000", NAIVE),
        ("1642586400", GIVEN),
        ("1642586400000", GIVEN),
        ("Wed, 19 Jan 2022 10:00:00 GMT", GIVEN),
        ("Wed, 19 Jan 2022 11:00:00 +0100", GIVEN),
        ("Wed Jan 19 10:00:00 UTC 2022", GIVEN),
        ("January 19, 2022", DAY),
        ("Jan. 19, 2022, 5:00 a.m. ET", GIVEN),
        ("Jan 19th, 2022 2:30pm", NAIVE),
        ("19 January 2022 at 14:30", NAIVE),
        ("Published: 19 Jan 2022", DAY),
        ("19-Jan-2022", DAY),
        ("19.01.2022, 14:30 Uhr", NAIVE),
        ("19. Januar 2022 um 14:30 Uhr", NAIVE),
        ("19/01/2022", DAY),
        ("01/19/2022", DAY),
        ("19 января 2022 г., 14:30", NAIVE),
        ("19 января 2022, 13:00 (МСК)", ("2022-01-19T13:00:00Z", Zone.ASSUMED)),
        ("le 19 janvier 2022 à 14h30", NAIVE),
        ("19 de enero de 2022", DAY),
        ("19 يناير 2022", DAY),
        ("١٩ يناير ٢٠٢٢ - ١٤:٣٠", NAIVE),
        ("19 كانون الثاني 2022", DAY),
        ("2022年1月19日", DAY),
        ("2022年1月19日 14時30分", NAIVE),
        ("2022년 1월 19일 14:30", NAIVE),
        ("19 Ocak 2022", DAY),
        ("19 stycznia 2022", DAY),
        ("11:00 CET, 19 Jan 2022", GIVEN),
        ("Mi 19.01.22 | 14:30", NAIVE),
        ("2022. január 19.", DAY),
        ("19. ledna 2022", DAY),
        ("19. tammikuuta 2022", DAY),
        ("19 ianuarie 2022", DAY),
        ("19 Ιανουαρίου 2022", DAY),
        ("19 януари 2022", DAY),
        ("19 січня 2022", DAY),
        ("19 जनवरी 2022", DAY),
        ("19 tháng 1, 2022", DAY),
        ("19 tháng 12, 2022", ("2022-12-19", Zone.NONE)),
        ("19 gener 2022", DAY),
        ("19 siječnja 2022", DAY),
        ("19 tháng 1 năm 2022", DAY),
        ("19 בינואר 2022", DAY),
        ("5 במרץ 2022", ("2022-03-05", Zone.NONE)),
        ("2022 m. sausio 19 d. 14:30", NAIVE),
        ("2022. gada 19. janvāris", DAY),
        ("19. janúar 2022", DAY),
        ("19 Ogos 2022", ("2022-08-19", Zone.NONE)),
        ("19 جنوری 2022", DAY),
        ("১৯ জানুয়ারি ২০২২", DAY),
        ("19 ஜனவரி 2022", DAY),
        ("19 de xaneiro de 2022", DAY),
        ("19. avgust 2022.", ("2022-08-19", Zone.NONE)),
        ("19 d\u2019agost de 2022", ("2022-08-19", Zone.NONE)),
        ("2022ko urtarrilaren 19a", DAY),
        ("19 Ionawr 2022", DAY),
        ("19 հունվարի 2022", DAY),
        ("19 იანვარი 2022", DAY),
        ("19 มกราคม 2565", DAY),
        ("19 ม.ค. 2565 14:30 น.", NAIVE),
        ("19 ม.ค. 65", DAY),
        ("19 มกราคม 2022", DAY),
        ("令和4年1月19日 14時30分", NAIVE),
        ("平成31年4月1日", ("2019-04-01", Zone.NONE)),
        ("令和元年5月1日", ("2019-05-01", Zone.NONE)),
        ("民國111年1月19日", DAY),
        ("۲۹ دی ۱۴۰۰", DAY),
        ("30 اسفند 1399", ("2021-03-20", Zone.NONE)),
        ("1 فروردین 1400 ساعت 14:30", ("2021-03-21T14:30:00Z", Zone.ASSUMED)),
        ("입력 2022.01.19. 오후 2:30", NAIVE),
        ("2022年1月19日 午後2時30分", NAIVE),
        ("2022年1月19日 午後2時3分", ("2022-01-19T14:03:00Z", Zone.ASSUMED)),
        ("2022年1月19日 下午2点30分", NAIVE),
        ("2022年1月19日 上午10:00", ("2022-01-19T10:00:00Z", Zone.ASSUMED)),
        ("2022.01.19. 오전 12:05", ("2022-01-19T00:05:00Z", Zone.ASSUMED)),
        ("19 de enero de 2022, 2:30 p. m.", NAIVE),
        ("19 يناير 2022 02:30 م", NAIVE),
        ("19 يناير 2022 10:00 صباحاً", ("2022-01-19T10:00:00Z", Zone.ASSUMED)),
        ("19 Ιανουαρίου 2022, 2:30 μ.μ.", NAIVE),
        ("19 January 2022, 14:30 p.m.", NAIVE),
        ("19 January 2022 8:00pm AEST", GIVEN),
        ("19 Jan 2022, 18:00 SGT", GIVEN),
        ("19 Januari 2022, 17:00 WIB", GIVEN),
        ("19 Jan 2022, 18:00 HKT", GIVEN),
        ("19 Jan 2022, 12:00 SAST", GIVEN),
        ("19 Jan 2022, 14:30 IST", NAIVE),  # India, Israel or Ireland
    ],
)
def test_forms_that_are_read(text: str, expected: tuple[str, Zone]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "3 hours ago", "2026-11", "May 2022", "2022", "31 February 2022", "2022-13-01", "2022-01-19T25:00",
        "1989-12-31", "2150-01-01", "0", "12345", "January 19", "Chapter 19, 2022 words", "x" * 200,
        "0001-01-01T00:00:00", "0001-01-01", "01.01.0001", "Mac 10, 2022", "31 مهر 1400", "30 اسفند 1400", "1446/05/12",
        "民國21年1月19日", "19/01/2565",
    ],
)  # fmt: skip
def test_forms_that_are_refused(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "language", "country", "at"),
    [
        ("12. listopada 2022.", "hr", "", "2022-10-12"),
        ("12. listopada 2022.", "", "ba", "2022-10-12"),
        ("12 listopada 2022", "pl", "", "2022-11-12"),
        ("12. listopad 2022", "cs", "cz", "2022-11-12"),
        ("12 Mac 2022", "ms", "", "2022-03-12"),
        ("12/11/2565", "th", "", "2022-11-12"),
        ("2565-11-12", "th", "", "2022-11-12"),
        ("1400/10/29", "fa", "", "2022-01-19"),
        ("R4.11.12", "ja", "", "2022-11-12"),
        ("12 Nov 2022, 14:30 IST", "en", "in", "2022-11-12T09:00:00Z"),
        ("12 Nov 2022, 14:30 IST", "en", "ie", "2022-11-12T13:30:00Z"),
        ("Sat Nov 12 14:30:00 CST 2022", "zh", "cn", "2022-11-12T06:30:00Z"),
        ("12 Nov 2022, 14:30 CST", "en", "us", "2022-11-12T20:30:00Z"),
    ],
)
def test_the_language_and_country_tell_what_a_name_means(text: str, language: str, country: str, at: str) -> None:
    date = parse_date(text, Reading(language=language, country=country))
    assert date is not None
    assert date.at == at


@pytest.mark.parametrize(
    ("html", "url", "language", "country"),
    [
        ('<html lang="hr">', "https://a.example/x", "hr", ""),
        ('<html lang="en-IN">', "https://a.example/x", "en", "in"),
        ("<html>", "https://a.hr/x", "hr", "hr"),
        ('<html lang="hi">', "https://a.example/x", "hi", "in"),
        ('<html lang="zh-Hant-TW">', "https://a.example/x", "zh", "tw"),
        ('<html lang="en"><meta property="og:locale" content="en_US">', "https://a.in/x", "en", "in"),
        ('<meta property="og:locale" content="en_IN">', "https://a.example/x", "en", "in"),
    ],
)
def test_where_a_page_is_read(html: str, url: str, language: str, country: str) -> None:
    reading = localised(ParsedPage(html, url), PLAIN)
    assert (reading.language, reading.country) == (language, country)


def test_the_future_is_refused_where_the_present_is_known() -> None:
    now = Reading(now=datetime(2022, 1, 19, tzinfo=UTC))
    assert read("2022-01-20", now) == ("2022-01-20", Zone.NONE)
    assert read("2022-01-22", now) is None
    assert read("2022-01-22") == ("2022-01-22", Zone.NONE)


def test_a_naive_time_is_in_the_zone_of_the_source() -> None:
    berlin = Reading(zone=ZoneInfo("Europe/Berlin"))
    assert read("2022-07-19T10:00", berlin) == ("2022-07-19T08:00:00Z", Zone.SOURCE)
    assert read("2022-07-19T10:00Z", berlin) == ("2022-07-19T10:00:00Z", Zone.GIVEN)
    assert read("2022-07-19", berlin) == ("2022-07-19", Zone.NONE)


def test_an_ambiguous_slash_date_follows_the_language() -> None:
    assert read("02/03/2022") == ("2022-03-02", Zone.NONE)
    assert read("02/03/2022", Reading(month_first=True)) == ("2022-02-03", Zone.NONE)


def test_the_raw_text_is_kept() -> None:
    assert parse_date(" 19 Jan 2022 ", PLAIN) == Date("2022-01-19", "19 Jan 2022", Zone.NONE)


def test_a_day_line_holds_nothing_but_its_day() -> None:
    assert parse_day_line("Wednesday, January 19, 2022", PLAIN) is not None
    assert parse_day_line("Riots of January 19, 2022", PLAIN) is None
    assert parse_day_line("January 19, 2022 17", PLAIN) is None


@pytest.mark.parametrize(
    ("html", "at", "rule"),
    [
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","headline":"H","datePublished":"2022-01-19T10:00Z"}'
            '</script><meta property="article:published_time" content="2021-01-01">',
            "2022-01-19T10:00:00Z",
            "jsonld:datePublished",
        ),
        ('<meta property="article:published_time" content="2022-01-19">', "2022-01-19", "meta:article:published_time"),
        ('<meta name="DC.date.issued" content="2022-01-19">', "2022-01-19", "meta:dc.date.issued"),
        (
            '<meta name="parsely-pub-date" content="2022-01-19T10:00:00Z">',
            "2022-01-19T10:00:00Z",
            "meta:parsely-pub-date",
        ),
        ('<meta name="sailthru.date" content="2022-01-19 10:00:00">', "2022-01-19T10:00:00Z", "meta:sailthru.date"),
        ('<i itemprop="datePublished" content="2022-01-19">', "2022-01-19", "microdata:datePublished"),
        ('<time datetime="2022-01-19T10:00Z">x</time>', "2022-01-19T10:00:00Z", "dom:time"),
        ("<h1>A headline</h1><p>By Ana | 19.01.2022</p>", "2022-01-19", "dom:around-headline"),
        ('<b class="entry-date">19 Jan 2022</b>', "2026-11-05", "url:path"),
        ("<p>x", "2026-11-05", "url:path"),
    ],
)
def test_the_order_of_the_rules(html: str, at: str, rule: str) -> None:
    found = published(ParsedPage(html, "https://a.example/2026/11/05/story"), PLAIN)
    assert found is not None
    assert (found.value.at, found.rule) == (at, rule)


def test_the_time_of_a_comment_is_not_the_articles() -> None:
    html = '<div class="comments"><time datetime="2022-01-19T10:00Z"></time></div>'
    assert published(ParsedPage(html, "https://a.example/x"), PLAIN) is None


@given(st.text(max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    date = parse_date(text, PLAIN)
    assert date is None or from_instant(date.at).year >= 1989


@given(st.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 30)))  # noqa: DTZ001 - hypothesis adds no zone here
def test_what_is_written_in_iso_is_read_back(moment: datetime) -> None:
    date = parse_date(moment.isoformat(), PLAIN)
    assert date is not None
    assert from_instant(date.at) == moment.replace(microsecond=0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("html", "at", "rule"),
    [
        ('<time datetime="2019-01-01">top</time><h1>A headline</h1><time datetime="2022-01-19">x</time>', "2022-01-19", "dom:time"),
        ('<h1>A headline</h1><time class="updated" datetime="2023-01-01">x</time><time datetime="2022-01-19">x</time>', "2022-01-19", "dom:time"),
        ('<h1>A headline</h1><time datetime="2023-01-01">Updated 1 Jan</time><time datetime="2022-01-19">x</time>', "2022-01-19", "dom:time"),
        ('<p class="date">Written: 19 Jan 2022. Updated: 20 Jan 2022</p>', "2022-01-19", "dom:date-class"),
        ('<b class="entry-date">19 Jan 2022</b>', "2022-01-19", "dom:date-class"),
        ('<p class="meta">19 Jan 2022</p>', "2022-01-19", "dom:time-class"),
        ("<p>19.01.2022</p><h1>A headline</h1><p>Text.</p>", "2022-01-19", "dom:line-above"),
        ("<p>News of 19.01.2022</p><h1>A headline</h1><p>Text.</p>", "2022-01-19", "dom:above-headline"),
        ("<p>19.01.2022</p><h1>A headline</h1><p>" + "Text. " * 50 + '</p><p class="date">1 Jan 2021</p>', "2022-01-19", "dom:line-above"),
        ("<h1>A headline</h1><p>Last modified: 19 Jan 2022</p><p>" + "Text. " * 50 + "<p>1 Jan 2021</p>", "2022-01-19", "dom:changed"),
        ('<p class="date">19 January 2022 Updated: 3 February 2026</p>', "2022-01-19", "dom:date-class"),
        ('<meta name="description" content="Pressemitteilung vom 19.01.2022">', "2022-01-19", "meta:description"),
        ("<p>Abbildung: Satellitenbild vom 1. Mai 2021</p><p>19.01.2022</p>", "2022-01-19", "text:line"),
        ("<p>19 | 01 | 2022</p>", "2022-01-19", "text:line"),
        ("<p>1 Jan 2021</p><p>Opublikowano 19 stycznia 2022</p>", "2022-01-19", "text:labelled"),
        ("<p>Hello there.</p><p>Wednesday, 19 January 2022</p>", "2022-01-19", "text:line"),
        ("<p>Gespeichert rasos um Mitternacht 19. Januar 2022</p>", "2022-01-19", "text:labelled"),
        ("<p>rasos in Wien 19. Januar 2022 um drei</p>", "2022-01-19", "text:brief"),
        (f"<p>BERLIN, 19 January 2022 - {'The word of the day is long. ' * 8}</p>", "2022-01-19", "text:dateline"),
        ("<p>Page last modified 19 January 2022</p>", "2022-01-19", "text:changed"),
    ],
)  # fmt: skip
def test_dates_that_only_the_text_gives(html: str, at: str, rule: str) -> None:
    found = published(ParsedPage(html, "https://a.example/story"), PLAIN)
    assert found is not None
    assert (found.value.at, found.rule) == (at, rule)


@pytest.mark.parametrize(
    "html",
    [
        "<h1>A library</h1><p>The library will open again on 14 March 2022 after two years of repairs.</p>",
        "<h1>A library</h1><p>The plan, published on 14 March 2022, was thrown out by the county council.</p>",
        "<p>The ministry updated the list of its own offices on 14 March 2022.</p>",
        "<p>The report of the county was published on 14 March 2022.</p>",
        f"<p>On 14 March 2022 the county {'went to the sea and came back again. ' * 8}</p>",
        f"<h1>A</h1><p>{WORDS}</p><aside><p>On this day</p><p>14 March 2022</p></aside>",
        '<h1>A</h1><div class="event"><b class="event-date">14 March 2022</b></div>',
        '<h1>A</h1><div class="most-read"><b class="date">14 March 2022</b></div>',
        '<h1>A</h1><div class="related-stories"><time datetime="2022-03-14">14</time></div>',
        '<h1>A</h1><aside><time datetime="2022-03-14">1</time><time datetime="2022-03-15">2</time></aside>',
        "<h1>A</h1>" + "".join(f"<p>{WORDS}<b class=date>1{n} March 2022</b></p>" for n in range(3)),
        "<h1>A</h1>" + "".join(f"<p>{WORDS}<time datetime=2022-03-1{n}>x</time></p>" for n in range(3)),
        f"<h1>A</h1><p>{'The word of the day is long. ' * 8}</p><p>Terms last revised 1 January 2020</p>",
        f"<h1>A</h1><p>{'The word of the day is long. ' * 8}</p><p>Gwen 12 August 2024 at 10:14</p>",
    ],
)
def test_days_of_the_news_and_of_other_boxes_are_not_its_own(html: str) -> None:
    assert published(ParsedPage(html, "https://a.example/story"), PLAIN) is None


@pytest.mark.parametrize(
    ("html", "at", "rule"),
    [
        ("<p>12.01.2022</p><h1>A concert</h1><p>Termin: 14.03.2022, 19:30 Uhr</p>", "2022-01-12", "dom:line-above"),
        ("<h1>A concert</h1><p>Termin: 14.03.2022</p>", "2022-03-14", "dom:named-line"),
        ("<h1>A</h1><p>Published in the Courier of the town on 14 March 2022.</p>", "2022-03-14", "dom:around-headline"),
        ("<h1>A</h1><p>By Ana</p><p>19 Jan 2022</p>", "2022-01-19", "dom:around-headline"),
        ('<h1>A</h1><aside><time datetime="2022-03-14">14 March</time></aside>', "2022-03-14", "dom:time"),
        ('<div class="sidebar-right"><h1>A</h1><i class="date">14 March 2022</i></div>', "2022-03-14", "dom:around-headline"),
        ('<div class="related">x<h1>A</h1><time datetime="2022-03-14">1</time></div>', "2022-03-14", "dom:time"),
        ("<p>Copyright of the town. Last updated on 14 March 2022. Created by hand.</p>", "2022-03-14", "text:changed"),
        (f"<p>April 17, 2022 -- {WORDS}</p>", "2022-04-17", "text:dateline"),
        ("<p>This article was published by the town on 14 March 2022.</p>", "2022-03-14", "text:labelled"),
        ("<p>A poem was posted by rasos on 14 March 2022 at 10:05.</p>", "2022-03-14T10:05:00Z", "text:labelled"),
        (
            "<h1>A</h1><time class=ago datetime=2022-03-14>2h ago</time>"
            + "".join(f"<p>{WORDS}<time class=ago datetime=2022-03-1{n}>{n}h</time></p>" for n in range(3)),
            "2022-03-14", "dom:time",
        ),
    ],
)  # fmt: skip
def test_days_that_are_its_own_all_the_same(html: str, at: str, rule: str) -> None:
    found = published(ParsedPage(html, "https://a.example/story"), PLAIN)
    assert found is not None
    assert (found.value.at, found.rule) == (at, rule)


def test_microdata_of_several_days_are_those_of_other_stories_too() -> None:
    days = "".join(f'<meta itemprop="datePublished" content="2026-03-{day}">' for day in (10, 11, 12))
    said = '<p class="date">19 Jan 2022</p>'
    found = published(ParsedPage(days, "https://a.example/story"), PLAIN)
    assert found is not None
    assert (found.value.at, found.rule) == ("2026-03-10", "microdata:first")
    found = published(ParsedPage(f"<h1>A headline</h1>{said}{days}", "https://a.example/story"), PLAIN)
    assert found is not None
    assert (found.value.at, found.rule) == ("2022-01-19", "dom:around-headline")


def test_one_time_pubdate_is_the_articles_and_several_are_comments() -> None:
    one = "<time pubdate datetime=2022-01-19>x</time>"
    found = published(ParsedPage(f"<time datetime=2021-01-01>y</time>{one}", "https://a.example/s"), PLAIN)
    assert found is not None
    assert (found.value.at, found.rule) == ("2022-01-19", "dom:time[pubdate]")
    others = "<time pubdate datetime=2022-03-01>x</time><time pubdate datetime=2022-03-02>x</time>"
    page = ParsedPage(f"<h1>A</h1><time datetime=2022-01-18>y</time>{others}", "https://a.example/s")
    found = published(page, PLAIN)
    assert found is not None
    assert (found.value.at, found.rule) == ("2022-01-18", "dom:time")


@pytest.mark.parametrize(
    ("line", "changed", "at"),
    [
        ("January 31, 2024", "2025-11-05T09:00:00Z", "2024-01-31"),  # published and changed on one later day
        ("January 31, 2024", "2025-12-05T09:00:00Z", "2025-11-05T08:00:00Z"),  # it was changed another day
        ("January 31, 2026", "2025-11-05T09:00:00Z", "2025-11-05T08:00:00Z"),  # no earlier day
        ("Riots of January 31, 2024", "2025-11-05T09:00:00Z", "2025-11-05T08:00:00Z"),  # more than a day
    ],
)
def test_a_day_by_the_headline_goes_before_a_stamp(line: str, changed: str, at: str) -> None:
    told = f'{{"@type":"Article","headline":"A","datePublished":"2025-11-05T08:00:00Z","dateModified":"{changed}"}}'
    page = ParsedPage(
        f'<script type="application/ld+json">{told}</script><h1>A</h1><p>{line}</p>', "https://a.example/s"
    )
    found = published(page, PLAIN)
    assert found is not None
    assert found.value.at == at


def test_of_several_h1_the_title_says_which_is_the_headline() -> None:
    html = "<title>Customs - News - A tax is announced</title><h1>Customs</h1><h1>Menu</h1><p>Login<h1>A tax is announced</h1>"
    found = published(
        ParsedPage(f"{html}<p>Datum: 19.01.2022</p><p class=date>of 1 Jan 2021</p>", "https://a.example/s"), PLAIN
    )
    assert found is not None
    assert (found.value.at, found.rule) == ("2022-01-19", "dom:around-headline")


def test_a_claim_of_rights_is_no_date() -> None:
    assert published(ParsedPage("<p>© 19 January 2022 The Example</p>", "https://a.example/x"), PLAIN) is None


@pytest.mark.parametrize(
    "path", ["2026/11/05/story", "2026-11-05-story", "news/20261105/x", "local/2026-11/05/c_1.htm", "a/2026_11_05_x"]
)
def test_days_in_addresses(path: str) -> None:
    found = published(ParsedPage("<p>x", f"https://a.example/{path}"), PLAIN)
    assert found is not None
    assert (found.value.at, found.rule) == ("2026-11-05", "url:path")


@pytest.mark.parametrize("path", ["20261305/x", "x-202611051", "1890/11/05/x", "2026/11/x"])
def test_numbers_in_addresses_that_are_no_days(path: str) -> None:
    assert published(ParsedPage("<p>x", f"https://a.example/{path}"), PLAIN) is None


@pytest.mark.parametrize(
    ("lang", "host", "at"),
    [("en", "news.com", "2022-02-03"), ("en", "news.co.uk", "2022-03-02"), ("de", "news.com", "2022-03-02")],
)
def test_an_english_page_of_no_country_names_the_month_first(lang: str, host: str, at: str) -> None:
    html = f'<html lang="{lang}"><meta property="article:published_time" content="02/03/2022">'
    found = published(ParsedPage(html, f"https://{host}/x"), PLAIN)
    assert found is not None
    assert found.value.at == at


def test_rivals_are_the_other_days_each_with_its_first_rule() -> None:
    html = (
        '<meta property="article:published_time" content="2022-01-19T10:00Z"><meta name="date" content="2022-01-20">'
        '<meta name="dc.date" content="2022-01-20"><meta name="pubdate" content="2022-01-19">'
    )
    page = ParsedPage(html, "https://a.example/2022/01/17/story")
    found = published(page, PLAIN)
    assert found is not None
    assert [(rival.value.at, rival.rule) for rival in rivals(page, PLAIN, found)] == [
        ("2022-01-20", "meta:dc.date"), ("2022-01-17", "url:path"),
    ]  # fmt: skip
    alone = ParsedPage('<meta name="date" content="2022-01-20">', "https://a.example/x")
    found = published(alone, PLAIN)
    assert found is not None
    assert rivals(alone, PLAIN, found) == []


@pytest.mark.parametrize(
    ("published_time", "beside", "day"),
    [
        ("2022-01-19T23:30:00-05:00", "", "2022-01-19 meta:article:published_time"),  # its own offset tells
        ("2022-01-20T02:18:11Z", '<meta name="date" content="2022-01-19">', "2022-01-19 meta:dc.date"),
        ("2022-01-19T23:18:11Z", '<meta name="date" content="2022-01-20">', "2022-01-20 meta:dc.date"),
        ("2022-01-20T18:18:11Z", '<meta name="date" content="2022-01-19">', None),  # nowhere is it still the day before
        ("2022-01-20T02:18:11Z", '<meta name="date" content="2022-01-17">', None),  # another day is no zone's matter
        ("2022-01-20", '<meta name="date" content="2022-01-19">', None),
        ("2022-01-19T10:00:00+02:00", "", None),
        ("2022-01-20T02:18:11", '<meta name="date" content="2022-01-19">', None),  # by the publisher's own clock
        ("Jan. 19, 2022, 8:45 p.m. ET", "", "2022-01-19 meta:article:published_time"),
        ("2022-01-20T01:45:00Z", "<h1>A</h1><p>Jan 19, 2022 8:45 PM EST", "2022-01-19 dom:around-headline"),
        ("2022-01-19T21:30:00Z", "<h1>A</h1><p>Jan 20, 2022 06:30 JST", "2022-01-20 dom:around-headline"),
        ("2022-01-20T01:45:00Z", "<h1>A</h1><p>Updated 9:12 PM EST, Wed January 19, 2022", "2022-01-19 dom:zone"),
        ("2022-01-19T13:45:00Z", "<h1>A</h1><p>Updated 9:12 AM EST, Wed January 19, 2022", None),
    ],
)
def test_the_day_on_the_publishers_calendar(published_time: str, beside: str, day: str | None) -> None:
    beside = beside.replace('"date"', '"dc.date"')
    html = f'<meta property="article:published_time" content="{published_time}">{beside}'
    page = ParsedPage(html, "https://a.example/x")
    found = published(page, PLAIN)
    assert found is not None
    told = printed_day(page, found, rivals(page, PLAIN, found), PLAIN)
    assert (told and f"{told.value} {told.rule}") == day


@pytest.mark.parametrize(("host", "day"), [("news.example", "2022-01-18"), ("zeitung.ch", None)])
def test_clocks_of_the_host_bound_the_day_that_a_rival_may_tell(host: str, day: str | None) -> None:
    html = '<meta name="date" content="2022-01-19T03:00:00Z"><time datetime="2022-01-18">18</time>'
    page = ParsedPage(html, f"https://{host}/x")
    found = published(page, PLAIN)
    assert found is not None
    told = printed_day(page, found, rivals(page, PLAIN, found), PLAIN)
    assert (told and told.value) == day


@pytest.mark.parametrize(("rival", "day"), [("2022-05-03T21:44:52Z", "2022-05-03"), ("2022-05-03T20:01:02Z", None)])
def test_a_rival_whole_hours_off_is_the_same_moment_by_another_clock(rival: str, day: str | None) -> None:
    html = f'<meta name="date" content="2022-05-04T00:44:52Z"><time datetime="{rival}">x</time>'
    page = ParsedPage(html, "https://a.example/x")
    found = published(page, PLAIN)
    assert found is not None
    told = printed_day(page, found, rivals(page, PLAIN, found), PLAIN)
    assert (told and told.value) == day


@pytest.mark.parametrize(
    ("raw", "hours"),
    [("13 Jan 2020, 22:11 GMT+10", 10), ("2020-01-13 22:11 -0300", -3), ("2020-01-13", None), ("x-10", None)],
)
def test_offsets_that_end_a_text(raw: str, hours: int | None) -> None:
    offset = offset_in(raw, PLAIN)
    assert (offset and offset.total_seconds() / 3600) == hours


def test_the_zone_of_a_source_tells_the_day() -> None:
    reading = Reading(ZoneInfo("America/New_York"))
    page = ParsedPage('<meta name="date" content="2022-01-19 22:00">', "https://a.example/x")
    found = published(page, reading)
    assert found is not None
    assert found.value.at == "2022-01-20T03:00:00Z"
    told = printed_day(page, found, [], reading)
    assert told is not None
    assert told.value == "2022-01-19"


@pytest.mark.parametrize(
    ("html", "url", "at", "rule"),
    [
        ("<abbr class=published title='2013-04-04T18:52:11+00:00'>4</abbr>", "/x", "2013-04-04T18:52:11Z", "dom:hatom"),
        ("<p>A text.", "/meldungen/29-10-2021", "2021-10-29", "url:path"),
        ('<script>window.a={"publishedAt":"2021-05-06"}</script>', "/x", "2021-05-06", "json:published"),
        ('<script>a=[{"publishedAt":"2021-05-06"},{"publishedAt":"2021-05-07"}]</script>', "/x", None, None),
        ("<h1>An owl</h1><p>Jan 04 09:34 2021", "/x", "2021-01-04T09:34:00Z", "dom:around-headline"),
    ],
)
def test_where_older_and_scripted_pages_say_it(html: str, url: str, at: str | None, rule: str | None) -> None:
    found = published(ParsedPage(html, f"https://a.example{url}"), PLAIN)
    assert (found and found.value.at, found and found.rule) == (at, rule)
