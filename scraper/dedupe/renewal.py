"""What becomes of a stored article whose page was read again by newer rules? Pure; the store only carries it out.

::

    page -> article ──renew(old)──> same      only the version of the rules is noted
                                    changed   the fields that differ are written; an earlier text becomes a revision
                                    teaser    the newer rules find only the free part of it: the full text is kept
                                    refused   the newer rules find no article: it is kept
                                    astray    the page tells another story: it is kept
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from scraper.dedupe.addresses import Candidate
from scraper.dedupe.announced import still_dated
from scraper.dedupe.ties import led_astray
from scraper.model import Article, Kind, StoredArticle, Zone

RENEWED = tuple(each.name for each in fields(Article) if each.name not in ("url", "addresses", "extractor"))
"""The fields that may change. The address does not move: the article is cited by it."""
_OF_ADDRESS = ("url", "url:read")
REPARSED = "reparsed"
"""The reason of a revision that newer rules made, and no edit of its publisher."""
_SURROGATE = re.compile("[\ud800-\udfff]")


class Verdict(StrEnum):
    """What reading a page again comes to."""

    SAME = "same"
    CHANGED = "changed"
    TEASER = "teaser"
    REFUSED = "refused"
    ASTRAY = "astray"


@dataclass(frozen=True, slots=True)
class Renewal:
    """What is to be done with a stored article: ``names`` are the fields that change, to what ``new`` says; ``detail``
    is for people.
    """

    verdict: Verdict
    detail: str = ""
    names: tuple[str, ...] = ()
    new: Candidate | None = None


def renew(old: StoredArticle, new: Candidate, *, followed: bool) -> Renewal:
    """What the article that newer rules find on the page of ``old`` changes.

    ``followed``: its source, if it has one, is configured; else what that source's settings once gave stays.
    """
    if led_astray(new, old):
        return Renewal(Verdict.ASTRAY, f"the page that is kept tells another story: {new.article.title}")
    if new.article.kind is Kind.TEASER and old.article.kind is not Kind.TEASER and new.content_hash != old.content_hash:
        return Renewal(Verdict.TEASER, "the page is read as a teaser now; the full text is kept")
    found = _at_its_address(old.article, new.article if followed else _as_was_told(old.article, new.article))
    found = still_dated(found, old.article)
    names = tuple(name for name in RENEWED if _mended(getattr(found, name)) != getattr(old.article, name))
    if not names:
        return Renewal(Verdict.SAME)
    return Renewal(Verdict.CHANGED, names=names, new=replace(new, article=found))


def _at_its_address(old: Article, new: Article) -> Article:
    """The new record with what the old one says of how its address is known: that does not move."""
    told = {key: rule for key, rule in new.evidence.items() if key not in _OF_ADDRESS}
    stays = {key: rule for key, rule in old.evidence.items() if key in _OF_ADDRESS}
    return replace(new, evidence={**told, **stays})


def _as_was_told(old: Article, new: Article) -> Article:
    """The new record with what the settings of a source gave that is no longer there to say so."""
    kept: dict[str, Any] = {}
    if new.published_zone is Zone.ASSUMED and old.published_zone is Zone.SOURCE:
        for name in ("published_at", "published_raw", "published_zone", "modified_at"):
            kept[name] = getattr(old, name)
    if new.language is None and old.evidence.get("language") == "config:source":
        kept["language"] = old.language
    names = tuple(kept)
    told = {key: rule for key, rule in old.evidence.items() if key.startswith(names)} if names else {}
    return replace(new, **kept, evidence={**new.evidence, **told})


def _mended(value: Any) -> Any:
    """A value as the database holds it: lone surrogates, which JSON on a page can spell, are U+FFFD there."""
    if isinstance(value, tuple):
        return tuple(map(_mended, value))
    if isinstance(value, Mapping):
        return {_mended(key): _mended(each) for key, each in value.items()}
    if isinstance(value, str) and not isinstance(value, StrEnum) and not value.isascii():
        return _SURROGATE.sub("\ufffd", value)
    return value
