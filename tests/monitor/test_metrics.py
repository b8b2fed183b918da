"""The figures: what is counted, what is read off the database, and that docs/operating.md names every one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from scraper.model import Entry, Outcome, instant
from scraper.monitor.metrics import Metrics, Moment
from scraper.store import Store
from tests.store.samples import NOW, article, attempt, save, source

ROOT = Path(__file__).resolve().parents[2]
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


@pytest.fixture
def moment(tmp_path: Path) -> Moment:
    """An archive with something of everything."""
    with Store(tmp_path) as store:
        with store.transaction():
            store.frontier.sync_sources([source("one"), source("two"), source("off", enabled=0)], instant(NOW))
            one = store.frontier.source("one")
            assert one is not None
            store.frontier.polled(one, attempt(kind="feed"), last_success_at=instant(NOW), failures=0)
            two = store.frontier.source("two")
            assert two is not None
            store.frontier.polled(two, attempt(kind="feed", outcome=Outcome.FAILED), failures=3)
            store.frontier.admit([Entry(f"https://one.example/{n}") for n in range(3)], one.id, instant(NOW))
            first = store.frontier.due_entries(instant(NOW), [], 1, 1)[0]
            later = instant(NOW + timedelta(days=1))
            store.frontier.finished(first.id, attempt(), later, changed_at=instant(NOW))
            store.hosts.put("one.example", {"paused_until": later, "pause_reason": "429"})
            store.attempts.add(attempt(kind="feed", outcome=Outcome.SKIPPED, reason="gap"))
        save(store, article())
        now = NOW + timedelta(minutes=5)
        return Moment(now, ready=True, storage=tmp_path, floor=500, overview=store.overview(instant(now)))


def read(text: bytes) -> dict[str, Metric]:
    return {family.name: family for family in text_string_to_metric_families(text.decode())}


def values(families: dict[str, Metric]) -> dict[str, float]:
    """Every sample by its name and labels."""
    samples = [sample for family in families.values() for sample in family.samples]
    labels = [",".join(sample.labels.values()) for sample in samples]
    return {
        f"{sample.name}{{{said}}}" if said else sample.name: sample.value
        for sample, said in zip(samples, labels, strict=True)
    }


def test_what_happens_is_counted(moment: Moment) -> None:
    metrics = Metrics()
    page = attempt(size=1000, elapsed=0.3)
    for each in (page, page, replace(page, outcome=Outcome.FAILED, reason="timeout", size=None, elapsed=None)):
        metrics.note(each)
    poll = replace(page, kind="feed", reason="new entries")
    metrics.note(poll)
    metrics.polled(poll)
    metrics.note(replace(poll, kind="sitemap"))  # an archive's
    metrics.committed(0.002)
    found = values(read(metrics.written(moment)))
    assert found["scraper_attempts_total{page,saved,new}"] == 2
    assert found["scraper_attempts_total{page,failed,timeout}"] == 1
    assert found["scraper_polls_total{saved}"] == 1
    assert found["scraper_polls_total{failed}"] == 0
    assert found["scraper_articles_total{saved}"] == 2
    assert found["scraper_received_bytes_total{page}"] == 2000
    assert found["scraper_fetch_duration_seconds_count"] == 4
    assert found["scraper_fetch_duration_seconds_bucket{0.25}"] == 0
    assert found["scraper_fetch_duration_seconds_bucket{0.5}"] == 4
    assert found["scraper_commit_duration_seconds_count"] == 1


def test_what_is_so_is_told(moment: Moment) -> None:
    found = values(read(Metrics().written(moment)))
    told = {name: value for name, value in found.items() if name.startswith(("scraper_q", "scraper_s", "scraper_h"))}
    assert told == {
        "scraper_queue_entries{new}": 2,
        "scraper_queue_entries{revisit}": 1,
        "scraper_queue_due_entries{new}": 2,
        "scraper_queue_due_entries{revisit}": 0,
        "scraper_queue_overdue_seconds": 300,
        "scraper_sources{answering}": 1,
        "scraper_sources{failing}": 1,
        "scraper_sources{off}": 1,
        "scraper_hosts_paused": 1,
        "scraper_stored_articles": 1,
    }
    assert found["scraper_gaps"] == 1
    assert found["scraper_ready"] == 1
    assert found["scraper_last_successful_poll_timestamp_seconds"] == NOW.timestamp()
    assert found["scraper_disk_free_bytes"] > 0
    assert found["scraper_disk_floor_bytes"] == 500
    assert found["scraper_database_bytes{news.db}"] > 0


def test_before_the_databases_are_open_there_is_nothing_to_say_of_them(tmp_path: Path) -> None:
    found = read(Metrics().written(Moment(NOW, ready=False, storage=tmp_path / "none", floor=500, overview=None)))
    assert "scraper_queue_entries" not in found
    assert values(found)["scraper_ready"] == 0


def test_reasons_have_an_end(moment: Moment) -> None:
    metrics = Metrics()
    for number in range(1000):
        metrics.note(attempt(reason=f"reason {number}"))
    found = values(read(metrics.written(moment)))
    reasons = [name for name in found if name.startswith("scraper_attempts_total")]
    assert len(reasons) == 101
    assert found["scraper_attempts_total{page,saved,other}"] == 900


def test_two_daemons_in_one_process_count_for_themselves(moment: Moment) -> None:
    one, other = Metrics(), Metrics()
    one.note(attempt())
    assert "scraper_attempts_total{page,saved,new}" not in values(read(other.written(moment)))


def test_the_document_names_every_figure_and_no_other(moment: Moment) -> None:
    metrics = Metrics()
    metrics.note(attempt(size=1, elapsed=1.0))
    told = {
        f"{name}_total" if family.type == "counter" else name
        for name, family in read(metrics.written(moment)).items()
        if name.startswith("scraper_")
    }
    rows = re.findall(r"^\| `(scraper_\w+)(?:\{([\w, ]+)\})?`", OPERATING, re.MULTILINE)
    assert told == {name for name, _ in rows}
    labels = {name: set(filter(None, said.split(", "))) for name, said in rows}
    for name, family in read(metrics.written(moment)).items():
        for sample in family.samples:
            if sample.name in labels or name in labels:
                assert set(sample.labels) - {"le"} == labels.get(sample.name, labels.get(name)), sample.name


def test_every_figure_says_what_it_is(moment: Moment) -> None:
    assert not [name for name, family in read(Metrics().written(moment)).items() if not family.documentation]
