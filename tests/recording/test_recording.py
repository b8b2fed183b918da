"""What is drawn of a terminal is what stood there; the recording in docs/ is whole, and of commands that exist."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from scraper.cli import scrape
from tests.recording.__main__ import FILE, SESSION
from tests.recording.svg import draw
from tests.recording.terminal import COLUMNS, ROWS, Run, Step, lines, shown

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 - we wrote it


def test_a_command_is_seen_as_on_a_terminal(tmp_path: Path) -> None:
    code = (
        "import os, sys; print(sys.stdout.isatty(), *os.get_terminal_size()); print('\\033[1;32mgreen\\033[0m & plain')"
    )
    seen = lines(shown([sys.executable, "-c", code], tmp_path, {}))
    assert seen == ((Run(f"True {COLUMNS} {ROWS}"),), (Run("green", "green", bold=True), Run(" & plain")))


def test_what_was_drawn_over_is_not_seen() -> None:
    assert lines(b"asking 1/2\r\x1b[2Kasking 2/2\r\n\x1b[1A\x1b[2Kdone\r\n\r\n") == ((Run("done"),),)


def test_dim_text_is_told_from_the_rest() -> None:
    assert lines(b"\x1b[2mby\x1b[0m me") == ((Run("by", "brightblack"), Run(" me")),)


def test_a_command_that_fails_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ended with 3"):
        shown([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, {})


def test_what_was_typed_and_shown_is_drawn_and_scrolled() -> None:
    step = Step("scrape <now>", tuple((Run(f"line {number}"),) for number in range(ROWS + 3)))
    drawn = draw([step], "A & B")
    assert texts(drawn) == ["$", "scrape", "<now>", *(f"line {number}" for number in range(ROWS + 3))]
    moves = [int(pixels) for pixels in re.findall(r"translateY\(-(\d+)px\)", drawn)]
    assert moves == [19, 38, 57, 76]
    assert draw([step], "A & B") == drawn


def test_the_recording_is_whole_and_loads_nothing() -> None:
    drawn = FILE.read_text(encoding="utf-8")
    words = texts(drawn)
    for typed in SESSION:
        first, *rest = typed.split(" ")
        assert first in words
        assert set(rest) <= set(words), "make recording"
    assert not re.search(r"<script|<image|@import|url\(|href", drawn)
    assert len(drawn) < 200_000


@pytest.mark.parametrize("typed", [typed for typed in SESSION if typed.startswith("scrape ")])
def test_its_commands_exist(typed: str) -> None:
    _, name, *words = typed.split(" ")
    with scrape.make_context("scrape", ["--home", "/nowhere"]) as around:
        command = scrape.get_command(around, name)
        assert command is not None
        with command.make_context(name, words, parent=around):
            pass
