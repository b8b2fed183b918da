"""How the sites of one source are asked: by which name, with what, and by which way. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import can_ada

from scraper.errors import BadUsage
from scraper.fetch.guard import Target

if TYPE_CHECKING:
    from http.cookiejar import Cookie

_PROXY_SCHEMES = {"http:": 80, "https:": 443}


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy, as ``http://user:password@host:port`` names it. Shown, it keeps the password to itself."""

    scheme: str
    host: str
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> Proxy:
        """Raises BadUsage, which does not repeat the URL: it may hold a password."""
        try:
            parsed = can_ada.parse(url)
        except (ValueError, TypeError) as error:
            raise BadUsage('a proxy is written "http://host:port"') from error
        if parsed.protocol not in _PROXY_SCHEMES or parsed.pathname not in {"", "/"} or parsed.search or parsed.hash:
            raise BadUsage('a proxy is written "http://host:port", or https')
        port = int(parsed.port or _PROXY_SCHEMES[parsed.protocol])
        return cls(parsed.protocol[:-1], parsed.hostname.strip("[]"), port, parsed.username, parsed.password)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Profile:
    """How one source's sites are asked. Without one, everybody's are asked alike.

    ``user_agent`` stands in for the configured one, ``timeout`` (seconds for a whole fetch) too. ``language`` is what
    is asked for where there is a choice. ``headers`` and ``cookies`` are the operator's own: the headers go to the
    ``hosts`` (each a name, with all below it, or ``address:port``), over https alone if ``secure``, and the cookies
    where they say themselves. ``login`` are cookies too, and what is fetched with them is marked; so it is with headers
    that are ``secret``. ``jar``: what the ``hosts`` set is kept from one fetch to the next, under ``name``.

    With a ``proxy``, the URL, its port and an address that it spells out are vetted as ever; where a *name* leads is
    known to the proxy alone, and so it is not.
    """

    name: str = ""
    user_agent: str = ""
    language: str = ""
    timeout: float | None = None
    proxy: Proxy | None = None
    hosts: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    cookies: tuple[Cookie, ...] = field(default=(), repr=False)
    login: tuple[Cookie, ...] = field(default=(), repr=False)
    secret: bool = False
    secure: bool = True
    jar: bool = False

    def covers(self, target: Target) -> bool:
        """Whether the operator's own headers go there."""
        if self.secure and target.scheme != "https":
            return False
        return any(target.key == host or target.key.endswith(f".{host}") for host in self.hosts)

    def unlocks(self, target: Target) -> bool:
        """Whether a secret header goes there, so that what answers may not be for everybody."""
        return self.secret and self.covers(target)

    def anonymous(self) -> Profile:
        """The same way and name without anything of the operator's own: robots.txt is for everybody."""
        return replace(self, name="", headers={}, cookies=(), login=(), jar=False)


def own_hosts(host: str) -> tuple[str, ...]:
    """Where a source's own headers and cookies go if nothing else is said: its host, without ``www.``."""
    return (re.sub(r"^www\.(?=[^.]+\.)", "", host),)
