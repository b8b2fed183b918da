"""The host budget's rows and the robots.txt files: the table hosts of news.db, as plain columns.

A host's row has its robots.txt over https, or of its port; a row ``http://…`` has that over http, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from scraper.dedupe import host_of

_PORT = re.compile(r":[0-9]+\Z")


class Hosts:
    """The table hosts of news.db. Its meaning belongs to ``scraper.fetch.hosts``; here it is rows."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, host: str) -> Mapping[str, Any]:
        """A host's row; without one, every column but the host's name is None."""
        row = self._db.conn.execute("SELECT * FROM hosts WHERE host = ?", (host,)).fetchone()
        return dict(row) if row is not None else dict.fromkeys(self._columns(), None) | {"host": host}

    def of(self, url: str) -> Mapping[str, Any]:
        """The row of the host that a URL asks, with the robots.txt of the URL's scheme. Raises BadURL."""
        row = self.get(host_of(url))
        if not url.lower().startswith("http:") or _PORT.search(row["host"]):
            return row
        plain = self.get(f"http://{row['host']}")
        return {name: (plain if name.startswith("robots_") else row)[name] for name in row}

    def at_address(self, address: str, now: str) -> list[Mapping[str, Any]]:
        """The rows of the hosts that lead to an address, and are asked now or wait for it."""
        rows = self._db.conn.execute(
            "SELECT * FROM hosts WHERE address = ?1 AND (held_until > ?2 OR wanted_until > ?2)", (address, now)
        )
        return [dict(row) for row in rows]

    def put(self, host: str, columns: Mapping[str, Any]) -> None:
        """Write some columns of a host's row, which is made if need be."""
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        sets = ", ".join(f"{name} = excluded.{name}" for name in columns)
        self._db.execute(
            f"INSERT INTO hosts (host, {names}) VALUES (?, {marks}) ON CONFLICT (host) DO UPDATE SET {sets}",
            (host, *columns.values()),
        )

    def _columns(self) -> list[str]:
        return [row["name"] for row in self._db.conn.execute("SELECT name FROM pragma_table_info('hosts')")]
