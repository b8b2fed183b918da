"""Exports of another archive -> articles here: JSON lines, and Markdown files with facts on top.

::

    file ── formats.reading ── dedupe.intake ── decide ── store     a hundred at a time, in the file's order

What is here already stays as it is, and costs no row; so an import that broke off is begun again as it was. Nobody is
told of what is old by webhook. What was forgotten stays forgotten.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from scraper.boundary import outcome_of
from scraper.dedupe.intake import told
from scraper.errors import BadURL, NotARecord, ScrapeError
from scraper.formats import reading
from scraper.inputs import Input
from scraper.model import Attempt, Outcome, StoredArticle, from_instant, instant
from scraper.outcomes import decided, failed
from scraper.settings import is_name
from scraper.store import Store
from scraper.tools import Tools

KIND = "import"
"""The kind of attempts at articles of exports, as of pages of archives."""
_AT_ONCE = 100  # one transaction's worth
_BYTES = 32 * 2**20  # that many are held at once, and one line more
_LARGEST = 64 * 2**20  # bytes of a line; the text of a page at its limit, four times over
_AHEAD = timedelta(days=1)
_HEAD = 4096


@dataclass
class Taken:
    """What became of the articles so far; ``position`` is how many bytes of the files were read."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    position: int = 0


Heard = Callable[[Attempt, Taken], None]
"""Told of every article that was dealt with."""


@dataclass(frozen=True, slots=True)
class _Record:
    """A line or a file: where it stands, and the article in it, or why there is none."""

    place: str
    found: StoredArticle | ScrapeError
    end: int


def is_export(head: bytes, name: str) -> bool:
    """Whether a file that begins so is one of these; ``name`` is the file's."""
    text = head[:_HEAD].decode("utf-8", "replace")
    return reading.is_note(text) or (text.lstrip("\ufeff \t\r\n").startswith("{") and not name.endswith(".txt"))


def in_order(files: Iterable[tuple[Input, bytes]]) -> list[Input]:
    """Such files, of each of which the beginning is known, in the order in which their articles were stored."""
    numbers = [(reading.number(head[:_HEAD].decode("utf-8", "replace")), file) for file, head in files]
    return [file for _, file in sorted(numbers, key=lambda each: each[0])]


class Intake:
    """Files of exports, each read front to back."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def run(self, files: Iterable[Input], heard: Heard) -> Taken:
        """Take in files, one after the other. Raises Stop."""
        taken = Taken()
        for chunk in _chunks(_all(files)):
            attempts = await asyncio.gather(*(self._take(record) for record in chunk))
            for record, attempt in zip(chunk, attempts, strict=True):
                taken.outcomes[attempt.outcome] += 1
                taken.position = record.end
                heard(attempt, taken)
        return taken

    async def _take(self, record: _Record) -> Attempt:
        if isinstance(record.found, ScrapeError):
            return await self._fail(record.place, record.found)
        now = self._tools.clock()
        stored = _timed(record.found, instant(now))
        try:
            _check(stored, record.place, now)
            new = told(stored)
            attempt = Attempt(stored.article.url, KIND, Outcome.SAVED, "new", "not stored", now, stored.source)

            def work(store: Store) -> Attempt:
                saved = store.take(stored, new, now)
                done = decided(attempt, saved.decision, saved.article_id)
                if done.outcome is not Outcome.UNCHANGED:
                    store.attempts.add(done)
                return done

            return await self._tools.written(work)
        except Exception as error:  # noqa: BLE001 - the boundary sorts them
            doing = f"importing {record.place}"
            return await self._fail(record.place, outcome_of(error, doing, "importing this article"))

    async def _fail(self, place: str, error: ScrapeError) -> Attempt:
        why = NotARecord(f"{place}: {error}") if isinstance(error, BadURL) else error
        attempt = failed(place, KIND, why, self._tools.clock())
        await self._tools.written(lambda store: store.attempts.add(attempt))
        return attempt


def _check(stored: StoredArticle, place: str, now: datetime) -> None:
    """Raises NotARecord for what cannot be."""
    if from_instant(max(stored.first_seen_at, stored.fetched_at)) > now + _AHEAD:
        raise NotARecord(f"{place}: is of a time to come, {stored.fetched_at}")
    if stored.source is not None and not is_name(stored.source):
        raise NotARecord(f"{place}: {stored.source[:40]!r} is no name of a source")


def _timed(stored: StoredArticle, now: str) -> StoredArticle:
    """With the times that it does not say: it was fetched and seen now."""
    fetched = stored.fetched_at or stored.first_seen_at or now
    return replace(stored, fetched_at=fetched, first_seen_at=min(stored.first_seen_at or fetched, fetched))


def _chunks(records: Iterable[_Record]) -> Iterator[list[_Record]]:
    """What is dealt with together: so many, and so much."""
    chunk: list[_Record] = []
    begun = 0
    for record in records:
        chunk.append(record)
        if len(chunk) >= _AT_ONCE or record.end - begun > _BYTES:
            yield chunk
            chunk, begun = [], record.end
    if chunk:
        yield chunk


def _all(files: Iterable[Input]) -> Iterator[_Record]:
    """The records of all files; they end where they do if the files stood in a row."""
    before = 0
    for file in files:
        end = 0
        try:
            for record in _records(file):
                end = record.end
                yield replace(record, end=before + end)
        except OSError as error:
            yield _Record(file.name, NotARecord(f"{file.name}: cannot be read: {error.strerror}"), before + end)
        before += end


def _records(given: Input) -> Iterator[_Record]:
    with given.path.open("rb") as file:
        if reading.is_note(file.read(_HEAD).decode("utf-8", "replace")):
            file.seek(0)
            data = file.read(_LARGEST + 1)
            yield _record(given.name, data, len(data), reading.note)
            return
        file.seek(0)
        for number in range(1, 2**63):
            data = file.readline(_LARGEST + 1)
            if not data:
                return
            if data.strip(b" \t\r\n\xef\xbb\xbf"):
                yield _record(f"{given.name}:{number}", data.removeprefix(b"\xef\xbb\xbf"), file.tell(), reading.line)
            while len(data) > _LARGEST and not data.endswith(b"\n"):  # the rest of what is too long
                data = file.readline(_LARGEST + 1)


def _record(place: str, data: bytes, end: int, read: Callable[[bytes], StoredArticle]) -> _Record:
    if len(data) > _LARGEST:
        return _Record(place, NotARecord(f"{place}: is longer than {_LARGEST // 2**20} MiB"), end)
    try:
        return _Record(place, read(data), end)
    except NotARecord as error:
        return _Record(place, NotARecord(f"{place}: {error}"), end)
