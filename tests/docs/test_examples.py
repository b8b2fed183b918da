"""The examples of the documents that are settings, payloads and recipes do what they are said to do."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from scraper import extract_article
from scraper.delivery import payload
from scraper.fetch.webhook import signed
from scraper.home import Home
from scraper.model import Article, Attempt, EventKind, Outcome
from scraper.outcomes import article_event
from scraper.settings import (
    ArchiveOptions,
    MonitorOptions,
    Settings,
    Source,
    Webhook,
    load_settings,
    parse_sources,
)
from scraper.store import WINDOW
from scraper.store.events import PendingEvent
from scraper.toml import convert
from scraper.units import Endpoint, Size
from tests.docs.documents import ROOT, blocks, read

ARCHIVE, EVENTS, FETCHING, OPERATING, SITES, STORIES = (
    read(ROOT / "docs" / f"{name}.md") for name in ("archive", "events", "fetching", "operating", "sites", "stories")
)


def texts(text: str, language: str) -> list[str]:
    return [block.text for block in blocks(text, language)]


def test_the_settings_of_stories_are_the_defaults() -> None:
    (said,) = texts(STORIES, "toml")
    assert convert(said, ROOT / "docs" / "stories.md", Settings).dedupe == Settings().dedupe
    assert Settings().dedupe.window == WINDOW.total_seconds()


def test_the_settings_of_the_archive_are_all_told() -> None:
    (text,) = texts(ARCHIVE, "toml")
    said = convert(text, ROOT / "docs" / "archive.md", Settings).archive
    assert said == ArchiveOptions(keep_days=365, max_size=Size(20 * 10**9))
    assert [key for key in ArchiveOptions.__struct_fields__ if f"| `{key}` |" not in ARCHIVE] == []


def test_the_examples_of_operating_are_right(tmp_path: Path) -> None:
    (settings,) = texts(OPERATING, "toml")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "scraper.toml").write_text(settings.replace("# names", "names"), encoding="utf-8")
    assert load_settings(Home(tmp_path)).monitor == MonitorOptions(
        listen=Endpoint("127.0.0.1:9464"), names=("news.example.org",)
    )
    (line,) = texts(OPERATING, "json")
    assert set(json.loads(line)) == {"level", *(field.name for field in fields(Attempt))}
    _, rules = (yaml.safe_load(block) for block in texts(OPERATING, "yaml"))
    named = {name for rule in rules["groups"][0]["rules"] for name in re.findall(r"scraper_\w+", rule["expr"])}
    assert named <= set(re.findall(r"^\| `(scraper_\w+)", OPERATING, re.MULTILINE))


def test_the_example_of_a_sources_own_ways_names_every_key() -> None:
    (text,) = texts(FETCHING, "toml")
    (source,) = parse_sources(text, ROOT / "docs" / "fetching.md")
    said = {name for name in Source.__struct_fields__ if getattr(source, name) not in ("", (), {}, None, False)}
    elsewhere = {"title", "enabled", "interval", "timezone", "include", "exclude"}  # explained in sources.toml
    assert said | elsewhere == set(Source.__struct_fields__)


def test_the_webhook_that_events_describes_can_be_set_up_and_every_key_is_named() -> None:
    (text,) = texts(EVENTS, "toml")
    said = convert(text, ROOT / "docs" / "events.md", Settings).webhook
    assert said.told == ("quiet", "failing", "drift", "back")
    assert [key for key in Webhook.__struct_fields__ if f"{key} = " not in text] == []
    assert [kind for kind in EventKind if f"| `{kind}` |" not in EVENTS] == []


def test_the_payload_that_events_shows_has_the_fields_of_a_real_one() -> None:
    (text,) = texts(EVENTS, "json")
    event = PendingEvent(17, "2026-11-25T12:00:00Z", EventKind.NEW, "one", 36, "…", {}, 0)
    shown, real = json.loads(text)["events"], json.loads(payload([event]))["events"]
    assert [list(each) for each in shown] == [list(real[0])] * 2
    assert [key for key in real[0] if f"| `{key}` |" not in EVENTS] == []
    attempt = Attempt("https://a.example/", "page", Outcome.SAVED, "new", "new article", datetime.now(UTC))
    told = article_event(attempt, Article("https://a.example/", "Title", "Body"))
    assert list(shown[0]["data"]) == list(told.data)


def test_the_signature_check_of_events_takes_ours_and_nothing_else() -> None:
    (code,) = texts(EVENTS, "python")
    scope: dict[str, Any] = {}
    exec(code, scope)  # noqa: S102 - the recipe itself
    body, secret = b'{"events": [{"id": 1}]}', "open sesame"
    headers = signed(body, "1-1", datetime.now(UTC), secret.encode())
    assert scope["events_of"](headers, body, secret) == [{"id": 1}]
    stale = signed(body, "1-1", datetime.now(UTC) - timedelta(hours=1), secret.encode())
    for wrong in ((headers, body + b" ", secret), (headers, body, "another"), (stale, body, secret)):
        with pytest.raises(PermissionError):
            scope["events_of"](*wrong)


def test_the_worked_example_of_a_sites_rules_is_the_shipped_one_and_is_needed() -> None:
    (rules,) = texts(SITES, "toml")
    name = "kestrel-valley-times.example"
    assert rules == read(ROOT / "config" / "sites" / f"{name}.toml")
    shown = ROOT / "fixtures" / "articles" / name / "otters-weir"
    expected = json.loads(read(shown / "article.json"))
    unruled = extract_article((shown / "page.html").read_bytes(), url=expected["url"])
    for field in ("authors", "published_at", "credit"):
        assert json.dumps(getattr(unruled, field)) != json.dumps(expected[field]), field
