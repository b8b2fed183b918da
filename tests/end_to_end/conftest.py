from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.harness import Newsroom
from tests.local_news import LocalNews


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    """A home that follows the local news site, which runs while the test does."""
    with LocalNews() as site:
        yield Newsroom(tmp_path / "home", site)
