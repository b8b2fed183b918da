"""The plainer fields: addresses, summary, image, language, section, tags, publisher, paywall."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from scraper.extract import jsonld
from scraper.extract.fields.language import language, language_tag
from scraper.extract.fields.rules import Found, Rule, first, ld, md, meta, prop
from scraper.extract.page import ParsedPage, text_of
from scraper.extract.urls import absolute
from scraper.extract.words import fold, squeeze
from scraper.model import Address, How

__all__ = [
    "addresses", "canonical_url", "credit", "image_caption", "image_url", "language", "language_tag", "paywalled",
    "publisher", "section", "summary", "tags",
]  # fmt: skip

_MARKUP = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_LONGEST_LABEL = 100
_MOST_TAGS = 50
_CREDIT_TAIL = re.compile(
    r"(?:^|(?<=[.!?\u2026\u3002)»“”\"]))\s*"
    r"\(?(?:(?:foto|photo|image|bild|picture|credit|фото|تصوير|صورة|撮影|图)\b\W?|©).{2,80}$",
    re.IGNORECASE,
)
_CRUMBS = re.compile(r"breadcrumb")
_MOST_STEPS = 12
_CAPTION_NAME = re.compile(r"caption|(?:^|\s)(?:pic-title|legende|bildunterschrift)(?:$|\s)")
_CREDIT_NAME = re.compile(r"(?:photo|image|picture|img|caption|figure)[\w-]*credit|(?:photo|image|img)[\w-]*copyright")
_CREDIT_IN = re.compile(r"credit|copyright")
_MOST_IN_FIGURE = 60  # elements
_AMP_MARKS = frozenset({"amp", "\u26a1"})
_MOST_ADDRESSES = 20
_FIGURES = 3  # figures looked at: the lead image is among the first


def _canonical(page: ParsedPage) -> Iterable[str]:
    return (page.canonical,) if page.canonical else ()


def _images(value: Any) -> Iterator[str]:
    """The addresses in an ``image``: a string, an ImageObject, or a list of them."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield from _images(item.get("url") or item.get("contentUrl") or item.get("@id"))
        elif isinstance(item, str):
            yield item


def _image_texts(*keys: str) -> Rule:
    def rule(page: ParsedPage) -> Iterator[str]:
        image = page.article.get("image")
        for item in image if isinstance(image, list) else [image]:
            if isinstance(item, dict):
                for key in keys:
                    yield from jsonld.texts(item.get(key))

    return f"jsonld:image.{keys[0]}", rule


def _publisher(page: ParsedPage) -> Iterator[str]:
    yield from jsonld.texts(page.article.get("publisher") or page.item.get("publisher"))


def _md_images(page: ParsedPage) -> Iterator[str]:
    return _images(page.item.get("image"))


def _breadcrumb_list(page: ParsedPage) -> Iterator[str]:
    """The last step of a JSON-LD breadcrumb that is neither the front page nor the article."""
    for kinds, thing in page.typed:
        steps = thing.get("itemListElement")
        if "BreadcrumbList" in kinds and isinstance(steps, list):
            names = [next(_step(step), "") for step in steps if isinstance(step, dict)]
            headlines = {fold(text) for text in (*page.headings, *page.ld("headline"))}
            yield from [name for name in names[1:] if name and fold(name) not in headlines][-1:]


def _step(step: jsonld.Thing) -> Iterator[str]:
    yield from jsonld.texts(step.get("name"))
    yield from jsonld.texts(step.get("item"))


def _breadcrumb(page: ParsedPage) -> Iterator[str]:
    """The last step of the way from the front page, which is the first."""
    for mark in page.marks.named("way", _CRUMBS):
        steps = [text for text in map(text_of, mark.node.css("a")[:_MOST_STEPS]) if text]
        if len(steps) > 1:
            yield steps[-1]
            return


def _link_image(page: ParsedPage) -> Iterator[str]:
    return (mark.value("href") for mark in page.marks.relation("image_src"))


def _figure_image(page: ParsedPage) -> Iterator[str]:
    """The first image in a figure, else in the article, else after the headline."""
    for selector in ("figure img[src]", "article img[src]", "main img[src]", "h1 ~ * img[src]"):
        for node in page.tree.css(selector)[:_FIGURES]:
            yield node.attributes.get("src") or ""


def _captions(page: ParsedPage) -> Iterator[str]:
    """The captions of the first figures; where there is no figure, what a class calls a caption."""
    yield from (mark.text for mark in page.marks.property("caption"))
    headings = page.marks.tags("h1")
    start = headings[0].place if headings else 0
    figures = sorted(page.marks.tags("figcaption"), key=lambda mark: mark.place < start)  # those above it are a menu's
    yield from (mark.text for mark in figures[:_FIGURES])
    if _without_figures(page):
        yield from (mark.text for mark in page.marks.named("figure", _CAPTION_NAME))


def _credits(page: ParsedPage) -> Iterator[str]:
    """What a figure marks as its credit."""
    for figure in page.marks.tags("figure")[:_FIGURES]:
        for node in islice(figure.node.traverse(), _MOST_IN_FIGURE):
            if node.tag in {"small", "cite"} or _CREDIT_IN.search((node.attributes.get("class") or "").lower()):
                text = text_of(node)
                if text:
                    yield text
    yield from (mark.text for mark in page.marks.property("copyrightholder"))
    if _without_figures(page):
        yield from (mark.text for mark in page.marks.named("figure", _CREDIT_NAME))


def _without_figures(page: ParsedPage) -> bool:
    """Whether the page is of the older kind that has neither figures nor data about itself: only classes are left."""
    return not page.marks.tags("figure") and not page.article


def _rel_tags(page: ParsedPage) -> Iterator[str]:
    return (mark.text for mark in page.marks.relation("tag") if mark.tag == "a")


CANONICAL: tuple[Rule, ...] = (("dom:canonical", _canonical), *meta("og:url"), *ld("url"))
SUMMARY: tuple[Rule, ...] = (
    *ld("description"),
    *md("description"),
    *meta("og:description", "description", "twitter:description", "dc.description", "sailthru.description"),
)
IMAGE: tuple[Rule, ...] = (
    *meta("og:image:secure_url", "og:image", "og:image:url"),
    ("jsonld:image", lambda page: _images(page.article.get("image"))),
    *meta("twitter:image", "twitter:image:src", "parsely-image-url", "sailthru.image.full", "thumbnail"),
    ("microdata:image", _md_images),
    ("dom:link-image", _link_image),
    ("dom:image", _figure_image),
)
CAPTION: tuple[Rule, ...] = (
    _image_texts("caption", "description"),
    ("dom:figcaption", _captions),
    *meta("og:image:alt"),
)
CREDIT: tuple[Rule, ...] = (_image_texts("creditText", "copyrightHolder", "creator"), ("dom:credit", _credits))
SECTION: tuple[Rule, ...] = (
    *ld("articleSection"),
    *md("articleSection"),
    *meta("article:section", "og:article:section", "parsely-section", "section", "cxenseparse:section"),
    ("microdata:articleSection", prop("articleSection", "content")),
    ("jsonld:breadcrumb", _breadcrumb_list),
    ("dom:breadcrumb", _breadcrumb),
)
TAGS: tuple[Rule, ...] = (
    *ld("keywords"),
    *meta("article:tag", "og:article:tag", "parsely-tags", "sailthru.tags", "news_keywords", "keywords"),
    ("dom:rel-tag", _rel_tags),
)
PUBLISHER: tuple[Rule, ...] = (
    ("jsonld:publisher", _publisher),
    *meta("og:site_name", "publisher", "dc.publisher", "dcterms.publisher", "application-name"),
)


def canonical_url(page: ParsedPage) -> Found[str] | None:
    """The address that the page gives itself, absolute."""
    return first(CANONICAL, page, partial(absolute, base=page.base))


def addresses(page: ParsedPage) -> tuple[Address, ...]:
    """What the page names as its own address, best first, then as its variants, then as the first to publish it."""
    found = [
        *(
            Address(mark.value("href"), How.CANONICAL)
            for mark in page.marks.relation("canonical")
            if mark.tag == "link"
        ),
        *(Address(url, How.OG_URL) for url in page.metas("og:url")),
        *(Address(url, How.JSONLD) for url in page.ld("url")),
        *_variants(page),
        *(Address(url, How.SOURCE) for url in page.metas("syndication-source", "original-source")),
    ]
    whole = ((absolute(each.url, page.base), each.how) for each in found[:_MOST_ADDRESSES] if each.url.strip())
    return tuple(dict.fromkeys(Address(url, how) for url, how in whole if url))


def _variants(page: ParsedPage) -> Iterator[Address]:
    """The other pages of the article that its page names, or this page, if it is one itself."""
    root = page.tree.root
    if page.url and root is not None and not _AMP_MARKS.isdisjoint(root.attributes):
        yield Address(page.url, How.AMP)
    yield from (Address(mark.value("href"), How.AMP) for mark in page.marks.relation("amphtml"))
    for mark in page.marks.relation("alternate"):
        media = mark.value("media").lower()
        if "handheld" in media or "max-width" in media:
            yield Address(mark.value("href"), How.MOBILE)
        elif media.strip() == "print":
            yield Address(mark.value("href"), How.PRINT)


def image_url(page: ParsedPage) -> Found[str] | None:
    """The article's main image, absolute."""
    return first(IMAGE, page, partial(absolute, base=page.base))


def summary(page: ParsedPage) -> Found[str] | None:
    """What the page says the article is about, in a sentence or two."""
    return first(SUMMARY, page, _plain)


def _plain(text: str) -> str:
    """A text without the markup that some publishers put into their data."""
    return squeeze(html.unescape(_MARKUP.sub(" ", text)) if "<" in text or "&" in text else text)


def image_caption(page: ParsedPage) -> Found[str] | None:
    """The caption of the first captioned image, without its credit."""
    return first(CAPTION, page, lambda text: _parted(page, squeeze(text))[0])


def credit(page: ParsedPage) -> Found[str] | None:
    """Who made the image, as the page writes it: marked as such, or at the end of the caption."""
    found = first(CREDIT, page, _label)
    return found or first(CAPTION, page, lambda text: _parted(page, squeeze(text))[1])


def _parted(page: ParsedPage, caption: str) -> tuple[str, str]:
    """A caption and the credit at its end, each empty where there is none."""
    for text in _credits(page):
        if caption.endswith(text):
            return caption.removesuffix(text).strip(" |-\u2013\u2014/"), text
    match = _CREDIT_TAIL.search(caption)
    return (caption[: match.start()].strip(), match[0].strip()) if match else (caption, "")


def publisher(page: ParsedPage) -> Found[str] | None:
    """The publication's name."""
    return first(PUBLISHER, page, _label)


def section(page: ParsedPage) -> Found[str] | None:
    """The section that the article stands in."""
    return first(SECTION, page, _label)


def tags(page: ParsedPage) -> Found[tuple[str, ...]] | None:
    """The page's keywords, each once."""
    for name, rule in TAGS:
        found: dict[str, str] = {}
        for text in rule(page):
            for part in re.split(r"\s*[,;،\uff0c、]\s*", text):
                label = _label(part)
                if label:
                    found.setdefault(fold(label) or label, label)
        if found:
            return Found(tuple(found.values())[:_MOST_TAGS], name)
    return None


def paywalled(page: ParsedPage) -> Found[bool] | None:
    """Whether the page says that one must pay to read it; None where it says nothing."""
    value = page.article.get("isAccessibleForFree")
    said = str(value).strip().rpartition("/")[2].lower() if isinstance(value, (str, bool)) else ""
    if said in {"true", "false"}:
        return Found(said == "false", "jsonld:isAccessibleForFree")
    for text in page.metas("article:content_tier", "og:article:content_tier"):
        if text.lower() in {"free", "locked", "metered"}:
            return Found(text.lower() == "locked", "meta:article:content_tier")
    return None


def _label(text: str) -> str | None:
    text = squeeze(text)
    return text if text and len(text) <= _LONGEST_LABEL else None
