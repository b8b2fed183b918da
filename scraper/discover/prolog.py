"""Where a document's root element begins: everything before it (declaration, comments, DTD) is left out.

Dropping the DTD unread is what makes entity bombs harmless: a parser that never saw ``<!ENTITY`` has nothing to expand.
It also keeps the honest feeds that carry one (RSS 0.91 points to Netscape's DTD, some list HTML's entities).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(r"<([A-Za-z_][\w.:-]*)")
_DOCTYPE_TOKEN = re.compile(r"\"[^\"]*\"|'[^']*'|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|[\[\]>]", re.DOTALL)
_FEED_ROOT = re.compile(r"<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]", re.IGNORECASE)
_NOISE = frozenset({"br", "b", "p", "div", "pre", "font", "span", "script", "style", "link", "meta"})
_NOISE_SIZE = 16_384


@dataclass(frozen=True, slots=True)
class Root:
    """The first element: its name as written (empty where there is none), where it starts, and what kind of DTD.

    ``doctype`` is the first word of the document type declaration, in lower case: ``html``, ``rss``, or empty.
    """

    name: str
    start: int
    doctype: str = ""

    @property
    def local(self) -> str:
        """The name without its prefix, in lower case: ``rdf`` for ``rdf:RDF``."""
        return self.name.rpartition(":")[2].lower()


def root(text: str) -> Root:
    """The root element of a text.

    Text before the first tag is passed over, and so is what a server prints in front of its feed: PHP's warnings,
    a script, an empty element.
    """
    at, doctype = 0, ""
    while (at := text.find("<", at)) >= 0:
        if text.startswith("<?", at):
            at = _after(text, "?>", at)
        elif text.startswith("<!--", at):
            at = _after(text, "-->", at + 4)
        elif text[at : at + 9].lower() == "<!doctype":
            doctype = doctype or text[at + 9 : at + 30].strip(" \t\r\n").partition(" ")[0].partition(">")[0].lower()
            at = _after_doctype(text, at + 9)
        elif name := _NAME.match(text, at):
            return _past_noise(text, Root(name[1], at, doctype))
        else:
            at += 1
    return Root("", len(text), doctype)


def _past_noise(text: str, first: Root) -> Root:
    if first.local not in _NOISE or first.doctype:
        return first
    hidden = _FEED_ROOT.search(text, first.start, first.start + _NOISE_SIZE)
    return Root(hidden[0][1:-1].strip(), hidden.start()) if hidden else first


def _after(text: str, end: str, at: int) -> int:
    found = text.find(end, at)
    return len(text) if found < 0 else found + len(end)


def _after_doctype(text: str, at: int) -> int:
    """The place behind a declaration that may hold an internal subset, with quotes and comments in it."""
    depth = 0
    for token in _DOCTYPE_TOKEN.finditer(text, at):
        if token[0] == "[":
            depth += 1
        elif token[0] == "]":
            depth -= 1
        elif token[0] == ">" and depth <= 0:
            return token.end()
    return len(text)
