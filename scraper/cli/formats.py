"""What articles are printed as: for people, as JSON, as Markdown, as plain text; and which of their fields."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import wraps
from typing import Any

import click

from scraper.cli.printing import plain, print_json, speaks_unicode
from scraper.errors import BadUsage
from scraper.model import Article, StoredArticle

OF_ARTICLES = tuple(field.name for field in fields(Article) if field.name != "addresses")
"""The fields that an article itself has."""
OF_STORED = ("id", *OF_ARTICLES, *(name for name in StoredArticle.__slots__ if name not in {"id", "article"}))
"""Those of a stored one: what the store knows beside it, too."""


class Form(StrEnum):
    """What is printed."""

    PAGE = "page"  # for people: wrapped on a terminal
    JSON = "json"
    JSONL = "jsonl"
    MARKDOWN = "markdown"
    TEXT = "text"


_HELP = {
    Form.JSON: "Print JSON.",
    Form.JSONL: "Print JSON, one line each.",
    Form.MARKDOWN: "Print Markdown.",
    Form.TEXT: "Print plain text, without colours and wrapping.",
}


@dataclass(frozen=True, slots=True)
class Output:
    """How things are printed, and which of their fields; without fields, all that the form has."""

    form: Form = Form.PAGE
    fields: tuple[str, ...] = ()

    @property
    def is_json(self) -> bool:
        """Whether it is for machines that read JSON."""
        return self.form in {Form.JSON, Form.JSONL}

    def picked(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Of a record, the fields that are asked for, in the order in which they are."""
        return {name: record.get(name) for name in self.fields} if self.fields else dict(record)

    def print_record(self, record: Mapping[str, Any]) -> None:
        """One record as JSON, or as a row: its fields, apart by tabs."""
        picked = self.picked(record)
        if self.form is Form.JSON:
            print_json(picked)
        elif self.form is Form.JSONL:
            click.echo(json.dumps(picked, ensure_ascii=not speaks_unicode(sys.stdout)))
        else:
            click.echo("\t".join(_cell(value) for value in picked.values()))


def formatted(known: Sequence[str]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options for what it prints; it gets them as ``output``. ``known`` are the fields there are."""

    def with_options(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def printing(*args: Any, only: str | None, **rest: Any) -> None:
            said = [form for form in _HELP if rest.pop(f"as_{form}")]
            command(*args, output=_output(said, only, known), **rest)

        wrapped: Callable[..., None] = printing
        what = "Print only these fields, as in title,url,published_at: apart by tabs, or as JSON."
        wrapped = click.option("--fields", "only", metavar="NAMES", help=what)(wrapped)
        for form in reversed(_HELP):
            wrapped = click.option(f"--{form}", f"as_{form}", is_flag=True, help=_HELP[form])(wrapped)
        return wrapped

    return with_options


def _output(said: Sequence[Form], only: str | None, known: Sequence[str]) -> Output:
    if len(said) > 1:
        raise BadUsage(f"--{said[0]} and --{said[1]}: it is one or the other")
    form = said[0] if said else Form.PAGE
    if only is None:
        return Output(form)
    names = tuple(dict.fromkeys(name for part in only.split(",") if (name := part.strip())))
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        what = f"there is no field {unknown[0]!r}" if unknown else "--fields names none"
        raise BadUsage(f"{what}; there are {', '.join(known)}")
    if form is Form.MARKDOWN:
        raise BadUsage("--fields goes with --text, --json and --jsonl: Markdown has the whole article")
    return Output(form, names)


def _cell(value: Any) -> str:
    """A value in one cell of a row: on one line, and without tabs."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        text = "; ".join(map(str, value))
    elif isinstance(value, Mapping):
        text = json.dumps(dict(value), ensure_ascii=False)
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
    return plain(" ".join(text.split()))
