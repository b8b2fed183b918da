"""What takes minutes: `make soak`."""

from __future__ import annotations

import random
import time

import pytest

from tests.end_to_end.harness import Newsroom

KILLS = 60


@pytest.mark.soak
def test_kills_at_random_moments(newsroom: Newsroom) -> None:
    """kill -9 at moments drawn by seed, from the first instruction to the last article."""
    chance = random.Random(20261123)  # noqa: S311 - the same moments each time
    newsroom.site.delay = 0.05
    for _ in range(KILLS):
        daemon = newsroom.start("run", "--once")
        time.sleep(chance.uniform(0.1, 2.0))
        daemon.kill()
        daemon.communicate()
        if (newsroom.home / "storage" / "news.db").exists():
            assert newsroom.rows("PRAGMA integrity_check") == [("ok",)]
    newsroom.site.delay = 0.0
    newsroom.run("run", "--once")
    assert set(newsroom.articles()) == set(newsroom.site.expected)
    assert newsroom.rows("SELECT count(*) FROM revisions") == [(0,)]
    for database in ("news.db", "pages.db"):
        assert newsroom.rows("PRAGMA integrity_check", database=database) == [("ok",)]
