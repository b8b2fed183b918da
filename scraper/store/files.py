"""The two files of a storage folder, news.db and pages.db: opened, checked, and written together or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from scraper.errors import BadUsage, StorageFull, StoreError
from scraper.presence import is_there
from scraper.store import migrations
from scraper.store.alarms import Alarms
from scraper.store.archive import Archive
from scraper.store.articles import Articles
from scraper.store.attempts import Attempts
from scraper.store.backfills import Backfills
from scraper.store.events import Events
from scraper.store.frontier import Frontier
from scraper.store.grouping import Grouping
from scraper.store.hosts import Hosts
from scraper.store.intake import Intake
from scraper.store.links import Links
from scraper.store.opening import (
    check_sound,
    immediate,
    open_database,
    open_empty,
    open_readonly,
    part,
    translated,
)
from scraper.store.past import Past
from scraper.store.reparses import Reparses
from scraper.store.retention import Retention
from scraper.store.search import index_new, teach
from scraper.store.sketches import WINDOW, Sketches
from scraper.store.stories import Stories
from scraper.store.tombstones import Tombstones


class Files:
    """Both files, and an attribute for each thing that their tables hold: articles, frontier, archive and the like.

    What one of them does by itself is asked of it; what takes several is a method of :class:`scraper.store.Store`.
    """

    def __init__(
        self,
        folder: str | Path,
        *,
        readonly: bool = False,
        busy_timeout: float = 30.0,
        window: timedelta = WINDOW,
    ) -> None:
        self.folder = Path(folder).expanduser()
        self._readonly = readonly
        if os.path.exists(self.folder / "config" / "scraper.toml"):  # noqa: PTH110 - which raises nothing
            raise BadUsage(f"{self.folder} is a home: its databases lie in {self.folder / 'storage'}")
        if not readonly:
            _make(self.folder)
        opened = open_readonly if readonly else open_database
        self._news_path, self._pages_path = self.folder / "news.db", self.folder / "pages.db"
        self._news = opened(self._news_path, migrations.NEWS_ID, migrations.news, busy_timeout)
        try:
            if readonly and not is_there(self._pages_path, StorageFull):
                self._pages = open_empty(migrations.pages)
            else:
                self._pages = opened(self._pages_path, migrations.PAGES_ID, migrations.pages, busy_timeout)
        except BaseException:
            self._news.close()
            raise
        teach(self._news.conn)
        self.articles = Articles(self._news)
        self.tombstones = Tombstones(self._news)
        self.sketches = Sketches(self._news, window)
        self.grouping = Grouping(self.articles, self.sketches, Stories(self._news))
        self.frontier = Frontier(self._news)
        self.attempts = Attempts(self._news)
        self.events = Events(self._news)
        self.alarms = Alarms(self._news)
        self.hosts = Hosts(self._news)
        self.backfills = Backfills(self._news)
        self.links = Links(self._news)
        self.past = Past(self._news, self.articles)
        self.intake = Intake(self._news, self.articles, self.frontier)
        self.archive = Archive(self._pages, self._pages_path)
        self.retention = Retention(self._pages, self._pages_path)
        self.reparses = Reparses(self._news, self._pages, self._pages_path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @staticmethod
    def check(folder: Path, seconds: float) -> None:
        """Raise DatabaseDamaged if SQLite cannot read what is in a file, as far as that shows in so many seconds, and
        ForeignDatabase for what is not ours. Nothing is changed.
        """
        check_sound(folder / "news.db", migrations.NEWS_ID, migrations.news, seconds)
        check_sound(folder / "pages.db", migrations.PAGES_ID, migrations.pages, seconds)

    def close(self) -> None:
        """Close both files."""
        self._news.close()
        self._pages.close()

    def wait_for_lock(self, seconds: float) -> None:
        """From now on, wait so long for another process that writes."""
        for database in (self._news, self._pages):
            database.conn.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Give SQLite's errors their names."""
        with translated(self._news_path):
            yield

    @property
    def changes(self) -> int:
        """How many rows were written since the store was opened: what is the same wrote nothing."""
        return self._news.conn.total_changes + self._pages.conn.total_changes

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and on disk when it ends. Inside another transaction: all or nothing of this part.

        pages.db commits first: a kill between the two leaves a page without an article, which is harmless, and never
        an article without its page.
        """
        if self._readonly:
            raise StoreError(f"{self.folder} was opened readonly, and nothing is written there")
        if self._news.conn.in_transaction:
            with translated(self._news_path), part(self._news.conn), part(self._pages.conn):
                yield
            return
        with (
            translated(self._news_path),
            immediate(self._news.conn, self._news_path),
            immediate(self._pages.conn, self._pages_path),
        ):
            yield
            index_new(self._news.conn)

    def _at_once(self) -> AbstractContextManager[None]:
        """All or nothing: a transaction, or where the caller is in one, his, without a savepoint."""
        return nullcontext() if self._news.conn.in_transaction else self.transaction()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageFull(f"cannot make {folder}: {error.strerror}") from error
