"""What one check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scraper.errors import ScrapeError


class Verdict(StrEnum):
    """How bad it is: ``wrong`` keeps something from working, ``warning`` may."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: the part of the house that it is of, its name, the verdict, what was seen, and how to mend it; ""
    where nothing is to be mended.
    """

    part: str
    name: str
    verdict: Verdict
    detail: str
    remedy: str = ""


def fault(part: str, name: str, error: ScrapeError, remedy: str = "") -> Finding:
    """What an error says: our messages end with what to do, behind a semicolon. ``remedy`` is for one that does not."""
    what, _, advice = str(error).rpartition("; ")
    if not what or not advice:
        return Finding(part, name, Verdict.WRONG, str(error), remedy)
    return Finding(part, name, Verdict.WRONG, what, advice)
