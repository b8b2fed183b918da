from __future__ import annotations

from pathlib import Path

from scraper.store import Store
from tests.datasette.archive import STORAGE


def test_the_readme_of_storage_names_what_lies_there(tmp_path: Path) -> None:
    Store(tmp_path).close()
    readme = (STORAGE / "README.md").read_text(encoding="utf-8")
    shipped = {path.name for path in STORAGE.iterdir() if not path.name.endswith((".db", ".lock", "-wal", "-shm"))}
    made = {path.name for path in tmp_path.glob("*.db")}
    for name in (shipped - {"README.md"}) | made | {"daemon.lock"}:
        assert f"`{name}" in readme, name
