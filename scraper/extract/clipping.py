"""An article kept as plain text -> the record of it.

::

    (blank lines)
    Title                                           one paragraph
    January 19, 2022                                a day, and nothing else on the line
    Photographer / Agency                           may be missing: a short paragraph that ends as no sentence
    First paragraph of the body …                   `<u>` and other remnants of inline tags are taken out
    Related article: A Headline That Runs           a teaser: left out, with the fragments that it runs on into
    Over Two Paragraphs
    … last paragraph.
    Original url:                                   the address may stand on the same line, and may be broken
    https://news.example/2022/01/19/story-a 76083   anywhere by white space: nothing but the address follows

Paragraphs are parted by blank lines; a paragraph's own lines are joined by spaces. The text is UTF-8, with or without a
byte order mark, UTF-16 with one, or else windows-1252; lines end in LF, CRLF or CR.

**Where a teaser ends.** A teaser is a headline, and a headline is no sentence. What follows it directly is its rest if
it is a fragment too: short (120 characters), not closed by a sentence's end, a colon or a list mark; or if it begins in
lower case, as no paragraph does. A teaser that is closed by a sentence's end has no rest, unless that begins in lower
case. So a paragraph of running text is never taken for a teaser's rest; a subheading that follows a teaser directly
would be, and a subheading is the smaller loss.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from scraper.errors import LimitExceeded, NotAClipping
from scraper.extract.charset import WINDOWS_1252, decode_marked
from scraper.extract.fields.dates import Reading, parse_day_line
from scraper.extract.record import EXTRACTOR
from scraper.extract.urls import absolute
from scraper.extract.words import count_words, ends_sentence, squeeze
from scraper.model import Article, Date, Kind

LIMIT = 10 << 20  # bytes, as for pages

_TAG = re.compile(r"</?(?:a|b|i|u|s|em|strong|span|font|small|sup|sub|br|p|div)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_END = re.compile(r"original\s+url\s*:\s*", re.IGNORECASE)
_TEASER = re.compile(
    r"(?:related\s+(?:articles?|story|stories)|see\s+also|read\s+(?:also|more)|also\s+read)\s*:", re.IGNORECASE
)
_CREDIT = re.compile(r"(?:photo|image|picture|credit|foto|фото)\b[^.]{0,20}:|©|\(c\)", re.IGNORECASE)
_LISTED = re.compile(r"[-*•\u2013\u2014]\s|\d+[.)]\s")
_IN_ADDRESS = re.compile(r"[\s\u00ad\u200b-\u200d\u2060\ufeff]+")
_FRAGMENT = 120  # characters of a credit, or of a piece of a teaser
_PIECES = 12  # into which white space may have broken an address


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph on one line, tags gone, and the number of the line that it began on."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Makes the one error that this module raises, with the file's name in it."""

    name: str

    def __call__(self, line: int, wrong: str, expected: str) -> NotAClipping:
        return NotAClipping(f"{self.name}:{line}: {wrong}; expected {expected}")


def parse_clipping(data: bytes, name: str) -> Article:
    """The record of a clipping (the format stands in this module's docstring).

    ``name`` is what messages call the file. The date is a bare day (zone ``none``) unless the line states a time.
    Raises NotAClipping, whose message is ``name:line: what is wrong; what was expected``, and LimitExceeded past
    10 MiB.
    """
    refuse = _Refusal(name)
    if len(data) > LIMIT:
        raise LimitExceeded(f"{name}: {len(data):,} bytes; the limit is {LIMIT:,}")
    lines = _lines(data, refuse)
    end, address = _address(lines, refuse)
    paragraphs = _paragraphs(lines[:end])
    if not paragraphs:
        raise refuse(1, "nothing stands before the address", "a title line")
    title = paragraphs[0]
    date, raw = _date(paragraphs, end, refuse)
    credit, rest = _credit(paragraphs[2:])
    body = [paragraph.text for paragraph in _without_teasers(rest)]
    if not body:
        raise refuse(end + 1, "no text stands between the date and the address", "at least one paragraph")
    text = "\n\n".join(body)
    evidence = {"title": "clipping:title", "published_at": "clipping:date", "url": "clipping:original-url"}
    evidence |= {"body": "clipping:paragraphs"} | ({"credit": "clipping:credit"} if credit else {})
    return Article(
        url=address,
        title=title.text,
        body=text,
        kind=Kind.CLIPPING,
        body_markdown=text,
        published_at=date.at,
        published_raw=raw,
        published_zone=date.zone,
        credit=credit,
        word_count=count_words(text),
        extractor=EXTRACTOR,
        evidence=evidence,
    )


def _lines(data: bytes, refuse: _Refusal) -> list[str]:
    """The file's lines, decoded."""
    marked = decode_marked(data)
    if marked is not None:
        text = marked.text
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = WINDOWS_1252.codec_info.decode(data, "replace")[0]
    lines = re.split(r"\r\n|\r|\n", text)
    for number, line in enumerate(lines, 1):
        if "\0" in line:
            raise refuse(number, "a NUL byte", "a text file")
    if not any(line.strip() for line in lines):
        raise refuse(1, "the file is empty", "a title line")
    return lines


def _address(lines: list[str], refuse: _Refusal) -> tuple[int, str]:
    """Where the line with "Original url:" stands (counted from 0), and the mended address after it."""
    ends = [number for number, line in enumerate(lines) if _END.match(_clean(line))]
    if not ends:
        last = max(number for number, line in enumerate(lines, 1) if line.strip())
        raise refuse(last, "the file ends without an address", "'Original url:' and the address")
    end = ends[-1]
    tail = [_END.sub("", _clean(lines[end]), count=1), *(_clean(line) for line in lines[end + 1 :])]
    written = [(number, line) for number, line in enumerate(tail, end + 1) if line]
    if not written:
        raise refuse(end + 1, "no address follows 'Original url:'", "an absolute http(s) URL")
    line = written[0][0]
    joined = " ".join(text for _, text in written)
    mended = _IN_ADDRESS.sub("", joined).strip("<>")
    if len(joined.split()) > _PIECES or mended.count("://") > 1:
        raise refuse(line, "more than one address follows 'Original url:'", "the address and nothing after it")
    address = absolute(mended) if re.match(r"https?://[^/]", mended, re.IGNORECASE) else None
    if address is None:
        raise refuse(line, f"{mended[:80]!r} is no address", "an absolute http(s) URL")
    return end, address


def _paragraphs(lines: list[str]) -> list[_Paragraph]:
    """Runs of lines that are not blank, each run on one line."""
    found: list[_Paragraph] = []
    run: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        text = _clean(line)
        if text:
            run.append(text)
        elif run:
            found.append(_Paragraph(" ".join(run), number - len(run)))
            run = []
    return found


def _clean(line: str) -> str:
    """A line without remnants of tags, entities and doubled spaces."""
    return squeeze(html.unescape(_TAG.sub("", line)))


def _date(paragraphs: list[_Paragraph], end: int, refuse: _Refusal) -> tuple[Date, str]:
    wanted = "a day such as 'January 19, 2022'"
    if len(paragraphs) < 2:
        raise refuse(end + 1, "no date line follows the title", wanted)
    line = paragraphs[1]
    date = parse_day_line(line.text, Reading())
    if date is None and parse_day_line(paragraphs[0].text, Reading()) is not None:
        raise refuse(paragraphs[0].line, "a date stands where the title belongs", "a title line before the date")
    if date is None:
        raise refuse(line.line, f"{line.text[:60]!r} is no date", wanted)
    return date, line.text


def _credit(paragraphs: list[_Paragraph]) -> tuple[str | None, list[_Paragraph]]:
    """The credit under the date, if there is one, and the paragraphs after it."""
    if not paragraphs:
        return None, paragraphs
    text = paragraphs[0].text
    if _TEASER.match(text) or len(text) > _FRAGMENT:
        return None, paragraphs
    if _CREDIT.match(text) or not _closed(text):
        return text, paragraphs[1:]
    return None, paragraphs


def _without_teasers(paragraphs: list[_Paragraph]) -> list[_Paragraph]:
    """The paragraphs without teasers and without what they run on into."""
    kept: list[_Paragraph] = []
    teaser: str | None = None
    for paragraph in paragraphs:
        if _TEASER.match(paragraph.text):
            teaser = paragraph.text
        elif teaser is not None and _continues(teaser, paragraph.text):
            teaser = f"{teaser} {paragraph.text}"
        else:
            teaser = None
            kept.append(paragraph)
    return kept


def _continues(teaser: str, text: str) -> bool:
    """Whether a paragraph that follows a teaser directly is the rest of it: see the module's docstring."""
    if len(text) > _FRAGMENT or len(teaser) > 3 * _FRAGMENT or _LISTED.match(text):
        return False
    return text[0].islower() or (not _closed(text) and not ends_sentence(teaser))


def _closed(text: str) -> bool:
    """Whether a paragraph ends as running text does: a sentence's end, or a colon before a quotation or a list."""
    return ends_sentence(text) or text.endswith((":", "\uff1a"))
