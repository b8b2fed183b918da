"""URLs as identities: two addresses with one :func:`url_key` are one page.

The folding, in order, on top of what the WHATWG URL standard normalises (case of scheme and host, default ports, dot
segments, backslashes):

1. The scheme and the fragment do not count, nor do user names and passwords.
2. A leading ``www.`` does not count.
3. Parameters that only say where a reader came from do not count (the lists below); the others count, sorted.
4. A trailing slash, doubled slashes and ``index.html`` and the like at the end of the path do not count.
5. Percent-encoding is written in one way: unreserved characters plain, hexadecimal digits in capitals, and a ``%``
   that begins no escape as ``%25``.

What changes meaning stays apart: path case, page numbers, ids, language and sub-domains. ``url_key`` of a key is that
key (held by a property test).
"""

from __future__ import annotations

import re
from functools import lru_cache

import can_ada

from scraper.errors import BadURL

TRACKING_PREFIXES = ("utm_", "at_", "pk_", "mtm_", "matomo_", "hsa_", "wt_", "oly_", "_hs", "cid_")
"""First letters of parameters that analytics systems add to links."""

TRACKING_PARAMETERS = frozenset(
    """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid igshid igsh li_fat_id mc_cid mc_eid
    _ga _gl _openstat ncid ocid cmpid cmp campaign_id ito icid intcid ftag ftcamp ns_mchannel ns_source ns_campaign
    ns_linkname ns_fee smid smtyp sref srnd xtor spm share shareadraft guccounter guce_referrer guce_referrer_sig
    wtrid rssid from_rss feedtype traffic_source __twitter_impression amp_js_v _branch_match_id vero_id vero_conv
    mkt_tok trk trkcampaign s_cid sr_share ref_src ref_url feature_id taid emci emdi ceid sfmc_id sfnsn echobox
    """.split()  # noqa: SIM905 - seventy quoted words are harder to read and to add to
)
"""Parameters that only say where a reader came from. Each was seen in links that feeds and social networks hand out."""

# A port may follow a bare host (example.org:8080), and is no scheme.
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:(?!\d+(?:[/?#]|$))")
_INDEX_PAGE = re.compile(r"(?:index|default)\.(?:html?|php|aspx?|jsp)", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})?")
_IGNORED = re.compile(r"[\t\n\r]")  # by the standard, anywhere in a URL
_AROUND = "".join(char for char in map(chr, range(0x3001)) if char <= " " or char.isspace())
"""What the standard takes away at both ends (controls and spaces), and the wider spaces that pasting leaves there."""

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def normalise(url: str) -> str:
    """The URL as the WHATWG standard writes it, without fragment, user name and password. Raises BadURL."""
    parsed = _parse(url)
    return str(parsed.href)


def clean_url(url: str) -> str:
    """:func:`normalise`, and without tracking parameters: what a person would call the address.

    Raises BadURL.
    """
    parsed = _parse(url)
    kept = [pair for pair in _pairs(parsed.search) if not _is_tracking(pair)]
    if len(kept) != len(_pairs(parsed.search)):
        parsed.search = "&".join(kept)
    return str(parsed.href)


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
    parsed = _parse(text if _SCHEME.match(text) else f"http://{text}")
    host = parsed.host
    while host.startswith("www.") and "." in host[4:]:
        host = host[4:]
    host = re.sub(r":(?:80|443)$", "", host)
    path = "".join(f"/{step}" for step in _steps(parsed.pathname))
    pairs = (_one_spelling(pair) for pair in _pairs(parsed.search))
    query = "&".join(sorted(pair for pair in pairs if not _is_tracking(pair)))
    return f"{host}{path}?{query}" if query else f"{host}{path}"


def same_site(one: str, other: str) -> bool:
    """Whether two URLs' hosts are the same, or one is a sub-domain of the other; ``www.`` does not count."""
    a, b = (url_key(url).partition("/")[0].partition("?")[0] for url in (one, other))
    return a == b or a.endswith("." + b) or b.endswith("." + a)


def _parse(url: str) -> can_ada.URL:
    try:
        parsed = can_ada.parse(_trimmed(url))
    except (ValueError, TypeError) as error:  # a TypeError is its answer to lone surrogates
        raise BadURL(
            f"not a URL: {_shown(url)}; give a whole address such as https://example.org/news/story"
        ) from error
    if parsed.protocol not in ("http:", "https:") or not parsed.hostname:
        raise BadURL(f"not a web address: {_shown(url)}; only http:// and https:// are fetched")
    parsed.username = parsed.password = parsed.hash = ""
    return parsed


def _trimmed(url: str) -> str:
    return _IGNORED.sub("", url).strip(_AROUND)


def _shown(url: str) -> str:
    return repr(url if len(url) <= 200 else url[:200] + "…")


def _pairs(search: str) -> list[str]:
    return [pair for pair in search.removeprefix("?").split("&") if pair]


def _steps(path: str) -> list[str]:
    """The names between the slashes, without index pages at the end."""
    steps: list[str] = []
    for step in _one_spelling(path).split("/"):
        if step == "..":  # can_ada 3.0.0 leaves dot segments standing in a path that begins with "//."
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    while steps and _INDEX_PAGE.fullmatch(steps[-1]):
        steps.pop()  # all of them: of what is left, a second reading must leave the same
    return steps


def _is_tracking(pair: str) -> bool:
    name = _one_spelling(pair.partition("=")[0]).lower()
    return name in TRACKING_PARAMETERS or name.startswith(TRACKING_PREFIXES)


def _one_spelling(text: str) -> str:
    def respell(match: re.Match[str]) -> str:
        if match[1] is None:
            return "%25"
        byte = int(match[1], 16)
        return chr(byte) if byte in _UNRESERVED else f"%{match[1].upper()}"

    return _ESCAPE.sub(respell, text)
