"""robots.txt fetched, kept and renewed: which rules hold for a host now.

A file that is there, or that a 4xx answer says is not there, is kept for ``robots_lifetime``. Where the server
is in trouble, an earlier good copy is used for up to an hour more; without one, nothing may be asked for that long. No
answer at all is remembered in this process only, and shortly: a laptop that wakes before its network does must not lose
its hosts for an hour.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from scraper.errors import (
    Exhausted,
    HostPaused,
    HostUnreachable,
    LimitExceeded,
    PageGone,
    PageRefused,
    ScrapeError,
    ServerTrouble,
    Skip,
    TryLater,
    UnsafeAddress,
)
from scraper.fetch.guard import Target
from scraper.fetch.hosts import HostLedger
from scraper.fetch.options import Manners
from scraper.fetch.pace import Patience, Queues
from scraper.fetch.profile import Profile
from scraper.fetch.robots import Robots, RobotsRecord, product_token
from scraper.model import Page

_TROUBLE_LASTS = 3600.0
_NO_ANSWER_LASTS = 30.0
_CLOCKS = timedelta(minutes=5)  # by which two may differ; what is further ahead was written under a wrong one
# RFC 9309, 2.3.1.4: past 30 days, an old copy says nothing any more.
_STALE_COPY_LASTS = timedelta(days=30)
# Rules that are kept parsed, over all hosts: one robots.txt may have 40,000, which take 7 MB.
_REMEMBERED = 50_000

Ask = Callable[[Target, str | None, Profile, Patience], Awaitable[Page]]


class Permits:
    """The robots.txt of every host that is asked. ``ask`` fetches one, given the ETag of the last copy."""

    def __init__(self, manners: Manners, ledger: HostLedger, clock: Callable[[], datetime], ask: Ask) -> None:
        self._manners = manners
        self._ledger = ledger
        self._clock = clock
        self._ask = ask
        self._queues = Queues()
        self._parsed: dict[tuple[str, str], Robots] = {}
        self._rules = 0
        self._silent: dict[str, tuple[datetime, HostUnreachable]] = {}

    async def rules(self, target: Target, user_agent: str, profile: Profile, patience: Patience) -> Robots:
        """The rules of the target's host for that agent. ``profile`` says by which way its robots.txt is asked for.

        Raises HostUnreachable where no answer came.
        """
        token = product_token(user_agent)
        known = self._parsed.get((target.rules, token))
        if known is not None and self._fresh(known.record):
            return known
        async with self._queues.turn(target.key, patience):
            record = await self._record(target, profile, patience)
        robots = Robots(record, user_agent)
        self._remember((target.rules, token), robots)
        return robots

    def _remember(self, name: tuple[str, str], robots: Robots) -> None:
        """Keep them parsed, and let go of those that were parsed first."""
        self._forget(name)
        self._parsed[name] = robots
        self._rules += _weight(robots)
        while self._rules > _REMEMBERED and len(self._parsed) > 1:
            self._forget(next(iter(self._parsed)))

    def _forget(self, name: tuple[str, str]) -> None:
        if (old := self._parsed.pop(name, None)) is not None:
            self._rules -= _weight(old)

    def expiry(self, record: RobotsRecord) -> datetime:
        """When the record is to be fetched again."""
        lifetime: float = self._manners.robots_lifetime
        if not _settled(record):
            lifetime = min(lifetime, _TROUBLE_LASTS)
        return record.expires_at or record.fetched_at + timedelta(seconds=lifetime)

    def _fresh(self, record: RobotsRecord) -> bool:
        now = self._clock()
        return record.fetched_at <= now + _CLOCKS and now < self.expiry(record)

    async def _record(self, target: Target, profile: Profile, patience: Patience) -> RobotsRecord:
        self._recall_silence(target.rules)
        kept = await self._ledger.robots(target.rules)
        if kept is not None and self._fresh(kept):
            return kept
        if kept is not None and not (_settled(kept) and self._clock() - kept.fetched_at < _STALE_COPY_LASTS):
            kept = None
        try:
            page = await self._asked(target, kept.etag if kept else None, profile, patience)
            record = _renewed(target, kept, page)
        except (Exhausted, HostPaused):
            raise
        except TryLater as error:
            if kept is not None:
                lasts = min(self._manners.robots_lifetime, _TROUBLE_LASTS)
                record = replace(kept, expires_at=self._clock() + timedelta(seconds=lasts))
            elif isinstance(error, ServerTrouble):
                record = self._new(target, error.status or 500)
            else:
                raise self._silence(target.rules, error) from error
        except UnsafeAddress:
            # A redirect led here: the host itself was vetted before its rules were asked for.
            return self._new(target, 404)
        except Skip as error:
            if not says_none(error):
                raise self._silence(target.rules, error) from error
            record = self._new(target, error.status or 404)
        await self._ledger.save_robots(record)
        return record

    async def _asked(self, target: Target, etag: str | None, profile: Profile, patience: Patience) -> Page:
        """The answer, written down with all other attempts."""
        url = f"{target.origin}/robots.txt"
        try:
            page = await self._ask(target, etag, profile.anonymous(), patience)
        except HostPaused as error:
            error.host = target.key  # wherever its robots.txt is redirected to, this host may not be asked before
            raise
        except Exhausted:
            raise  # it was not asked
        except ScrapeError as error:
            await self._ledger.note_robots(url, error, self._clock())
            raise
        await self._ledger.note_robots(url, page, self._clock())
        return page

    def _new(self, target: Target, status: int) -> RobotsRecord:
        return RobotsRecord(target.rules, status, "", self._clock())

    def _recall_silence(self, key: str) -> None:
        now = self._clock()
        self._silent = {name: memory for name, memory in self._silent.items() if memory[0] > now}
        if memory := self._silent.get(key):
            error = memory[1]
            raise HostUnreachable(str(error), reason=error.reason)

    def _silence(self, key: str, error: ScrapeError) -> HostUnreachable:
        told = str(error) if isinstance(error, TryLater) else f"robots.txt cannot be read: {error}"
        fault = HostUnreachable(told, reason=error.reason)
        self._silent[key] = (self._clock() + timedelta(seconds=_NO_ANSWER_LASTS), fault)
        return fault


def says_none(error: ScrapeError) -> bool:
    """Whether an error says that there is no robots.txt (RFC 9309, 2.3.1.2 and .3): a 4xx answer, or redirects that
    lead nowhere. What cannot be understood says nothing, and then nothing may be asked for.
    """
    if isinstance(error, LimitExceeded):
        return error.reason == "redirects"
    if not isinstance(error, (PageGone, PageRefused)) or error.status is None:
        return False
    return 300 <= error.status < 500 and error.status != 304  # which, unasked for, says nothing


def _weight(robots: Robots) -> int:
    return 10 + len(robots.group.rules) + len(robots.group.sitemaps) + len(robots.record.body) // 100


def _renewed(target: Target, kept: RobotsRecord | None, page: Page) -> RobotsRecord:
    if page.status == 304 and kept is not None:
        return replace(kept, fetched_at=page.fetched_at, expires_at=None)
    body = page.body.decode("utf-8", errors="replace")
    return RobotsRecord(target.rules, page.status, body, page.fetched_at, page.header("etag"))


def _settled(record: RobotsRecord) -> bool:
    """Whether the server said what it has: the file, or that there is none."""
    return 0 < record.status < 500 and record.status != 429
