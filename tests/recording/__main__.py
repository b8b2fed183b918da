"""The first minutes with the program, on a news site of this machine: ``make recording``.

    python -m tests.recording [FILE]

Runs every command in a pseudo-terminal, and draws what stood there as docs/images/terminal.svg. How long a command took
is not told: lines appear at a steady pace, so that another run differs by what the program says alone.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.local_news import LocalNews, scraper_toml
from tests.recording.svg import draw
from tests.recording.terminal import Step, lines, shown

FILE = Path(__file__).resolve().parents[2] / "docs" / "images" / "terminal.svg"
OUTLET = "http://harbour-gazette.example/"
SESSION = (
    "scrape init ~/news --contact you@example.org",
    "cd ~/news",
    f"scrape sources add {OUTLET}",
    "scrape run --once",
    "scrape search lighthouse",
    f"scrape why {OUTLET}2026/11/10/crab-quota-talks/",
    "scrape show 2",
)
"""What is typed. It has to say nothing of the moment it is run at, or every recording differs."""


def record() -> str:
    """The text of the SVG."""
    with TemporaryDirectory(prefix="n") as made, LocalNews() as site:
        person = Path(made).resolve()
        steps = [_step(SESSION[0], person, person)]
        _stay_here(person / "news", site)
        steps += [_step(typed, person, person / "news") for typed in SESSION[1:]]
    return draw(steps, "From nothing to articles that can be searched, with scrape")


def _step(typed: str, person: Path, cwd: Path) -> Step:
    if typed.startswith("cd "):
        return Step(typed, ())
    _, *words = shlex.split(typed.replace("~", str(person)))
    written = shown([sys.executable, "-m", "scraper", *words], cwd, _environment(person))
    return Step(typed, lines(written.replace(os.fsencode(person), b"/home/you")))


def _environment(person: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SCRAPE", "NO_COLOR"))}
    root = str(Path(__file__).resolve().parents[2])
    terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", "PYTHONPATH": root}
    return {**kept, **terminal, "HOME": str(person)}


def _stay_here(home: Path, site: LocalNews) -> None:
    """Nobody is asked but the local site: its outlets are on this machine, and the shipped sources are not followed."""
    (home / "config" / "scraper.toml").write_text(scraper_toml(site.resolve), encoding="utf-8")
    (home / "config" / "sources.toml").write_text("", encoding="utf-8")


if __name__ == "__main__":
    to = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    to.write_text(record(), encoding="utf-8")
