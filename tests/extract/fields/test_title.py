"""The headline, and the site's name that does not belong to it."""

# ruff: noqa: E501, RUF001 - one case a line, in the world's alphabets

from __future__ import annotations

import pytest

from scraper.extract.fields.title import title
from scraper.extract.page import ParsedPage

LD = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"%s"}</script>'
LONG = "A headline that goes on for long, " * 3 + "and longer"
SITE = '<meta property="og:site_name" content="The Example">'


@pytest.mark.parametrize(
    ("html", "expected", "rule"),
    [
        ('<script type="application/ld+json">{"@type":"NewsArticle","headline":"A &amp; B"}</script><h1>C</h1>', "A & B", "jsonld:headline"),
        ('<h1 itemprop="headline">From the item</h1><meta property="og:title" content="From og">', "From the item", "microdata:h1"),
        (f'{SITE}<meta property="og:title" content="Ship sinks | The Example">', "Ship sinks", "og:title"),
        (f'{SITE}<meta property="og:title" content="The Example: News">', "The Example: News", "og:title"),
        (f"{SITE}<title>The Example - Ship sinks</title>", "Ship sinks", "dom:title"),
        (f"{SITE}<title>The Example</title><h1>The Example</h1>", None, None),
        ("<title>Ship sinks – News Example</title>", "Ship sinks", "dom:title"),
        ("<title>Ship sinks - and rises</title>", "Ship sinks - and rises", "dom:title"),
        ("<title>Ship sinks - World - Whatever</title><h1>Ship sinks</h1>", "Ship sinks", "dom:h1"),
        ("<title>Ship sinks - Whatever</title><h1>Ship sinks</h1><h1>Logo</h1>", "Ship sinks", "dom:h1s"),
        (f'{SITE}<meta property="og:title" content="  "><h1>Ship<br>sinks</h1>', "Ship sinks", "dom:h1"),
        ("<title>大学生造纸_海湾日报</title><meta name=application-name content=海湾日报>", "大学生造纸", "dom:title"),
        ("<h1>Logo</h1><h1>Ship sinks</h1><title>Ship sinks | Whatever</title>", "Ship sinks", "dom:h1s"),
        ('<h1>Storm: the ship has sunk</h1><meta property="og:title" content="The ship has sunk">', "The ship has sunk", "dom:h1"),
        ('<h1>Sunk | Opinion</h1><meta property="og:title" content="Something else">', "Sunk | Opinion", "dom:h1"),
        ('<meta property="og:title" content="Ship sinks off coast | Opinion | Blog">', "Ship sinks off coast", "og:title"),
        ('<meta property="og:title" content="Ship sinks - Example News">', "Ship sinks", "og:title"),
        (LD % "Ship sinks off the…" + "<h1>Ship sinks off the coast of nowhere</h1>", "Ship sinks off the coast of nowhere", "jsonld:headline"),
        (LD % "From data" + '<h1>On the page</h1><meta property="og:title" content="To share">', "From data", "jsonld:headline"),
        (LD % "From data" + "<h1>On the page</h1><title>On the page</title><meta name=title content='On the page'>"
         '<meta property="og:title" content="On the page">', "On the page", "dom:h1"),
        ("<title>News-Example » Ship sinks</title><h1>News-Example</h1>", "Ship sinks", "dom:title"),
        (("<title>A ship has sunk off Cape Example</title><h1>A ship has sunk off Cape Example</h1>"
         '<meta property="og:site_name" content="A ship has sunk off Cape Example">'), "A ship has sunk off Cape Example", "dom:h1"),
        ("<title>news-example.example</title><h2>A ship has sunk off the coast</h2><p>The ship sank on Monday after it had struck a rock off the cape.", "A ship has sunk off the coast", "dom:heading"),
        (LD % LONG + f'<h1>{LONG}</h1><meta property="og:title" content="{LONG} * Whatever">', LONG, "jsonld:headline"),
        ("<svg><title>Icon</title></svg><p>x", None, None),
        # Before the same words each source has a kicker of its own.
        ('<h1>War at sea - "The ship has sunk"</h1><meta property="og:title" content="Navy of Example: &quot;The ship has sunk&quot;">', '"The ship has sunk"', "dom:h1"),
        ('<h1>Storm of the year: here is what to do</h1><meta property="og:title" content="The storm: here is what to do">', "Storm of the year: here is what to do", "dom:h1"),
        ('<h1>Blog: Best ships of the year</h1><meta property="og:title" content="Best ships of the year | News-Example">', "Best ships of the year", "dom:h1"),
        ("<h1>News Example</h1><title>Ship sinks off the coast | News Example</title>", "Ship sinks off the coast", "dom:title"),
        (LD % "And finally&amp;#8230; a ship" + "<h1>And finally… a ship</h1>", "And finally… a ship", "jsonld:headline"),
        # The <title> tells the blog's name from the headline.
        ('<h1>Lessons of Mine</h1><h2>Why ships sink</h2><title>Lessons of Mine: Why ships sink</title><meta property="og:title" content="Why ships sink">', "Why ships sink", "og:title"),
        ('<h1>Lessons of Mine</h1><h1>Day 1</h1><title>Why ships sink – Lessons of Mine</title><meta property="og:title" content="Why ships sink">', "Why ships sink", "og:title"),
        ('<h1>Lessons of Mine</h1><title>Lessons of Mine: Why ships sink</title><meta property="og:title" content="Lessons of Mine">', "Lessons of Mine", "dom:h1"),
    ],
)  # fmt: skip
def test_title(html: str, expected: str | None, rule: str | None) -> None:
    found = title(ParsedPage(html, "https://www.news-example.example/a"))
    assert (found.value if found else None, found.rule if found else None) == (expected, rule)


WRITTEN = "Ferry accident Cape Example: ferry sinks, forty saved"
APART = LD % WRITTEN + f"<title>{WRITTEN} - The Example</title><h1>{WRITTEN}</h1>" + SITE


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ('<meta property="og:title" content="Forty walk ashore as their ship goes down">', "Forty walk ashore as their ship goes down"),
        (f'<meta property="og:title" content="Forty walk ashore as their ship goes down"><meta name="twitter:title" content="{WRITTEN}">',
         "Forty walk ashore as their ship goes down"),
        # Written for sharing.
        ('<meta property="og:title" content="Forty walk ashore!"><meta name="twitter:title" content="Forty walk ashore!">', WRITTEN),
        # The same, abridged.
        ('<meta property="og:title" content="Ferry accident: forty saved">', WRITTEN),
        ('<meta property="og:title" content="The Example">', WRITTEN),
    ],
)  # fmt: skip
def test_a_headline_that_og_title_alone_gives_was_written_by_an_editor(beside: str, expected: str) -> None:
    found = title(ParsedPage(APART + beside, "https://www.news-example.example/a"))
    assert found is not None
    assert found.value == expected


def test_a_headline_that_og_title_alone_gives_does_not_beat_one_that_the_data_gives_otherwise() -> None:
    page = LD % "Ferry sinks" + f"<title>{WRITTEN}</title><h1>{WRITTEN}</h1>"
    found = title(ParsedPage(page + '<meta property="og:title" content="Forty walk ashore as their ship goes down">'))
    assert found is not None
    assert found.value == "Ferry sinks"
