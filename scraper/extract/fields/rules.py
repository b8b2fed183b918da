"""What a rule is, and how the first good answer wins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from scraper.extract import jsonld
from scraper.extract.page import ParsedPage

T = TypeVar("T")

Rule = tuple[str, Callable[[ParsedPage], Iterable[str]]]
"""A name for ``Article.evidence``, and a function from the page to candidate texts, the best first."""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A field's value, and the name of the rule that gave it."""

    value: T
    rule: str


def first(rules: Iterable[Rule], page: ParsedPage, accept: Callable[[str], T | None]) -> Found[T] | None:
    """The first candidate, in the order of the rules, that ``accept`` makes a value of; None where no rule has one."""
    for name, rule in rules:
        for candidate in rule(page):
            value = accept(candidate)
            if value:
                return Found(value, name)
    return None


def meta(*names: str) -> list[Rule]:
    """A rule for each named ``<meta>``; its own name is ``og:…`` as written, or ``meta:…``."""
    return [(name if name.startswith("og:") else f"meta:{name}", _meta(name)) for name in names]


def ld(*keys: str) -> list[Rule]:
    """A rule for each key of the page's JSON-LD article object."""
    return [(f"jsonld:{key}", _ld(key)) for key in keys]


def md(*keys: str) -> list[Rule]:
    """A rule for each key of the page's microdata article item."""
    return [(f"microdata:{key}", _md(key)) for key in keys]


def _meta(name: str) -> Callable[[ParsedPage], Iterable[str]]:
    return lambda page: page.meta.get(name, ())


def _ld(key: str) -> Callable[[ParsedPage], Iterable[str]]:
    return lambda page: jsonld.texts(page.article[key]) if key in page.article else ()


def _md(key: str) -> Callable[[ParsedPage], Iterable[str]]:
    return lambda page: jsonld.texts(page.item[key]) if key in page.item else ()


def prop(name: str, *attributes: str) -> Callable[[ParsedPage], Iterable[str]]:
    """A rule's function: the elements with an ``itemprop``, by their first filled attribute, else by their text. Those
    in items of other stories do not count.
    """

    def rule(page: ParsedPage) -> Iterator[str]:
        for mark in page.marks.own(page.marks.property(name.lower())):
            if page.items.holds(mark.node):
                continue
            yield next((mark.value(key) for key in attributes if mark.attributes.get(key)), "") or mark.text

    return rule
