"""Which answers of a fleet fail, and how. Pure: it depends on the seed, the address, and how often that was asked."""

from __future__ import annotations

import hashlib
from enum import StrEnum


class Fault(StrEnum):
    """How an answer fails."""

    ERROR = "500"
    BUSY = "503"  # with a Retry-After of a second
    SLOW_DOWN = "429"  # the same
    RESET = "reset"  # the connection, without an answer
    CUT = "cut"  # hung up in the middle of the body
    STALL = "stall"  # half the body, silence, and then hung up


_KINDS = tuple(Fault)
_IN_A_ROW = 2


def fault(seed: int, url: str, time: int, share: float) -> Fault | None:
    """The fault of the answer to the ``time``-th request (from 0) for a URL; never more than two in a row."""
    drawn = _draw(seed, url, time)
    if drawn >= share:
        return None
    if time >= _IN_A_ROW and all(_draw(seed, url, time - back) < share for back in range(1, _IN_A_ROW + 1)):
        return None
    return _KINDS[int(drawn / share * len(_KINDS))]


def _draw(seed: int, url: str, time: int) -> float:
    """A number in [0, 1)."""
    digest = hashlib.blake2b(f"{seed} {url} {time}".encode(), digest_size=7).digest()
    return int.from_bytes(digest, "big") / 2**56
