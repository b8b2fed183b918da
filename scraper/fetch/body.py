"""An answer's body, read within its bounds: size, ratio, rate and type."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, closing
from typing import cast

import httpx

from scraper.errors import HostUnreachable, LimitExceeded
from scraper.fetch.answer import check_start, check_type
from scraper.fetch.decode import START, Bounds, Decoder
from scraper.fetch.options import FetchOptions
from scraper.model import FetchKind

_WEB_PAGES = (FetchKind.PAGE, FetchKind.SECTION)


async def read_body(kind: FetchKind, url: str, response: httpx.Response, options: FetchOptions) -> bytes:
    """The body with its content coding undone.

    Raises LimitExceeded, WrongType, PageRefused (not in the coding that it names), HostUnreachable (cut short, or too
    slow), and what httpx raises.
    """
    if kind in _WEB_PAGES:
        check_type(response.headers.get("content-type"), url)
    bounds = _bounds(kind, options)
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) > bounds.limit and not bounds.cut:
        raise LimitExceeded(f"{url} is larger than {bounds.limit:,} bytes")
    rate, told = _Rate(url, options), kind not in _WEB_PAGES
    with closing(Decoder(response.headers.get("content-encoding", ""), bounds, url)) as decoder:
        async with aclosing(cast("AsyncGenerator[bytes, None]", response.aiter_raw())) as pieces:
            async for piece in pieces:
                rate.count(len(piece))
                decoder.feed(piece)
                if not told:
                    check_start(decoder.start, url)
                    told = len(decoder.start) >= START
                if decoder.full:
                    break
        return decoder.finish()


def _bounds(kind: FetchKind, options: FetchOptions) -> Bounds:
    limits = {
        FetchKind.PAGE: options.page_limit,
        FetchKind.SECTION: options.page_limit,
        FetchKind.FEED: options.feed_limit,
        FetchKind.SITEMAP: options.sitemap_limit,
        FetchKind.ROBOTS: options.robots_limit,
    }
    return Bounds(limits[kind], options.max_ratio, cut=kind is FetchKind.ROBOTS)


class _Rate:
    """A body that trickles holds its host's slot, and keeps the read timeout from ending it."""

    def __init__(self, url: str, options: FetchOptions) -> None:
        self._url = url
        self._options = options
        self._clock = asyncio.get_running_loop().time
        self._since = self._clock()
        self._bytes = 0

    def count(self, size: int) -> None:
        """Raises HostUnreachable where too little came in the last ``rate_window``."""
        self._bytes += size
        took = self._clock() - self._since
        if took < self._options.rate_window:
            return
        if self._bytes < took * self._options.min_rate:
            slow = f"{self._url} came at less than {self._options.min_rate:,} bytes a second for {took:.0f} s"
            raise HostUnreachable(slow, reason="too slow")
        self._since += took
        self._bytes = 0
