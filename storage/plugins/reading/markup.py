"""An article's body, and places of it, as HTML that can do no harm. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from markupsafe import Markup

_render: Callable[[str], str] | None = None
try:
    from scraper.formats.html import render

    _render = render
except ImportError:  # a Datasette of its own, without the scraper beside it
    pass

LONGEST = 100_000
"""Characters of a body that a page shows: reading more than that as Markdown would keep the others waiting."""

_BRACKETS = {2: "[", 3: "]"}
_UNSEEN = {"Zs", "Zl", "Zp", "Cc", "Cf", "Mn"}
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs by name
_WEB = re.compile(r"https?://[^\s/]|mailto:[^\s/]", re.IGNORECASE)


def web_address(text: object) -> str | None:
    """An address that a link may lead to, or None. The database is full of addresses from the network."""
    return text.strip() if isinstance(text, str) and _WEB.match(text.strip()) else None


def headline(title: object) -> str:
    """A title; words in the place of one that has nothing to be seen, nor to be followed as a link."""
    text = str(title or "")
    seen = any(unicodedata.category(sign) not in _UNSEEN and sign not in _BLANKS for sign in text)
    return text if seen else "Without a title"


@lru_cache(maxsize=128)
def body(markdown: str, plain: str) -> tuple[Markup, bool]:
    """A body's HTML, and whether its end was left out. ``plain`` is the same text without its structure."""
    text = (markdown if _render is not None else plain) or plain
    shown = text if len(text) <= LONGEST else text[:LONGEST].rsplit("\n", 1)[0]
    html = Markup(_render(shown)) if _render is not None else paragraphs(shown)  # noqa: S704 - it lets no markup through
    return html, len(shown) < len(text)


def paragraphs(text: str) -> Markup:
    """Plain text, its paragraphs apart by blank lines."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", text))
    return Markup("\n").join(Markup("<p>{}</p>").format(part) for part in parts if part)


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
