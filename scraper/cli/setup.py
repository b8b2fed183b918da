"""``scrape init``."""

from __future__ import annotations

import re
from pathlib import Path

import click

from scraper.cli.editing import replace_text
from scraper.cli.hints import tell, tell_next
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
@click.option("--bare", is_flag=True, help="Follow no source to begin with.")
@click.pass_obj
def init_command(home: Home, folder: Path | None, contact: str | None, bare: bool) -> None:
    """Set up a home: config/ and storage/ in a folder.

    It follows some outlets in eight languages to begin with, unless --bare says otherwise. What you have there stays as
    it is, a contact too. After an upgrade, run it again: Datasette's pages are made those of the new version.

    \b
    Examples:
      scrape init                            in the data folder of this system
      scrape init ~/news --contact me@example.org
      scrape init ~/news --bare              without the sources that it ships
    """
    from scraper.store import Store  # imports sqlite-utils: 80 ms

    if contact is not None and not re.fullmatch(r"(?=.*(@|://))[^\s\"<>()]+", contact):
        raise BadUsage(f"{contact!r} is no contact; give a mail address or a web address")
    target = Home((folder or home.root).expanduser().absolute())
    written = init_home(target.root)
    if bare and target.sources_toml in written:
        _empty(target.sources_toml)
    Store(target.storage).close()
    click.echo(f"{target.root}: {len(written)} files written" if written else f"{target.root}: already set up")
    tell_left_behind(target)
    if contact:
        _set_contact(target, contact)
    _hints(target)


def _empty(path: Path) -> None:
    """Leave of a shipped sources.toml what explains it: all before the first source and the heading of that."""
    head, _, _ = path.read_text(encoding="utf-8").partition("[[source]]")
    replace_text(path, head.rstrip().rpartition("\n\n")[0] + "\n")


def _hints(home: Home) -> None:
    from scraper.settings import load_settings, load_sources

    try:
        settings, sources = load_settings(home), load_sources(home)
    except ConfigError as error:
        tell(f"Mend first: {error}")
        return
    followed = sum(source.enabled for source in sources)
    known = f"; {followed} outlets are followed already: sources list" if followed else ""
    steps = [("sources add URL", f"any site of yours: its feed is found{known}"), ("run --once", "fetches what is new")]
    if not settings.fetch.contact:
        steps.append(("init --contact you@example.org", "so that sites can reach you"))
    tell_next(home, *steps)


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
