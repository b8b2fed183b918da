"""The extractors that are compared, each behind one function: a page's bytes and its URL -> an answer.

All run as their documentation shows, with metadata where they have it, and get the bytes as they were served. They are
imported by name when asked for: none but ours is a dependency of the project.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec


@dataclass(frozen=True, slots=True)
class Answer:
    """What an extractor says of a page."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | datetime | None = None
    body: str = ""


Extract = Callable[[bytes, str | None], Answer]


def available(names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Of these extractors, the installed ones and the others."""
    installed = [name for name in names if all(find_spec(module) for module in EXTRACTORS[name].modules)]
    return installed, [name for name in names if name not in installed]


def _ours() -> Extract:
    extract_article = import_module("scraper.extract").extract_article

    def extract(html: bytes, url: str | None) -> Answer:
        article = extract_article(html, url)
        return Answer(article.title, article.authors, article.date, article.body)

    return extract


def _trafilatura() -> Extract:
    bare_extraction = import_module("trafilatura").bare_extraction

    def extract(html: bytes, url: str | None) -> Answer:
        document = bare_extraction(html, url=url, include_comments=False, with_metadata=True)
        if document is None:
            return Answer()
        authors = tuple(re.split(r"\s*;\s*", document.author)) if document.author else ()
        return Answer(document.title, authors, document.date, document.text or "")

    return extract


def _newspaper4k() -> Extract:
    article_type = import_module("newspaper").Article

    def extract(html: bytes, url: str | None) -> Answer:
        article = article_type(url or "http://page.invalid/", fetch_images=False)  # it would ask the web for each image
        article.download(input_html=html)
        article.parse()
        return Answer(article.title, tuple(article.authors), article.publish_date, article.text)

    return extract


def _readability() -> Extract:
    document_type = import_module("readability").Document
    from_string = import_module("lxml.html").fromstring

    def extract(html: bytes, url: str | None) -> Answer:
        document = document_type(html, url=url)
        blocks = from_string(document.summary()).xpath("//p | //h2 | //h3 | //h4 | //li | //pre | //td | //blockquote")
        outermost = [block for block in blocks if not any(parent in blocks for parent in block.iterancestors())]
        return Answer(title=document.short_title(), body="\n\n".join(block.text_content() for block in outermost))

    return extract


def _resiliparse() -> Extract:
    tree_type = import_module("resiliparse.parse.html").HTMLTree
    plain_text = import_module("resiliparse.extract.html2text").extract_plain_text
    detect_encoding = import_module("resiliparse.parse.encoding").detect_encoding

    def extract(html: bytes, url: str | None) -> Answer:  # noqa: ARG001 (all take the same)
        tree = tree_type.parse_from_bytes(html, detect_encoding(html))
        return Answer(title=tree.title, body=plain_text(tree, main_content=True, alt_texts=False, list_bullets=False))

    return extract


@dataclass(frozen=True, slots=True)
class Extractor:
    """How to get one extractor, the modules that it is made of, and the fields that it gives beside the body."""

    load: Callable[[], Extract]
    modules: tuple[str, ...]
    fields: frozenset[str] = frozenset({"title", "date", "authors"})


OURS = "ours"
EXTRACTORS = {
    OURS: Extractor(_ours, ("scraper",)),
    "trafilatura": Extractor(_trafilatura, ("trafilatura",)),
    "newspaper4k": Extractor(_newspaper4k, ("newspaper",)),
    "readability-lxml": Extractor(_readability, ("readability", "lxml"), frozenset({"title"})),
    "resiliparse": Extractor(_resiliparse, ("resiliparse",), frozenset({"title"})),
}
PEERS = tuple(name for name in EXTRACTORS if name != OURS)
