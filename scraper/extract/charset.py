"""Bytes -> text, by the rules of the WHATWG standard, with two allowances for pages that declare wrongly.

A byte order mark wins, then the HTTP header, then a ``<meta>`` in the first 1,024 bytes, then strict UTF-8, then a
``<meta>`` further on (a browser restarts on those), then a detector's guess. Labels are looked up with `webencodings`
only: a name from the network never reaches Python's codecs.

The allowances: a declaration that the bytes contradict is passed over (a browser would show replacement characters),
and a page that declares latin-1 (windows-1252) or latin-9, which servers and templates add unasked, is read as UTF-8
where it is valid UTF-8 beyond ASCII.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

import webencodings

from scraper.extract.prescan import labels

# A legacy text that is nothing else; the lookup cannot fail, for the label is the standard's own.
WINDOWS_1252 = webencodings.Encoding("windows-1252", codecs.lookup("cp1252"))
_UNASKED = frozenset({"windows-1252", "iso-8859-15"})
_PRESCAN = 1024
_LATE_META = 1 << 16
_SAMPLE = 1 << 16

_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_MARKUP = re.compile(rb"<[^<>]*>|[\t\r\n ]+")
_GUESSABLE = (
    "cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "koi8_r", "koi8_u",
    "cp866", "iso8859_2", "iso8859_5", "shift_jis", "euc_jp", "iso2022_jp", "gb18030", "big5", "euc_kr", "cp874",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the WHATWG name of the encoding it was read by, and what named it: bom, header, meta, utf-8 or guess.

    The text is kept as UTF-8, which the parser takes: a page that came so is handed on as it is.
    """

    utf8: bytes
    encoding: str
    source: str

    @classmethod
    def of(cls, text: str, encoding: str, source: str) -> Decoded:
        """What was read by another encoding."""
        return cls(text.encode("utf-8", "replace"), encoding, source)

    @property
    def text(self) -> str:
        """The same as ``str``."""
        return self.utf8.decode("utf-8", "replace")


def decode(data: bytes, content_type: str | None = None) -> Decoded:
    """Read a page's bytes as text. Never fails: what cannot be read becomes U+FFFD."""
    marked = decode_marked(data)
    if marked is not None:
        return marked
    for source, encoding in _declared(data, content_type):
        if encoding.name in _UNASKED and _is_utf8(data):
            return Decoded.of(data.decode("utf-8", "replace"), "utf-8", source)
        if encoding.name == "utf-8" and _is_whole(data):
            return Decoded(data, "utf-8", source)
        text = _read(data, encoding)
        if text is not None:
            return Decoded.of(text, encoding.name, source)
    return _guess(data)


def decode_marked(data: bytes) -> Decoded | None:
    """A text that begins with a byte order mark; None for one that does not."""
    marks = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
    for mark, codec in marks:
        if data.startswith(mark):
            return Decoded.of(data[len(mark) :].decode(codec, "replace"), codec.replace("16-", "16"), "bom")
    return None


def _declared(data: bytes, content_type: str | None) -> Iterator[tuple[str, webencodings.Encoding]]:
    """Every encoding that the page is said to have, the weightiest first; UTF-8 tried between early and late meta."""
    header = _HEADER_CHARSET.search(content_type or "")
    if header is not None:
        encoding = _lookup(header[1])
        if encoding is not None:
            yield "header", encoding
    yield from _meta(data[:_PRESCAN])
    yield "utf-8", webencodings.UTF8
    yield from _meta(data[_PRESCAN:_LATE_META])


def _meta(head: bytes) -> Iterator[tuple[str, webencodings.Encoding]]:
    for label in labels(head):
        encoding = _lookup(label)
        if encoding is None:
            continue
        # A page whose declaration could be read as ASCII is not in UTF-16, and x-user-defined is for scripts: so says
        # https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding
        if encoding.name.startswith("utf-16"):
            encoding = webencodings.UTF8
        elif encoding.name == "x-user-defined":
            encoding = WINDOWS_1252
        yield "meta", encoding
        return


def _lookup(label: str) -> webencodings.Encoding | None:
    encoding = webencodings.lookup(label)
    return None if encoding is None or encoding.name == "replacement" else encoding


def _read(data: bytes, encoding: webencodings.Encoding) -> str | None:
    """The text, if the bytes bear the encoding out: a stray bad byte is forgiven, one in twenty foreign ones is not."""
    text = encoding.codec_info.decode(data, "replace")[0]
    bad = text.count("\ufffd")
    if bad == 0:
        return text
    foreign = sum(1 for character in text if character > "\x7f")
    return text if bad * 20 <= foreign else None


def _is_whole(data: bytes) -> bool:
    """Whether these are UTF-8 from the first byte to the last."""
    try:
        return data.isascii() or bool(data.decode())
    except UnicodeDecodeError:
        return False


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)  # a last character cut in two is no fault
    except UnicodeDecodeError:
        return False
    return True


def _guess(data: bytes) -> Decoded:
    # Imported at need: it costs 40 ms, and few pages come this far.
    from charset_normalizer import from_bytes

    sample = _MARKUP.sub(b" ", data[: _SAMPLE * 4])[:_SAMPLE]
    best = from_bytes(sample, cp_isolation=list(_GUESSABLE), enable_fallback=False).best()
    label = (best.encoding if best else "windows-1252").replace("_", "-").replace("iso8859-", "iso-8859-")
    encoding = _lookup(label) or WINDOWS_1252
    return Decoded.of(encoding.codec_info.decode(data, "replace")[0], encoding.name, "guess")
