"""The body in a page's hydration state: what scripts build the page from, a fallback where its markup shows next to
nothing. States are JSON in a script, assigned to a global, or streamed in pieces (React's flight rows).
"""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scraper.extract.body.blocks import Block
from scraper.extract.body.told import HTML_TAG, blocks_of
from scraper.extract.page import ParsedPage
from scraper.extract.words import fold, words_in

_LIMIT = 5 << 20  # characters of one script, and of all that is streamed
_SHORTEST = 200  # characters of a script that may hold a state
_STRINGS = 20_000  # strings looked at in one state
_STEPS = 400_000
_ASSIGNED = re.compile(r"^\s*(?:window|self|globalThis)?\.?[\w$.\[\]\"']{2,60}\s*=\s*(?=[{\[])")
_PUSHED = re.compile(r"[\w$.\[\]\"']{2,80}\.push\(\s*(?=[{\[])|\)\.push\(\s*(?=[{\[])")  # self.__next_f.push([1,"..."])
_PUSHES = 2000  # of one script
_PUSHED_WITHIN = 300  # characters
_ROW = re.compile(rb"([0-9a-f]{0,8}):(?:T([0-9a-f]{1,8}),)?")  # of what React streams: its number, the bytes of a text
_RUNNING = 8  # words from which a string can be a paragraph
_PAIR = 2
_ELEMENT = 4  # parts of a streamed element: "$", tag, key, properties
_KIDS = ("children", "content")  # where the nodes of rich text keep their inner nodes
_KINDS = ("type", "_type", "nodeType", "tagName", "nodeName")  # and where they say what they are
_UNREAD = frozenset({"className", "class", "style", "d", "srcSet", "sizes"})
_LEAVES = frozenset({"text", "span", "#text"})
_WORDS = ("text", "value")  # and their text
_BLOCK_KIND = re.compile(
    r"p|ul|ol|li|dl|h\d|table|t[rdh]|blockquote|figure|div|section|paragraph|document|root|doc"
    r"|(?:.*[-_])?(?:heading|list|item|quote|block|image|embed|table|row|cell)(?:[-_].*)?",
    re.IGNORECASE,
)
_DEEPEST = 8  # inline nodes in each other
_MARKUP = re.compile(r"<[^<>]*>")
_CODE = "{}=;\\"
_CODE_SHARE = 0.02  # of the characters of a string, from which it is a program


def state_body(page: ParsedPage, title: str | None) -> list[Block]:
    """The running text of the page's hydration state: the strings of the place in it that has the most.

    Strings are gathered by where they lie, numbers in the way left out, so that the paragraphs of one list come
    together whatever stands between them. A state that names the headline is believed before one that does not.
    """
    best: list[str] = []
    weight = 0.0
    headline = fold(title or "")
    for state, texts in _states(page):
        places = _strings(state, texts)
        named = bool(headline) and any(fold(text) == headline for found in places.values() for text in found[:3])
        for found in places.values():
            words = sum(words_in(text) for text in found if words_in(text) >= _RUNNING)
            if words * (2 if named else 1) > weight:
                best, weight = found, words * (2 if named else 1)
    return [block for text in dict.fromkeys(best) for block in blocks_of(page, text)]


def _states(page: ParsedPage) -> Iterator[tuple[Any, Mapping[str, str]]]:
    """What the page's scripts hold as JSON: whole ones, what is assigned to a global, and what is pushed to a list.
    With each come the texts that its strings may refer to by number ("$1f").
    """
    decoder = json.JSONDecoder(strict=False)
    streamed: list[str] = []
    for node in page.tree.css("script"):
        kind = (node.attributes.get("type") or "").lower()
        text = node.text() if "ld+json" not in kind else ""
        if not text or len(text) > _LIMIT:
            continue
        text = text.lstrip()
        pushed = "json" not in kind and _PUSHED.search(text, 0, _PUSHED_WITHIN)
        if pushed:
            for value in _pushed(decoder, text):
                if isinstance(value, list) and len(value) == _PAIR and isinstance(value[1], str):
                    streamed.append(value[1])
                else:
                    yield value, {}
        elif len(text) >= _SHORTEST and ("json" in kind or _ASSIGNED.match(text)):
            found = _ASSIGNED.match(text) if "json" not in kind else None
            yield _read(decoder, text, found.end() if found else 0)[0], {}
    if streamed:
        yield _rows(decoder, "".join(streamed)[:_LIMIT])


def _pushed(decoder: json.JSONDecoder, text: str) -> Iterator[Any]:
    """The values that a script pushes, one call after the other, up to the first that is no JSON."""
    found = _PUSHED.search(text, 0, _PUSHED_WITHIN)
    for _ in range(_PUSHES):
        value, end = _read(decoder, text, found.end()) if found else (None, 0)
        if value is None:
            break
        yield value
        found = _PUSHED.search(text, end, end + _PUSHED_WITHIN)


def _rows(decoder: json.JSONDecoder, stream: str) -> tuple[Any, Mapping[str, str]]:
    """The values of the rows that React streams, and those rows that are texts, by their number. They are cut into
    pieces anywhere, so that only the whole has rows; what has none may be HTML.
    """
    raw = stream.encode("utf-8", "replace")
    values: list[Any] = []
    texts: dict[str, str] = {}
    at = 0
    while at < len(raw):
        row = _ROW.match(raw, at)
        if row and row[2]:
            at = row.end() + int(row[2], 16)
            texts[row[1].decode()] = raw[row.end() : at].decode("utf-8", "replace")
        else:
            end = raw.find(b"\n", at)
            start, at = row.end() if row else at, end + 1 if end >= 0 else len(raw)
            if row and raw[start : start + 1] in {b"[", b"{", b'"'}:
                values.append(_read(decoder, raw[start:at].decode("utf-8", "replace"), 0)[0])
    if values or texts:
        return [*values, list(texts.values())], texts
    return ({"html": stream} if HTML_TAG.search(stream) else None), texts


def _read(decoder: json.JSONDecoder, text: str, start: int) -> tuple[Any, int]:
    """The JSON value that begins at a place of a text, and where it ends; None where there is none, or one too deep."""
    try:
        return decoder.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None, start


def _strings(state: Any, texts: Mapping[str, str]) -> dict[str, list[str]]:
    """The strings of a state by their place in it. A stack of our own: the depth is not ours to trust.

    What stands below one node of rich text is one string, however many links and emphases it is cut into, and the nodes
    of one text have one place, however deep they are.
    """
    found: dict[str, list[str]] = defaultdict(list)
    stack: list[tuple[str, Any]] = [("", state)]
    strings = 0
    for _ in range(_STEPS):
        if not stack or strings > _STRINGS:
            break
        place, value = stack.pop()
        if isinstance(value, str):
            value = texts.get(value[1:], value) if value[:1] == "$" else value
        elif isinstance(value, (dict, list)):
            line = _line(value)
            if line is None:
                stack.extend(_inner(place, value))
                continue
            value = line
        if isinstance(value, str) and " " in value and not _is_code(value):
            strings += 1
            found[place].append(value)
    return found


def _inner(place: str, value: dict[str, Any] | list[Any]) -> Iterator[tuple[str, Any]]:
    """What a value holds, the last first, each with its place."""
    if isinstance(value, list):
        yield from ((place if place.endswith("*") else f"{place}[]", inner) for inner in reversed(value))
        return
    rich = any(kind in value for kind in _KINDS)
    for key, inner in reversed(value.items()):
        if key in _UNREAD:
            continue
        if rich and key in _KIDS and isinstance(inner, list):
            yield place if place.endswith("*") else f"{place}*"[-300:], inner
        else:
            yield f"{place}.{key}"[-300:], inner


def _line(node: Any) -> str | None:
    """The text of a node of rich text whose inner nodes are inline, one of them text at least; None for others."""
    kids = _kids(node)
    if not any(_leaf(kid) is not None for kid in kids):
        return None
    return _joined(kids, 0)


def _joined(kids: Sequence[Any], depth: int) -> str | None:
    """The text of inline nodes, None where one of them is a block with text of its own."""
    parts = []
    for kid in kids:
        text = _leaf(kid)
        if text is None:
            inner = _kids(kid)
            if inner and (depth > _DEEPEST or _BLOCK_KIND.fullmatch(_kind(kid))):
                return None
            text = _joined(inner, depth + 1) if inner else " "
        if text is None:
            return None
        parts.append(text)
    return "".join(parts)


def _kids(node: Any) -> Sequence[Any]:
    """The inner nodes of a node of rich text or of a streamed element."""
    if _is_element(node):
        inner = node[3].get("children")
        return inner if isinstance(inner, list) and not _is_element(inner) else [inner] if inner is not None else ()
    if isinstance(node, dict):
        inner = next((node[key] for key in _KIDS if isinstance(node.get(key), list)), ())
        return inner if any(isinstance(kid, dict) for kid in inner) else ()
    return ()


def _leaf(node: Any) -> str | None:
    """The text of a node that is nothing else."""
    if isinstance(node, str):
        return node
    if not isinstance(node, dict) or any(key in node for key in _KIDS):
        return None
    kind = _kind(node).lower()
    told = kind in _LEAVES or ("text" in node and not kind)
    return next((node[key] for key in _WORDS if isinstance(node.get(key), str)), None) if told else None


def _kind(node: Any) -> str:
    if _is_element(node):
        return str(node[1])
    if not isinstance(node, dict):
        return ""
    told = [node[key] for key in ("tagName", *_KINDS) if isinstance(node.get(key), str)]
    return told[0] if told else ""


def _is_element(node: Any) -> bool:
    return isinstance(node, list) and len(node) == _ELEMENT and node[0] == "$" and isinstance(node[3], dict)


def _is_code(text: str) -> bool:
    """Whether a string is a program or data and no text."""
    if sum(map(text.count, _CODE)) <= _CODE_SHARE * len(text):
        return False
    plain = html.unescape(_MARKUP.sub(" ", text))
    return sum(map(plain.count, _CODE)) > _CODE_SHARE * len(plain)
