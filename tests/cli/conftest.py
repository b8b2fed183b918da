from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.harness import configure, copy, stocked
from tests.local_news import LocalNews, write_home

HOST = "http://harbour-gazette.example"


@pytest.fixture(scope="session")
def site() -> Iterator[LocalNews]:
    with LocalNews() as running:
        running.override(f"{HOST}/trouble", status=500, body=b"")
        running.override(f"{HOST}/paper.pdf", body=b"%PDF-1.7\n", headers={"content-type": "application/pdf"})
        running.override(f"{HOST}/disguised", body=b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        running.override(f"{HOST}/empty", body=b"")
        running.override(f"{HOST}/bare", body=b"<!doctype html><title>Bare</title><p>Nothing to read.</p>")
        yield running


@pytest.fixture(scope="session")
def closed_port() -> Iterator[int]:
    """A port where nobody listens, and that nobody else gets meanwhile."""
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))
        yield kept.getsockname()[1]


@pytest.fixture(scope="session")
def configured(site: LocalNews, closed_port: int, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that follows the local news, and in which nothing was stored yet. Not to be changed."""
    home = tmp_path_factory.mktemp("configured")
    write_home(home, site.outlets, port=site.port, spacing="10ms")
    configure(home, "fetch", 'timeout = "30s"')
    configure(home, "fetch.resolve", f'"closed.example:80" = "127.0.0.1:{closed_port}"')
    return home


@pytest.fixture(scope="session")
def filled(configured: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one fetched article (#1) and one clipping (#2). Not to be changed but by failures."""
    return stocked(configured, tmp_path_factory.mktemp("filled") / "home")


@pytest.fixture
def fresh(configured: Path, tmp_path: Path) -> Path:
    """A home of the test's own, with nothing stored."""
    return copy(configured, tmp_path / "home")


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Path:
    """A home of the test's own, with what ``filled`` holds."""
    return copy(filled, tmp_path / "home")
