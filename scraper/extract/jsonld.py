"""schema.org objects out of ``<script type="application/ld+json">``, broken ones included where they can be mended."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

Thing = Mapping[str, Any]

_LIMIT = 1 << 20  # characters of JSON-LD a page; section 7 of the design
_OBJECTS = 5000
_OPENINGS = ("<!--", "//<![CDATA[", "// <![CDATA[", "/*<![CDATA[*/", "/* <![CDATA[ */", "<![CDATA[")
_CLOSINGS = ("-->", "//]]>", "// ]]>", "/*]]>*/", "/* ]]> */", "]]>", ";")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")

ARTICLE_TYPES = frozenset({
    "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle", "ReviewNewsArticle",
    "BackgroundNewsArticle", "AskPublicNewsArticle", "AdvertiserContentArticle", "BlogPosting", "LiveBlogPosting",
    "SocialMediaPosting", "Report", "TechArticle", "ScholarlyArticle", "SatiricalArticle", "Review",
    "MedicalScholarlyArticle",
})  # fmt: skip

APART = frozenset({
    "about", "citation", "comment", "hasPart", "isBasedOn", "isRelatedTo", "itemListElement", "liveBlogUpdate",
    "mentions", "relatedLink", "review", "reviews", "significantLink", "subjectOf",
})  # fmt: skip
"""The keys under which an object names things that are not what its page is about, or only parts of it."""


class Read(NamedTuple):
    """The objects of a page's JSON-LD in document order; ``apart`` are the places of those that stand under a key of
    :data:`APART`.
    """

    things: tuple[Thing, ...]
    apart: frozenset[int]


def read(scripts: Iterable[str]) -> Read:
    """Every object of the page's JSON-LD in document order, nested ones after their holder. References are resolved
    in articles only: nobody reads another object's.

    A script that is no JSON even after mending (CDATA, trailing commas, raw line breaks) yields nothing; scripts past
    1 MiB in all are not read.
    """
    found: list[tuple[Thing, bool]] = []
    room = _LIMIT
    for script in scripts:
        room -= len(script)
        if room < 0:
            break
        for value in _values(script):
            found.extend(_walk(value, _OBJECTS - len(found)))
    things = [thing for thing, _ in found]
    apart = frozenset(place for place, (_, inner) in enumerate(found) if inner)
    named = {thing["@id"]: thing for thing in things if isinstance(thing.get("@id"), str) and len(thing) > 2}
    return Read(tuple(_resolved(thing, named) if types(thing) & ARTICLE_TYPES else thing for thing in things), apart)


def _resolved(thing: Thing, named: Mapping[str, Thing]) -> Thing:
    """The object with its references (``{"@id": …}`` and nothing else) replaced by what they name, one level deep."""

    def resolve(value: Any) -> Any:
        if isinstance(value, list):
            return [resolve(item) if isinstance(item, dict) else item for item in value]
        if isinstance(value, dict) and value.keys() <= {"@id", "@type"} and isinstance(value.get("@id"), str):
            return named.get(value["@id"], value)
        return value

    return {key: resolve(value) for key, value in thing.items()} if named else thing


def types(thing: Thing) -> frozenset[str]:
    """The names of an object's types, without the vocabulary's prefix."""
    named = thing.get("@type")
    if isinstance(named, str) and named.isalpha():
        return frozenset((named,))
    names = named if isinstance(named, list) else [named]
    return frozenset(name.rpartition("/")[2].rpartition(":")[2] for name in names if isinstance(name, str))


def texts(value: Any) -> Iterator[str]:
    """The strings a value stands for: itself, its items, or an object's ``@value``, ``name`` or ``@id``."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield html.unescape(item)
        elif isinstance(item, (int, float)) and not isinstance(item, bool):
            yield str(item)
        elif isinstance(item, dict):
            for key in ("@value", "name"):
                inner = item.get(key)
                if isinstance(inner, str):
                    yield html.unescape(inner)
                    break
                if isinstance(inner, list):
                    yield from (html.unescape(part) for part in inner if isinstance(part, str))
                    break


def _values(script: str) -> list[Any]:
    """The JSON values of a script: one, or several written after each other."""
    script = script.strip()
    for opening in _OPENINGS:
        script = script.removeprefix(opening).lstrip()
    for closing in _CLOSINGS:
        script = script.removesuffix(closing).rstrip()
    decoder = json.JSONDecoder(strict=False)
    best: list[Any] = []
    for mended in (False, True):
        attempt = _TRAILING_COMMA.sub(r"\1", script) if mended else script
        values, at = [], 0
        try:
            while at < len(attempt):
                value, at = decoder.raw_decode(attempt, at)
                values.append(value)
                while at < len(attempt) and attempt[at] in " \t\r\n,;":
                    at += 1
        except (ValueError, RecursionError):
            best = max(best, values, key=len)
        else:
            return values
    return best


def _walk(value: Any, room: int) -> Iterator[tuple[Thing, bool]]:
    """Every typed object in a value, in document order, at most ``room`` of them, and whether it stands apart."""
    stack = [(value, False)]
    while stack and room > 0:
        node, apart = stack.pop()
        if isinstance(node, list):
            stack.extend((part, apart) for part in reversed(node))
        elif isinstance(node, dict):
            if "@type" in node:
                room -= 1
                yield node, apart
            parts = [(part, apart or key in APART) for key, part in node.items() if isinstance(part, (dict, list))]
            stack.extend(reversed(parts))
