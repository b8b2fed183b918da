"""Markdown of an article's body as HTML that can do no harm. Pure.

markdown-it-py reads it with HTML switched off, so that what looks like a tag is text. Links lead to http, https and
mailto alone; images, which a browser would fetch from the publisher, become links. Headings begin at ``<h2>`` and skip
no level, since the page's ``<h1>`` is the title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup

try:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
except ImportError:  # a Datasette of its own, without the scraper beside it
    MarkdownIt = None  # type: ignore[assignment,misc]

LONGEST = 100_000
"""Characters of a body that a page shows: reading more than that as Markdown would keep the others waiting."""

_REL = "nofollow noopener noreferrer"
_BRACKETS = {2: "[", 3: "]"}
_WEB = re.compile(r"https?://[^\s/]|mailto:[^\s/]", re.IGNORECASE)


def web_address(text: object) -> str | None:
    """An address that a link may lead to, or None. The database is full of addresses from the network."""
    return text.strip() if isinstance(text, str) and _WEB.match(text.strip()) else None


@lru_cache(maxsize=128)
def body(markdown: str, plain: str) -> tuple[Markup, bool]:
    """A body's HTML, and whether its end was left out. ``plain`` is the same text without its structure."""
    text = (markdown if MarkdownIt is not None else plain) or plain
    shown = text if len(text) <= LONGEST else text[:LONGEST].rsplit("\n", 1)[0]
    html = Markup(_READER.render(shown)) if MarkdownIt is not None else paragraphs(shown)  # noqa: S704 - see above
    return html, len(shown) < len(text)


def paragraphs(text: str) -> Markup:
    """Plain text, its paragraphs apart by blank lines."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", text))
    return Markup("\n").join(Markup("<p>{}</p>").format(part) for part in parts if part)


def _tamed(state: object) -> None:
    """A rule of markdown-it's core: what a token may become."""
    tokens: Sequence[Token] = state.tokens  # type: ignore[attr-defined]
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    ranks = {tag: rank for rank, tag in enumerate(sorted({token.tag for token in headings}), 2)}
    last = 1
    for opening, closing in zip(headings[::2], headings[1::2], strict=True):
        last = min(ranks[opening.tag], last + 1)
        opening.tag = closing.tag = f"h{last}"
    for token in tokens:
        if token.children:
            token.children = _inline(token.children)


def _inline(children: Sequence[Token]) -> list[Token]:
    tamed: list[Token] = []
    in_link = False
    for token in children:
        if token.type in {"link_open", "link_close"}:
            in_link = token.type == "link_open"
            if in_link:
                token.attrSet("rel", _REL)
            tamed.append(token)
        elif token.type == "image":
            tamed += _image(token, in_link=in_link)
        else:
            tamed.append(token)
    return tamed


def _image(token: Token, *, in_link: bool) -> list[Token]:
    words = Token("text", "", 0, content=f"[image: {token.content}]" if token.content else "[image]")
    if in_link:
        return [words]
    opening = Token("link_open", "a", 1, attrs={"href": token.attrGet("src") or "", "rel": _REL})
    return [opening, words, Token("link_close", "a", -1)]


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    reader.validateLink = lambda url: web_address(url) is not None  # type: ignore[method-assign]
    reader.core.ruler.push("tamed", _tamed)
    return reader


def marked(snippet: object) -> Markup:
    """A place of a text as `searching` gives it, what was looked for in ``<mark>``."""
    html = Markup("")
    for place, part in enumerate(str(snippet or "").split("[")):
        word, closing, rest = part.partition("]")
        if place and closing:
            html += Markup("<mark>{}</mark>{}").format(word.translate(_BRACKETS), rest.translate(_BRACKETS))
        else:
            html += Markup("{}").format(part.translate(_BRACKETS))
    return html


if MarkdownIt is not None:
    _READER = _reader()
