"""The plainer fields, each on a snippet for each kind of rule."""

# ruff: noqa: E501, ISC004 - one case a line, in the world's alphabets

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scraper.extract.fields import others
from scraper.extract.fields.rules import Found
from scraper.extract.page import ParsedPage

LD = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"H",%s}</script>'
FIGURE = '<figure><img src="/i.png"><figcaption>%s</figcaption></figure>'


@pytest.mark.parametrize(
    ("field", "html", "value", "rule"),
    [
        (others.canonical_url, '<link rel=canonical href="/c">', "https://n.example/c", "dom:canonical"),
        (others.canonical_url, '<meta property="og:url" content="https://n.example/o">', "https://n.example/o", "og:url"),
        (others.canonical_url, LD % '"url":"/l"', "https://n.example/l", "jsonld:url"),
        (others.summary, LD % '"description":"D  d"', "D d", "jsonld:description"),
        (others.summary, '<meta name=description content="D">', "D", "meta:description"),
        (others.summary, LD % '"description":"<p>It&#x27;s <b>out</b>.</p>"', "It's out .", "jsonld:description"),
        (others.summary, '<meta name=description content="5 < 6 &amp;amp; 7">', "5 < 6 & 7", "meta:description"),
        (others.image_caption, FIGURE % "A menu." + "<h1>H</h1>" + FIGURE % "A ship.", "A ship.", "dom:figcaption"),
        (others.image_caption, '<p class="wp-caption-text">A ship.</p>', "A ship.", "dom:figcaption"),
        (others.credit, '<b class="photo-credit">Ana Ruiz</b>', "Ana Ruiz", "dom:credit"),
        (others.section, '<script type="application/ld+json">{"@type":"BreadcrumbList","itemListElement":[{"name":"Home"},'
         '{"item":{"name":"City"}},{"name":"The story"}]}</script><h1>The story</h1>', "City", "jsonld:breadcrumb"),
        (others.image_url, '<meta property="og:image" content="/i.png">', "https://n.example/i.png", "og:image"),
        (others.image_url, '<meta property="og:image" content="data:x">' + FIGURE % "", "https://n.example/i.png", "dom:image"),
        (others.image_url, LD % '"image":[{"@type":"ImageObject","url":["/j.png"]}]', "https://n.example/j.png", "jsonld:image"),
        (others.image_caption, FIGURE % "A ship. <small>Ana Ruiz / AP</small>", "A ship.", "dom:figcaption"),
        (others.image_caption, FIGURE % "Ein Schiff. Foto: Ana Ruiz", "Ein Schiff.", "dom:figcaption"),
        (others.image_caption, FIGURE % "She took a photo of it.", "She took a photo of it.", "dom:figcaption"),
        (others.credit, FIGURE % "A ship. <small>Ana Ruiz / AP</small>", "Ana Ruiz / AP", "dom:credit"),
        (others.credit, FIGURE % "Ein Schiff. Foto: Ana Ruiz", "Foto: Ana Ruiz", "dom:figcaption"),
        (others.credit, LD % '"image":{"creditText":"Ana"}', "Ana", "jsonld:image.creditText"),
        (others.language, "<html lang=en_us>", "en-US", "html:lang"),
        (others.language, '<meta property="og:locale" content="pt_BR">', "pt-BR", "og:locale"),
        (others.language, LD % '"inLanguage":"zh-hant-tw"', "zh-Hant-TW", "jsonld:inLanguage"),
        (others.section, '<meta property="article:section" content="World">', "World", "meta:article:section"),
        (others.section, "<p class=breadcrumbs><a href=/>Home</a> <a href=/c>City</a></p>", "City", "dom:breadcrumb"),
        (others.tags, LD % '"keywords":["a","b, c","A"]', ("a", "b", "c"), "jsonld:keywords"),
        (others.tags, '<meta property="article:tag" content=x><meta property="article:tag" content=y>', ("x", "y"), "meta:article:tag"),
        (others.tags, "<a rel=tag>海</a><a rel=tag>盐、田</a>", ("海", "盐", "田"), "dom:rel-tag"),
        (others.publisher, LD % '"publisher":{"@type":"Organization","name":"The Example"}', "The Example", "jsonld:publisher"),
        (others.publisher, '<meta property="og:site_name" content="The Example">', "The Example", "og:site_name"),
        (others.paywalled, LD % '"isAccessibleForFree":false', True, "jsonld:isAccessibleForFree"),
        (others.paywalled, LD % '"isAccessibleForFree":"http://schema.org/True"', False, "jsonld:isAccessibleForFree"),
        (others.paywalled, '<meta property="article:content_tier" content="locked">', True, "meta:article:content_tier"),
    ],
)  # fmt: skip
def test_fields(field: Callable[[ParsedPage], Found[Any] | None], html: str, value: Any, rule: str) -> None:
    found = field(ParsedPage(html, "https://n.example/a/b"))
    assert found is not None
    assert (found.value, found.rule) == (value, rule)


def test_the_addresses_that_a_page_names() -> None:
    page = ParsedPage(
        '<html amp><head><base href="/n/"><link rel=canonical href="../c"><link rel=canonical href="">'
        '<link rel="canonical" href="https://n.example/second"><a rel=canonical href="/no"></a>'
        '<meta property="og:url" content="/o?utm_source=x#top"><meta name=syndication-source content="https://w.example/1">'
        '<link rel=amphtml href="amp"><link rel=alternate media="only screen and (max-width: 640px)" href="//m.n.example/a">'
        '<link rel=alternate media=handheld href="/hand"><link rel=alternate media=print href="/paper">'
        '<link rel=alternate hreflang=fr href="/fr"><link rel=alternate type="application/rss+xml" media=all href="/feed">'
        + LD
        % '"url":"/l"',
        "https://n.example/a/b",
    )
    assert [(each.url.removeprefix("https://"), each.how.value) for each in others.addresses(page)] == [
        ("n.example/c", "canonical"), ("n.example/second", "canonical"), ("n.example/o?utm_source=x#top", "og:url"),
        ("n.example/l", "jsonld"), ("n.example/a/b", "amp"),
        ("n.example/n/amp", "amp"), ("m.n.example/a", "mobile"), ("n.example/hand", "mobile"),
        ("n.example/paper", "print"), ("w.example/1", "source"),
    ]  # fmt: skip
    assert others.addresses(ParsedPage("<html \u26a1><p>x", "https://n.example/a"))[0].how == "amp"
    assert others.addresses(ParsedPage("<p>x", "https://n.example/a")) == ()
    assert (
        len(
            others.addresses(ParsedPage("<link rel=canonical href=/x%d>" * 99 % tuple(range(99)), "https://n.example/"))
        )
        == 20
    )


def test_nothing_is_guessed() -> None:
    page = ParsedPage("<p>Text.", "https://n.example/a")
    fields = (others.canonical_url, others.summary, others.image_url, others.credit, others.language, others.section)
    assert [field(page) for field in fields] == [None] * 6
    assert (others.tags(page), others.publisher(page), others.paywalled(page)) == (None, None, None)


@pytest.mark.parametrize("text", ["english", "", "x", "en-", "12"])
def test_what_is_no_language_tag(text: str) -> None:
    assert others.language_tag(text) in {None, "en"}
