"""The plainer fields: addresses, summary, image, language, section, tags, publisher, paywall."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from scraper.extract import jsonld
from scraper.extract.fields.rules import Found, Rule, first, ld, md, meta, texts, values
from scraper.extract.page import ParsedPage
from scraper.extract.urls import absolute
from scraper.extract.words import fold, squeeze

_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_.@].*)?", re.IGNORECASE)
_LONGEST_LABEL = 100
_MOST_TAGS = 50
_FIGURE = (
    "[itemprop~='caption'], figure figcaption, figure [class*='caption' i], [class~='wp-caption-text'],"
    " [class~='pic-title'], [class~='legende'], h1 ~ * [class*='pic' i]"
)
_CREDIT_TAIL = re.compile(
    r"(?:^|(?<=[.!?\u2026\u3002)»“”\"]))\s*"
    r"\(?(?:(?:foto|photo|image|bild|picture|credit|фото|تصوير|صورة|撮影|图)\b\W?|©).{2,80}$",
    re.IGNORECASE,
)
_CREDIT = (
    "figure [class*='credit' i], figure [class*='copyright' i], figcaption small, figcaption cite,"
    " [itemprop~='copyrightHolder'], [class*='photo-credit' i]"
)


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


def _breadcrumb(page: ParsedPage) -> Iterator[str]:
    """The last step of the way from the front page, which is the first."""
    steps = list(page.texts("[class*='breadcrumb' i] a, [id*='breadcrumb' i] a"))
    if len(steps) > 1:
        yield steps[-1]


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
    ("dom:link-image", values("link[rel='image_src']", "href")),
    ("dom:image", values("figure img[src], article img[src], main img[src], h1 ~ * img[src]", "src")),
)
CAPTION: tuple[Rule, ...] = (
    _image_texts("caption", "description"),
    ("dom:figcaption", texts(_FIGURE)),
    *meta("og:image:alt"),
)
CREDIT: tuple[Rule, ...] = (_image_texts("creditText", "copyrightHolder", "creator"), ("dom:credit", texts(_CREDIT)))
LANGUAGE: tuple[Rule, ...] = (
    ("html:lang", lambda page: (page.lang,) if page.lang else ()),
    *ld("inLanguage"),
    *meta("og:locale", "content-language", "dc.language", "dcterms.language", "language"),
)
SECTION: tuple[Rule, ...] = (
    *ld("articleSection"),
    *md("articleSection"),
    *meta("article:section", "og:article:section", "parsely-section", "section", "cxenseparse:section"),
    ("microdata:articleSection", values("[itemprop~='articleSection']", "content")),
    ("microdata:articleSection", texts("[itemprop~='articleSection']")),
    ("dom:breadcrumb", _breadcrumb),
)
TAGS: tuple[Rule, ...] = (
    *ld("keywords"),
    *meta("article:tag", "og:article:tag", "parsely-tags", "sailthru.tags", "news_keywords", "keywords"),
    ("dom:rel-tag", texts("a[rel~='tag']")),
)
PUBLISHER: tuple[Rule, ...] = (
    ("jsonld:publisher", _publisher),
    *meta("og:site_name", "publisher", "dc.publisher", "dcterms.publisher", "application-name"),
)


def canonical_url(page: ParsedPage) -> Found[str] | None:
    """The address that the page gives itself, absolute."""
    return first(CANONICAL, page, partial(absolute, base=page.base))


def image_url(page: ParsedPage) -> Found[str] | None:
    """The article's main image, absolute."""
    return first(IMAGE, page, partial(absolute, base=page.base))


def summary(page: ParsedPage) -> Found[str] | None:
    """What the page says the article is about, in a sentence or two."""
    return first(SUMMARY, page, squeeze)


def image_caption(page: ParsedPage) -> Found[str] | None:
    """The caption of the first captioned image, without its credit."""
    return first(CAPTION, page, lambda text: _parted(page, squeeze(text))[0])


def credit(page: ParsedPage) -> Found[str] | None:
    """Who made the image, as the page writes it: marked as such, or at the end of the caption."""
    found = first(CREDIT, page, _label)
    return found or first(CAPTION, page, lambda text: _parted(page, squeeze(text))[1])


def _parted(page: ParsedPage, caption: str) -> tuple[str, str]:
    """A caption and the credit at its end, each empty where there is none."""
    for text in page.texts(_CREDIT):
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


def language(page: ParsedPage) -> Found[str] | None:
    """The language as a BCP 47 tag: ``en``, ``pt-BR``, ``zh-Hant-TW``."""
    return first(LANGUAGE, page, language_tag)


def language_tag(text: str) -> str | None:
    """A language as pages write it, as a tag: ``en_us`` -> ``en-US``; None where it is no language."""
    match = _LANGUAGE.fullmatch(text.strip())
    if match is None:
        return None
    language, script, region = match.groups()
    parts = [language.lower(), script.title() if script else "", region.upper() if region else ""]
    return "-".join(part for part in parts if part)


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
