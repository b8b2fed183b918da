"""URLs as identities: two addresses with one :func:`url_key` are one page.

The folding, in order, on top of what the WHATWG URL standard normalises (case of scheme and host, punycode, default
ports, dot segments, backslashes); docs/identity.md gives the reasons:

1. The scheme does not count, nor do user names and passwords, nor a fragment, unless it begins with ``!``: such a
   fragment is the address of a page that a script shows.
2. A leading ``www.`` does not count, nor a dot at the end of the host.
3. Parameters that only say where a reader came from do not count (``tracking.toml``); the others count, in the order
   of their names. Of one name that comes several times the order counts, as servers take the first or the last. An
   empty value is as good as none, and one that is given twice running is given once.
4. A trailing slash, doubled slashes, ``index.html`` and the like at the end of the path, and sessions behind a
   semicolon do not count.
5. Percent-encoding is written in one way: characters that need none plain, hexadecimal digits in capitals, and a
   ``%`` that begins no escape as ``%25``; a space in the query is ``%20``.
6. A copy in a cache of AMP pages is the page that its address holds.

What changes meaning stays apart: path case, page numbers, ids, language and sub-domains, and the forms that AMP, mobile
and print pages have: those are one page by evidence alone (:mod:`scraper.dedupe.variants`). ``url_key`` of a key is
that key (held by a property test).
"""

from __future__ import annotations

import re
from functools import lru_cache

import can_ada

from scraper.dedupe.tracking import is_tracking
from scraper.errors import BadURL

# A port may follow a bare host (example.org:8080), and is no scheme.
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:(?!\d+(?:[/?#]|$))")
_INDEX_PAGE = re.compile(r"(?:index|default)\.(?:[sx]?html?|phtml|php\d?|aspx?|jspx?|cfm)", re.IGNORECASE)
_DEFAULT_PORT = re.compile(r":(?:80|443)$")
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})?")
_IGNORED = re.compile(r"[\t\n\r]")  # by the standard, anywhere in a URL
_AROUND = "".join(char for char in map(chr, range(0x3001)) if char <= " " or char.isspace())
"""What the standard takes away at both ends (controls and spaces), and the wider spaces that pasting leaves there."""

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!'()*,:@$|[]")
"""Bytes whose escape says nothing: the unreserved ones, and those of which no server makes a difference."""

# Documents of a cache, of its viewer and of what it signs; images and fonts lie elsewhere.
_AMP_CACHE = re.compile(r"(?:.+\.)?cdn\.ampproject\.org|(?:.+\.)?bing-amp\.com")
_AMP_STEPS = re.compile(r"(?:c|v|wp)/(?:s/)?(?=[^/]+\.[^/])")
_AMP_VIEWER = re.compile(r"(?:google|bing)\.(?:com?\.)?[a-z]{2,3}")
_AMP_VIEWED = re.compile(r"amp/(?:s/)?(?=[^/]+\.[^/])")


def normalise(url: str) -> str:
    """The URL as the WHATWG standard writes it, without fragment (but for one with ``#!``), user name and password.

    Raises BadURL.
    """
    parsed = _parse(url)
    return str(parsed.href)


def clean_url(url: str) -> str:
    """:func:`normalise`, and without tracking parameters and sessions: what a person would call the address.

    Raises BadURL.
    """
    parsed = _parse(url)
    if ";" in parsed.pathname:
        parsed.pathname = "/".join(map(_without_visit, parsed.pathname.split("/")))
    pairs = _pairs(parsed.search)
    kept = [_untailed(pair) for pair in pairs if not _is_tracking(_spelled_pair(pair))]
    if kept != pairs:
        parsed.search = f"?{'&'.join(kept)}" if kept else ""
    return str(parsed.href)


@lru_cache(maxsize=1024)
def host_of(url: str) -> str:
    """Whom a URL asks: the lower-case host name, with its port unless that is 80 or 443. Raises BadURL.

    The host budget goes by it, which has one row a host whatever the scheme.
    """
    parsed = _parse(url)
    host = str(parsed.hostname).rstrip(".")
    return host if parsed.port in {"", "80", "443"} else f"{host}:{parsed.port}"


@lru_cache(maxsize=1024)  # on its way into the store, an address is asked for its key a dozen times
def url_key(url: str) -> str:
    """The form that dedupes: ``host/path?parameters`` (see this module's docstring). Raises BadURL.

    A key has no scheme, and is taken back as it is: that makes this idempotent.
    """
    text = _trimmed(url)
    parsed = _web_address(text if _SCHEME.match(text) else f"http://{text}")
    host = _host(parsed)
    path = "/".join(_steps(parsed.pathname))
    query = _query(parsed.search)
    original = _original(host, path)
    if original is not None:
        return url_key(f"http://{original}?{query}")
    fragment = _one_spelling(parsed.hash).rstrip("/")
    return host + (f"/{path}" if path else "") + (f"?{query}" if query else "") + fragment


def same_site(one: str, other: str) -> bool:
    """Whether two URLs' hosts are the same, or one is a sub-domain of the other; ``www.`` does not count."""
    a, b = (site_of(url_key(url)) for url in (one, other))
    return a == b or a.endswith("." + b) or b.endswith("." + a)


def site_of(key: str) -> str:
    """The host of a key, with its port."""
    return re.split("[/?#]", key, maxsplit=1)[0]


def _parse(url: str) -> can_ada.URL:
    return _web_address(_trimmed(url))


def _web_address(url: str) -> can_ada.URL:
    try:
        parsed = can_ada.parse(url)
    except (ValueError, TypeError) as error:  # a TypeError is its answer to lone surrogates
        raise BadURL(
            f"not a URL: {_shown(url)}; give a whole address such as https://example.org/news/story"
        ) from error
    if parsed.protocol not in ("http:", "https:") or not parsed.hostname.strip("."):
        raise BadURL(f"not a web address: {_shown(url)}; only http:// and https:// are fetched")
    if parsed.username or parsed.password:
        parsed.username = parsed.password = ""
    if not (parsed.hash.startswith("#!") and parsed.hash[2:].strip("/")):
        parsed.hash = ""
    return parsed


def _trimmed(url: str) -> str:
    return _IGNORED.sub("", url).strip(_AROUND)


def _shown(url: str) -> str:
    return repr(url if len(url) <= 200 else url[:200] + "…")


def _host(parsed: can_ada.URL) -> str:
    """Host and port, without what says nothing."""
    if parsed.hostname.endswith("."):
        parsed.hostname = _without_www(parsed.hostname.rstrip("."))  # parsed anew; it stays where that would be no host
        return _DEFAULT_PORT.sub("", parsed.host)
    return _DEFAULT_PORT.sub("", _without_www(parsed.host))


def _without_www(host: str) -> str:
    while host.startswith("www.") and "." in host[4:]:
        host = host[4:]
    return host


def _original(host: str, path: str) -> str | None:
    """The address, without its scheme, of the page that a cache of AMP pages shows under this one."""
    for hosts, steps in ((_AMP_CACHE, _AMP_STEPS), (_AMP_VIEWER, _AMP_VIEWED)):
        found = steps.match(path)
        if found and hosts.fullmatch(host) and can_ada.can_parse(f"http://{path[found.end() :]}"):
            return path[found.end() :]
    return None


def _steps(path: str) -> list[str]:
    """The names between the slashes, without index pages at the end and without sessions."""
    steps: list[str] = []
    for step in _one_spelling(path).split("/"):
        name = _without_session(step) if ";" in step else step
        if name == "..":  # can_ada 3.0.0 leaves dot segments standing in a path that begins with "//."
            del steps[-1:]
        elif name not in ("", "."):
            steps.append(name)
    while steps and _INDEX_PAGE.fullmatch(steps[-1]):
        steps.pop()  # all of them: of what is left, a second reading must leave the same
    return steps


def _without_session(step: str) -> str:
    """A step without sessions and empty parameters behind semicolons; others (``;art123,456``) say which page it is."""
    name, *parameters = step.split(";")
    kept = [each for each in parameters if each and not is_tracking(*_parted(each))]
    return ";".join([name, *kept])


def _without_visit(step: str) -> str:
    """The same of an address that stays one: what would lead elsewhere without (``..;x``) is left."""
    name = _one_spelling(step.partition(";")[0])
    return step if ";" not in step or name in {"", ".", ".."} else _without_session(step)


def _query(search: str) -> str:
    """The parameters that count, in one order and one spelling."""
    if not search:
        return ""
    pairs = [pair for pair in map(_spelled_pair, _pairs(search)) if pair and not _is_tracking(pair)]
    pairs.sort(key=_name)
    return "&".join(pair for place, pair in enumerate(pairs) if place == 0 or pair != pairs[place - 1])


def _pairs(search: str) -> list[str]:
    return [pair for pair in search.removeprefix("?").split("&") if pair]


def _spelled_pair(pair: str) -> str:
    """A parameter in one spelling, without what a link that was escaped twice leaves before its name."""
    while pair.startswith("amp;"):
        pair = pair[4:]
    pair = _one_spelling(pair.replace("+", "%20"))
    while pair != (shorter := _untailed(pair[:-1] if pair.endswith("=") and pair.count("=") == 1 else pair)):
        pair = shorter
    return pair


def _untailed(pair: str) -> str:
    """A parameter without the tracking ones that were hung on it with a second question mark."""
    while "?" in pair:
        head, _, tail = pair.rpartition("?")
        if tail and not _is_tracking(_one_spelling(tail)):
            break
        pair = head
    return pair


def _is_tracking(pair: str) -> bool:
    return is_tracking(*_parted(pair))


def _parted(pair: str) -> tuple[str, str]:
    name, _, value = pair.partition("=")
    return name.lower(), value


def _name(pair: str) -> str:
    return pair.partition("=")[0]


def _one_spelling(text: str) -> str:
    return _ESCAPE.sub(_respelled, text) if "%" in text else text


def _respelled(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return "%25"
    byte = int(escape[1], 16)
    return chr(byte) if byte in _PLAIN else f"%{escape[1].upper()}"
