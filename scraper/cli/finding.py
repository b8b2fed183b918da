"""``scrape sources add``: what to follow of a site is found, shown and written to sources.toml."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.editing import append_sources, free_name, host_name, language_tag, plain_name
from scraper.cli.hints import tell_next
from scraper.cli.printing import counted, on_terminal, plain, print_json
from scraper.errors import BadUsage
from scraper.home import Home
from scraper.model import SourceKind

if TYPE_CHECKING:
    from scraper.cli.proposals import Proposal
    from scraper.discover.fitness import Finding
    from scraper.scouting import Report
    from scraper.settings import Settings, Source

_GIVEN = ("interval", "language", "timezone")
_SAY_NOTHING = frozenset({"feed", "feeds", "rss", "atom", "index", "xml"})


@click.command("add", short_help="Find out what to follow of a site, and add it.")
@click.argument("url")
@click.option("--all", "everything", is_flag=True, help="Add all that is useful, not only the best.")
@click.option("--dry-run", "--find", "dry_run", is_flag=True, help="Show what is found, and add nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what is found as JSON.")
@click.option("--name", help="What to call it; made from the host otherwise.")
@click.option("--kind", type=click.Choice([kind.value for kind in SourceKind]), help="Add this very URL, unasked.")
@click.option("--interval", help='How often to ask, such as "30m"; learned otherwise.')
@click.option("--lang", "language", help="The language of its articles, such as en.")
@click.option("--timezone", help="The zone of dates that name none, such as Europe/Paris.")
@click.pass_context
def add_command(ctx: click.Context, /, url: str, **given: Any) -> None:
    """Find out what to follow of a site, and add it to config/sources.toml.

    A feed or a sitemap is added as it is. Of any other page, its feeds, the sitemaps of robots.txt and the usual paths
    are looked for, politely: a dozen requests at most, one after the other. The best is added; with --kind, the URL
    itself is, and nothing is asked. What is followed already stays as it is. The exit code is 1 where nothing to follow
    is found.

    \b
    Examples:
      scrape sources add https://www.themoscowtimes.com/
      scrape sources add https://example.org/ --dry-run
      scrape sources add https://example.org/politics --kind page --name politics
    """
    from scraper.cli.proposals import give_up, print_proposals, report_dict
    from scraper.settings import load_settings, load_sources

    home: Home = ctx.obj
    settings = load_settings(home)
    known = load_sources(home) if home.has_sources else ()
    _check(url, given)
    if (twin := _twin(url, known, given)) is not None:
        _say_followed(url, twin.name, given)
        return
    if given["name"] in {source.name for source in known}:
        raise BadUsage(f"--name: {given['name']!r} is used already, and may not be used twice: name it otherwise")
    if given["kind"]:
        _add_unasked(home, url, known, given)
        return
    report = asyncio.run(_look(home, settings, url, thorough=given["everything"]))
    proposals = _proposals(report, known, given)
    fresh = [] if given["dry_run"] else [each for each in proposals if not each.followed]
    if fresh:
        append_sources(home, [_table(each, given) for each in fresh])
    if given["as_json"]:
        print_json(report_dict(report, proposals, added=bool(fresh)))
    else:
        print_proposals(report, proposals, dry_run=given["dry_run"])
    if not given["as_json"] and given["name"] and any(each.followed for each in proposals) and not fresh:
        _name_is_not_used(given["name"])
    if fresh and not given["as_json"]:
        _hints(home, [each.name for each in fresh], known)
    if not proposals:
        give_up(report)
        ctx.exit(1)


def _check(url: str, given: dict[str, Any]) -> None:
    """Raise BadUsage for what would only fail after the site was asked."""
    from scraper.dedupe import normalise
    from scraper.errors import BadURL
    from scraper.settings import Source, source_fault
    from scraper.units import Period

    try:
        normalise(url)
    except BadURL as error:
        raise BadUsage(_meant(url) or str(error)) from error
    try:
        interval = Period.parse(given["interval"]) if given["interval"] else None
    except ValueError as error:
        raise BadUsage(f"--interval: {error}") from error
    if given["language"] and not language_tag(given["language"]):
        raise BadUsage(f"--lang: {given['language']!r} is no language tag: write it as in 'en' or 'pt-BR'")
    name, zone = "a" if given["name"] is None else given["name"], given["timezone"] or ""
    fault = source_fault(Source(name=name, url=url, kind=SourceKind.FEED, interval=interval, timezone=zone))
    if fault is not None:
        key, why = fault
        raise BadUsage(f"{'' if key == 'url' else '--'}{key}: {why}")


def _meant(url: str) -> str:
    """What to say of a host that was given for an address; "" for what is none."""
    from scraper.dedupe import normalise
    from scraper.errors import BadURL

    guess = f"https://{url}" if "/" in url else f"https://{url}/"
    try:
        normalise(guess)
    except BadURL:
        return ""
    return f"not a URL: {url}; did you mean {guess}?" if "." in url and "://" not in url else ""


def _twin(url: str, known: Sequence[Source], given: dict[str, Any]) -> Source | None:
    """The source that a URL is already. The page of a site that is followed may have a feed: that may be looked for."""
    from scraper.dedupe import url_key

    twin = next((source for source in known if url_key(source.url) == url_key(url)), None)
    return twin if twin is not None and (given["kind"] or twin.kind is not SourceKind.PAGE) else None


def _say_followed(url: str, name: str, given: dict[str, Any]) -> None:
    if given["as_json"]:
        print_json({"url": url, "added": False, "asked": 0, "notes": [], "found": [], "followed": name})
        return
    click.echo(plain(f"{url} is followed already, as {name!r}"))
    if given["name"] not in {None, name}:
        _name_is_not_used(given["name"])


def _name_is_not_used(name: str) -> None:
    click.echo(f"--name {name} is not used: it can be changed in config/sources.toml", err=True)


async def _look(home: Home, settings: Settings, url: str, *, thorough: bool) -> Report:
    from scraper.pipeline import open_pipeline
    from scraper.store.writer import Writer

    def heard(asked: str) -> None:
        if on_terminal():
            click.echo(plain(f"asking {asked}"), err=True)

    # With the store, for the sake of the host budget that a running daemon shares.
    async with (
        Writer(home.storage, busy_timeout=settings.storage.busy_timeout) as writer,
        open_pipeline(settings, writer, store=False) as pipeline,
    ):
        return await pipeline.look(url, heard, thorough=thorough)


def _add_unasked(home: Home, url: str, known: Sequence[Source], given: dict[str, Any]) -> None:
    name = given["name"] or free_name(host_name(url), {source.name for source in known})
    append_sources(home, [{"name": name, "url": url, "kind": given["kind"], **_said(given)}])
    click.echo(f"{name}: a {given['kind']} at {url}")
    _hints(home, [name], known)


def _proposals(report: Report, known: Sequence[Source], given: dict[str, Any]) -> list[Proposal]:
    """What is to be added of what was found, each with a name of its own."""
    from scraper.cli.proposals import Proposal
    from scraper.dedupe import url_key

    followed = {url_key(source.url): source.name for source in known}
    taken = {source.name for source in known}
    site, made = report.site, list[Proposal]()
    base = given["name"] or host_name(site.url)
    for judged in report.useful if given["everything"] else report.chosen:
        one = judged.finding
        already = followed.get(url_key(one.url), "")
        first = made[0].judged.finding if made else None
        name = already or free_name(base if first is None else f"{base}-{_apart(one, first)}", taken)
        taken.add(name)
        title = plain(_title(one, site.title))
        language = given["language"] or language_tag(one.listing.language or one.offer.language or site.language)
        made.append(Proposal(judged, name, title, language, already, given["interval"] or ""))
    return made


def _title(one: Finding, site: str) -> str:
    """What a source calls itself; a section goes by the site's name and its own."""
    if one.kind is not SourceKind.PAGE:
        return one.listing.title or site
    return f"{site}: {one.offer.title}" if site and one.offer.title else site or one.listing.title or ""


def _apart(one: Finding, first: Finding) -> str:
    """What tells a source from the first one of its site: its kind, else a word of its address."""
    if one.kind is not first.kind:
        return one.kind.value
    steps = one.url.partition("://")[2].partition("?")[0].split("/")[1:]
    words = [plain_name(re.sub(r"\.\w+$", "", step)) for step in reversed(steps)]
    return next((word for word in words if word and word not in _SAY_NOTHING), one.kind.value)


def _table(each: Proposal, given: dict[str, Any]) -> dict[str, str]:
    one = each.judged.finding
    told = {"name": each.name, "title": each.title, "url": one.url, "kind": one.kind.value, "language": each.language}
    return told | {key: value for key, value in _said(given).items() if value}


def _said(given: dict[str, Any]) -> dict[str, str]:
    return {key: given[key] or "" for key in _GIVEN}


def _hints(home: Home, names: Sequence[str], known: Sequence[Source]) -> None:
    from scraper.instance import running

    tell_next(home, (f"sources remove {' '.join(names)}", ""), lead="Undo:")
    if running(home.lock):
        tell_next(home, ("reload", "the running daemon reads config/ anew"))
        return
    others = sum(source.enabled for source in known)
    also = f", and asks {counted(others, 'other source')} too" if others else ""
    tell_next(home, ("run --once", f"fetches its articles{also}"))
