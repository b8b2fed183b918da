"""What two versions of a page say as a whole: whether a line is new there, or was only read differently.

What an extractor takes for the article may turn on an advertisement, and rules change. A paragraph that is missing
from the new text and still on the new page was not taken away by anybody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from scraper.dedupe.noise import folded

LONGEST = 3_000_000  # characters of a page; a longer one is not looked at
_SHORTEST = 16  # characters, folded: a shorter line may stand within any other
_NEAR = 12  # blocks between two cells of a row, at most
_ROWS = 50  # places at which a row may begin
_HIDDEN = re.compile(r"<(script|style|template|!--)", re.IGNORECASE)
_ENDS = {
    name: re.compile(f"</{name}[^<>]*>?" if name != "!--" else "-->", re.IGNORECASE)
    for name in ("script", "style", "template", "!--")
}
_BLOCK = re.compile(
    r"</?(?:p|div|li|ul|ol|dl|dt|dd|t[drh]|table|h[1-6]|br|hr|section|article|aside|header|footer|main|figure|figcaption"
    r"|blockquote|nav|form|title|button|label|option|pre)\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")
_EDGE = "\x01"


class Whole:
    """All that a page says, whether it is of its article or not, folded; nothing where that is not known."""

    def __init__(self, html: str = "") -> None:
        edged = _TAG.sub("", _BLOCK.sub(_EDGE, _visible(html))) if len(html) <= LONGEST else ""
        self._blocks = [block for block in folded(unescape(edged)).split(_EDGE) if block]
        self._text = "".join(self._blocks)
        self._places: dict[str, list[int]] = {}
        for place, block in enumerate(self._blocks):
            self._places.setdefault(block, []).append(place)

    def says(self, line: str) -> bool:
        """Whether a paragraph stands there: anywhere, or as a block of its own if it is short; a table's row with some
        of its cells left out.
        """
        form = folded(line)
        if form in self._places or (len(form) >= _SHORTEST and form in self._text):
            return True
        cells = [folded(cell) for cell in line.split(" | ")]
        return len(cells) > 1 and any(self._has_row(cells, start) for start in self._places.get(cells[0], [])[:_ROWS])

    def _has_row(self, cells: list[str], start: int) -> bool:
        """Whether these cells follow each other from a block on, with a few others between them."""
        at = start
        for cell in cells[1:]:
            near = self._blocks[at + 1 : at + 1 + _NEAR]
            if cell not in near:
                return False
            at += 1 + near.index(cell)
        return True


@dataclass(frozen=True, slots=True)
class Sources:
    """The page before and now."""

    before: Whole = field(default_factory=Whole)
    now: Whole = field(default_factory=Whole)

    def still(self, line: str) -> bool:
        """Whether the page of now says this as well."""
        return self.now.says(line)

    def already(self, line: str) -> bool:
        """Whether the page of before said this as well."""
        return self.before.says(line)


def _visible(html: str) -> str:
    """A page's source without what is never shown. In time that grows with its length."""
    kept = []
    at = 0
    while (hidden := _HIDDEN.search(html, at)) is not None:
        kept.append(html[at : hidden.start()])
        end = _ENDS[hidden[1].lower()].search(html, hidden.end())
        at = end.end() if end is not None else len(html)
    return "".join([*kept, html[at:]])
