"""The fetcher: one request in, one page or one error out.

::

    fetch ── check_url ── attempts (faults that may pass are tried again, with growing random pauses)
               └── hops (each redirect is a request like the first)
                     ├── robots.txt allows it?                    permit
                     ├── the host's slot, held while it is asked  pace
                     └── request, answer, body within bounds      wire, decode, answer
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self, cast

import httpx

from scraper.errors import (
    BadURL,
    Disallowed,
    HostPaused,
    LimitExceeded,
    PageRefused,
    ScrapeError,
    ServerTrouble,
    TryLater,
)
from scraper.fetch.answer import REDIRECTS, check_start, check_type, public_headers, refusal
from scraper.fetch.decode import Bounds, Decoder
from scraper.fetch.door import door
from scraper.fetch.guard import Target, check_url, join_url
from scraper.fetch.options import FetchOptions, Manners
from scraper.fetch.pace import Budget, HostLedger, Patience
from scraper.fetch.permit import Permits
from scraper.fetch.request import Request, recorded_headers, request_headers, same_site
from scraper.fetch.robots import Robots
from scraper.fetch.wire import Backend, Transport, answered_headers
from scraper.model import FetchKind, Page

__all__ = ["Fetcher", "Request"]

_CLOSED = "a Fetcher fetches between `async with` and its end"
_WEB_PAGES = (FetchKind.PAGE, FetchKind.SECTION)
_ROBOTS_REDIRECTS = 5
# A Retry-After up to this many seconds is waited for here; a longer one is the caller's schedule's business.
_INLINE = 10.0
_LONGEST_BACKOFF = 60.0
# A host that is slow to answer is given time in proportion, but no more than this.
_LONGEST_SPACING = 30.0
# A lease outlives the longest attempt by this much; a killed process blocks a host no longer.
_LEASE_MARGIN = 15.0
# How long 429 or 503 pause a host that does not say for how long, in units of its spacing, when tries are used up.
_SILENT_PAUSE = 60.0
# Faults that a few seconds do not mend.
_LASTING = frozenset({"dns", "certificate"})


@dataclass(frozen=True, slots=True)
class _Trip:
    """A request on its way: where it begins, and what it may use up."""

    request: Request
    start: Target
    patience: Patience
    max_redirects: int


@dataclass(frozen=True, slots=True)
class _Answer:
    """One hop's answer. ``body`` is empty unless the status is 2xx."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)


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
        self._budget = Budget(
            ledger,
            holder,
            clock,
            lease=options.timeout + _LEASE_MARGIN,
            concurrency=options.concurrency,
            per_address=manners.per_address,
        )
        self._permits = Permits(manners, ledger, clock, self._ask_robots)
        self._stack = AsyncExitStack()
        self._backend: Backend | None = None
        self._transport: Transport | None = None
        self._client: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        self._backend = Backend(self._options)
        self._stack.callback(self._backend.close)
        self._transport = Transport(self._options, self._backend)
        self._client = await self._stack.enter_async_context(
            httpx.AsyncClient(
                transport=self._transport,
                timeout=httpx.Timeout(
                    self._options.read_timeout, connect=self._options.connect_timeout, pool=self._options.timeout
                ),
                # A proxy from the environment would be vetted in place of the target, and fetch private addresses for
                # us; a .netrc would send passwords that nobody configured here.
                trust_env=False,
                # Every hop is vetted, asks robots.txt and claims its own host's slot, so we follow by hand.
                follow_redirects=False,
                # One client serves all sources: cookies would carry from one fetch into the next.
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            )
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client = self._transport = self._backend = None
        await self._stack.aclose()

    @property
    def waiting(self) -> int:
        """How many hosts have a request or a queue in this process now."""
        return self._budget.waiting

    @property
    def connections(self) -> int:
        """How many connections are open: in use, or kept for the next request."""
        return self._transport.connections if self._transport else 0

    async def fetch(self, request: Request) -> Page:
        """The page that the URL answers with; a 2xx answer, or 304 where the request allows it.

        Raises BadURL for what is no web address, HostPaused past ``max_wait``, another TryLater when the tries are
        used up, and a Skip for what trying again will not change.
        """
        start = check_url(request.url, self._options)
        trip = _Trip(request, start, Patience(request.max_wait), self._options.max_redirects)
        try:
            return await self._attempts(trip)
        except _Settled as settled:
            raise settled.error from settled.error.__cause__

    async def robots(self, request: Request) -> Robots:
        """What robots.txt of a URL's host says to the agent that would ask for it, fetched anew if it is not known.

        Raises BadURL, UnsafeAddress, HostPaused past ``max_wait``, and another TryLater where no answer came.
        """
        target = check_url(request.url, self._options)
        headers = dict(request_headers(request, self._options, own_site=True))
        try:
            await self._address(target)  # where the guard says no, no rule of robots.txt makes it a yes
            return await self._permits.rules(target, headers["user-agent"], Patience(request.max_wait))
        except _Settled as settled:
            raise settled.error from settled.error.__cause__

    async def _ask_robots(self, target: Target, etag: str | None, patience: Patience) -> Page:
        request = Request(f"{target.origin}/robots.txt", FetchKind.ROBOTS, etag=etag)
        start = check_url(request.url, self._options)
        return await self._attempts(
            _Trip(request, start, patience, min(_ROBOTS_REDIRECTS, self._options.max_redirects))
        )

    async def _attempts(self, trip: _Trip) -> Page:
        fault: TryLater | None = None
        for attempt in range(self._options.retries + 1):
            last = attempt == self._options.retries
            try:
                return await self._hops(trip, self._backoff(attempt, last=last))
            except HostPaused:
                if fault is None:
                    raise
                break  # what made us try again says more than the pause that it brought
            except TryLater as error:
                if last or error.reason in _LASTING or (error.retry_after or 0) > _INLINE:
                    raise
                fault = error
            await asyncio.sleep(self._backoff(attempt, last=False))
        assert fault is not None  # noqa: S101 - the loop runs at least once
        raise fault

    def _backoff(self, attempt: int, *, last: bool) -> float:
        """A random time (full jitter), so that what failed together does not come back together."""
        spacing = self._manners.spacing
        if last:
            return spacing * _SILENT_PAUSE * self._random.uniform(1, 2)
        return self._random.uniform(0, min(_LONGEST_BACKOFF, spacing * 2**attempt))

    async def _hops(self, trip: _Trip, pause: float) -> Page:
        """Follow the redirects to the page. ``pause`` is for a host that wants one and does not say how long."""
        loop = asyncio.get_running_loop()
        target, passed, elapsed = trip.start, [], 0.0
        while True:
            headers = request_headers(trip.request, self._options, own_site=same_site(trip.start, target))
            spacing = await self._spacing(trip, target, dict(headers)["user-agent"])
            address = await self._address(target)
            async with self._budget.slot(target.key, address, spacing, trip.patience) as turn:
                begun = loop.time()
                try:
                    with door(target.host, self._options):
                        async with asyncio.timeout(self._options.timeout - elapsed):
                            answer = await self._ask(trip.request.kind, target, headers)
                finally:
                    took = loop.time() - begun
                    elapsed += took
                    turn.spacing = max(spacing, min(took * self._manners.latency_factor, _LONGEST_SPACING))
                if answer.status in {429, 503}:
                    await self._pause(target, answer, pause)
            if answer.status not in REDIRECTS:
                break
            passed.append(target.url)
            target = self._next(trip, target, answer, passed)
        conditional = trip.request.etag is not None or trip.request.last_modified is not None
        if not (200 <= answer.status < 300 or (answer.status == 304 and conditional)):
            raise refusal(answer.status, target.url, answer.headers, self._clock())
        return Page(
            url=trip.request.url,
            final_url=target.url,
            status=answer.status,
            headers=public_headers(answer.headers),
            body=answer.body,
            fetched_at=self._clock(),
            elapsed=elapsed,
            redirects=tuple(passed),
            request_headers=recorded_headers(headers, trip.request),
        )

    async def _address(self, target: Target) -> str:
        """The address that a host leads to, which is vetted and the one that will be connected to first."""
        if self._backend is None:
            raise RuntimeError(_CLOSED)
        with door(target.host, self._options):
            try:
                async with asyncio.timeout(self._options.connect_timeout):
                    goals = await self._backend.goals(target.host, target.port)
            except TimeoutError as error:
                raise httpx.ConnectTimeout("the name was not resolved in time") from error
        return goals[0][0]

    async def _spacing(self, trip: _Trip, target: Target, user_agent: str) -> float:
        """How far apart this host's requests must be; raises Disallowed where robots.txt says no."""
        manners = self._manners
        if trip.request.kind is FetchKind.ROBOTS or not manners.obey_robots:
            return manners.spacing
        try:
            robots = await self._permits.rules(target, user_agent, trip.patience)
        except HostPaused:
            raise
        except TryLater as error:
            raise _Settled(error) from error
        verdict = robots.verdict(target.url)
        if robots.unreachable:
            wait = (self._permits.expiry(robots.record) - self._clock()).total_seconds()
            trouble = ServerTrouble(
                verdict.reason, reason="robots.txt trouble", status=robots.record.status, retry_after=max(0.0, wait)
            )
            raise _Settled(trouble)
        if not verdict.allowed:
            raise Disallowed(verdict.reason)
        return max(manners.spacing, min(robots.crawl_delay or 0.0, manners.max_crawl_delay))

    async def _ask(self, kind: FetchKind, target: Target, headers: list[tuple[str, str]]) -> _Answer:
        if self._client is None:
            raise RuntimeError(_CLOSED)
        async with self._client.stream(
            "GET",
            f"{target.origin}/",
            headers=[(name.encode("ascii"), value.encode()) for name, value in headers],
            # The path as the WHATWG standard writes it: httpx would quote it once more, by rules of its own.
            extensions={"target": target.path.encode("ascii")},
        ) as response:
            answer = _Answer(response.status_code, answered_headers(response))
            if not 200 <= answer.status < 300:
                return answer
            return _Answer(answer.status, answer.headers, await self._body(kind, target.url, answer, response))

    async def _body(self, kind: FetchKind, url: str, answer: _Answer, response: httpx.Response) -> bytes:
        if kind in _WEB_PAGES:
            check_type(answer.header("content-type"), url)
        bounds = self._bounds(kind)
        length = answer.header("content-length") or ""
        if length.isdecimal() and int(length) > bounds.limit and not bounds.cut:
            raise LimitExceeded(f"{url} is larger than {bounds.limit:,} bytes")
        decoder = Decoder(response.headers.get("content-encoding", ""), bounds, url)
        async with aclosing(cast("AsyncGenerator[bytes, None]", response.aiter_raw())) as pieces:
            async for piece in pieces:
                decoder.feed(piece)
                if kind in _WEB_PAGES:
                    check_start(decoder.start, url)
                if decoder.full:
                    break
        return decoder.finish()

    def _bounds(self, kind: FetchKind) -> Bounds:
        options = self._options
        limits = {
            FetchKind.PAGE: options.page_limit,
            FetchKind.SECTION: options.page_limit,
            FetchKind.FEED: options.feed_limit,
            FetchKind.SITEMAP: options.sitemap_limit,
            FetchKind.ROBOTS: options.robots_limit,
        }
        return Bounds(limits[kind], options.max_ratio, cut=kind is FetchKind.ROBOTS)

    def _next(self, trip: _Trip, target: Target, answer: _Answer, passed: list[str]) -> Target:
        location = answer.header("location")
        if not location:
            raise PageRefused(
                f"{target.url} answered {answer.status} without saying where to",
                reason="bad redirect",
                status=answer.status,
            )
        if len(passed) > trip.max_redirects:
            raise LimitExceeded(
                f"{trip.start.url} was redirected more than {trip.max_redirects} times", reason="redirects"
            )
        try:
            following = join_url(target, location, self._options)
        except BadURL as error:  # which is a Stop: of the operator's own URLs, not of what a server answers
            message = f"{target.url} redirects to what may not be followed: {error}"
            raise PageRefused(message, reason="bad redirect", status=answer.status) from error
        if following.url in passed:
            raise LimitExceeded(f"{trip.start.url} is redirected in a circle", reason="redirects")
        return following

    async def _pause(self, target: Target, answer: _Answer, silent: float) -> None:
        now = self._clock()
        trouble = refusal(answer.status, target.url, answer.headers, now)
        asked = trouble.retry_after if isinstance(trouble, TryLater) else None
        seconds = min(silent if asked is None else asked, self._manners.max_pause)
        await self._budget.pause(target.key, now + timedelta(seconds=seconds), str(answer.status))
