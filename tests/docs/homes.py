"""The homes in which the documents' commands are run. Beside each, www.themoscowtimes.com answers on this machine.

A document's commands are run in ``plain``: set up, the seed imported (article 1), one source ``times`` that was never
asked. ``<!-- home: NAME -->`` above a block names another one, and begins it anew. What stands after a home's ``yield``
is looked at when the document's end is reached.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scraper.dedupe import candidate
from scraper.model import Article
from scraper.store import Store
from tests.datasette.archive import fill
from tests.dedupe.made_up import written
from tests.docs.documents import ROOT
from tests.docs.running import shell
from tests.end_to_end.tls import TrustedServer
from tests.store.samples import article, save

HOST = "www.themoscowtimes.com"
SOURCE = f'[[source]]\nname = "times"\nurl = "https://{HOST}/rss/top"\nkind = "feed"\n'


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody's home folder, with ~/news in it, and the server that answers for HOST."""

    folder: Path
    server: TrustedServer

    @property
    def home(self) -> Path:
        """~/news."""
        return self.folder / "news"

    @property
    def database(self) -> Path:
        """Its news.db."""
        return self.home / "storage" / "news.db"

    def begin(self, template: Path) -> None:
        """Make ~/news a copy of a home, and have it know the server."""
        if self.home.exists():
            shutil.rmtree(self.home)
        shutil.copytree(template, self.home)
        self.server.trust(self.home, sources=SOURCE)
        (self.home / "fixtures").symlink_to(ROOT / "fixtures")

    def see_it_corrected(self) -> None:
        """The site puts its story right."""
        self.server.correct("more than 100 flights", "more than 120 flights")

    def meet(self) -> None:
        """Have a home that a command has just set up know the server, and follow nobody yet."""
        settings = self.home / "config" / "scraper.toml"
        if settings.is_file() and '\nca_file = "' not in settings.read_text(encoding="utf-8"):
            self.server.trust(self.home, sources="")


def template(folder: Path) -> Path:
    """A home as ``scrape init`` makes it, with the seed's clipping."""
    shell("scrape init ~/news", folder, folder)
    shell(f"scrape import {ROOT}/fixtures/seed/", folder / "news", folder)
    return folder / "news"


def _plain(_: Person) -> None: ...


def _nothing(person: Person) -> None:
    """No home yet: ``scrape init ~/news`` is the first command."""
    shutil.rmtree(person.home)


def _followed(person: Person) -> None:
    """The source was asked once, and its article stored."""
    shell("scrape run --once", person.home, person.folder)


def _empty(person: Person) -> Store:
    for path in person.database.parent.glob("*.db*"):
        path.unlink()
    return Store(person.database.parent)


def _copies(person: Person) -> None:
    """Two papers with the same text: articles 1 and 2, story 1."""
    with _empty(person) as store:
        for paper in ("one", "two"):
            save(store, article(url=f"https://{paper}.example/", title=paper, body=written()[0].body))


def _revised(person: Person) -> None:
    """One article in three versions."""
    with _empty(person) as store:
        for number, title in enumerate(("Harbour opens", "Harbour to open", "Harbour shut")):
            new = candidate(Article("https://news.example/harbour", title, "The first ship came in."))
            store.save(new, None, None, datetime(2026, 11, 23, number, tzinfo=UTC))


def _filled(person: Person) -> None:
    """Something in every table."""
    _empty(person).close()
    fill(person.database.parent)


@contextmanager
def _outdated(person: Person) -> Iterator[None]:
    """As followed, by rules that have changed since; at the end, by those of today."""
    _followed(person)
    with closing(sqlite3.connect(person.database)) as conn:
        told = '{"published_at": "meta:date", "title": "jsonld:headline"}'
        conn.execute("UPDATE articles SET extractor = '3', evidence = ?, source_id = 1", (told,))
        conn.commit()
    yield
    with closing(sqlite3.connect(person.database)) as conn:
        assert conn.execute("SELECT count(*) FROM articles WHERE extractor = '3'").fetchone() == (0,)


@contextmanager
def _weir(person: Person) -> Iterator[None]:
    """A page of a site without rules; at the end its fixture is what the shipped rules make of it."""
    site = "kestrel-valley-times.example"
    shown = ROOT / "fixtures" / "articles" / site / "otters-weir"
    (person.home / "config" / "sites" / f"{site}.toml").unlink()
    (person.home / "fixtures").unlink()
    shutil.copyfile(shown / "page.html", person.home / "weir.html")
    yield
    made = person.home / "fixtures" / "articles" / site / "otters-weir" / "article.json"
    assert json.loads(made.read_text()) == json.loads((shown / "article.json").read_text())


def _set(prepare: Callable[[Person], None]) -> Callable[[Person], AbstractContextManager[None]]:
    @contextmanager
    def home(person: Person) -> Iterator[None]:
        prepare(person)
        yield

    return home


HOMES: dict[str, Callable[[Person], AbstractContextManager[None]]] = {
    "plain": _set(_plain),
    "nothing": _set(_nothing),
    "followed": _set(_followed),
    "copies": _set(_copies),
    "revised": _set(_revised),
    "filled": _set(_filled),
    "outdated": _outdated,
    "weir": _weir,
}
