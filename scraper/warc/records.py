"""Records of a WARC (0.17 to 1.1) or an ARC, one after the other, with an end to every line and every header.

warcio's reader takes lines of any length and as many headers as there are, and gives up a whole file for one damaged
record; archives that others hand over deserve less trust.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scraper.warc.unpacking import Unpacked

_LINE = 2**16
_HEADERS = 200
_VERSION = re.compile(rb"WARC/(0\.1[78]|1\.[01])[ \t]*\r?\n")
_ARC = re.compile(rb"(\S+) (\S+) (\d{14}) (\S+)(?: \d+ \S+ \d+ \S+)? (\d+)\r?\n")
_SOMEWHERE = re.compile(rb"(?:^|\n)(?=WARC/(?:0\.1[78]|1\.[01])[ \t]*\r?\n)")


@dataclass(frozen=True, slots=True)
class Record:
    """One record; its block is read from ``block``, at most once, before the next record is asked for.

    ``headers`` have lower-case names. ``size`` is what the header says of the block's length.
    """

    headers: dict[str, str]
    size: int
    block: Block
    format: str = "warc"

    @property
    def kind(self) -> str:
        """What it is: response, request, revisit, metadata, warcinfo."""
        return self.headers.get("warc-type", "").lower()

    def ids(self, name: str) -> tuple[str, ...]:
        """What a header refers to."""
        return tuple(self.headers.get(name, "").split())


@dataclass(slots=True)
class Block:
    """What is left of a record's block. ``whole``: it did not end before its length."""

    source: Source
    left: int
    whole: bool = True

    def read(self, most: int) -> bytes:
        """The next bytes, so many at most; none at the block's end."""
        data = self.source.read(min(most, self.left))
        self.left -= len(data)
        if not data and self.left and most:
            self.left, self.whole = 0, False
        return data

    def skip(self) -> None:
        """Pass over the rest."""
        while self.read(_LINE):
            pass


@dataclass(slots=True)
class Source:
    """The plain bytes, and what of them was looked at and not taken yet."""

    unpacked: Unpacked
    pieces: Iterator[bytes] = field(init=False)
    pending: bytes = b""
    ended: bool = False
    cut: bool = False
    """A member ended right behind what is pending."""

    def __post_init__(self) -> None:
        self.pieces = self.unpacked.pieces()

    def more(self) -> bool:
        """Have more pending, of the same member. Returns whether there was more."""
        if self.cut or self.ended:
            return False
        piece = next(self.pieces, None)
        if piece is None:
            self.ended = True
            return False
        if not piece:
            self.cut = True
            return False
        self.pending += piece
        return True

    def read(self, size: int) -> bytes:
        """Some of the next bytes, up to ``size``; none where a member ends."""
        if size and not self.pending:
            self.more()
        data, self.pending = self.pending[:size], self.pending[size:]
        return data

    def line(self) -> bytes | None:
        """The next line with its end; None where there is none within its bounds."""
        while (at := self.pending.find(b"\n")) < 0:
            if len(self.pending) > _LINE or not self.more():
                return None
        if at >= _LINE:
            return None
        line, self.pending = self.pending[: at + 1], self.pending[at + 1 :]
        return line

    def next_member(self) -> None:
        """Let what comes after a member's end be read."""
        self.cut = False


class Records:
    """The records of a file. ``damages`` counts places where something else stood than a record."""

    def __init__(self, unpacked: Unpacked) -> None:
        self._source = Source(unpacked)
        self._unpacked = unpacked
        self._damages = 0
        self._counted = 0

    @property
    def damages(self) -> int:
        """Records and members that could not be read."""
        return self._damages + self._unpacked.damages

    def __iter__(self) -> Iterator[Record]:
        """One after the other; what of a block was not read is passed over."""
        source = self._source
        while not source.ended:
            line = source.line()
            if line is None:
                self._at_end()
            elif line.strip():
                record = self._begun(line)
                if record is None:
                    self._note_damage()
                    self._seek()
                    continue
                yield record
                record.block.skip()
                if not record.block.whole:
                    self._note_damage()

    def _at_end(self) -> None:
        """A member ends here; what is left of it is no line."""
        source = self._source
        if source.pending.strip(b"\r\n\0 "):
            self._note_damage()
        source.pending = b""
        source.next_member()

    def _begun(self, line: bytes) -> Record | None:
        """The record that begins with a line; None: none does."""
        if _VERSION.fullmatch(line):
            headers = self._headers()
            size = headers.get("content-length", "") if headers is not None else ""
            if headers is None or not re.fullmatch(r"\d{1,15}", size):
                return None
            return Record(headers, int(size), Block(self._source, int(size)))
        if (found := _ARC.fullmatch(line)) is not None:
            return self._of_arc(found)
        return None

    def _headers(self) -> dict[str, str] | None:
        headers: dict[str, str] = {}
        name = ""
        for _ in range(_HEADERS):
            line = self._source.line()
            if line is None:
                return None
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            if not text.strip():
                return headers
            if text[0] in " \t":  # folded
                headers[name] = f"{headers.get(name, '')} {text.strip()}"[:_LINE]
                continue
            name, _, value = text.partition(":")
            name = name.strip().lower()
            value = value.strip()
            # A response may be concurrent to several records; of what stands once, the first counts.
            if name == "warc-concurrent-to" and name in headers:
                headers[name] = f"{headers[name]} {value}"[:_LINE]
            else:
                headers.setdefault(name, value)
        return None

    def _of_arc(self, found: re.Match[bytes]) -> Record:
        url, address, date, kind, size = (part.decode("latin-1") for part in found.groups())
        stamp = f"{date[:4]}-{date[4:6]}-{date[6:8]}T{date[8:10]}:{date[10:12]}:{date[12:]}Z"
        headers = {
            "warc-type": "filedesc" if url.startswith("filedesc:") else "response",
            "warc-target-uri": url,
            "warc-date": stamp,
            "warc-ip-address": address,
            "content-type": "application/http; msgtype=response" if url.startswith("http") else kind,
        }
        length = int(size)
        return Record(headers, length, Block(self._source, length), format="arc")

    def _seek(self) -> None:
        """Go on where the next record begins, in this member (whatever its length said) or in the next one."""
        source = self._source
        while (found := _SOMEWHERE.search(source.pending)) is None:
            source.pending = source.pending[-64:]
            if not source.more():
                source.pending = b""
                source.next_member()
                return
        source.pending = source.pending[found.end() :]

    def _note_damage(self) -> None:
        """Once where the record's member was damaged, which is counted there."""
        if self._unpacked.damages == self._counted:
            self._damages += 1
        self._counted = self._unpacked.damages
