"""JSON lines and Markdown files back into stored articles, as far as another archive may tell us.

Of an article's numbers (``id``, ``revision``, ``story_id``) none means anything here; ``url_key`` and ``content_hash``
are made anew. What is not said has its default, so that other programs' lines, with an address, a title and a body, are
read too.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec

from scraper.errors import NotARecord
from scraper.formats import notes
from scraper.model import Article, How, Kind, StoredArticle, from_instant, instant

_DAY, _INSTANT = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_NOTE = re.compile(r"\ufeff?---[ \t]*\r?\n(?:(?!---)[^\n]*\n){0,200}?url:")
_NUMBER = re.compile(r"^id: (\d{1,16})\r?$", re.MULTILINE)
_MOST_FACTS = 1_000_000  # characters above a note's text


class _Beside(msgspec.Struct, frozen=True):
    """What a line or a note may say beside the article itself."""

    id: int = 0
    word_count: int | None = None
    first_seen_at: str = ""
    fetched_at: str = ""
    gone_at: str | None = None
    source: str | None = None
    login: bool = False
    aliases: tuple[str, ...] = ()
    how: dict[str, str] = {}


def line(data: bytes) -> StoredArticle:
    """An article of one of our JSON lines. Raises NotARecord."""
    try:
        return _stored(msgspec.json.decode(data, type=dict[str, Any]))
    except msgspec.MsgspecError as error:
        raise NotARecord(f"is no article as `scrape export` writes it: {error}") from error
    except UnicodeDecodeError as error:
        raise NotARecord(f"is not UTF-8: {error.reason}") from error


def is_note(head: str) -> bool:
    """Whether a file that begins so is a note with the address of an article."""
    return _NOTE.match(head) is not None


def number(head: str) -> int:
    """The number that the article of a note had, by the beginning of its file; 0: it says none."""
    found = _NUMBER.search(head) if is_note(head) else None
    return int(found[1]) if found else 0


def note(data: bytes) -> StoredArticle:
    """An article of one of our Markdown files, be it changed by hand. Raises NotARecord."""
    try:
        head, text = notes.split(data.decode())
    except UnicodeDecodeError as error:
        raise NotARecord(f"is not UTF-8: {error.reason}") from error
    facts = _facts(head)
    if not isinstance(facts, dict):
        raise NotARecord("has no facts between two lines of --- on top")
    if "body" not in facts:
        facts["body"] = notes.plain(text)
    facts.setdefault("body_markdown", text)
    try:
        return _stored(_plain(facts))
    except msgspec.ValidationError as error:
        raise NotARecord(f"is no article as `scrape export` writes it: {error}") from error


def _facts(head: str) -> Any:
    import yaml

    if len(head) > _MOST_FACTS:
        raise NotARecord(f"has more than {_MOST_FACTS:,} characters of facts on top")
    try:
        return yaml.load(head, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are the safe one
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        place = f" (line {where.line + 2})" if where is not None else ""
        raise NotARecord(f"the facts on top are no YAML{place}") from error


def _plain(facts: dict[Any, Any]) -> dict[str, Any]:
    """What YAML made of dates that somebody wrote without quotation marks, as text again; no empty lists as nothing."""
    found = {}
    for name, value in facts.items():
        if isinstance(value, date):  # or datetime
            found[str(name)] = value.isoformat()
        elif value is not None:
            found[str(name)] = value
    return found


def _stored(facts: dict[str, Any]) -> StoredArticle:
    beside = msgspec.convert(facts, _Beside)
    own = {name: value for name, value in facts.items() if name not in {"addresses", "word_count"}}
    article = msgspec.convert(own, Article)
    published = _moment("published_at", article.published_at, day=True)
    modified = _moment("modified_at", article.modified_at, day=True)
    names = ("first_seen_at", "fetched_at", "gone_at")
    times = {name: _moment(name, getattr(beside, name) or None, day=False) for name in names}
    if not article.title.strip() and not article.body.strip():
        raise NotARecord("has neither title nor body")
    if article.kind is Kind.OTHER:
        raise NotARecord("is of the kind 'other', which is never stored")
    words = len(article.body.split()) if beside.word_count is None else beside.word_count
    if not 0 <= words < 2**31:
        raise NotARecord(f"{words} words are no number of words")
    return StoredArticle(
        id=max(0, beside.id),
        article=replace(article, word_count=words, published_at=published, modified_at=modified),
        url_key="",
        content_hash="",
        revision=1,
        first_seen_at=times["first_seen_at"] or "",
        fetched_at=times["fetched_at"] or "",
        gone_at=times["gone_at"],
        source=beside.source,
        login=beside.login,
        aliases=beside.aliases,
        how={url: How(how) if how in set(How) else How.UNKNOWN for url, how in beside.how.items()},
    )


def _moment(name: str, text: str | None, *, day: bool) -> str | None:
    """An instant as the archive writes it, given in any zone (in none: in UTC); with ``day``, a bare day as it is."""
    if text is None:
        return None
    with suppress(ValueError, OverflowError):  # 30 February, or a zone that leads before the year 1
        if _INSTANT.match(text):
            return instant(from_instant(text))
        if day and _DAY.fullmatch(text):
            return date.fromisoformat(text).isoformat()
    form = "2026-11-23T20:15:00Z" + (" or 2026-11-23" if day else "")
    raise NotARecord(f"{name}: {text[:40]!r} is no date; write it as {form}")
