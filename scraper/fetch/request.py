"""What is asked for, and the headers that say so. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module

from scraper.errors import BadUsage
from scraper.fetch.answer import is_secret
from scraper.fetch.decode import ACCEPTED
from scraper.fetch.guard import Target
from scraper.fetch.options import FetchOptions
from scraper.model import FetchKind

_ACCEPT = {
    FetchKind.PAGE: "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
    FetchKind.SECTION: "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
    FetchKind.FEED: "application/atom+xml, application/rss+xml, application/feed+json, application/xml, */*;q=0.5",
    FetchKind.SITEMAP: "application/xml, text/xml, */*;q=0.5",
    FetchKind.ROBOTS: "text/plain, */*;q=0.5",
}
# Set by the connection itself, or undone by our own decoding.
_OURS = frozenset({"accept-encoding", "connection", "content-length", "host", "te", "transfer-encoding", "upgrade"})
_OPEN = frozenset({"accept", "accept-language", "cache-control", "referer", "user-agent"})


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for. ``etag`` and ``last_modified`` are those of an earlier answer: then 304 may be the answer.

    ``user_agent`` stands in for the configured one. ``headers`` go to the URL's own site only, never to where it
    redirects. ``max_wait`` is how many seconds to wait for the host budget at most; None: as long as it takes.
    """

    url: str
    kind: FetchKind = FetchKind.PAGE
    etag: str | None = None
    last_modified: str | None = None
    user_agent: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    max_wait: float | None = None


def request_headers(request: Request, options: FetchOptions, *, own_site: bool) -> list[tuple[str, str]]:
    """All headers of one hop, with lower-case names. The operator's own go to the URL's own site only."""
    headers = {
        "user-agent": request.user_agent or options.user_agent or _agent(options.contact),
        "accept": _ACCEPT[request.kind],
        "accept-encoding": ACCEPTED,
    }
    if request.etag is not None:
        headers["if-none-match"] = request.etag
    if request.last_modified is not None:
        headers["if-modified-since"] = request.last_modified
    extra = {name.lower(): value for name, value in request.headers.items()}
    if wrong := sorted(_OURS & extra.keys()):
        raise BadUsage(f"the header {wrong[0]} cannot be set by hand")
    return list((headers | extra if own_site else headers).items())


def _agent(contact: str) -> str:
    """The name we go by; the contact address is the operator's, and is never made up."""
    # By name: to the import linter, `from scraper import __version__` would reach all that stands above this package.
    name = f"article-scraper/{import_module('scraper').__version__}"
    return f"{name} (+{contact})" if contact else name


def same_site(start: Target, target: Target) -> bool:
    """Whether the operator's own headers may go there: to the same origin, or to the same host over TLS instead."""
    upgraded = (start.scheme, start.port, target.scheme, target.port) == ("http", 80, "https", 443)
    return start.host == target.host and (start.origin == target.origin or upgraded)


def recorded_headers(headers: list[tuple[str, str]], request: Request) -> tuple[tuple[str, str], ...]:
    """The request's headers that may be kept: of those that the operator added, only the harmless ones."""
    added = {name.lower() for name in request.headers} - _OPEN
    return tuple((name, value) for name, value in headers if name not in added and not is_secret(name))
