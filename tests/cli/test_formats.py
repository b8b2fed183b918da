from __future__ import annotations

import json
from typing import Any

import click
import pytest
from click.testing import CliRunner

from scraper.cli.formats import OF_ARTICLES, OF_STORED, Form, Output, formatted
from scraper.errors import BadUsage
from scraper.formats.record import article_dict, stored_dict
from scraper.model import StoredArticle
from tests.store.samples import BASE

KNOWN = ("id", "title", "authors", "evidence", "paywalled")
RECORD = {"id": 7, "title": "A\ttab\nand \x1b[31mmore", "authors": ("Ann", "Bo"), "evidence": {"title": "h1"}}


@click.command()
@formatted(KNOWN)
def show(output: Output) -> None:
    """Print one record."""
    click.echo(f"{output.form} {','.join(output.fields)}")
    output.print_record({**RECORD, "paywalled": True})


def run(*words: str) -> list[str]:
    answer = CliRunner().invoke(show, words)
    assert answer.exit_code == 0, answer.exception
    return answer.output.splitlines()


def refused(*words: str) -> str:
    answer = CliRunner().invoke(show, words)
    assert isinstance(answer.exception, BadUsage)
    return str(answer.exception)


@pytest.mark.parametrize("words", [(), ("--text",)])
def test_rows_are_apart_by_tabs_and_on_one_line_each(words: tuple[str, ...]) -> None:
    said = run(*words, "--fields", "title, authors,paywalled,evidence,id")[1]
    assert said == 'A tab and [31mmore\tAnn; Bo\ttrue\t{"title": "h1"}\t7'


def test_json_has_the_fields_that_are_asked_for_in_their_order() -> None:
    first, *lines = run("--json", "--fields", "title,id,title")
    assert first == "json title,id"
    assert list(json.loads("\n".join(lines)).items()) == [("title", RECORD["title"]), ("id", 7)]
    assert [json.loads(line) for line in run("--jsonl", "--fields", "id")[1:]] == [{"id": 7}]
    assert set(json.loads(run("--jsonl")[1])) == set(KNOWN)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--fields", "title,titel"), "there is no field 'titel'; there are id, title, authors, evidence, paywalled"),
        (("--fields", " ,"), "--fields names none; there are id, title"),
        (("--json", "--text"), "--json and --text: it is one or the other"),
        (("--markdown", "--fields", "title"), "--fields goes with --text, --json and --jsonl"),
    ],
)
def test_what_cannot_be_printed(words: tuple[str, ...], says: str) -> None:
    assert says in refused(*words)


def test_the_fields_are_those_of_the_records() -> None:
    stored = StoredArticle(1, BASE, "key", "hash", 1, "2026", "2026")
    assert set(OF_ARTICLES) == set(article_dict(BASE))
    assert set(OF_STORED) == set(stored_dict(stored))


def test_forms() -> None:
    shown: list[Any] = [run(f"--{form}")[0] if form is not Form.PAGE else run()[0] for form in Form]
    assert shown == [f"{form} " for form in Form]
