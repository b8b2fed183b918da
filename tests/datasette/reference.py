"""The tables of docs/database.md, written from the schema and storage/metadata.yaml.

``python -m tests.docs.reference`` writes them anew; a test fails when they are not current.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from scraper.store import Store
from tests.datasette.archive import ROOT, load_metadata

DOCUMENT = ROOT / "docs" / "database.md"
_BEGIN = "<!-- tables: written by python -m tests.docs.reference -->\n"
_END = "<!-- end of tables -->\n"


def current(document: str) -> str:
    """The document with its tables as they should be."""
    before, _, rest = document.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n{''.join(_tables())}{_END}{after}"


def _tables() -> Iterator[str]:
    databases = load_metadata()["databases"]
    with TemporaryDirectory() as folder:
        Store(folder).close()
        for database, about in databases.items():
            yield f"### {database}.db\n\n{about['description']}\n\n"
            with closing(sqlite3.connect(Path(folder) / f"{database}.db")) as db:
                for table, words in about["tables"].items():
                    if not words.get("hidden"):
                        yield f"#### {table}\n\n{words['description']}\n\n{_columns(db, table, words['columns'])}\n"
            yield f"#### Queries of {database}\n\nOffered by Datasette under their titles.\n\n"
            for name, query in about["queries"].items():
                asked = ", ".join(f"`{param}`" for param in query.get("params", []))
                yield f"- `{name}`{f' ({asked})' if asked else ''}: {query['description']}\n"
            yield "\n"


def _columns(db: sqlite3.Connection, table: str, described: dict[str, str]) -> str:
    keys = {row[3]: f"{row[2]}.{row[4]}" for row in db.execute(f"PRAGMA foreign_key_list([{table}])")}
    lines = ["| column | type | what it holds |\n|---|---|---|\n"]
    for _, column, kind, _, _, key in db.execute(f"PRAGMA table_info([{table}])"):
        marks = [kind, *(["primary key"] if key else []), *([f"→ {keys[column]}"] if column in keys else [])]
        lines.append(f"| `{column}` | {', '.join(marks)} | {described[column]} |\n")
    return "".join(lines)
