"""docs/commands.md, written from what click knows of the commands."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click

from scraper.cli import scrape
from tests.docs.documents import wrapped

_EXIT_CODE = re.compile(r"(\d+) ([^,.]+)")


def body() -> str:
    """The part of the document that is written."""
    found = [("scrape", scrape), *_below("scrape", scrape)]
    contents = [
        wrapped(f"- [`{name}`](#{name.replace(' ', '-')}): {_first(each)}", "  ") + "\n" for name, each in found
    ]
    return f"{''.join(contents)}\n## Exit codes\n\n{_exit_codes()}\n" + "\n".join(_section(*each) for each in found)


def _below(name: str, group: click.Group) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for word in group.list_commands(context):
        command = group.get_command(context, word)
        assert command is not None
        yield f"{name} {word}", command
        if isinstance(command, click.Group):
            yield from _below(f"{name} {word}", command)


def _first(command: click.Command) -> str:
    """The first sentence of a command's help."""
    return " ".join((command.help or "").split("\n\n")[0].split())


def _exit_codes() -> str:
    codes = _EXIT_CODE.findall(scrape.epilog or "")
    return "| code | means |\n|---|---|\n" + "".join(f"| {code} | {meaning} |\n" for code, meaning in codes)


def _section(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name, **command.context_settings)
    params = [param for param in command.params if not (isinstance(param, click.Option) and param.hidden)]
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    told = "".join(f"{paragraph}\n\n" for paragraph in _paragraphs(command.help or ""))
    options = [param for param in params if isinstance(param, click.Option)]
    return f"## {name}\n\n```text\n{usage}\n```\n\n{told}{_options(options, context)}".rstrip() + "\n"


def _paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a help text; one that click must not wrap (``\\b``) is kept as it stands."""
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        if not paragraph.startswith("\b"):
            yield wrapped(re.sub(r"([<>*])", r"\\\1", " ".join(paragraph.split())))
            continue
        first, *lines = paragraph.removeprefix("\b").strip("\n").splitlines()
        if first.endswith(":"):
            yield first
        else:
            lines = [first, *lines]
        yield "```text\n" + "\n".join(line.removeprefix("  ") for line in lines) + "\n```"


def _options(options: list[click.Option], context: click.Context) -> str:
    if not options:
        return ""
    rows = "".join(f"| {_flags(option)} | {_default(option, context)} | {_help(option)} |\n" for option in options)
    return f"| option | default | what it does |\n|---|---|---|\n{rows}"


def _flags(option: click.Option) -> str:
    flags = ", ".join(f"`{flag}`" for flag in (*option.opts, *option.secondary_opts))
    if option.is_flag or option.count:
        return flags
    value = option.make_metavar(click.Context(click.Command("")))
    return f"{flags} `{value}`".replace("|", "\\|")


def _default(option: click.Option, context: click.Context) -> str:
    default = option.get_default(context, call=False)
    if option.is_flag or default is None or "UNSET" in repr(default) or callable(default):
        return ""
    return f"`{default}`"


def _help(option: click.Option) -> str:
    if isinstance(option.type, click.Choice) and not option.help:
        return f"One of {', '.join(option.type.choices)}."
    assert option.help, f"{option.opts[0]} has no help"
    return option.help.replace("|", "\\|")
