"""The whole way from a page's bytes to its article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scraper.errors import BadUsage, LimitExceeded, NotAnArticle
from scraper.extract.body.text import Body, body
from scraper.extract.charset import decode
from scraper.extract.classify import classify
from scraper.extract.fields import others
from scraper.extract.fields.authors import authors
from scraper.extract.fields.dates import Reading, localised, modified, published, rivals
from scraper.extract.fields.days import own_day, printed_day
from scraper.extract.fields.rules import Found
from scraper.extract.fields.title import title
from scraper.extract.media import require_page
from scraper.extract.page import ParsedPage
from scraper.extract.sites import SiteRules
from scraper.markup import bounded
from scraper.model import Article, Date, Kind

EXTRACTOR = "4"
"""The generation of these rules; :mod:`scraper.extract.version` tells each change apart."""

LIMIT = 10 << 20  # bytes of a page
LONGEST = 2_000_000  # characters of a text: a long novel has no more, and no article a tenth


def extract_article(
    html: bytes | bytearray | memoryview | str,
    url: str | None = None,
    *,
    content_type: str | None = None,
    zone: str | None = None,
    now: datetime | None = None,
    site: SiteRules | None = None,
) -> Article:
    """The article on a page.

    ``html`` is best given as the bytes that the server sent: decoding them is part of the work. ``url`` is where they
    came from; without it relative links stay out, and ``Article.url`` is what the page calls itself, or empty.
    ``content_type`` is the header of that name, ``zone`` the IANA name of the time zone that dates without one are
    in (``Europe/Berlin``); without it they are read as UTC. ``now`` (aware) lets a date in the future be refused.
    ``site`` is what is known of the page's site (``scraper.settings.load_sites`` reads it); it goes before the rules
    for all pages.

    A page that has a text but is no article (a list of articles, a gallery, a thread, a product, a page about its site)
    is of :attr:`Kind.OTHER`, and ``evidence["kind"]`` says what it is; the archive refuses it.

    Raises NotAnArticle where there is no text to give; its ``reason`` says what the page is instead (consent wall,
    login wall, bot check, soft 404, javascript shell, error page, empty page, no article; hub, gallery, other page).
    Raises WrongType for bytes that are no web page, LimitExceeded past 10 MiB of page or 2,000,000 characters of text,
    and BadUsage for an unknown zone.

        >>> page = b'''<html lang="en"><title>Harbour reopens after storm - The Example</title>
        ... <meta property="og:site_name" content="The Example"><time datetime="2026-03-01T08:30:00Z"></time>
        ... <h1>Harbour reopens after storm</h1><p>The harbour opened again on Sunday, two days after the storm had
        ... driven three ships aground.</p><p>Pilots said that the channel was clear, and the first ferry left at
        ... noon with some forty people on board.</p>'''
        >>> article = extract_article(page, "https://news.example/harbour")
        >>> article.title
        'Harbour reopens after storm'
        >>> article.published_at, article.evidence["published_at"]
        ('2026-03-01T08:30:00Z', 'dom:time')
    """
    source = _source(html, content_type)
    page = ParsedPage(source, url)
    reading = Reading(_zone(zone), now)
    layout = (site or SiteRules()).layout(lambda: ParsedPage(source, url), reading)
    hinted = layout.kind(page)
    layout.prune(page.tree)
    reading = localised(page, reading)  # not earlier: what looks at the page keeps what it saw
    fields = _fields(page, reading).under(layout.read(page, reading))
    text = layout.text(page) or _body(page, fields)
    kind, why = _hinted(hinted, fields, text), "site:kind"
    if kind is None:
        kind, why = classify(page, text, fields.get("title"), paywalled=fields.get("paywalled"))
    return Article(
        url=page.url or fields.get("canonical_url") or "",
        kind=kind,
        body=text.text,
        body_markdown=text.markdown,
        word_count=text.words,
        extractor=EXTRACTOR,
        addresses=others.addresses(page),
        evidence=fields.evidence | {"body": text.rule} | ({"kind": why} if why else {}),
        **fields.values,
    )


@dataclass(frozen=True, slots=True)
class _Fields:
    """The values of an article's fields, and the rules that gave them."""

    values: dict[str, Any]
    evidence: dict[str, str]

    def get(self, name: str) -> Any:
        return self.values.get(name)

    def under(self, told: Mapping[str, Any]) -> _Fields:
        """These, with what the rules of the page's site found laid over them."""
        values = {name: value.at if isinstance(value, Date) else value for name, value in told.items()}
        date = told.get("published_at")
        if date is not None:
            values |= {"published_raw": date.raw, "published_zone": date.zone}
        return _Fields(self.values | values, self.evidence | {name: f"site:{name}" for name in told})


def _body(page: ParsedPage, fields: _Fields) -> Body:
    """The body that the rules for all pages find; what stands in a field of its own is no part of it.

    Raises LimitExceeded before it spends three times the text's memory on one that is no article's.
    """
    if sum(len(block.text) for block in page.flat.blocks) > LONGEST:
        raise LimitExceeded(f"The page's text is longer than {LONGEST:,} characters")
    asides = (fields.get(name) for name in ("image_caption", "credit", "published_raw"))
    return body(page, fields.get("title"), [aside for aside in asides if aside], fields.get("authors") or ())


def _hinted(kind: Kind | None, fields: _Fields, text: Body) -> Kind | None:
    """The kind that the rules of the page's site name; even so an article has a headline and text."""
    if kind is not None and not (fields.get("title") and text.words):
        raise NotAnArticle(
            f"By the rules of its site this is {kind.value}, but no headline with text is found on it",
            reason="no article",
        )
    return kind


def _source(html: bytes | bytearray | memoryview | str, content_type: str | None) -> bytes:
    """The page as UTF-8 that a parser can bear. Raises TypeError for what is neither text nor bytes of any kind."""
    if not isinstance(html, str):
        html = memoryview(html).tobytes()  # also a bytearray, or a file that is mapped
    if len(html) > LIMIT:
        raise LimitExceeded(f"The page has {len(html):,} bytes; the limit is {LIMIT:,}")
    if isinstance(html, str):
        return bounded(html.encode("utf-8", "replace"))
    require_page(html, content_type)
    return bounded(decode(html, content_type).utf8)


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadUsage(f"{name!r} is no time zone; expected an IANA name such as 'Europe/Berlin'") from error


def _fields(page: ParsedPage, reading: Reading) -> _Fields:
    """Every field that a rule has an answer for."""
    date, changed = published(page, reading), modified(page, reading)
    found: dict[str, Found[Any] | None] = {
        "title": title(page),
        "authors": authors(page),
        "canonical_url": others.canonical_url(page),
        "summary": others.summary(page),
        "image_url": others.image_url(page),
        "image_caption": others.image_caption(page),
        "credit": others.credit(page),
        "language": others.language(page),
        "section": others.section(page),
        "tags": others.tags(page),
        "publisher": others.publisher(page),
        "paywalled": others.paywalled(page),
    }
    values = {name: answer.value for name, answer in found.items() if answer is not None}
    evidence = {name: answer.rule for name, answer in found.items() if answer is not None}
    if date is not None:
        values |= {"published_at": date.value.at, "published_raw": date.value.raw, "published_zone": date.value.zone}
        evidence["published_at"] = date.rule
        others_said = rivals(page, reading, date)
        if others_said:
            evidence["published_at:rivals"] = "; ".join(f"{own_day(o.value, reading)} {o.rule}" for o in others_said)
        day = printed_day(page, date, others_said, reading)
        if day is not None:
            evidence["published_at:day"] = f"{day.value} {day.rule}"
    if changed is not None:
        values["modified_at"] = changed.value.at
        evidence["modified_at"] = changed.rule
    return _Fields(values, evidence)
