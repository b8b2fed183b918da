"""All cases. Their order is their address's, and the order of those that have the process to themselves."""

from __future__ import annotations

from tests.hostile import bodies, codings, headers, limits, pages, redirects, robots, slow, sources, statuses

CASES = (
    *slow.CASES,
    *bodies.CASES,
    *codings.CASES,
    *headers.CASES,
    *redirects.CASES,
    *statuses.CASES,
    *pages.CASES,
    *robots.CASES,
    *sources.CASES,
    *limits.CASES,
)
