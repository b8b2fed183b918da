"""URLs by the WHATWG standard, always absolute, always http(s)."""

from __future__ import annotations

import can_ada

_LONGEST = 2083  # what is stored; section 7 of the design


def _parse(url: str, base: str | None = None) -> can_ada.URL | None:
    try:
        # Lone surrogates (JSON can spell them) are no UTF-8, and can_ada answers them with a TypeError.
        url = url.strip().encode("utf-8", "replace").decode("utf-8")
        return can_ada.parse(base) + url if base else can_ada.parse(url)
    except ValueError:
        return None


def absolute(url: str, base: str | None = None) -> str | None:
    """The URL, absolute and normalised; None where it is no URL, not http(s), without a host or too long."""
    parsed = _parse(url, base)
    if parsed is None or parsed.protocol not in {"http:", "https:"} or not parsed.hostname:
        return None
    href = str(parsed.href)
    return href if len(href) <= _LONGEST else None


def path_of(url: str | None) -> str:
    """The path of a URL, ``/`` for none."""
    parsed = _parse(url) if url else None
    return str(parsed.pathname) if parsed else "/"


def host_of(url: str | None) -> str:
    """The host of a URL without ``www.``, empty for none."""
    parsed = _parse(url) if url else None
    return str(parsed.hostname).removeprefix("www.") if parsed else ""
