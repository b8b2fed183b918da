"""The fetcher: one request in, one page or one error out.

::

    fetch ── check_url ── attempts (faults that may pass are tried again, with growing random pauses)
               └── hops (each redirect is a request like the first)
                     ├── robots.txt allows it?                    permit
                     ├── the host's slot, held while it is asked  pace, hosts
                     └── request, answer, body within bounds      wire, answer, body
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

import httpx

from scraper.errors import (
    ROBOTS_TROUBLE,
    BadURL,
    Disallowed,
    HostPaused,
    HostUnreachable,
    LimitExceeded,
    PageRefused,
    ScrapeError,
    ServerTrouble,
    TryLater,
)
from scraper.fetch.answer import REDIRECTS, public_headers, refusal
from scraper.fetch.body import read_body
from scraper.fetch.cookies import Jar, reaches
from scraper.fetch.door import UNRESOLVED, door
from scraper.fetch.guard import Target, check_url, join_url
from scraper.fetch.hosts import HostLedger, Terms
from scraper.fetch.options import FetchOptions, Manners
from scraper.fetch.pace import Budget, Patience, Turn
from scraper.fetch.permit import Permits
from scraper.fetch.profile import Profile, Proxy
from scraper.fetch.request import Request, recorded_headers, request_headers, user_agent
from scraper.fetch.robots import Robots
from scraper.fetch.wire import TARGET, Way, answered
from scraper.model import FetchKind, Page

__all__ = ["Fetcher", "Profile", "Request"]

_CLOSED = "a Fetcher fetches between `async with` and its end"
_ROBOTS_REDIRECTS = 5
# A pause up to this many seconds is waited for here; a longer one is the caller's schedule's business.
_INLINE = 10.0
_LONGEST_BACKOFF = 60.0
# A host that is slow to answer is given time in proportion, but no more than this.
_LONGEST_SPACING = 30.0
# A lease outlives the longest attempt by this much; a killed process blocks a host no longer.
_LEASE_MARGIN = 15.0
# 429 or 503 that do not say for how long pause a host for so many spacings, twice as many each time, an hour at most.
_SILENT_PAUSE = 4.0
_LONGEST_SILENT_PAUSE = 3600.0
_PAUSES = frozenset({429, 503})
# Faults that a few seconds do not mend.
_LASTING = frozenset({"dns", "certificate"})


@dataclass(frozen=True, slots=True)
class _Trip:
    """A request on its way: where it begins, what it may use up, and the cookies that it collects."""

    request: Request
    start: Target
    patience: Patience
    max_redirects: int
    timeout: float
    jar: Jar


@dataclass(frozen=True, slots=True)
class _Answer:
    """One hop's answer. ``body`` is empty unless the status is 2xx."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    @property
    def locations(self) -> tuple[str, ...]:
        """Where it says to go; more than one place, if it contradicts itself."""
        return tuple(dict.fromkeys(value for name, value in self.headers if name == "location" and value))


class _Settled(Exception):
    """Carries an error that another attempt, now, would only repeat."""

    def __init__(self, error: ScrapeError) -> None:
        super().__init__(str(error))
        self.error = error


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Fetcher:
    """Fetches pages within the manners, the limits and the host budget. Enter it before use; it is for one event loop.

    ``holder`` names who claims slots in the ledger, and must be different for every Fetcher that shares one.
    """

    def __init__(
        self,
        options: FetchOptions,
        manners: Manners,
        ledger: HostLedger,
        *,
        clock: Callable[[], datetime] = _utc_now,
        holder: str,
    ) -> None:
        self._options = options
        self._manners = manners
        self._clock = clock
        self._random = random.Random()  # noqa: S311 - spreads retries, guards nothing
        self._holder = holder
        self._budget = Budget(ledger, clock, concurrency=options.concurrency, per_address=manners.per_address)
        self._permits = Permits(manners, ledger, clock, self._ask_robots)
        self._jars: dict[str, Jar] = {}
        self._ways: dict[Proxy | None, Way] = {}
        self._stack: AsyncExitStack | None = None

    async def __aenter__(self) -> Self:
        self._stack = AsyncExitStack()
        self._way(None)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        stack, self._stack = self._stack, None
        self._ways = {}
        if stack is not None:
            await stack.aclose()

    @property
    def waiting(self) -> int:
        """How many hosts have a request or a queue in this process now."""
        return self._budget.waiting

    @property
    def connections(self) -> int:
        """How many connections are open: in use, or kept for the next request."""
        return sum(way.transport.connections for way in self._ways.values())

    async def fetch(self, request: Request) -> Page:
        """The page that the URL answers with; a 2xx answer, or 304 where the request allows it.

        Raises BadURL for what is no web address, HostPaused past ``max_wait``, another TryLater when the tries are
        used up, and a Skip for what trying again will not change.
        """
        trip = self._trip(request, Patience(request.max_wait))
        try:
            return await self._attempts(trip)
        except _Settled as settled:
            raise settled.error from settled.error.__cause__
        finally:
            if request.profile.jar:
                trip.jar.keep_only(request.profile.hosts)

    async def robots(self, request: Request) -> Robots:
        """What robots.txt of a URL's host says to the agent that would ask for it, fetched anew if it is not known.

        Raises BadURL, UnsafeAddress, HostPaused past ``max_wait``, and another TryLater where no answer came.
        """
        target, profile = check_url(request.url, self._options), request.profile
        try:
            await self._address(target, profile)  # where the guard says no, no rule of robots.txt makes it a yes
            agent = user_agent(profile, self._options)
            return await self._permits.rules(target, agent, profile, Patience(request.max_wait))
        except _Settled as settled:
            raise settled.error from settled.error.__cause__

    def has_login(self, request: Request) -> bool:
        """Whether what answers a request may not be for everybody: a login goes there, as cookies or as a header.

        Raises BadURL and UnsafeAddress.
        """
        target, profile = check_url(request.url, self._options), request.profile
        return reaches(profile.login, target.url) or profile.unlocks(target)

    def _trip(self, request: Request, patience: Patience) -> _Trip:
        profile = request.profile
        jar = self._jars.get(profile.name) or Jar(profile.cookies, profile.login)
        if profile.jar:
            self._jars[profile.name] = jar
        start, most = check_url(request.url, self._options), self._options.max_redirects
        if request.kind is FetchKind.ROBOTS:
            most = min(_ROBOTS_REDIRECTS, most)
        return _Trip(request, start, patience, most, profile.timeout or self._options.timeout, jar)

    def _way(self, proxy: Proxy | None) -> Way:
        if self._stack is None:
            raise RuntimeError(_CLOSED)
        if proxy not in self._ways:
            way = self._ways[proxy] = Way.by(proxy, self._options)
            self._stack.push_async_callback(way.client.aclose)
        return self._ways[proxy]

    async def _ask_robots(self, target: Target, etag: str | None, profile: Profile, patience: Patience) -> Page:
        request = Request(f"{target.origin}/robots.txt", FetchKind.ROBOTS, etag=etag, profile=profile)
        return await self._attempts(self._trip(request, patience))

    async def _attempts(self, trip: _Trip) -> Page:
        fault: TryLater | None = None
        for attempt in range(self._options.retries + 1):
            try:
                return await self._hops(trip)
            except HostPaused:
                if fault is None:
                    raise
                break  # what made us try again says more than the pause that it brought
            except TryLater as error:
                lasting = error.reason in _LASTING or (error.retry_after or 0) > _INLINE
                if lasting or attempt == self._options.retries:
                    raise
                fault = error
            # Full jitter: what failed together does not come back together.
            most = min(_LONGEST_BACKOFF, self._manners.spacing * 2**attempt)
            await asyncio.sleep(self._random.uniform(0, most))
        assert fault is not None  # noqa: S101 - the loop runs at least once
        raise fault

    async def _hops(self, trip: _Trip) -> Page:
        """Follow the redirects to the page."""
        target, passed, seen, elapsed = trip.start, list[str](), set[object](), 0.0
        while True:
            headers = self._headers(trip, target)
            terms = await self._terms(trip, target, dict(headers)["user-agent"])
            async with self._budget.slot(terms, trip.patience) as turn:
                answer, took = await self._answered(trip, target, headers, trip.timeout - elapsed, turn)
            elapsed += took
            seen.add((target.url, trip.jar.state))
            trip.jar.take(target.url, answer.headers)
            if answer.status not in REDIRECTS:
                break
            passed.append(target.url)
            target = self._next(trip, target, answer, passed)
            if (target.url, trip.jar.state) in seen:  # with a cookie more, the same URL may answer something else
                raise LimitExceeded(f"{trip.start.url} is redirected in a circle", reason="redirects")
        whole = 200 <= answer.status < 300 and answer.status != 206  # a part, which nobody asked for
        if not (whole or (answer.status == 304 and trip.request.conditional)):
            raise refusal(answer.status, target.url, answer.headers, self._clock(), by=passed)
        return Page(
            url=trip.request.url,
            final_url=target.url,
            status=answer.status,
            headers=public_headers(answer.headers),
            body=answer.body,
            fetched_at=self._clock(),
            elapsed=elapsed,
            redirects=tuple(passed),
            request_headers=recorded_headers(headers, trip.request.profile),
            login=trip.jar.has_login(target.url) or trip.request.profile.unlocks(target),
        )

    def _headers(self, trip: _Trip, target: Target) -> list[tuple[str, str]]:
        headers = request_headers(trip.request, self._options, target)
        if cookies := trip.jar.header(target.url):
            headers.append(("cookie", cookies))
        return headers

    async def _answered(
        self, trip: _Trip, target: Target, headers: list[tuple[str, str]], left: float, turn: Turn
    ) -> tuple[_Answer, float]:
        """One hop's answer, and how many seconds it took. A host that asks for a pause has it before the slot goes on.

        Raises ServerTrouble for 429 and 503, with the pause as its ``retry_after``.
        """
        loop, way = asyncio.get_running_loop(), self._way(trip.request.profile.proxy)
        begun = loop.time()
        try:
            with door(way.name(target), self._options, trip.timeout):
                async with asyncio.timeout(left):
                    answer = await self._ask(way.client, trip.request.kind, target, headers)
        finally:
            took = loop.time() - begun
            turn.spacing = max(turn.spacing, min(took * self._manners.latency_factor, _LONGEST_SPACING))
        if answer.status == 407 and way.proxy is not None and target.scheme == "http":
            # Not the site's answer, least of all that it has no robots.txt. Over https, a proxy says so to CONNECT.
            raise HostUnreachable(f"cannot reach {way.name(target)}: the proxy answered 407", reason="proxy")
        if answer.status in _PAUSES:
            raise await self._pause(target, answer, turn.troubles)
        turn.well = answer.status < 500
        return answer, took

    async def _address(self, target: Target, profile: Profile) -> str:
        """The address that a host leads to, which is vetted and the one that will be connected to first.

        "" by a proxy: there, the name is the proxy's to resolve.
        """
        way = self._way(profile.proxy)
        if way.proxy is not None:
            return ""
        with door(target.host, self._options):
            try:
                async with asyncio.timeout(self._options.connect_timeout):
                    goals = await way.resolver.goals(target.host, target.port)
            except TimeoutError as error:
                raise httpx.ConnectTimeout(UNRESOLVED) from error
        return goals[0][0]

    async def _terms(self, trip: _Trip, target: Target, agent: str) -> Terms:
        """What the host's slot is asked for with; raises Disallowed where robots.txt says no."""
        # First: of a host that may not be talked to, no rules are made up that would outlast that.
        address = await self._address(target, trip.request.profile)
        return Terms(
            host=target.key,
            address=address,
            holder=self._holder,
            spacing=await self._spacing(trip, target, agent),
            lease=trip.timeout + _LEASE_MARGIN,
            per_address=self._manners.per_address,
        )

    async def _spacing(self, trip: _Trip, target: Target, agent: str) -> float:
        """How far apart this host's requests must be; raises Disallowed where robots.txt says no."""
        manners = self._manners
        if trip.request.kind is FetchKind.ROBOTS or not manners.obey_robots:
            return manners.spacing
        try:
            robots = await self._permits.rules(target, agent, trip.request.profile, trip.patience)
        except HostPaused:
            raise
        except TryLater as error:
            raise _Settled(error) from error
        verdict = robots.verdict(target.url)
        if robots.unreachable:
            wait = (self._permits.expiry(robots.record) - self._clock()).total_seconds()
            trouble = ServerTrouble(
                verdict.reason, reason=ROBOTS_TROUBLE, status=robots.record.status, retry_after=max(0.0, wait)
            )
            raise _Settled(trouble)
        if not verdict.allowed:
            raise Disallowed(verdict.reason)
        return max(manners.spacing, min(robots.crawl_delay or 0.0, manners.max_crawl_delay))

    async def _ask(
        self, client: httpx.AsyncClient, kind: FetchKind, target: Target, headers: list[tuple[str, str]]
    ) -> _Answer:
        host = target.origin.partition("://")[2].encode("ascii")
        async with client.stream(
            "GET",
            # httpx would decode the name, by rules that know no emoji; our transport goes by the target.
            "http://target.invalid/",
            headers=[(b"host", host), *((name.encode("ascii"), value.encode()) for name, value in headers)],
            extensions={TARGET: target},
        ) as response:
            answer = _Answer(response.status_code, answered(response))
            if not 200 <= answer.status < 300:
                return answer
            return replace(answer, body=await read_body(kind, target.url, response, self._options))

    def _next(self, trip: _Trip, target: Target, answer: _Answer, passed: list[str]) -> Target:
        if len(answer.locations) != 1:
            how = "naming several places" if answer.locations else "without saying where to"
            message = f"{target.url} answered {answer.status} {how}"
            raise PageRefused(message, reason="bad redirect", status=answer.status)
        if len(passed) > trip.max_redirects:
            raise LimitExceeded(
                f"{trip.start.url} was redirected more than {trip.max_redirects} times", reason="redirects"
            )
        try:
            return join_url(target, answer.locations[0], self._options)
        except BadURL as error:  # which is a Stop: of the operator's own URLs, not of what a server answers
            message = f"{target.url} redirects to what may not be followed: {error}"
            raise PageRefused(message, reason="bad redirect", status=answer.status) from error

    async def _pause(self, target: Target, answer: _Answer, troubles: int) -> ScrapeError:
        """Pause the host for as long as it asks, or longer each time where it does not say, or asks for too little.

        Returns what to raise.
        """
        now = self._clock()
        trouble = refusal(answer.status, target.url, answer.headers, now)
        asked = trouble.retry_after if isinstance(trouble, TryLater) else None
        most = min(self._manners.spacing * _SILENT_PAUSE * 2 ** min(troubles, 20), _LONGEST_SILENT_PAUSE)
        seconds = most * self._random.uniform(0.5, 1)  # jitter: what failed together does not come back together
        if asked is None:
            detail = f"answered {answer.status} at {now:%H:%M} and did not say for how long"
        else:  # one that asks for 0 s each time is left alone for longer all the same
            seconds = min(max(asked, seconds if troubles else 0.0), self._manners.max_pause)
            detail = f"asked for {asked:.0f} s at {now:%H:%M} ({answer.status})"
        await self._budget.pause(target.key, now + timedelta(seconds=seconds), str(answer.status), detail)
        told = f"{trouble}, and {detail.partition(' at ')[0]}" if asked is not None else str(trouble)
        return ServerTrouble(told, status=answer.status, retry_after=seconds)
