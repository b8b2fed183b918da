"""The date that a source gave for an article whose page names none. Pure.

It is the last rule, and no part of the page: it stays when the page is read again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from scraper.model import Article, Zone, instant

RULE = "entry:published"
_DAY = len("2026-11-23")


def dated(article: Article, told: str | None, zone: str, now: datetime) -> Article:
    """An article with what its entry said of when it was published (an instant or a day), unless its page says so
    itself, or that is yet to come. ``zone`` is the one that its source's settings name, if they do.
    """
    if article.published_at is not None or not told or told > instant(now):
        return article
    known = Zone.NONE if len(told) <= _DAY else Zone.SOURCE if zone else Zone.GIVEN
    evidence = {**article.evidence, "published_at": RULE}
    return replace(article, published_at=told, published_raw=told, published_zone=known, evidence=evidence)


def still_dated(new: Article, old: Article) -> Article:
    """What a page says now, with the date that the source of the stored article gave it."""
    if new.published_at is not None or old.evidence.get("published_at") != RULE:
        return new
    return replace(
        new,
        published_at=old.published_at,
        published_raw=old.published_raw,
        published_zone=old.published_zone,
        evidence={**new.evidence, "published_at": RULE},
    )
