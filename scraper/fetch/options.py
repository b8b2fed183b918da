"""What the operator decides about fetching: the tables ``[fetch]`` and ``[manners]`` of config/scraper.toml."""

from __future__ import annotations

from typing import Annotated

import msgspec

from scraper.units import Duration, Period, Size

RESERVED_HEADERS = frozenset(
    {"accept-encoding", "connection", "content-length", "cookie", "host", "te", "transfer-encoding", "upgrade"}
)
"""Headers that no operator sets: the connection does, or our own decoding undoes them, or they are made of cookies."""

LONGEST = 2083
"""Characters of an address that are stored, so none that is longer can be asked for (section 7 of the design)."""

Count = Annotated[int, msgspec.Meta(ge=0)]
Positive = Annotated[int, msgspec.Meta(ge=1)]


class FetchOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How pages are asked for, and how much of an answer is taken. Defaults are the design's limits.

    ``resolve`` maps ``host:port`` to ``address:port``, like curl's --connect-to: the request, its Host header and its
    TLS name stay as they are, only the connection goes elsewhere, and the address check is passed, because the
    operator chose the target by hand. ``allow_private`` lists networks (CIDR) that may be reached although they are
    not public. A body that comes at less than ``min_rate`` bytes a second for ``rate_window`` is given up. ``audit`` is
    how long 304 answers are believed before the whole answer is asked for once more. ``ca_file`` is a PEM file of
    certificates trusted beside the usual ones.
    """

    contact: str = ""
    user_agent: str = ""
    timeout: Period = Period(60)
    connect_timeout: Period = Period(10)
    read_timeout: Period = Period(20)
    retries: Count = 3
    max_redirects: Count = 10
    max_url_length: Annotated[int, msgspec.Meta(ge=1, le=LONGEST)] = LONGEST
    page_limit: Size = Size(10 * 2**20)
    feed_limit: Size = Size(20 * 2**20)
    sitemap_limit: Size = Size(50 * 2**20)
    robots_limit: Size = Size(500 * 2**10)
    max_ratio: Positive = 100
    min_rate: Size = Size(2**10)
    rate_window: Period = Period(20)
    ports: tuple[int, ...] = (80, 443, 8080, 8443)
    allow_private: tuple[str, ...] = ()
    resolve: dict[str, str] = {}
    ca_file: str = ""
    concurrency: Positive = 50
    audit: Period = Period(24 * 3600)


class Manners(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The host budget: what one host may be asked, and when.

    ``latency_factor``: after an answer that took long, the next request waits for as many times as long (30 s at most);
    0 turns that off. ``per_address``: as many requests at once go to one address, whatever the host names.
    """

    spacing: Duration = Duration(1)
    latency_factor: Count = 2
    per_address: Positive = 4
    max_crawl_delay: Duration = Duration(120)
    max_pause: Duration = Duration(24 * 3600)
    robots_lifetime: Period = Period(24 * 3600)
    obey_robots: bool = True
