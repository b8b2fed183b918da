"""What news agencies and desks put around a report: it says whose report it is, and nothing of what happened. Pure."""

from __future__ import annotations

import re

AGENCIES = {
    "reuters": ("reuters.com",),
    "associated press": ("apnews.com", "ap.org"),
    "ap": ("apnews.com", "ap.org"),
    "afp": ("afp.com",),
    "agence france-presse": ("afp.com",),
    "dpa": ("dpa.com", "dpa-international.com"),
    "bloomberg": ("bloomberg.com",),
    "upi": ("upi.com",),
    "pa media": ("pa.media",),
    "press association": ("pa.media",),
    "efe": ("efe.com",),
    "ansa": ("ansa.it",),
    "xinhua": ("xinhuanet.com", "news.cn"),
    "kyodo": ("kyodonews.net",),
    "kyodo news": ("kyodonews.net",),
    "tass": ("tass.com", "tass.ru"),
    "interfax": ("interfax.com", "interfax.ru"),
    "ritzau": ("ritzau.dk",),
    "ntb": ("ntb.no",),
    "tt": ("tt.se",),
    "apa": ("apa.at",),
    "belga": ("belga.be",),
    "anp": ("anp.nl",),
    "pti": ("ptinews.com",),
    "ani": ("aninews.in",),
    "yonhap": ("yna.co.kr",),
    "canadian press": ("thecanadianpress.com",),
    "aap": ("aap.com.au",),
    "cnn": ("cnn.com",),
}
"""Who sells reports, as its name stands in credits, in lower case, and where it publishes them itself."""

_NAMES = "|".join(sorted(map(re.escape, AGENCIES), key=len, reverse=True))
_DATELINE = re.compile(
    rf"\A\s*(?:[^\W\d_][^()\n\u2013\u2014]{{0,60}}?\s*)?[(\[/]\s*({_NAMES})\s*[)\]/]\s*(?:[-\u2010-\u2015:]+\s*)?",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    rf"\W*(?:By |© ?|Copyright \d*,? ?|Source: |The )*({_NAMES})(?: contributed to this (?:report|story)[^\n]*)?\W*",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"[(\[\s]*(?:"
    r"(?:additional )?(?:reporting|writing|editing|compiled|graphics?) by\b"
    r"|this (?:story|article|report|post) (?:has been|was|is being)"
    r" (?:first |originally |last )?(?:updated|corrected|published|edited|generated)\b"
    r"|(?:last )?updated?\b.{0,60}\Z"
    r"|©|copyright\b|all rights reserved|this material may not be published"
    r"|our standards: "
    r"|the associated press (?:receives|contributed)"
    r"|(?:read more|sign up|subscribe|follow us|click here|related)\b.{0,120}\Z"
    r")",
    re.IGNORECASE,
)
_BRIEF = 300  # characters; a longer line is no note


def agency_of(body: str) -> str | None:
    """The agency whose report a body says it is, by its dateline or by a line that credits it, as in AGENCIES."""
    found = _DATELINE.match(body[:200])
    if found is None:
        found = next(filter(None, map(_CREDIT.fullmatch, body[-600:].splitlines())), None)
    return found[1].lower() if found else None


def without_boilerplate(body: str) -> str:
    """A body without its dateline and without the lines that are about the report itself."""
    told = _DATELINE.sub("", body[:200], count=1) + body[200:]
    return "\n".join(line for line in told.split("\n") if len(line) > _BRIEF or not _is_note(line))


def _is_note(line: str) -> bool:
    return bool(_ABOUT.match(line) or _CREDIT.fullmatch(line))
