from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from scraper.errors import BadUsage, ConfigError, StorageFull
from scraper.home import Home, check_room, find_home, init_home, left_behind, renew_storage

ROOT = Path(__file__).resolve().parents[1]


def configured(folder: Path) -> Path:
    (folder / "config").mkdir(parents=True)
    (folder / "config" / "scraper.toml").touch()
    return folder


def test_the_order_of_the_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = configured(tmp_path / "parent")
    below = parent / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    environ = {"SCRAPE_HOME": str(tmp_path / "env")}
    assert find_home(tmp_path / "named", environ=environ) == Home(tmp_path / "named")
    assert find_home(None, environ=environ) == Home(tmp_path / "env")
    assert find_home("", environ={"SCRAPE_HOME": ""}) == Home(parent)
    configured(parent / "a")
    assert find_home(environ={}) == Home(parent / "a")


def test_the_data_folder_comes_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert find_home(environ={}).root.name == "article-scraper"


def test_names_are_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    assert find_home("here", environ={}).root == tmp_path / "here"
    assert find_home("~/news", environ={}).root == tmp_path / "me" / "news"
    with pytest.raises(BadUsage, match="no such user"):
        find_home("~nobody-of-that-name/news", environ={})


def test_a_working_folder_that_is_gone_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(BadUsage, match="--home"):
        find_home(environ={})
    assert find_home(tmp_path, environ={}) == Home(tmp_path)


def test_a_home_without_settings_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="scrape init"):
        Home(tmp_path).check()
    home = Home(configured(tmp_path / "home"))
    assert home.check() is home
    assert (home.storage, home.lock) == (home.root / "storage", home.root / "storage" / "daemon.lock")


def shipped() -> set[Path]:
    files = (path for name in ("config", "storage") for path in (ROOT / name).rglob("*") if path.is_file())
    made_here = (".db", "-wal", "-shm", "-journal", ".lock", ".pyc", ".shipped.json")
    return {path.relative_to(ROOT) for path in files if not path.name.endswith(made_here)}


def test_init_copies_what_is_shipped_and_no_databases(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    written = init_home(home)
    assert {path.relative_to(home) for path in written} == shipped()
    assert {Path("config/scraper.toml"), Path("config/sources.toml"), Path("storage/metadata.yaml")} <= shipped()
    for path in written:
        assert path.read_bytes() == (ROOT / path.relative_to(home)).read_bytes()
    assert not [path for path in home.rglob("*") if ".db" in path.name or path.name == "__pycache__"]
    Home(home).check()


def test_a_second_init_keeps_what_was_edited(tmp_path: Path) -> None:
    init_home(tmp_path)
    (tmp_path / "config" / "scraper.toml").write_text("# mine\n")
    (tmp_path / "storage" / "metadata.yaml").unlink()
    assert init_home(tmp_path) == [tmp_path / "storage" / "metadata.yaml"]
    assert (tmp_path / "config" / "scraper.toml").read_text() == "# mine\n"
    assert init_home(tmp_path) == []


def test_an_upgrade_renews_the_pages_and_leaves_what_was_edited(tmp_path: Path) -> None:
    init_home(tmp_path)
    storage = tmp_path / "storage"
    manifest = storage / ".shipped.json"
    plugin, style, template = (
        storage / name for name in ("plugins/archive.py", "static/archive.css", "templates/base.html")
    )
    metadata, settings = storage / "metadata.yaml", storage / "settings.json"
    shipped = json.loads(manifest.read_text())
    # Of an older version: plugin and metadata as they were shipped then, a style and the settings edited since.
    for path in (plugin, metadata):
        path.write_text("# of an older version\n")
        shipped[path.relative_to(tmp_path).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(shipped))
    for path in (style, settings):
        path.write_text("# mine\n")
    template.unlink()
    (tmp_path / "config" / "scraper.toml").write_text("# mine\n")
    assert set(renew_storage(tmp_path)) == {plugin, metadata, style, template}
    assert plugin.read_bytes() == (ROOT / "storage" / "plugins" / "archive.py").read_bytes()
    assert (storage / "static" / "archive.css.old").read_text() == "# mine\n"
    assert settings.read_text() == (tmp_path / "config" / "scraper.toml").read_text() == "# mine\n"
    assert left_behind(tmp_path) == [settings]
    assert renew_storage(tmp_path) == init_home(tmp_path) == []


def test_a_home_from_before_the_manifest_gets_the_pages_and_loses_nothing(tmp_path: Path) -> None:
    init_home(tmp_path)
    storage = tmp_path / "storage"
    (storage / ".shipped.json").write_text("not JSON")
    (storage / "metadata.yaml").write_text("title: mine\n")
    (storage / "plugins" / "archive.py").write_text("# old\n")
    assert init_home(tmp_path) == [storage / "plugins" / "archive.py"]
    assert (storage / "plugins" / "archive.py.old").read_text() == "# old\n"
    assert (storage / "metadata.yaml").read_text() == "title: mine\n"


def test_what_was_shipped_before_the_manifest_and_not_edited_is_renewed(tmp_path: Path) -> None:
    init_home(tmp_path)
    (tmp_path / "storage" / ".shipped.json").unlink()
    readme = tmp_path / "storage" / "README.md"
    readme.write_bytes(Path(__file__).with_name("earlier_readme.md").read_bytes())
    assert renew_storage(tmp_path) == [readme]
    assert left_behind(tmp_path) == []


def test_a_checkout_is_its_own_home() -> None:
    assert init_home(ROOT) == renew_storage(ROOT) == left_behind(ROOT) == []
    assert not (ROOT / "storage" / ".shipped.json").exists()


def test_init_where_it_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadUsage, match="is a file"):
        init_home(tmp_path / "file")
    with pytest.raises(StorageFull, match="cannot write"):
        init_home(tmp_path / "file" / "below")


def test_room_is_checked_on_the_disk_of_the_nearest_folder(tmp_path: Path) -> None:
    check_room(tmp_path / "not" / "there" / "yet", 0)
    with pytest.raises(StorageFull, match=r"storage\.min_free"):
        check_room(tmp_path / "not" / "there" / "yet", 2**62)
