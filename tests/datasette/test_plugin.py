from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.datasette.archive import STORAGE, fill
from tests.datasette.test_pages import NASTY

# In a process of its own: importing Datasette leaves a connection open, of which newer Pythons warn some time later.
LOAD = """
import json, runpy, sqlite3, sys
if sys.argv[2] == "alone":
    sys.modules |= dict.fromkeys(["scraper", "scraper.query", "scraper.excerpt"])
plugin = runpy.run_path(sys.argv[1])
conn = sqlite3.connect(f"file:{sys.argv[3]}?mode=ro", uri=True)
plugin["prepare_connection"](conn)
sql = sys.stdin.read()
for query in json.loads(sys.argv[4]):
    rows = conn.execute(sql, {"q": query}).fetchall()
    print(json.dumps(rows))
"""
SQL = """
select articles.id, excerpt(articles.body, :q) from articles_fts join articles on articles.id = articles_fts.rowid
where articles_fts match escape_fts(:q) order by articles.id
"""


def answers(storage: Path, company: str, *queries: str) -> list[str]:
    words = [sys.executable, "-c", LOAD, str(STORAGE / "plugins" / "archive.py"), company, str(storage / "news.db")]
    ended = subprocess.run([*words, json.dumps(queries)], input=SQL, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home") / "storage"
    fill(folder)
    return folder


def test_beside_the_scraper_it_speaks_the_language_of_searches(storage: Path) -> None:
    found = answers(storage, "together", "monday -harvest", "harv* OR 日内瓦")
    assert [[row[0] for row in json.loads(line)] for line in found] == [[1], [2, 3, 4]]
    assert json.loads(found[0])[0][1].startswith("Delegates met again on [Monday].")
    assert json.loads(found[1])[2][1] == "各方在[日内瓦]恢复会谈。"


def test_in_a_datasette_of_ones_own_words_are_found(storage: Path) -> None:
    found = answers(storage, "alone", "geneva", '"rain came"', "late rain", "geneva OR harvest")
    assert [line[:4] for line in found] == ["[[1,", "[[2,", "[[2,", "[]"]


@pytest.mark.parametrize("company", ["together", "alone"])
def test_no_text_is_an_error(storage: Path, company: str) -> None:
    assert len(answers(storage, company, *NASTY)) == len(NASTY)
