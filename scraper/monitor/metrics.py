"""What a daemon does in figures, in Prometheus' text format. docs/operating.md describes every one of them."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from scraper import __version__
from scraper.home import free_room
from scraper.model import Attempt, FetchKind, Outcome, from_instant
from scraper.store.overview import Overview

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60)
_COMMIT_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30)
_MOST_REASONS = 100
"""The reasons are words of ours, some seventy; should one ever be made of what a server says, it counts as "other"."""
_POLLED = (Outcome.SAVED, Outcome.UNCHANGED, Outcome.SKIPPED, Outcome.FAILED)
_STORED = (Outcome.SAVED, Outcome.REVISED, Outcome.UNCHANGED, Outcome.DUPLICATE)


@dataclass(frozen=True, slots=True)
class Moment:
    """What is true when somebody asks: what the database says (None: it is not open), and whether work goes on."""

    now: datetime
    ready: bool
    storage: Path
    floor: int
    overview: Overview | None


class Metrics:
    """The figures, in a registry of their own: what happened is counted as it does, the rest is asked for."""

    def __init__(self) -> None:
        # A series more beside each, of the times at which we began to count.
        disable_created_metrics()  # type: ignore[no-untyped-call] # prometheus_client leaves it unannotated
        self._registry = CollectorRegistry()
        self._gauges = _Gauges()
        self._reasons: set[str] = set()
        self._attempts = self._counter("attempts", "How attempts ended: at pages, sources and archives.", _ATTEMPT)
        self._polls = self._counter("polls", "How polls of sources ended.", ("outcome",))
        self._articles = self._counter("articles", "What pages that are articles turned out to be.", ("outcome",))
        self._bytes = self._counter("received_bytes", "Bytes of bodies that came, decoded.", ("kind",))
        self._seconds = self._histogram("fetch_duration_seconds", "From the request to the end of the body.", _SECONDS)
        self._commits = self._histogram("commit_duration_seconds", "One transaction of the writer.", _COMMIT_SECONDS)
        for outcome in _POLLED:
            self._polls.labels(outcome.value)
        for outcome in _STORED:
            self._articles.labels(outcome.value)
        self._registry.register(self._gauges)
        ProcessCollector(registry=self._registry)

    def note(self, attempt: Attempt) -> None:
        """Count how an attempt ended."""
        self._attempts.labels(attempt.kind, attempt.outcome.value, self._bounded(attempt.reason)).inc()
        if attempt.kind == FetchKind.PAGE and attempt.outcome in _STORED:
            self._articles.labels(attempt.outcome.value).inc()
        if attempt.size:
            self._bytes.labels(attempt.kind).inc(attempt.size)
        if attempt.elapsed is not None:
            self._seconds.observe(attempt.elapsed)

    def polled(self, attempt: Attempt) -> None:
        """Count how a poll ended, which is an attempt beside."""
        self._polls.labels(attempt.outcome.value).inc()

    def committed(self, seconds: float) -> None:
        """Count a transaction."""
        self._commits.observe(seconds)

    def written(self, moment: Moment) -> bytes:
        """Everything, as Prometheus reads it."""
        self._gauges.moment = moment
        return generate_latest(self._registry)

    def _bounded(self, reason: str) -> str:
        if len(self._reasons) < _MOST_REASONS:
            self._reasons.add(reason)
        return reason if reason in self._reasons else "other"

    def _counter(self, name: str, text: str, labels: tuple[str, ...]) -> Counter:
        return Counter(f"scraper_{name}", text, labels, registry=self._registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"scraper_{name}", text, buckets=buckets, registry=self._registry)


_ATTEMPT = ("kind", "outcome", "reason")


class _Gauges(Collector):
    """What is true at the moment."""

    def __init__(self) -> None:
        self.moment: Moment | None = None

    def collect(self) -> Iterator[Metric]:
        """Prometheus_client's."""
        told = self.moment
        if told is None:
            return
        build = GaugeMetricFamily("scraper_build_info", "Versions, as labels.", labels=("version", "python"))
        build.add_metric((__version__, platform.python_version()), 1)
        yield build
        yield _gauge("ready", "Whether sources are being followed: what /readyz says.", float(told.ready))
        yield _gauge("disk_free_bytes", "Room on the disk of storage/.", free_room(told.storage))
        yield _gauge("disk_floor_bytes", "With less room than this, fetching stops.", told.floor)
        files = _family("database_bytes", "Sizes of the files of the databases.", "file")
        for path in sorted(told.storage.glob("*.db*")):
            if path.suffix != ".db-shm" and path.is_file():
                files.add_metric((path.name,), path.stat().st_size)
        yield files
        if told.overview is not None:
            yield from _stored(told.overview, told.now)


def _stored(found: Overview, now: datetime) -> Iterator[Metric]:
    """What the database says."""
    queue = _family("queue_entries", "Pages that wait, new ones and those to be looked at again.", "kind")
    queue.add_metric(("new",), found.new)
    queue.add_metric(("revisit",), found.revisits)
    yield queue
    due = _family("queue_due_entries", "Those of them whose turn has come.", "kind")
    due.add_metric(("new",), found.due_new)
    due.add_metric(("revisit",), found.due_revisits)
    yield due
    late = (now - from_instant(found.oldest_due)).total_seconds() if found.oldest_due else 0.0
    yield _gauge("queue_overdue_seconds", "How long the new page that waits longest has been due.", max(0.0, late))
    sources = _family("sources", "Sources: that answer, that do not, and that are off.", "state")
    for state, number in found.sources.items():
        sources.add_metric((state,), number)
    yield sources
    if found.last_success:
        at = from_instant(found.last_success).timestamp()
        yield _gauge("last_successful_poll_timestamp_seconds", "When a source last answered well.", at)
    yield _gauge("hosts_paused", "Hosts that are left alone for a while (429, 503).", found.paused)
    yield _gauge("gaps", "Gaps on record: polls that came too late for some entries.", found.gaps)
    yield _gauge("stored_articles", "Articles in news.db.", found.articles)


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"scraper_{name}", text, value=value)


def _family(name: str, text: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"scraper_{name}", text, labels=(label,))
