"""Names of tests that are given bytes."""

from __future__ import annotations


def pytest_make_parametrize_id(val: object) -> str | None:
    """Not the bytes themselves: gzip puts the time into them, and two workers must name their tests alike."""
    return "bytes" if isinstance(val, bytes) else None
