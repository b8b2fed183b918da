"""What a daily user reads, at every width, with and without colour, in a pipe, and where few letters are known."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len

from scraper.model import Outcome
from scraper.store import Store
from tests.cli.conftest import HOST
from tests.cli.harness import ESCAPE, STORY, TITLE, colours, copy, environment
from tests.cli.session import MARK
from tests.cli.test_terminal import read
from tests.dedupe.made_up import written
from tests.store.samples import BASE, NOW, article, attempt, save, source

SESSION = Path(__file__).with_name("session.py")
CHINESE = "望潮市开通首条“潮汐公交”，发车时间随海水涨落调整"  # noqa: RUF001 - such signs are meant
REPORT = "本报讯，11月18日清晨6时12分，首条“潮汐公交”从东滩站准时发车，全长9.6公里，连接市区与青螺岛。"  # noqa: RUF001
LONG = "https://a-paper-with-a-long-name.example/2026/11/18/a-title-of-very-many-words-that-goes-on-and-on.html"
NAME = "the-paper-with-a-very-long-name"
COMMANDS = {
    "search": ["search"],
    "search words": ["search", "harbour"],
    "search Chinese": ["search", "潮汐公交"],
    "show": ["show", "1"],
    "show Chinese": ["show", "3"],
    "diff": ["diff", "1"],
    "diff --all": ["diff", "1", "--all"],
    "diff list": ["diff"],
    "story": ["story", "4"],
    "story list": ["story"],
    "why an address": ["why", LONG],
    "why a source": ["why", NAME],
    "why list": ["why"],
    "status": ["status"],
    "stats": ["stats", "--until", "2026-11-24"],
    "stats by week": ["stats", "--by", "week", "--per", "lang", "--until", "2026-11-24"],
    "stats by month": ["stats", "--by", "month", "--until", "2026-11-24"],
    "fetch": ["fetch", "--no-store", STORY],
}
_URL = re.compile(r"https?://[^\s\[\]()<>…]+[^\s\[\]()<>….,;:]")


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    text: str

    @property
    def lines(self) -> list[str]:
        """Without colours."""
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.text).replace("\r", "").splitlines()


@pytest.fixture(scope="module")
def told(configured: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a changed article (#1), one under a long address (#2), a Chinese one (#3) and a story (#4, #5)."""
    home = copy(configured, tmp_path_factory.mktemp("told") / "home")
    body = written()[0].body
    with Store(home / "storage") as store:
        with store.transaction():
            store._news.table("sources").insert(source(NAME, next_due="2026-11-24T00:00:00Z"))  # noqa: SLF001
        save(store, article(body=f"{body}\n\nThe mayor said no.", authors=("Ann Other", "Bo Ek"), language="en"))
        later = article(title=f"{BASE.title} at last", body=f"{body}\n\nThe mayor said yes; see {LONG} for more.")
        save(store, later, at=NOW + timedelta(hours=1))
        save(
            store,
            article(url=LONG, title="A title that is longer than forty columns are wide", body="Short."),
            source=NAME,
        )
        save(store, article(url="https://c.example/3", title=CHINESE, body=f"{REPORT}\n\n{REPORT}", language="zh"))
        for number in (1, 2):
            copied = written()[1].body + number * " More of it was said on Monday."
            save(store, article(url=f"https://copy{number}.example/{'long/' * 12}", body=copied, publisher="Gazette"))
        for outcome in (Outcome.SAVED, Outcome.FAILED, Outcome.SKIPPED):
            detail = f"what became of it is told in so many words that no line holds them: {LONG}"
            store.note(attempt(url=LONG, outcome=outcome, detail=detail, source=NAME, status=200, size=12_345))
    return home


def in_a_pipe(home: Path, *names: str, **env: str) -> dict[str, Said]:
    """What these commands say, or all."""
    wanted = {name: COMMANDS[name] for name in names or COMMANDS}
    done = subprocess.run(
        [sys.executable, SESSION, home],
        env={**environment(**env), "SESSION": json.dumps(list(wanted.values()))},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.stderr == b""
    return _parted(done.stdout.decode(), wanted)


def on_a_terminal(home: Path, width: int, *names: str, **env: str) -> dict[str, Said]:
    """The same on a terminal that is so wide."""
    wanted = {name: COMMANDS[name] for name in names or COMMANDS}
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    around = {**environment(TERM="xterm-256color", **env), "SESSION": json.dumps(list(wanted.values()))}
    process = subprocess.Popen([sys.executable, SESSION, home], env=around, stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    shown = b"".join(read(master))
    os.close(master)
    assert process.wait(60) == 0
    return _parted(shown.decode(), wanted)


def _parted(text: str, wanted: Iterable[str]) -> dict[str, Said]:
    pieces = text.split(MARK)
    texts, codes = pieces[:-1:2], pieces[1::2]
    return {name: Said(int(code), said) for name, said, code in zip(wanted, texts, codes, strict=True)}


@pytest.fixture(scope="module")
def piped(told: Path) -> dict[str, Said]:
    return in_a_pipe(told)


@pytest.fixture(scope="module", params=[(80, ""), (80, "1"), (40, ""), (40, "1")], ids=str)
def shown(request: pytest.FixtureRequest, told: Path) -> tuple[int, bool, dict[str, Said]]:
    """Its width, whether it has colours, and all that is shown there."""
    width, no_color = request.param
    env = {"NO_COLOR": no_color} if no_color else {}
    return width, not no_color, on_a_terminal(told, width, **env)


Shown = tuple[int, bool, dict[str, Said]]


def test_every_command_ends_well(shown: Shown, piped: dict[str, Said]) -> None:
    for said in (shown[2], piped):
        assert {name: each.code for name, each in said.items() if each.code} == {}
        assert [name for name, each in said.items() if "Traceback" in each.text or not each.lines] == []


def test_no_line_is_wider_than_the_terminal_but_for_an_address(shown: Shown) -> None:
    width, _, said = shown
    for name, each in said.items():
        wide = [line for line in each.lines if cell_len(line) > width]
        assert [line for line in wide if not _URL.match(line.strip().lstrip("[{+-"))] == [], name


def test_no_address_and_no_name_is_cut(shown: Shown, piped: dict[str, Said]) -> None:
    for name, each in shown[2].items():
        if name == "status":  # one screen, whose lines of hosts and outcomes are cut
            continue
        here = "\n".join(each.lines)
        assert [url for url in _URL.findall(piped[name].text) if url not in here] == [], name
    assert sum(NAME in "".join(line.split(" ")[0] for line in each.lines) for each in shown[2].values()) >= 2


def test_nothing_but_white_space_is_lost(shown: Shown, piped: dict[str, Said]) -> None:
    for name in ("show", "show Chinese", "search words", "diff --all", "why an address"):
        # Of the next step a terminal alone is told.
        assert _letters(shown[2][name]).removesuffix("scrapediff1") == _letters(piped[name]), name


def _letters(said: Said) -> str:
    return re.sub(r"[\s·]", "", "".join(said.lines))


def test_colours_where_they_are_wanted(shown: Shown, piped: dict[str, Said]) -> None:
    _, coloured, said = shown
    assert bool(colours("".join(each.text for each in said.values()))) is coloured
    for name in ("show", "diff", "stats", "fetch"):
        assert bool(colours(said[name].text)) is coloured, name
    assert ESCAPE not in "".join(each.text for each in piped.values())


def test_an_article_is_no_wider_than_it_is_easily_read(told: Path, piped: dict[str, Said]) -> None:
    for name, said in on_a_terminal(told, 200, "show", "fetch").items():
        widths = [cell_len(line) for line in said.lines if "://" not in line]
        assert 80 < max(widths) <= 88
        assert max(map(len, piped[name].lines)) > 200


def test_marks_say_what_colours_would(shown: Shown) -> None:
    _, coloured, said = shown
    assert ("{+" in said["diff"].text) is not coloured


def test_a_locale_that_knows_few_letters(told: Path) -> None:
    said = in_a_pipe(told, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert {name: each.code for name, each in said.items() if each.code} == {}
    assert "".join(each.text for each in said.values()).isascii()
    assert TITLE in said["fetch"].text
    assert "2026-11-20 - https://" in said["search"].text  # our own signs have others for them
    assert "?" * 20 in said["show Chinese"].text
    assert "#" in said["stats"].text


def test_a_locale_of_few_letters_in_which_python_has_all_of_them(told: Path) -> None:
    said = in_a_pipe(told, "stats", "show Chinese", LC_ALL="C")
    assert said["stats"].text.isascii()
    assert "#" in said["stats"].text
    assert CHINESE in said["show Chinese"].text


def test_a_locale_that_knows_all_letters(piped: dict[str, Said]) -> None:
    assert "█" in piped["stats"].text
    assert CHINESE in piped["show Chinese"].text
    assert f"{HOST}/" in piped["fetch"].text
