"""What robots.txt lets our agent ask: RFC 9309, with Protego as the matcher. Pure.

Protego 0.7 misses some of the standard, so its input is mended first: a byte order mark hid the first rule; line ends
that the standard does not know (form feeds, U+2028) split lines; unknown lines split groups; and the name
``article`` in a ``User-agent`` line would have matched our ``article-scraper``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from protego import Protego

_AGENT_FIELD = re.compile(r"user[- ]?agent\s*(?::|\s)\s*(.*)", re.IGNORECASE)
# Protego forgives these spellings of Disallow, as Google's parser does.
_KNOWN_FIELD = re.compile(
    r"(?:allow|disallow|dissallow|dissalow|disalow|diasllow|disallaw|crawl[- ]delay)\s*(?::|\s)", re.IGNORECASE
)
_COMPATIBLE = re.compile(r"\(compatible;\s*([^;)\s/]+)", re.IGNORECASE)
_OTHER = "-other-"  # stands for every agent that is not ours; a product token cannot contain it at a word's start


@dataclass(frozen=True, slots=True)
class RobotsRecord:
    """One host's robots.txt as it was last fetched.

    ``status`` is the answer's (0: no answer), ``body`` its first 500 KiB where the status is 2xx. ``expires_at``
    overrules the usual lifetime: a good copy that could not be renewed is kept a little longer.
    """

    host: str
    status: int
    body: str
    fetched_at: datetime
    etag: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a URL may be asked, and by which word of robots.txt not."""

    allowed: bool
    reason: str


class Robots:
    """The rules of one robots.txt for one agent."""

    def __init__(self, record: RobotsRecord, user_agent: str) -> None:
        self.record = record
        self._token = product_token(user_agent)
        self._rules = Protego.parse(_mend(record.body if self.available else "", self._token))

    @property
    def available(self) -> bool:
        """Whether there is a robots.txt."""
        return 200 <= self.record.status < 300

    @property
    def unreachable(self) -> bool:
        """Whether nobody can tell what it says: RFC 9309 has the whole host disallowed for the time being."""
        return self.record.status in {0, 429} or self.record.status >= 500

    @property
    def crawl_delay(self) -> float | None:
        """The seconds between requests that it asks for. Not of the standard, but often meant."""
        delay: float | None = self._rules.crawl_delay(self._token)
        return delay

    def allows(self, url: str) -> bool:
        """Whether our agent may ask this URL."""
        return self.verdict(url).allowed

    def verdict(self, url: str) -> Verdict:
        """Whether our agent may ask this URL, and why (not)."""
        host = self.record.host
        if self.unreachable:
            how = f"answered {self.record.status}" if self.record.status else "could not be fetched"
            return Verdict(False, f"robots.txt of {host} {how}, so nothing may be asked for now")
        if not self.available:
            return Verdict(True, f"{host} has no robots.txt ({self.record.status})")
        if self._rules.can_fetch(url, self._token):
            return Verdict(True, f"robots.txt of {host} allows it")
        return Verdict(False, f"robots.txt of {host} disallows {_place(url)} for our agent")


def product_token(user_agent: str) -> str:
    """The name by which robots.txt knows an agent: ``article-scraper`` of ``article-scraper/0.1 (+mailto:…)``."""
    masked = _COMPATIBLE.search(user_agent)
    name = masked[1] if masked else user_agent
    return (name.partition("/")[0].split() or [""])[0].lower()


def _place(url: str) -> str:
    path = urlsplit(url).path or "/"
    return path if len(path) <= 80 else path[:79] + "…"


def _mend(text: str, token: str) -> str:
    lines = []
    for raw in re.split(r"[\r\n]+", text.lstrip("\ufeff")):
        line = " ".join(raw.partition("#")[0].split())
        if agent := _AGENT_FIELD.fullmatch(line):
            lines.append(f"User-agent: {_agent(agent[1], token)}")
        elif _KNOWN_FIELD.match(line):
            lines.append(line)
    return "\n".join(lines)


def _agent(value: str, token: str) -> str:
    name = (value.partition("/")[0].split() or [""])[0].lower()
    if name == "*":
        return name
    return token if name and name.rstrip("*") == token else _OTHER
