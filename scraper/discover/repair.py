"""What is wrong with the XML of feeds and sitemaps in practice, mended before a strict parser sees it.

- no prolog: no DTD, so no entities but the five and HTML's names (see :mod:`scraper.discover.prolog`);
- control characters and references to them go; HTML's named characters become themselves; a bare ``&`` is escaped;
- a CDATA section that its item leaves open is closed; a link that an HTML parser emptied gets its address back,
  and one that is empty goes (feedparser takes it for a link, and the guid for none);
- what follows the end of the root goes; a document that was cut short ends after its last whole item.

Feeds mended so pass expat, which is faster than feedparser's tolerant parser and cannot be led astray by half a link.
"""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5
from xml.sax.saxutils import escape

from scraper.discover.dates import announced
from scraper.discover.listing import newest
from scraper.discover.prolog import Root
from scraper.errors import LimitExceeded, NotAFeed

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# CDATA sections are matched to be left alone. The quantifiers are possessive: nothing is ever tried twice.
_REFERENCE = re.compile(
    r"<!\[CDATA\[(?:[^\]]++|\](?!\]>))*+(?:\]\]>)?|&(?:#(?:x([0-9a-f]{1,6})|([0-9]{1,7}));|([a-z][a-z0-9]{1,31});)?",
    re.IGNORECASE,
)
# Two references for one character, as JavaScript counts.
_PAIR = re.compile(
    r"&#(?:(5[56][0-9]{3})|x(d[89ab][0-9a-f]{2}));&#(?:(5[67][0-9]{3})|x(d[c-f][0-9a-f]{2}));", re.IGNORECASE
)
# A section that runs over the end of its item and into the next section, or the end of the document.
_UNCLOSED = re.compile(
    r"(<!\[CDATA\[(?:[^\]<]++|\](?!\]>)|<(?!!\[CDATA\[|/(?:item|entry)\s*>))*+)"
    r"(?=</(?:item|entry)(?:[^\]<]++|\](?!\]>)|<(?!!\[CDATA\[))*+(?:<!\[CDATA\[|\Z))",
    re.IGNORECASE,
)
_TEXT_END = re.compile(r"</(?:[\w.-]+:)?(?:description|summary|content|encoded|title)\s*>", re.IGNORECASE)
_EMPTIED = re.compile(r"<link\s*(?:/>\s*(https?://[^\s<>]+)?|>\s*</link\s*>)", re.IGNORECASE)
_FIVE = frozenset({"amp", "lt", "gt", "quot", "apos"})
_TOKEN = re.compile(r"<!\[CDATA\[|\]\]>|<!--|-->|<(/?)(?:[\w.-]+:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE)
# Strict XML has no other way to write attributes, and feedparser's strict parser is quadratic in them.
_CROWDED = re.compile(r"<[a-z_][^\s<>]*+(?:\s++[^\s=<>]++\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+')){1001}", re.IGNORECASE)
_MAX_MARKS = 2_000_000
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->"}
_DATE = re.compile(
    r"<(?:[\w.-]+:)?(?:pubDate|published|issued|date|updated)(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[)?([^<>\]]{4,60})",
    re.IGNORECASE,
)


def mended(text: str, root: Root) -> str:
    """The document from its root on, its characters and references legal."""
    text = _UNCLOSED.sub(_end_of_text, _ILLEGAL.sub("", text[root.start :]))
    text = _REFERENCE.sub(_reference, _PAIR.sub(_pair, text))
    return _EMPTIED.sub(lambda match: f"<link>{match[1]}</link>" if match[1] else "", text)


def _end_of_text(match: re.Match[str]) -> str:
    section = match[1]
    end = _TEXT_END.search(section)
    return f"{section[: end.start()]}]]>{section[end.start() :]}" if end else f"{section}]]>"


def _pair(match: re.Match[str]) -> str:
    high = int(match[1] or match[2], 10 if match[1] else 16)
    low = int(match[3] or match[4], 10 if match[3] else 16)
    if not (0xD800 <= high <= 0xDBFF and 0xDC00 <= low <= 0xDFFF):
        return match[0]
    return chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00)


def _reference(match: re.Match[str]) -> str:
    written = match[0]
    if written[0] == "<":
        return written
    hexadecimal, decimal, name = match.groups()
    if name:
        if name in _FIVE:
            return written
        meant = html5.get(f"{name};") or html5.get(f"{name.lower()};")
        return escape(meant) if meant else f"&amp;{written[1:]}"
    if hexadecimal or decimal:
        # unescape also reads &#146; as Windows meant it, and answers U+FFFD or nothing for what is no character.
        return escape(_ILLEGAL.sub("", unescape(written)).replace("\ufffd", ""))
    return "&amp;"


def items(text: str) -> list[tuple[int, int]]:
    """Where each whole item (RSS) or entry (Atom) starts and ends; CDATA sections and comments are passed over."""
    found: list[tuple[int, int]] = []
    start, waiting = -1, ""
    for token in _TOKEN.finditer(text):
        written = token[0]
        if waiting:
            waiting = "" if written == waiting else waiting
        elif written in _ENDS:
            waiting = _ENDS[written]
        elif token[1] == "/" and start >= 0:
            end = text.find(">", token.end())
            if end < 0:
                break
            found.append((start, end + 1))
            start = -1
        elif token[1] == "":
            if start >= 0:  # the one before was never closed, or closed itself
                found.append((start, token.start()))
            start = token.start()
    return found


def ended(text: str, root: Root) -> str:
    """The document without what follows the end of its root: server comments, scripts, a second document's debris."""
    end = text.rfind(f"</{root.name}")
    return text if end < 0 else f"{text[:end]}</{root.name}>"


def closed(text: str, root: Root) -> str:
    """The feed up to the end of its root, or, cut short, up to the end of its last whole item, and closed there.

    ``text`` starts with its root. Raises NotAFeed where it was cut short before its first item was whole.
    """
    if f"</{root.name}" in text:
        return ended(text, root)
    if text[: text.find(">") + 1].endswith("/>"):
        return text
    whole = items(text)
    if not whole:
        raise NotAFeed("Cut short before its first entry was whole")
    kept = text[: whole[-1][1]]
    inner = "</channel>" if root.local == "rss" and "</channel" not in kept else ""
    return f"{kept}{inner}</{root.name}>"


def thinned(text: str, keep: int) -> tuple[str, int]:
    """A feed with no more than its ``keep`` newest items, by a quick look at their dates, and how many went.

    feedparser costs 0.2 ms an item: 20 s for a feed of 100,000.
    """
    places = items(text)
    if len(places) <= keep:
        return text, 0
    dates = [announced(_DATE.findall(text, start, end)[:3], None) for start, end in places]
    wanted = newest([date.at if date else "" for date in dates])[:keep]
    kept = [text[places[place][0] : places[place][1]] for place in sorted(wanted)]
    return text[: places[0][0]] + "".join(kept) + text[places[-1][1] :], len(places) - keep


def bounded(text: str) -> str:
    """The same text, where a parser can take it. Raises LimitExceeded.

    A tag holds 1,000 attributes at most (DESIGN section 7), and all items that are left two million tags and
    references: each costs feedparser some 20 µs and 100 bytes.
    """
    if text.count("<") + text.count("&") > _MAX_MARKS:
        raise LimitExceeded(f"A feed with more than {_MAX_MARKS:,} tags and references")
    if _CROWDED.search(text):
        raise LimitExceeded("A tag with more than 1,000 attributes")
    return text
