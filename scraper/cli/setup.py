"""``scrape init``."""

from __future__ import annotations

import re
from pathlib import Path

import click

from scraper.cli.editing import replace_text
from scraper.errors import BadUsage, ConfigError
from scraper.home import Home, init_home, left_behind


def tell_left_behind(home: Home) -> None:
    """Name the files of storage/ that are neither this version's nor an earlier one's."""
    for path in left_behind(home.root):
        what = "edited, and left as it is; this version has another, which `scrape init` writes if yours is moved away"
        click.echo(f"{path}: {what}", err=True)


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--contact", metavar="ADDRESS", help="Your mail or web address, told to every site that is fetched.")
@click.pass_obj
def init_command(home: Home, folder: Path | None, contact: str | None) -> None:
    """Set up a home: config/ and storage/ in a folder.

    What you have there stays as it is, a contact too. After an upgrade, run it again: Datasette's pages are made those
    of the new version.

    \b
    Examples:
      scrape init                            in the data folder of this system
      scrape init ~/news --contact me@example.org
    """
    from scraper.store import Store  # imports sqlite-utils: 80 ms

    if contact is not None and not re.fullmatch(r"(?=.*(@|://))[^\s\"<>()]+", contact):
        raise BadUsage(f"{contact!r} is no contact; give a mail address or a web address")
    target = Home((folder or home.root).expanduser().absolute())
    written = init_home(target.root)
    Store(target.storage).close()
    click.echo(f"{target.root}: {len(written)} files written" if written else f"{target.root}: already set up")
    tell_left_behind(target)
    if contact:
        _set_contact(target, contact)
    option = "" if home == target else f" --home {target.root}"
    click.echo(f"Next: look through {target.sources_toml},", err=True)
    click.echo(f"then: scrape{option} run --once", err=True)


def _set_contact(home: Home, contact: str) -> None:
    """Write down a contact where there is none, and say so: one that its operator edited stays."""
    import tomlkit

    from scraper.settings import load_settings

    try:
        present = load_settings(home).fetch.contact
    except ConfigError as error:  # of a file that was there before; `scrape run` will not take it either
        click.echo(f"contact: not written: {error}", err=True)
        return
    if present:
        click.echo(f"contact: {present}" + ("" if present == contact else f" (as it was; edit {home.scraper_toml})"))
        return
    document = tomlkit.parse(home.scraper_toml.read_text(encoding="utf-8-sig"))
    document.setdefault("fetch", tomlkit.table())["contact"] = contact
    replace_text(home.scraper_toml, tomlkit.dumps(document))
    click.echo(f"contact: {contact}")
