"""The outlets as ``fixtures/`` describes them.

``fixtures/outlets/<domain>/outlet.json`` says who the outlet is and which source to follow, ``routes.json`` beside it
what each path answers (``*`` is the answer to every other path). An article's path answers with the ``page.html`` of
its folder in ``fixtures/articles/<domain>/``, under the headers of its ``request.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a path answers. ``validators`` names those of ``etag`` and ``last-modified`` that it carries."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    validators: tuple[str, ...] = ()
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Outlet:
    """One newspaper.

    ``special`` holds the announced URLs that are no article of their own: ``robots`` (disallowed), ``missing`` (404),
    ``consent`` (a consent wall), ``redirect`` (301 to ``redirect_to``, which is an article). ``replies`` is by path.
    """

    name: str
    title: str
    domain: str
    language: str
    timezone: str | None
    source_kind: str
    source_url: str
    feed_url: str
    gzip: bool
    special: Mapping[str, str]
    articles: tuple[str, ...]
    replies: Mapping[str, Reply]


def load_outlets(fixtures: Path = FIXTURES) -> dict[str, Outlet]:
    """Every outlet by its domain."""
    folders = sorted(path.parent for path in (fixtures / "outlets").glob("*/outlet.json"))
    return {folder.name: _outlet(folder, fixtures / "articles" / folder.name) for folder in folders}


def load_expected(fixtures: Path = FIXTURES) -> dict[str, dict[str, Any]]:
    """The record that a careful reader would write for each of the outlets' articles, by URL."""
    records = [
        _json(path)
        for folder in sorted((fixtures / "outlets").iterdir())
        for path in sorted((fixtures / "articles" / folder.name).glob("*/article.json"))
    ]
    return {record["url"]: record for record in records}


def _outlet(folder: Path, articles: Path) -> Outlet:
    about = _json(folder / "outlet.json")
    updated = format_datetime(datetime.fromisoformat(about["updated"]).astimezone(UTC), usegmt=True)
    replies = {route["path"]: _reply(route, folder, updated) for route in _json(folder / "routes.json")}
    urls = []
    for path in sorted(articles.glob("*/request.json")):
        request = _json(path)
        urls.append(request["url"])
        body = (path.parent / "page.html").read_bytes()
        replies[urlsplit(request["url"]).path] = Reply(request["status"], request["headers"], body)
    return Outlet(
        name=about["name"],
        title=about["title"],
        domain=about["domain"],
        language=about["language"],
        timezone=about["timezone"],
        source_kind=about["source"]["kind"],
        source_url=about["source"]["url"],
        feed_url=about["feed"],
        gzip=about["gzip"],
        special=about["special"],
        articles=tuple(urls),
        replies=replies,
    )


def _reply(route: Mapping[str, Any], folder: Path, updated: str) -> Reply:
    if "location" in route:
        return Reply(route["status"], {"location": route["location"]})
    return Reply(
        status=route.get("status", 200),
        headers={"content-type": route["type"]},
        body=(folder / route["file"]).read_bytes(),
        validators=tuple(route.get("validators", ())),
        last_modified=updated,
    )


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
