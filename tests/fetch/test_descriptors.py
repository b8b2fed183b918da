"""This process has no more descriptors: that says nothing of the host."""

from __future__ import annotations

import os
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scraper.errors import NOT_ASKED, DatabaseBusy, Exhausted
from scraper.fetch.client import Request
from scraper.fetch.descriptors import fitted
from scraper.fetch.options import FetchOptions
from scraper.store import Store
from scraper.store.opening import translated
from tests.fetch.loopback import Reply, error_of, fetcher, options, run, site


@contextmanager
def _exhausted() -> Iterator[None]:
    """Open files until there are no more to be had."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    opened = [os.open(os.devnull, os.O_RDONLY)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (opened[0] + 20, hard))
    try:
        while True:
            try:
                opened.append(os.open(os.devnull, os.O_RDONLY))
            except OSError:
                break
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for number in opened:
            os.close(number)


def test_a_connection_that_cannot_be_opened_is_no_fault_of_the_host() -> None:
    async def main() -> None:
        async with site({"/": Reply()}) as place, fetcher(options(place)) as made:
            with _exhausted():
                error = await error_of(made.fetch(Request(place.url())))
            assert isinstance(error, Exhausted)
            assert error.reason in NOT_ASKED
            assert "127.0.0.1 was not asked: too many open files; raise the limit" in str(error)
            assert not place.calls
            assert (await made.fetch(Request(place.url()))).status == 200  # and nothing remembers it

    run(main())


def test_a_database_that_cannot_be_opened_for_that_is_no_full_disk(tmp_path: Path) -> None:
    Store(tmp_path).close()
    with (
        _exhausted(),
        pytest.raises(DatabaseBusy, match="may open no more files; raise the limit"),
        translated(tmp_path),
    ):
        sqlite3.connect(tmp_path / "news.db")


def test_the_limit_is_raised_as_far_as_it_may_be() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (100, hard))
        assert fitted(FetchOptions()) == FetchOptions()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 200
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
