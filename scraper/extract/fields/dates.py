"""When an article was published and last changed: the rules, machine-readable ones first, and what spoke against it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from scraper.extract.fields import lines
from scraper.extract.fields.days import own_day
from scraper.extract.fields.instants import Reading, offset_in, parse_date, parse_day_line
from scraper.extract.fields.rules import Found, Rule, first, ld, md, meta, prop
from scraper.extract.marks import Mark
from scraper.extract.page import ParsedPage
from scraper.extract.urls import path_of
from scraper.model import Date

__all__ = [
    "MODIFIED", "PUBLISHED", "Reading", "localised", "modified", "parse_date", "parse_day_line", "published", "rivals",
]  # fmt: skip

_CHANGED_NAME = re.compile(r"updat|modif|changed")
_DATE_NAME = re.compile(
    r"publish|publicat|pubdate|timestamp|dateline|(?:^|[\s_-])(?:date|posted|created|tarih|fecha|datum)|date(?:$|[\s_-])"
)
_TIME_NAME = re.compile(r"(?:^|[\s_-])(?:time|day)|time(?:$|[\s_-])|byline|meta")
_URL_DAY = re.compile(
    r"(?<!\d)(199\d|20\d\d)([/\-_.]?)([01]\d)\2([0-3]\d)(?!\d)|(?<!\d)(199\d|20\d\d)-([01]\d)/([0-3]\d)(?=/)"
)
_URL_DAY_FIRST = re.compile(r"(?<!\d)([0-3]\d)[-_.]([01]\d)[-_.](199\d|20\d\d)(?!\d)")
_STATE_DATE = re.compile(
    r"\"(?:date_?published|publish(?:ed)?_?(?:date|at|on|time)|pub_?date|first_?published_?(?:at|date)?|(?:reg|deploy)_?(?:dt|date))\\?\"\s*:\s*"
    r"\\?\"([^\"\\]{8,40})",
    re.IGNORECASE,
)
_COUNTRY = 2  # letters of a country's code
_HOMES = {"hi": "in", "mr": "in", "te": "in", "gu": "in", "kn": "in", "ml": "in", "zh": "cn", "he": "il"}
_MOST_STATES = 20
_DAY = 10  # characters of an ISO day
_MOST_RIVALS = 5
_SEARCHES = (  # rules that search, and find the dates of other stories on most pages
    "text:", "meta:description", "microdata:first", "dom:hatom", "dom:date-class", "json:published", "dom:time-class",
    "dom:above-headline", "dom:changed", "dom:named-line",
)  # fmt: skip
_ALIKE = 3  # elements of one name that are a list's


def _after_headline(page: ParsedPage, marks: Iterable[Mark]) -> Iterator[Mark]:
    """Marks that do not speak of a change, those after the first heading before the others."""
    headings = page.marks.tags("h1")
    start = headings[0].place if headings else 0
    own = page.marks.own(sorted(marks, key=lambda mark: mark.place < start))
    yield from _unlike(page, [mark for mark in own if not _is_change(mark)])


def _unlike(page: ParsedPage, marks: Sequence[Mark]) -> Iterator[Mark]:
    """The elements without those of a list: several of the same tag and class that say several things, none of them by
    the headline.
    """
    said: dict[tuple[str, str], set[str]] = {}
    for mark in marks:
        said.setdefault((mark.tag, mark.value("class")), set()).add(mark.value("datetime") or mark.text)
    for mark in marks:
        if len(said[mark.tag, mark.value("class")]) < _ALIKE or (
            mark.text and any(mark.text in block.text for block in page.around_headline)
        ):
            yield mark


def _is_change(mark: Mark) -> bool:
    """Whether an element, or the one it stands in, says that its date is that of a change."""
    names = f"{mark.value('class')} {mark.value('itemprop')}".lower()
    return (
        _CHANGED_NAME.search(names) is not None
        or lines.CHANGED.search(lines.NUMBER.split(mark.text, maxsplit=1)[0]) is not None
    )


def _before_change(text: str) -> str:
    """A text up to where it goes on to the day of a change: "22 December 2022 Updated: 2 January 2026"."""
    change = lines.CHANGED.search(text)
    return text[: change.start()] if change and lines.NUMBER.search(text, 0, change.start()) else text


def _pubdate(page: ParsedPage) -> Iterator[str]:
    """The one ``<time pubdate>``: several are those of comments."""
    marks = page.marks.outside([mark for mark in page.marks.tags("time") if "pubdate" in mark.attributes])
    found = {mark.value("datetime") for mark in marks}
    return iter(found if len(found) == 1 else ())


def _times(page: ParsedPage) -> Iterator[str]:
    return (mark.value("datetime") for mark in _after_headline(page, page.marks.tags("time")))


def _time_texts(page: ParsedPage) -> Iterator[str]:
    return (mark.text for mark in _after_headline(page, page.marks.tags("time")))


def _hatom(page: ParsedPage) -> Iterator[str]:
    """The hAtom microformat, which older blogs have: ``<abbr class="published" title="2013-04-04T18:52:11+00:00">``."""
    for name in ("published", "updated"):
        for mark in page.marks.own(page.marks.named("date", re.compile(rf"(?:^|\s){name}(?:$|\s)"))):
            yield mark.value("title") or mark.value("datetime")


def _named(family: str, pattern: re.Pattern[str]) -> Callable[[ParsedPage], Iterable[str]]:
    """The texts of elements whose class or id speaks of a date."""

    def rule(page: ParsedPage) -> Iterator[str]:
        own = page.marks.own(page.marks.named(family, pattern))
        for mark in _unlike(page, [mark for mark in own if not _is_change(mark)]):
            yield mark.value("datetime") or mark.value("data-date") or _before_change(mark.text)

    return rule


def _state(page: ParsedPage) -> Iterator[str]:
    """What the data of the page's scripts calls its publication, if they name one day: they list other stories too."""
    marks = map(Mark, page.tree.css("script:not([src])"))
    scripts = (mark.node.text() for mark in marks if not _is_told_apart(page, mark))
    found = [match[1] for text in scripts for match in islice(_STATE_DATE.finditer(text), _MOST_STATES)]
    return iter(found[:1] if len({text[:_DAY] for text in found}) == 1 else ())


def _is_told_apart(page: ParsedPage, script: Mark) -> bool:
    """Whether a script is JSON-LD, on a page whose JSON-LD speaks of other stories."""
    return len(page.own) < len(page.things) and "ld+json" in script.value("type").lower()


def _url_day(page: ParsedPage) -> Iterator[str]:
    for address in (page.url, page.canonical):
        for match in _URL_DAY.finditer(path_of(address)):
            yield "-".join(part for part in match.groups() if part and part.isdigit())
        for match in _URL_DAY_FIRST.finditer(path_of(address)):
            yield "-".join(reversed(match.groups()))


_item_days = prop("datePublished", "datetime", "content")


def _of_one_story(rule: Callable[[ParsedPage], Iterable[str]]) -> Callable[[ParsedPage], Iterable[str]]:
    """A rule that is asked only where all microdata of the page name one day: lists of other stories have theirs."""

    def asked(page: ParsedPage) -> Iterable[str]:
        marks = page.marks.property("datepublished")
        days = {(mark.value("datetime") or mark.value("content") or mark.text)[:_DAY] for mark in marks}
        return rule(page) if not page.items.others and len(days) < 2 else ()

    return asked


def _things(key: str) -> Rule:
    """A key of any of the page's schema.org objects: a WebPage often says what its article does not."""

    def rule(page: ParsedPage) -> Iterator[str]:
        for kinds, thing in page.own:
            value = thing.get(key)
            if isinstance(value, str) and "VideoObject" not in kinds:
                yield value

    return f"jsonld:any:{key}", rule


PUBLISHED: tuple[Rule, ...] = (
    ("dom:before-stamp", lines.before_stamp),
    *ld("datePublished"),
    *meta("article:published_time", "og:article:published_time"),
    *((name, _of_one_story(rule)) for name, rule in (*md("datePublished"), *meta("datepublished"))),
    *meta("og:published_time"),
    ("microdata:datePublished", _of_one_story(_item_days)),
    *meta(
        "parsely-pub-date", "sailthru.date", "article.published", "published-date", "publish-date", "publishdate",
        "publish_date", "pubdate", "publication_date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime",
        "dcterms.created", "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.date", "dc.date", "date",
        "last-published", "citation_publication_date", "citation_date", "published", "publication-date",
        "published_date", "publisheddate", "pub_date", "article.created", "og:pubdate", "bt:pubdate",
        "rnews:datepublished",
        "shareaholic:article_published_time", "dc.date.published", "displaydate",
    ),
    _things("datePublished"),
    *ld("dateCreated"),
    *meta("datecreated", "article:created"),
    ("dom:time[pubdate]", _pubdate),
    ("dom:time", _times),
    ("dom:around-headline", partial(lines.by_headline, named=False)),
    ("dom:time-text", _time_texts),
    ("dom:line-above", lines.line_above),
    ("dom:named-line", partial(lines.by_headline, named=True)),
    ("url:path", _url_day),
    ("microdata:first", _item_days),
    ("dom:hatom", _hatom),
    ("dom:date-class", _named("date", _DATE_NAME)),
    ("dom:time-class", _named("time", _TIME_NAME)),
    ("json:published", _state),
    ("dom:above-headline", lines.above_headline),
    ("dom:changed", lines.changed_around),
    ("text:labelled", lines.labelled),
    ("text:line", lines.alone),
    ("meta:description", lines.described),
    ("text:dateline", lines.dateline),
    ("text:brief", lines.brief),
    ("text:changed", lines.changed_texts),
)  # fmt: skip

MODIFIED: tuple[Rule, ...] = (
    *ld("dateModified"),
    *md("dateModified"),
    *meta("article:modified_time", "og:updated_time", "og:article:modified_time", "article:updated_time"),
    *meta("datemodified", "dcterms.modified", "dc.date.modified", "last-modified", "lastmod", "revision_date"),
    ("microdata:dateModified", prop("dateModified", "datetime", "content")),
)


def published(page: ParsedPage, reading: Reading) -> Found[Date] | None:
    """When the article was published."""
    return first(PUBLISHED, page, partial(parse_date, reading=localised(page, reading)))


def rivals(page: ParsedPage, reading: Reading, found: Found[Date]) -> list[Found[Date]]:
    """Other days that machine-readable sources and the headline's surroundings give, each by its own clock and with its
    first rule.

    Rules that search the whole text are left out: on most pages they find the dates of other stories.
    """
    local = localised(page, reading)
    days = {own_day(found.value, local): found}
    read = {found.value.raw}  # most sources repeat the same text
    for name, rule in PUBLISHED:
        text = None if name.startswith(_SEARCHES) else next(iter(rule(page)), None)
        if text and text not in read:
            read.add(text)
            other = parse_date(text, local)
            if other is not None and (other.at != found.value.at or offset_in(other.raw, local)):
                days.setdefault(own_day(other, local), Found(other, name))
    return list(days.values())[1 : 1 + _MOST_RIVALS]


def modified(page: ParsedPage, reading: Reading) -> Found[Date] | None:
    """When the article says that it was last changed."""
    return first(MODIFIED, page, partial(parse_date, reading=localised(page, reading)))


def localised(page: ParsedPage, reading: Reading) -> Reading:
    """The reading by the page's language and country, with 02/03/2022 in February where the page is American, or in
    English on a host of no country's.
    """
    language, region = _locale(page.lang)
    told, elsewhere = _locale(next(page.metas("og:locale", "content-language"), ""))
    end = page.host.rpartition(".")[2]
    place = end if len(end) == _COUNTRY else ""
    month_first = language == "en" and (region in {"us", "ph"} if region else bool(end) and not place)
    return replace(
        reading,
        month_first=reading.month_first or month_first,
        language=language or told or place,
        country=region or place or elsewhere or _HOMES.get(language or told, ""),
    )


def _locale(name: str) -> tuple[str, str]:
    """``en_IN`` -> en, in; each empty where it is not said."""
    language, _, rest = name.lower().replace("_", "-").partition("-")
    return language, next((part for part in rest.split("-") if len(part) == _COUNTRY), "")
