"""Bytes -> text, for feeds, sitemaps and section pages.

In this order: a byte order mark; valid UTF-8 (text in another charset is never valid UTF-8 by chance, and labels often
lie); the label in the header; the label in the document; UTF-8 with a few faults; the charset usual for the document's
language; a detector. Text that was encoded as UTF-8 twice is decoded twice. Labels are looked up as the WHATWG standard
names them (``webencodings``), so a name from the network never reaches Python's codecs. Sources:
https://encoding.spec.whatwg.org, RFC 7303, and the table of locales in
https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator

import webencodings

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)|<meta[^>]{0,300}?charset\s*=\s*["']?([\w.:-]+)""",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(
    rb"""(?:<language>|<html[^>]{0,200}?\slang=["']?|xml:lang=["'])\s*([a-z]{2})(-[a-z]{2})?""", re.IGNORECASE
)
_HEAD = 4096
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"),
)  # fmt: skip
# The charsets that a language was written in, the usual one first.
_BY_LANGUAGE = {
    "ar": ("windows-1256",), "fa": ("windows-1256",), "be": ("windows-1251",), "bg": ("windows-1251",),
    "ky": ("windows-1251",), "mk": ("windows-1251",), "ru": ("windows-1251", "koi8-r"), "sr": ("windows-1251",),
    "tg": ("windows-1251",), "uk": ("windows-1251", "koi8-u"), "cs": ("windows-1250", "iso-8859-2"),
    "hu": ("iso-8859-2", "windows-1250"), "pl": ("iso-8859-2", "windows-1250"), "sk": ("windows-1250", "iso-8859-2"),
    "sl": ("iso-8859-2", "windows-1250"), "el": ("iso-8859-7", "windows-1253"), "et": ("windows-1257",),
    "lt": ("windows-1257",), "lv": ("windows-1257",), "he": ("windows-1255",), "ja": ("euc-jp", "shift_jis"),
    "ko": ("euc-kr",), "th": ("windows-874",), "tr": ("windows-1254",), "vi": ("windows-1258",),
    "zh": ("gb18030", "big5"), "zh-tw": ("big5", "gb18030"), "zh-hk": ("big5", "gb18030"),
}  # fmt: skip
_SERVER_DEFAULT = "windows-1252"  # what "iso-8859-1" means, the label that servers add without being asked
_ASCII_BYTES = bytes(range(128))
_SAMPLE = 16_384
_ODD = frozenset({"Cc", "Cn", "Co", "So"})  # controls, no characters, private ones, and U+FFFD among the signs


def decode(body: bytes, content_type: str) -> str:
    """The body as text; bytes that fit nothing become U+FFFD. It never fails."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace").lstrip("\ufeff")
    labels = list(_labels(body[:_HEAD], content_type))
    if "iso-2022-jp" in labels:  # the one charset whose bytes are all ASCII
        return _by_label(body, "iso-2022-jp")
    try:
        # Not final: a body that was cut short may end inside a character.
        text = codecs.getincrementaldecoder("utf-8")("strict").decode(body)
    except UnicodeDecodeError:
        return _legacy(body, labels)
    # One odd byte at the very end proves nothing.
    return _once(text) if body.isascii() or not text.isascii() else _legacy(body, labels)


def _once(text: str) -> str:
    """The text, decoded once more where all of it was encoded twice: nothing else comes out of that whole."""
    if text.isascii():
        return text
    for charset in ("cp1252", "latin-1"):
        try:
            return text.encode(charset).decode()
        except UnicodeError:
            continue
    return text


def _legacy(body: bytes, labels: list[str]) -> str:
    for label in labels:
        if label != "utf-8":
            return _by_label(body, label)
    if labels:
        text = body.decode("utf-8", "replace")
        faults = text.count("\ufffd")
        if faults * 5 < len(body.translate(None, _ASCII_BYTES)):
            return text
    return _by_label(body, _guess(body))


def _labels(head: bytes, content_type: str) -> Iterator[str]:
    """The charsets that the header and the document name, by their WHATWG names, the more believable first."""
    header = _CHARSET.search(content_type)
    declared = _DECLARED.search(head)
    named = [header[1] if header else "", (declared[1] or declared[2]).decode("ascii") if declared else ""]
    known = [found.name for found in (webencodings.lookup(label) for label in named) if found is not None]
    # ASCII bytes named UTF-16 are UTF-8 (WHATWG); `replacement` stands for charsets that browsers refuse.
    known = [
        "utf-8" if name.startswith("utf-16") else name
        for name in known
        if name not in {"replacement", "x-user-defined"}
    ]
    if known[:1] == [_SERVER_DEFAULT]:
        known.reverse()
    yield from known


def _by_label(body: bytes, label: str) -> str:
    encoding = webencodings.lookup(label) or webencodings.UTF8
    text: str = encoding.codec_info.decode(body, "replace")[0]
    return text


def _guess(body: bytes) -> str:
    """A charset for bytes that declare none: one of those usual for the language that they name, or a detector's."""
    language = _LANGUAGE.search(body[:_HEAD])
    if language:
        name, region = (part.decode("ascii").lower() for part in language.groups(b""))
        if usual := _BY_LANGUAGE.get(name + region) or _BY_LANGUAGE.get(name):
            return _likelier(_words(body), usual)
    from charset_normalizer import from_bytes  # 20 ms, and few bodies come this far

    words = _words(body)
    best = from_bytes(words).best()
    found = webencodings.lookup(best.encoding.replace("_", "-")) if best else None
    if found is None or found.name.startswith("utf-"):
        return _SERVER_DEFAULT
    # The detector takes French for Czech.
    latin = all(letter < "\u0250" for letter in _by_label(words, found.name) if letter.isalpha())
    return _likelier(words, (_SERVER_DEFAULT, found.name)) if latin else found.name


def _words(body: bytes) -> bytes:
    """A sample of the texts that are not ASCII; markup is, and only dilutes it."""
    texts = re.split(rb"[<>]", body[: 64 * _SAMPLE])
    return b" ".join(text for text in texts if not text.isascii())[:_SAMPLE]


def _likelier(words: bytes, labels: tuple[str, ...]) -> str:
    """The first of these charsets that makes of the bytes as much lower case, and as few odd characters, as any."""

    def sense(label: str) -> int:
        text = _by_label(words, label)
        return sum(letter.islower() for letter in text) - 10 * sum(unicodedata.category(sign) in _ODD for sign in text)

    return max(labels, key=sense)
