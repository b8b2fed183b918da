"""What of a setting no type tells: whether a header can hold it, an address be asked, a secret be found."""

from __future__ import annotations

import re
from ipaddress import ip_network

from scraper.dedupe import normalise
from scraper.errors import BadURL
from scraper.units import Endpoint

LONGEST_FETCH = 1800.0
"""Seconds; a slot that is held for longer would be taken for a wrong clock's."""

SENDABLE = re.compile(r"[!-~]([ -~]*[!-~])?")
"""What a header may hold, in ASCII."""

SECRET = re.compile(r"(env|file):.")
"""Where a secret is, in place of itself."""


def is_address(url: str) -> bool:
    """Whether it is an absolute http(s) URL."""
    try:
        normalise(url)
    except BadURL:
        return False
    return "://" in url


def is_endpoint(text: str) -> bool:
    """Whether it is a host or an address, and a port."""
    try:
        return Endpoint.parse(text) != ""
    except ValueError:
        return False


def is_network(text: str) -> bool:
    """Whether it is an address, or a network of them in CIDR notation."""
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
