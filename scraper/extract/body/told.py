"""Bodies that a page's scripts carry: JSON-LD's articleBody, and the state that scripts build the page from.

Both are a fallback for a page whose markup shows far less, and JSON-LD's is a cross-check for the blocks of one that
shows all: it is precise but often cut, and it has lost its paragraphs more often than not.
"""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from scraper.extract.body.blocks import Block, names_in
from scraper.extract.body.vocabulary import read_names
from scraper.extract.page import ParsedPage
from scraper.extract.words import ends_sentence, fold, squeeze, words_in

_STATE_LIMIT = 5 << 20  # characters of one script
_STRINGS = 20_000  # strings looked at in one state
_ASSIGNED = re.compile(r"^\s*(?:window|self|globalThis)?\.?[\w$.\[\]\"']{2,60}\s*=\s*(?=[{\[])")
_PUSHED = re.compile(r"[\w$.\[\]\"']{2,80}\.push\(\s*(?=[{\[])")  # streamed: self.__next_f.push([1,"..."])
_PUSHED_WITHIN = 300  # characters
_FLIGHT = re.compile(r"^[0-9a-f]{1,8}:(?=[\[{])", re.MULTILINE)  # a row of what React streams
_RUNNING = 8  # words from which a string can be a paragraph
_TAG = re.compile(r"</?(?:p|div|br|span|strong|em|a|h[1-6]|ul|li)\b[^>]*>", re.IGNORECASE)
_PAIR = 2
_CAPTIONS = frozenset({"caption", "captions", "credit", "credits", "legende", "bildunterschrift"})
_STEPS = 400_000


def article_body(page: ParsedPage) -> str:
    """JSON-LD's articleBody, markup and all; empty where there is none."""
    return max(page.ld("articleBody"), key=len, default="")


def blocks_of(page: ParsedPage, text: str) -> list[Block]:
    """A told text as blocks: HTML that publishers put there is read as such."""
    if _TAG.search(text):
        flat = page.parsed(f"<body>{text}").flat
        boxes = flat.boxes
        names = [names_in(attributes) for attributes in boxes.attributes]
        left_out = {box for box, told in enumerate(names) if not _CAPTIONS.isdisjoint(read_names(told)[0])}
        return [
            block._replace(box=0, kind="p" if block.kind == "td" else block.kind)  # their boxes are not this page's
            for block in flat.shown
            if block.box not in left_out and boxes.parent[block.box] not in left_out
        ]
    return [line(part) for part in re.split(r"\s*\n\s*", html.unescape(text)) if squeeze(part)]


def line(text: str) -> Block:
    """A paragraph of plain text."""
    text = squeeze(text)
    return Block(text, "p", 0, False, False, 0, words_in(text), 0, ends_sentence(text))


def state_body(page: ParsedPage, title: str | None) -> list[Block]:
    """The running text of the page's hydration state: the strings of the place in it that has the most.

    Strings are gathered by where they lie, numbers in the way left out, so that the paragraphs of one list come
    together whatever stands between them. A state that names the headline is believed before one that does not.
    """
    best: list[str] = []
    weight = 0.0
    headline = fold(title or "")
    for state in _states(page):
        places = _strings(state)
        named = bool(headline) and any(fold(text) == headline for texts in places.values() for text in texts[:3])
        for texts in places.values():
            words = sum(words_in(text) for text in texts if words_in(text) >= _RUNNING)
            if words * (2 if named else 1) > weight:
                best, weight = texts, words * (2 if named else 1)
    return [block for text in dict.fromkeys(best) for block in blocks_of(page, text)]


def _states(page: ParsedPage) -> Iterator[Any]:
    """What the page's scripts hold as JSON: whole ones, what is assigned to a global, and what is pushed to a list."""
    decoder = json.JSONDecoder(strict=False)
    for node in page.tree.css("script"):
        kind = (node.attributes.get("type") or "").lower()
        if "ld+json" in kind:
            continue
        text = node.text()
        if len(text) > _STATE_LIMIT or len(text) < 200:
            continue
        text = text.lstrip()
        found = _ASSIGNED.match(text) or _PUSHED.search(text, 0, _PUSHED_WITHIN)
        if "json" not in kind and not found:
            continue
        value = _read(decoder, text, found.end() if found and "json" not in kind else 0)
        if isinstance(value, list) and len(value) == _PAIR and isinstance(value[1], str):
            rows = [_read(decoder, value[1], row.end()) for row in _FLIGHT.finditer(value[1])]
            yield rows or {"html": value[1]}
        else:
            yield value


def _read(decoder: json.JSONDecoder, text: str, start: int) -> Any:
    """The JSON value that begins at a place of a text; None where there is none, or one too deep to read."""
    try:
        return decoder.raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return None


def _strings(state: Any) -> dict[str, list[str]]:
    """The strings of a state by their place in it. A stack of our own: the depth is not ours to trust."""
    found: dict[str, list[str]] = defaultdict(list)
    stack: list[tuple[str, Any]] = [("", state)]
    strings = 0
    for _ in range(_STEPS):
        if not stack or strings > _STRINGS:
            break
        place, value = stack.pop()
        if isinstance(value, dict):
            stack.extend((f"{place}.{key}"[-300:], inner) for key, inner in reversed(value.items()))
        elif isinstance(value, list):
            stack.extend((f"{place}[]", inner) for inner in reversed(value))
        elif isinstance(value, str) and " " in value:
            strings += 1
            found[place].append(value)
    return found
