"""The content coding of an answer undone within bounds. Pure.

Stacked codings are refused; a coding that no registry knows is no coding, as browsers have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from tempfile import SpooledTemporaryFile, gettempdir

from scraper.errors import NO_ROOM, HostUnreachable, InternalFault, LimitExceeded, PageRefused
from scraper.fetch.codings import CODINGS, BadCoding, Coding, TooManyMembers

ACCEPTED = "gzip, deflate, br, zstd"
_REFUSED = frozenset({"compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip"})
START = 64
"""So many of the first bytes tell the type."""
_IN_MEMORY = 2**22
_STEP = 2**13
_FREE = 2**20  # the ratio is looked at after this many decoded bytes: small pages may well be repetitive


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an answer may grow to. ``cut``: take the first ``limit`` bytes, rather than refuse (robots.txt)."""

    limit: int
    ratio: int
    cut: bool = False


class Decoder:
    """Feed it the raw bytes of one answer; :attr:`full` says that no more is wanted. To be closed."""

    def __init__(self, header: str, bounds: Bounds, url: str) -> None:
        self._bounds = bounds
        self._url = url
        self._name = _only_coding(header, url)
        self._coding: Coding | None = CODINGS[self._name]() if self._name else None
        self._raw = 0
        self._start = b""
        # A buffer that grows to 50 MiB leaves a third as much in holes behind; a file does not.
        self._body = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - `close` is this one's

    @property
    def full(self) -> bool:
        """Whether the limit is reached in a body that may be cut."""
        return self._bounds.cut and max(self._raw, self._body.tell()) >= self._bounds.limit

    @property
    def start(self) -> bytes:
        """The first bytes, to tell the type by."""
        return self._start

    def feed(self, data: bytes) -> None:
        """Take the next raw bytes. Raises LimitExceeded, or PageRefused for bytes that are not in that coding."""
        if self._coding is None:
            self._raw += len(data)
            self._take(data)
            return
        for start in range(0, len(data), _STEP):  # so that the ratio does not hang on how the network cuts
            if not self.full:
                self._undo(self._coding, data[start : start + _STEP])

    def _undo(self, coding: Coding, data: bytes) -> None:
        self._raw += len(data)
        try:
            for piece in coding.pieces(data):
                self._take(piece)
                if self.full:
                    return
        except BadCoding as error:
            message = f"{self._url} is not in the coding {self._name} that its header names"
            raise PageRefused(message, reason="bad coding") from error
        except TooManyMembers as error:
            raise LimitExceeded(f"{self._url} has {error}") from error

    def finish(self) -> bytes:
        """The decoded body. Raises HostUnreachable if it ends before its coding does."""
        if self._raw and self._coding is not None and not self._coding.ended and not self.full:
            raise HostUnreachable(f"{self._url} ended in the middle of its {self._name} data", reason="truncated")
        self._body.seek(0)
        return self._body.read(self._bounds.limit)

    def close(self) -> None:
        """Let go of what came."""
        self._body.close()

    def _take(self, data: bytes) -> None:
        if len(self._start) < START:
            self._start = (self._start + data)[:START]
        try:
            self._body.write(data)
        except OSError as error:
            where = f"no room for a large body in {gettempdir()}: {error.strerror}"
            raise InternalFault(where, reason=NO_ROOM) from error
        size = self._body.tell()
        if self.full:
            return
        if not self._bounds.cut and max(size, self._raw) > self._bounds.limit:
            raise LimitExceeded(f"{self._url} is larger than {self._bounds.limit:,} bytes")
        if self._coding is not None and size > _FREE and size > self._raw * self._bounds.ratio:
            raise LimitExceeded(
                f"{self._url} unpacks to more than {self._bounds.ratio} times its size", reason="unpacks too far"
            )


def _only_coding(header: str, url: str) -> str:
    codings = [name for part in header.split(",") if (name := part.strip().lower()) not in {"", "identity"}]
    if len(codings) > 1:
        raise LimitExceeded(f"{url} is coded more than once ({', '.join(codings)})", reason="stacked codings")
    if not codings:
        return ""
    if codings[0] in _REFUSED:
        raise PageRefused(f"{url} came in the coding {codings[0]}, which was not asked for", reason="bad coding")
    return codings[0] if codings[0] in CODINGS else ""
