"""What is asked for, and the headers that say so. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module

from scraper.errors import BadUsage
from scraper.fetch.answer import is_secret
from scraper.fetch.decode import ACCEPTED
from scraper.fetch.guard import Target
from scraper.fetch.options import RESERVED_HEADERS, FetchOptions
from scraper.fetch.profile import Profile
from scraper.model import FetchKind

_ACCEPT = {
    FetchKind.PAGE: "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
    FetchKind.SECTION: "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
    FetchKind.FEED: "application/atom+xml, application/rss+xml, application/feed+json, application/xml, */*;q=0.5",
    FetchKind.SITEMAP: "application/xml, text/xml, */*;q=0.5",
    FetchKind.ROBOTS: "text/plain, */*;q=0.5",
}
_OPEN = frozenset({"accept", "accept-language", "cache-control", "referer", "user-agent"})


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for. ``etag`` and ``last_modified`` are those of an earlier answer: then 304 may be the answer.

    ``profile`` is how the sites of its source are asked. ``max_wait`` is how many seconds to wait for the host budget
    at most; None: as long as it takes.
    """

    url: str
    kind: FetchKind = FetchKind.PAGE
    etag: str | None = None
    last_modified: str | None = None
    profile: Profile = field(default_factory=Profile)
    max_wait: float | None = None

    @property
    def conditional(self) -> bool:
        """Whether 304 may be the answer."""
        return self.etag is not None or self.last_modified is not None


def user_agent(profile: Profile, options: FetchOptions) -> str:
    """The name that we go by; the contact address in it is the operator's, and is never made up."""
    if given := profile.user_agent or options.user_agent:
        return given
    name = f"article-scraper/{version()}"
    return f"{name} (+{options.contact})" if options.contact else name


def version() -> str:
    """This program's."""
    # By name: to the import linter, `from scraper import __version__` would reach all that stands above this package.
    return str(import_module("scraper").__version__)


def request_headers(request: Request, options: FetchOptions, target: Target) -> list[tuple[str, str]]:
    """All headers of one hop but its cookies, with lower-case names. The operator's own go to the profile's hosts."""
    profile = request.profile
    headers = {
        "user-agent": user_agent(profile, options),
        "accept": _ACCEPT[request.kind],
        "accept-encoding": ACCEPTED,
    }
    if profile.language:
        headers["accept-language"] = f"{profile.language}, *;q=0.5"
    if request.etag is not None:
        headers["if-none-match"] = request.etag
    if request.last_modified is not None:
        headers["if-modified-since"] = request.last_modified
    own = {name.lower(): value for name, value in profile.headers.items()}
    if wrong := sorted(RESERVED_HEADERS & own.keys()):
        raise BadUsage(f"the header {wrong[0]} cannot be set by hand")
    return list((headers | own if profile.covers(target) else headers).items())


def recorded_headers(headers: list[tuple[str, str]], profile: Profile) -> tuple[tuple[str, str], ...]:
    """The request's headers that may be kept: of those that the operator added, only the harmless ones."""
    added = {name.lower() for name in profile.headers} - _OPEN
    return tuple((name, value) for name, value in headers if name not in added and not is_secret(name))
