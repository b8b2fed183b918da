from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click
import pytest
from click.testing import CliRunner

from scraper.cli.export import export_command
from scraper.cli.filters import check_order, filtered, limited, moment
from scraper.cli.read import search_command
from scraper.cli.reparse import reparse_command
from scraper.errors import BadUsage
from scraper.store import Filters

NOW = datetime(2026, 11, 26, 3, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("2026-11-23", "2026-11-23"),
        ("2026-11-23T20:15:00Z", "2026-11-23T20:15:00Z"),
        ("2026-11-23T20:15", "2026-11-23T20:15:00Z"),
        ("2026-11-23 20:15+02:00", "2026-11-23T18:15:00Z"),
        ("today", "2026-11-26"),
        ("Yesterday", "2026-11-25"),
        ("12h", "2026-11-25T15:30:15Z"),
        ("3d", "2026-11-23"),
        (" 2 w ", "2026-11-12"),
        ("0d", "2026-11-26"),
    ],
)
def test_a_moment(text: str, means: str) -> None:
    assert moment(text, NOW) == means


@pytest.mark.parametrize(
    "text", ["", "2026-02-30", "23.11.2026", "tomorrow", "3m", "-3d", "999999w", "2026-11-23T25:00", "d", "\ud800"]
)
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(BadUsage, match="is no date; write it as 2026-11-23, "):
        moment(text, NOW)


def test_a_day_that_both_name_is_between_them() -> None:
    check_order("2026-11-23", "2026-11-23")
    check_order("2026-11-23T20:15:00Z", "2026-11-23")
    check_order("2026-11-23", None)
    with pytest.raises(BadUsage, match="--since 2026-11-24 is after --until 2026-11-23"):
        check_order("2026-11-24", "2026-11-23")


def test_the_options_become_one_value() -> None:
    got: list[Any] = []

    @click.command()
    @filtered
    @limited(7)
    def read(filters: Filters, limit: int) -> None:
        got.append((filters, limit))

    words = ["--source", "a", "--since", "2026-11-01", "--until", "2026-11-02", "--lang", "en", "--author", "Ada"]
    for given in ([], words):
        assert CliRunner().invoke(read, given).exit_code == 0
    assert got == [(Filters(), 7), (Filters("a", "2026-11-01", "2026-11-02", "en", "Ada"), 7)]
    refused = CliRunner().invoke(read, ["--lang", " "])
    assert isinstance(refused.exception, BadUsage)


def test_they_are_said_in_the_same_words_everywhere() -> None:
    words = {"--source", "--since", "--until", "--lang", "--author"}
    told = [
        {option.opts[0]: option.help for option in command.params if isinstance(option, click.Option)}
        for command in (search_command, export_command, reparse_command)
    ]
    assert words <= set(told[0])
    for each in told[1:]:
        assert {word: each[word] for word in words} == {word: told[0][word] for word in words}
