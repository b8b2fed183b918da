"""Feeds of every kind and fault, made up by hand from what publishers' feeds are known to do (feed readers' issue
trackers tell), each with the entries that a careful person reads in it.

What is worth opening in an editor lies in fixtures/feeds; here are the variants. ``python -m tests.benchmarks.feeds``
reports how many of all of them are read wholly right, beside feedparser alone.
"""

from __future__ import annotations

from tests.discover.feedset import charsets, dates, kinds, links, structure, texts
from tests.discover.feedset.case import Case

CASES: dict[str, dict[str, Case]] = {
    "kinds": kinds.CASES,
    "charsets": charsets.CASES,
    "texts": texts.CASES,
    "structure": structure.CASES,
    "links": links.CASES,
    "dates": dates.CASES,
}
