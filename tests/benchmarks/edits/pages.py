"""A page whose paragraphs can be found in its source, so that they can be edited and surrounded there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random

from scraper.errors import ScrapeError
from scraper.extract import extract_article
from scraper.extract.charset import decode
from scraper.model import Article, Kind
from tests.benchmarks.extraction.corpora import Case

_PARAGRAPH = re.compile(r"<p\b[^>]*>(?:(?!</?p\b|</?div\b|<table\b).)*?</p>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_ENOUGH = 4  # paragraphs


@dataclass(frozen=True)
class Served:
    """A page as text, with the article that is made of it."""

    url: str
    html: str
    article: Article

    @cached_property
    def elements(self) -> tuple[str, ...]:
        """The sources of the paragraphs of its body, each of which stands in the page once."""
        lines = {_dense(line) for line in self.article.body.split("\n") if len(line) > 60}
        found = [match[0] for match in _PARAGRAPH.finditer(self.html)]
        return tuple(one for one in found if _dense(_unescaped(one)) in lines and self.html.count(one) == 1)

    @property
    def language(self) -> str:
        """The first part of its language's code."""
        return (self.article.language or "en")[:2]

    def with_html(self, html: str) -> Served:
        """The same page, changed."""
        return replace(self, html=html)

    def altered(self, element: str, new: str) -> Served:
        """With another source for a paragraph, and its text changed wherever else the page repeats it."""
        return self.with_html(self.html.replace(element, new))

    def read(self) -> Article:
        """What the extractor makes of it."""
        return extract_article(self.html.encode(), self.url, content_type="text/html; charset=utf-8")


Alter = Callable[[Served, Random], Served | None]
"""A change to a page; None where it has no place for it."""


def served(cases: Iterable[Case]) -> Iterator[Served]:
    """The pages that are articles, with paragraphs enough that can be found in their source."""
    for case in cases:
        try:
            article = extract_article(case.html, case.url or "https://news.example/story")
        except ScrapeError:
            continue
        url = article.url or "https://news.example/story"
        page = Served(url, decode(case.html, None).utf8.decode("utf-8", "replace"), article)
        if article.kind is Kind.ARTICLE and len(page.elements) >= _ENOUGH:
            yield page


def inner(element: str) -> str:
    """What stands between a paragraph's tags."""
    return element[element.index(">") + 1 : element.rindex("<")]


def _unescaped(source: str) -> str:
    from html import unescape

    return unescape(_TAG.sub("", source))


def _dense(text: str) -> str:
    return "".join(char for char in text if char.isalnum())
