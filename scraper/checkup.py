"""Sources looked at, one by one: alarms raised and taken back, each with its event, in one transaction a source."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from scraper.health import Drift, drift_alarm, drifts, failing, quiet
from scraper.model import Event, EventKind
from scraper.store import Store
from scraper.store.alarms import Alarm, Vitals

_ENDED = {
    EventKind.QUIET: "it announces again; it was quiet",
    EventKind.FAILING: "it answers again; it did not",
    EventKind.DRIFT: "its pages yield what they did, or what they do has become its history; it drifted",
}


def check_up(store: Store, source_id: int, now: datetime, told: Collection[EventKind]) -> list[Event]:
    """Judge one source, inside the caller's transaction. Returns what began or ended, which is written down.

    ``told`` are the kinds of events that somebody is to be told of.
    """
    standing = store.alarms.of(source_id)
    vitals = store.alarms.vitals(source_id, now)
    newest, before = store.alarms.fates(source_id, now)
    found = drifts(newest, before, standing=EventKind.DRIFT in standing)
    present = {
        EventKind.QUIET: _lasting(quiet(vitals), standing.get(EventKind.QUIET), vitals),
        EventKind.FAILING: failing(vitals),
        EventKind.DRIFT: drift_alarm(found, newest, now),
    }
    events = []
    for kind, new in present.items():
        old = standing.get(kind)
        if new is not None:
            store.alarms.put(source_id, new)
        if new is not None and old is None:
            data = {"since": new.since, **(_measures(found) if kind is EventKind.DRIFT else {})}
            events.append(Event(kind, now, new.detail, vitals.name, data=data))
        elif new is None and old is not None:
            store.alarms.end(source_id, kind)
            detail, data = f"{_ENDED[kind]} since {old.since}", {"ended": kind.value, "since": old.since}
            events.append(Event(EventKind.BACK, now, detail, vitals.name, data=data))
    for event in events:
        store.events.add(event, tell=event.kind in told)
    return events


def dismiss(store: Store, now: datetime, told: Collection[EventKind]) -> list[Event]:
    """Take back the alarms of sources that are not followed any more. Returns what is written down of that."""
    events = []
    for name, alarm in store.alarms.end_unfollowed():
        detail, data = f"not followed any more; {alarm.kind} since {alarm.since}", {"since": alarm.since}
        events.append(Event(EventKind.BACK, now, detail, name, data={"ended": alarm.kind.value, **data}))
    for event in events:
        store.events.add(event, tell=event.kind in told)
    return events


def _lasting(found: Alarm | None, old: Alarm | None, vitals: Vitals) -> Alarm | None:
    """A source that was quiet is so until it brings something: its rhythm fades meanwhile, and expects less."""
    return old if found is None and old is not None and (vitals.last_new_at or "") <= old.since else found


def _measures(found: Sequence[Drift]) -> dict[str, object]:
    shares = {
        drift.measure: {"share": round(drift.share, 3), "of": drift.of, "before": round(drift.before, 3)}
        for drift in found
    }
    return {"measures": shares}
