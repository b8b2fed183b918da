"""What is said to a person who mistypes, or who has nothing set up yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.harness import follow, scrape
from tests.local_news import LocalNews


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("serach", "x"), "No such command 'serach'. Did you mean 'search'? See `scrape --help`."),
        (("source", "list"), "No such command 'source'. Did you mean 'sources'? See `scrape --help`."),
        (("sources", "ad", "x"), "No such command 'ad'. Did you mean 'add'? See `scrape sources --help`."),
        (("run", "--onc"), "No such option '--onc'. Did you mean one of: '--json', '--once'? See `scrape run --help`."),
        (("qqq",), "No such command 'qqq'. See `scrape --help`."),
        (("help", "run", "x"), "'scrape run' has no commands of its own. See `scrape run --help`."),
        (("help", "sources", "ad"), "No such command 'ad'. Did you mean 'add'? See `scrape sources --help`."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_likely_word_is_named(words: tuple[str, ...], told: str, tmp_path: Path) -> None:
    assert scrape(tmp_path / "none", *words).complaint(2) == told


def test_help_is_a_command_too(tmp_path: Path) -> None:
    for words in ((), ("search",), ("sources", "add")):
        asked = scrape(tmp_path / "none", "help", *words).done()
        assert asked == scrape(tmp_path / "none", *words, "--help").done()
    assert scrape(None).done() == scrape(None, "--help").done()


def test_a_narrow_terminal_gets_narrow_help(tmp_path: Path) -> None:
    wide = scrape(tmp_path, "sources", "check", "--help", env={"COLUMNS": "80"}).done()
    narrow = scrape(tmp_path, "sources", "check", "--help", env={"COLUMNS": "40"}).done()
    assert max(map(len, wide.splitlines())) > 40
    assert max(map(len, narrow.splitlines())) <= 40


@pytest.mark.parametrize("words", [("status",), ("sources", "list"), ("run", "--once"), ("search", "x")], ids=" ".join)
def test_without_a_home_the_shortest_way_to_one_is_said(words: tuple[str, ...], tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    usual = scrape(None, *words, cwd=tmp_path, env=env).complaint(2)
    assert "; run `scrape init`, or name another with --home" in usual
    named = scrape(tmp_path / "my news", *words, cwd=tmp_path, env=env).complaint(2)
    assert f"; run `scrape init '{tmp_path}/my news'`, or" in named


@pytest.mark.parametrize(
    "words", [("sources", "remove"), ("sources", "check"), ("backfill", "--since", "3d"), ("doctor",)], ids=" ".join
)
def test_a_source_that_was_meant_is_named(words: tuple[str, ...], fresh: Path, site: LocalNews) -> None:
    follow(fresh, site.outlets, "harbour-gazette", "old-county-post")
    line = scrape(fresh, *words, "harbour-gazete").complaint(2)
    assert (
        line == "no source is called 'harbour-gazete'; did you mean 'harbour-gazette'? `scrape sources list` lists them"
    )
    unlike = scrape(fresh, *words, "qqq").complaint(2)
    assert unlike == "no source is called 'qqq'; `scrape sources list` lists them"


def test_why_of_a_mistyped_source_is_one_line(home: Path) -> None:
    answer = scrape(home, "why", "harbour-gazete")
    assert (answer.code, answer.err) == (1, "")
    assert answer.out == (
        "nothing is on record about harbour-gazete: no source announced it, and nobody asked for it;"
        " did you mean 'harbour-gazette'?\n"
    )
