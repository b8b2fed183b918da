"""Articles as JSON knows them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from scraper.model import Article, StoredArticle

_LINE_ENDS = re.compile("[\x85\u2028\u2029]")


def article_dict(article: Article) -> dict[str, Any]:
    """An article as JSON knows it."""
    record = {**asdict(article), "evidence": dict(article.evidence)}
    del record["addresses"]  # the store's aliases say more
    return record


def stored_dict(stored: StoredArticle) -> dict[str, Any]:
    """A stored article as JSON knows it: the record, and beside it what the store knows."""
    around = {name: getattr(stored, name) for name in StoredArticle.__slots__ if name != "article"}
    return {"id": around.pop("id"), **article_dict(stored.article), **around}


def lines(articles: Iterable[StoredArticle], *, unicode: bool = True) -> Iterator[str]:
    """JSON lines, an article each, with everything; without ``unicode``, what is not ASCII is escaped.

    What else some programs take for the end of a line is escaped in any case.
    """
    encode = json.JSONEncoder(ensure_ascii=not unicode).encode
    for stored in articles:
        line = encode(stored_dict(stored))
        yield f"{_LINE_ENDS.sub(_escaped, line)}\n"


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
