"""The command line: one module a command group, imported when its command runs."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from scraper import __version__

COMMANDS = {
    "init": ("setup", "Set up a home: config/ and storage/ in a folder."),
    "doctor": ("doctor", "Check machine, configuration, databases and network, and say how to mend them."),
    "fetch": ("fetch", "Fetch pages, print their articles and store them."),
    "fixture": ("fixture", "Keep a page as a fixture, with what is made of it now."),
    "import": (
        "clippings",
        "Store articles from text files (clippings), web archives (WARC) and our own exports.",
    ),
    "run": ("run", "Follow the configured sources: the daemon."),
    "reload": ("reload", "Have the running daemon read config/ anew."),
    "sources": ("sources", "List, find, add, remove and check sources."),
    "backfill": ("backfill", "Look for what a source published since a day."),
    "search": ("read", "Find articles by words; without any, the latest."),
    "show": ("read", "Show one stored article."),
    "diff": ("diff", "Show what changed in an article, word by word."),
    "story": ("story", "Show who ran a story, when, and what each changed."),
    "stats": ("stats", "Show how many articles there are of each day, by source or by language."),
    "export": ("export", "Write stored articles for other programs, or raw pages as a web archive (WARC)."),
    "reparse": ("reparse", "Extract stored articles again, from the pages that are kept."),
    "why": (
        "why",
        "Say what became of an address, a host or a source, and why.",
    ),
    "robots": ("robots", "Show what robots.txt says to us about an address."),
    "status": ("status", "Show sources, queue, rates and problems at a glance."),
    "serve": ("serve", "Browse the archive with Datasette."),
    "db": ("db", "Back up, check and compact the databases."),
    "forget": ("forget", "Erase articles for good."),
    "completion": ("completion", "Print what lets your shell complete commands, options and names."),
    "help": ("help", "Show how a command is used."),
}
"""Every command with its module and its line of help: `scrape --help` imports none of them (a test compares)."""

_SECTIONS = {
    "Begin": ("init", "doctor", "completion", "help"),
    "Follow": ("sources", "run", "reload", "backfill", "status", "why", "robots"),
    "Take in": ("fetch", "import", "fixture"),
    "Read": ("search", "show", "diff", "story", "stats", "serve", "export"),
    "Keep": ("reparse", "db", "forget"),
}
"""What `scrape --help` puts them under; those that are not named here come last."""
_NARROWEST = 52  # columns; click takes no terminal for narrower than that


class LazyGroup(click.Group):
    """A group whose commands' modules are imported when a command is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """The command itself, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"scraper.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """As click's, with the width of a terminal that is narrower than click takes any for."""
        columns = shutil.get_terminal_size().columns
        narrow = {"terminal_width": max(20, columns - 2)} if columns < _NARROWEST else {}
        return super().make_context(info_name, args, parent, **(narrow | extra))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, which has a suggestion only where it has the commands at hand."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """The list of commands, from the table, by what they are for."""
        widest = max(map(len, COMMANDS))
        placed = {name for names in _SECTIONS.values() for name in names}
        others = tuple(name for name in COMMANDS if name not in placed)
        for title, names in {**_SECTIONS, "More": others}.items():
            lines = [(name.ljust(widest), COMMANDS[name][1]) for name in names if name in COMMANDS]
            if lines:
                with formatter.section(title):
                    formatter.write_dl(lines)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 some inputs failed or were skipped, 2 bad usage or configuration, "
    "3 a database cannot be used, 130 interrupted, 141 whoever read the output went away, 143 terminated.",
)
@click.option(
    "--home", type=click.Path(path_type=Path, readable=False), help="The folder that holds config/ and storage/."
)
@click.option("--debug", is_flag=True, help="Print the traceback of an error.")
@click.version_option(__version__, prog_name="scrape")
@click.pass_context
def scrape(ctx: click.Context, home: Path | None, debug: bool) -> None:
    """Follow news sources and keep clean articles in SQLite.

    \b
    Examples:
      scrape init                            set up a home
      scrape sources add https://example.org/
                                             follow a site: its feed is found
      scrape run --once                      fetch what is new; without --once,
                                             until stopped
      scrape search "peace talks"            look for stored articles

    The home is --home, else $SCRAPE_HOME, else the nearest parent folder with config/scraper.toml, else the data
    folder of this system.
    """
    from scraper.home import find_home

    ctx.obj = find_home(home)
    ctx.meta["debug"] = debug
