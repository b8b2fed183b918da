"""Which URLs may be asked, and which addresses may be talked to. Pure: names are resolved in ``resolve``.

``ipaddress.is_global`` of Python 3.11 lets through 192.0.0.0/24, NAT64, 6to4, site-local and multicast addresses; so
the table is our own, after the IANA registries of special-purpose addresses:
https://www.iana.org/assignments/iana-ipv4-special-registry and
https://www.iana.org/assignments/iana-ipv6-special-registry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import can_ada

from scraper.errors import BadURL, ConfigError, UnsafeAddress
from scraper.fetch.options import FetchOptions

_DEFAULT_PORTS = {"http": 80, "https": 443}
# What the DNS can hold, and the underscore that some hosts have in spite of the rules.
_HOST = re.compile(r"(?=.{1,253}\.?\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?")
_PASSWORD = re.compile(r"//[^/?#]*@")

_NOT_PUBLIC = tuple(
    (ip_network(network), what)
    for network, what in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "a private network"),
        ("100.64.0.0/10", "a carrier's inner network"),
        ("127.0.0.0/8", "this machine"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "a private network"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relays"),
        ("192.168.0.0/16", "a private network"),
        ("198.18.0.0/15", "benchmarks"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "unspecified"),
        ("::1/128", "this machine"),
        ("64:ff9b:1::/48", "NAT64"),
        ("100::/64", "discard-only"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("fc00::/7", "a private network"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are the IPv4 address that a gateway will ask
# Whatever stands in no row above and is outside of this network has not been given to anybody.
_GLOBAL_UNICAST = IPv6Network("2000::/3")


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be asked: its parts as the WHATWG standard reads them.

    ``url`` has no fragment. ``host`` is in lower case, an IPv6 address without its brackets. ``path`` includes the
    query: it is what stands in the request's first line.
    """

    url: str
    scheme: str
    host: str
    port: int
    path: str

    @property
    def key(self) -> str:
        """The name of the host budget: the host, and its port unless that is 80 or 443."""
        host = f"[{self.host}]" if ":" in self.host else self.host.rstrip(".")
        return host if self.port in _DEFAULT_PORTS.values() else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port, as in ``https://example.org:8443``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}")

    @property
    def rules(self) -> str:
        """The name of its robots.txt: ``key``, and ``http://…`` before it where https would have the same one.

        RFC 9309, 2.3: the rules of one scheme say nothing of the other.
        """
        return f"http://{self.key}" if self.scheme == "http" and self.port in _DEFAULT_PORTS.values() else self.key

    @property
    def endpoint(self) -> str:
        """``host:port``, as the keys of the option ``resolve`` are written."""
        return endpoint(self.host, self.port)


def endpoint(host: str, port: int) -> str:
    """``host:port``, with brackets around an IPv6 address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def check_url(url: str, options: FetchOptions) -> Target:
    """Parse a URL and vet all that can be seen without the DNS. Raises BadURL or UnsafeAddress."""
    return _vetted(_parse(url, None, options), options)


def chosen_url(url: str, options: FetchOptions) -> Target:
    """Parse a URL that the operator chose by hand: at any address and any port. Raises BadURL."""
    return _target(_parse(url, None, options))


def join_url(base: Target, reference: str, options: FetchOptions) -> Target:
    """The URL that ``reference`` means on the page ``base``, vetted like any other."""
    return _vetted(_parse(reference, base.url, options), options)


def check_address(address: str | IPv4Address | IPv6Address, options: FetchOptions, host: str = "") -> None:
    """Raise UnsafeAddress unless the address is public, or in a network of ``allow_private``."""
    try:
        parsed = ip_address(address) if isinstance(address, str) else address
    except ValueError as error:
        raise UnsafeAddress(f"{address} is not an IP address") from error
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped  # the kernel connects to that address, so that is what is judged
    what = _not_public(parsed)
    if what is None or any(parsed in network for network in networks(options.allow_private)):
        return
    leads = f"{host} leads to {parsed}, which" if host not in {"", str(parsed)} else str(parsed)
    raise UnsafeAddress(f"{leads} is not a public address ({what}; fetch.allow_private)")


def _not_public(address: IPv4Address | IPv6Address) -> str | None:
    if isinstance(address, IPv6Address) and address in _NAT64:
        inner = _not_public(IPv4Address(address.packed[-4:]))
        return inner and f"NAT64 of {inner}"
    for network, what in _NOT_PUBLIC:
        if address in network:
            return what
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return "unassigned"
    return None


def networks(allowed: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    """The networks of ``allow_private``. Raises ConfigError."""
    try:
        return [ip_network(network) for network in allowed]
    except ValueError as error:
        raise ConfigError(f"fetch.allow_private: {error}") from error


def _parse(url: str, base: str | None, options: FetchOptions) -> can_ada.URL:
    shown = _PASSWORD.sub("//…@", " ".join(url[:200].split()))
    if len(url) > options.max_url_length:
        raise BadURL(f"{shown}… is longer than {options.max_url_length} characters")
    try:
        parsed = can_ada.parse(url) if base is None else can_ada.parse(base) + url
    except (ValueError, TypeError) as error:  # TypeError: lone surrogates
        raise BadURL(f"{shown!r} is not an absolute http(s) URL") from error
    if parsed.protocol not in {"http:", "https:"}:
        raise BadURL(f"{shown!r} is not an absolute http(s) URL")
    if parsed.username or parsed.password:
        raise BadURL(f"the URL for {parsed.hostname} holds a user name or a password; those are not taken from URLs")
    return parsed


def _target(parsed: can_ada.URL) -> Target:
    scheme = parsed.protocol[:-1]
    host = parsed.hostname
    return Target(
        url=parsed.href.partition("#")[0],
        scheme=scheme,
        host=host[1:-1] if host.startswith("[") else host,
        port=int(parsed.port or _DEFAULT_PORTS[scheme]),
        path=parsed.pathname + parsed.search,
    )


def _vetted(parsed: can_ada.URL, options: FetchOptions) -> Target:
    target = _target(parsed)
    if len(target.url) > options.max_url_length:
        raise BadURL(f"{target.url[:200]}… is longer than {options.max_url_length} characters")
    if target.endpoint in options.resolve:
        return target
    if target.port not in options.ports:
        raise UnsafeAddress(f"port {target.port} of {target.host} is not among the ports to be asked (fetch.ports)")
    if address := _literal(target.host):
        check_address(address, options)
    elif not _HOST.fullmatch(target.host):
        raise BadURL(f"{target.host!r} is not a host name")
    return target


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
