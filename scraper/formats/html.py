"""Markdown of an article's body as HTML that can do no harm.

markdown-it-py reads it with HTML switched off, so that what looks like a tag is text. Links lead to http, https and
mailto alone; images, which a reader would fetch from the publisher, become links. Headings begin at ``<h2>`` and skip
no level, since the page's ``<h1>`` is the title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_REL = "nofollow noopener noreferrer"
_WEB = re.compile(r"https?://[^\s/]|mailto:[^\s/]", re.IGNORECASE)


def is_web(url: str) -> bool:
    """Whether a link may lead there. The database is full of addresses from the network."""
    return _WEB.match(url.strip()) is not None


def render(markdown: str) -> str:
    """Markdown as HTML."""
    return str(_READER.render(markdown))


def paragraphs(text: str) -> str:
    """Plain text as HTML, its paragraphs apart by blank lines."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", text))
    return "\n".join(f"<p>{escape(part)}</p>" for part in parts if part)


def _tamed(state: StateCore) -> None:
    """A rule of markdown-it's core: what a token may become."""
    tokens = state.tokens
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
    reader.validateLink = is_web  # type: ignore[method-assign]
    reader.core.ruler.push("tamed", _tamed)
    return reader


_READER = _reader()
