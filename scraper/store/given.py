"""An article as a program hands it over, which may hold anything, as one that can be stored. Pure."""

from __future__ import annotations

from dataclasses import fields, replace

import msgspec

from scraper.errors import BadUsage
from scraper.model import Article, day_or_instant


def given(article: Article) -> Article:
    """The article with its dates as the database keeps them, and its words counted if nobody did.

    Raises BadUsage that names the field that is none of its type.
    """
    values = {field.name: getattr(article, field.name) for field in fields(article)}
    for name in ("published_at", "modified_at"):
        if values[name] is not None:
            values[name] = day_or_instant(name, values[name])
    try:
        article = msgspec.convert(values, Article)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$.")
        raise BadUsage(f"{where.rstrip('`')}: {_in_python(what)}") from error
    if not article.title.strip() and not article.body.strip():
        raise BadUsage("title, body: an article has one of them at least")
    if article.word_count < 0:
        raise BadUsage(f"word_count: {article.word_count} words are no number of words")
    return article if article.word_count else replace(article, word_count=_words(article.body))


def _in_python(what: str) -> str:
    """What msgspec complains of, in the words that Python has for JSON's types."""
    return what.replace("`array", "`tuple").replace("null`", "None`")


def _words(body: str) -> int:
    from scraper.extract.words import count_words  # with the parser, which no article needs that tells its words

    return count_words(body)
