"""What robots.txt lets our agent ask: a host's file with what its absence means (RFC 9309, 2.3). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from scraper.fetch.robotstxt import Group, Rule, agent_in, parse

_LONGEST = 80  # characters of a pattern in a message
_COMPATIBLE = re.compile(r"\(compatible;\s*([^;)\s/]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RobotsRecord:
    """One host's robots.txt as it was last fetched. ``host`` is its name as :attr:`Target.rules` has it.

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
    """Whether a URL may be asked, why (not), and the rule that says so, if one does."""

    allowed: bool
    reason: str
    rule: Rule | None = None


class Robots:
    """The rules of one robots.txt for one agent."""

    def __init__(self, record: RobotsRecord, user_agent: str) -> None:
        self.record = record
        self.token = product_token(user_agent)
        self.group: Group = parse(record.body if self.available else "", self.token)

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
        return self.group.delay

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that it names, as they are written."""
        return self.group.sitemaps

    def allows(self, url: str) -> bool:
        """Whether our agent may ask this URL."""
        return self.verdict(url).allowed

    def verdict(self, url: str) -> Verdict:
        """Whether our agent may ask this URL, and why (not)."""
        host = self.record.host.removeprefix("http://")
        if self.unreachable:
            how = f"answered {self.record.status}" if self.record.status else "could not be fetched"
            return Verdict(False, f"robots.txt of {host} {how}, so nothing may be asked for now")
        if not self.available:
            return Verdict(True, f"{host} has no robots.txt ({self.record.status})")
        rule = self.group.deciding(url)
        if rule is None:
            return Verdict(True, f"robots.txt of {host} says nothing against it")
        does = f"{'allows' if rule.allow else 'disallows'} {_short(rule.pattern)} for our agent"
        return Verdict(rule.allow, f"robots.txt of {host}, line {rule.line}, {does}", rule)


def product_token(user_agent: str) -> str:
    """The name by which robots.txt knows an agent: ``article-scraper`` of ``article-scraper/0.1 (+mailto:…)``."""
    masked = _COMPATIBLE.search(user_agent)
    return agent_in(masked[1] if masked else user_agent).lower()


def _short(pattern: str) -> str:
    return pattern if len(pattern) <= _LONGEST else pattern[: _LONGEST - 1] + "…"
