"""The pictures of docs/reading.md, of made-up news: ``python -m tests.browser.screenshots [FOLDER]``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browser.chromium import Look, chromium
from tests.browser.town import build
from tests.datasette.archive import ROOT, serving, ship_storage

_PHONE, _DESKTOP, _DARK = Look(390, height=1300), Look(1280, height=900), Look(1280, dark=True, height=800)
_PICTURES = {
    "home-phone": ("/", _PHONE),
    "home-desktop": ("/", _DESKTOP),
    "article-phone": ("/-/article/1", _PHONE),
    "article-desktop-dark": ("/-/article/1", _DARK),
    "difference-phone": ("/-/article/1/diff/1/3", _PHONE),
    "search-desktop": ("/-/search?q=bridge", _DESKTOP),
    "source-desktop": ("/-/source/northline", _DESKTOP),
}


def main(folder: Path) -> None:
    """Write PNG files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as made:
        storage = Path(made) / "storage"
        ship_storage(storage)
        build(storage, datetime.now(UTC))
        with serving(storage) as site, chromium(Path(made) / "profile") as browser:
            for name, (path, look) in _PICTURES.items():
                browser.open(str(site.base_url).rstrip("/") + path, look)
                (folder / f"{name}.png").write_bytes(browser.picture(tallest=look.height))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
