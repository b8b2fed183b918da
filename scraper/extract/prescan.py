"""Which encoding a page's ``<meta>`` elements name, read off its bytes before anything is decoded or parsed.

The standard's own steps: https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding
and https://html.spec.whatwg.org/multipage/urls-and-fetching.html#extracting-character-encodings-from-meta-elements. So
comments, closing tags and declarations name nothing, a ``content`` does only beside ``http-equiv=content-type``, and a
description that speaks of ``charset=`` is a description.
"""

from __future__ import annotations

import re

_NEXT = re.compile(rb"<(?:!--|(meta)(?=[\t\n\f\r /])|(/?[a-z])|[!/?])", re.IGNORECASE)
_NAME_END = re.compile(rb"[\t\n\f\r >]")
_ATTRIBUTE = re.compile(
    rb"[\t\n\f\r /]*(=?[^\t\n\f\r />=]+|=)"
    rb"(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:\"([^\"]*)\"|'([^']*)'|([^\t\n\f\r >\"'][^\t\n\f\r >]*)|))?"
)
_CHARSET = re.compile(
    rb"charset[\t\n\f\r ]*=[\t\n\f\r ]*(?:\"([^\"]*)\"|'([^']*)'|([^\t\n\f\r ;\"'][^\t\n\f\r ;]*))", re.IGNORECASE
)
_XML = re.compile(rb"<\?xml[^>]*?\sencoding[\t\n\f\r ]*=[\t\n\f\r ]*(?:\"([^\"]+)\"|'([^']+)')")


def labels(head: bytes) -> list[str]:
    """The labels of encodings that the ``<meta>`` elements in a page's first bytes name, in their order; where none
    does, that of its XML declaration. Whether a label is one, the caller knows.
    """
    found = []
    at = 0
    while tag := _NEXT.search(head, at):
        if tag[0] == b"<!--":
            # "<!-->" is a whole comment.
            closed = head.find(b"-->", tag.start() + 2)
            at = closed + 3 if closed >= 0 else len(head)
        elif tag[1] or tag[2]:
            name_end = tag.end() if tag[1] else _end_of_name(head, tag.end())
            attributes, at = _attributes(head, name_end)
            label = _label(attributes) if tag[1] else b""
            if label:
                found.append(label.strip().decode("ascii", "ignore"))
        else:
            closed = head.find(b">", tag.end())
            at = closed + 1 if closed >= 0 else len(head)
    declared = _XML.match(head)
    if not found and declared:
        found.append((declared[1] or declared[2]).decode("ascii", "ignore"))
    return found


def _end_of_name(head: bytes, at: int) -> int:
    end = _NAME_END.search(head, at)
    return end.start() if end else len(head)


def _attributes(head: bytes, at: int) -> tuple[dict[bytes, bytes], int]:
    """The attributes of a tag, the first of each name, lower-case; and where they end."""
    found: dict[bytes, bytes] = {}
    while one := _ATTRIBUTE.match(head, at):
        found.setdefault(one[1].lower(), next((value for value in one.groups()[1:] if value is not None), b""))
        at = one.end()
    return found, at


def _label(attributes: dict[bytes, bytes]) -> bytes:
    """What a ``<meta>`` with these attributes names; empty for nothing."""
    if b"charset" in attributes:
        return attributes[b"charset"]
    if attributes.get(b"http-equiv", b"").lower() != b"content-type":
        return b""
    told = _CHARSET.search(attributes.get(b"content", b""))
    return next((value for value in told.groups() if value), b"") if told else b""
