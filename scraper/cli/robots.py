"""``scrape robots``."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.completing import source_names
from scraper.cli.printing import plain, print_json
from scraper.home import Home
from scraper.model import instant

if TYPE_CHECKING:
    from scraper.fetch.robots import Robots


@click.command("robots")
@click.argument("url")
@click.option("--source", metavar="NAME", shell_complete=source_names, help="What it says to the agent of this source.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def robots_command(ctx: click.Context, /, url: str, source: str | None, *, as_json: bool) -> None:
    """Show what robots.txt says to us about an address.

    That is the group that is ours, and the rule that decides. The file that the home's database keeps is used while it
    is fresh; without a home it is fetched. The exit code is 1 where the address may not be asked.

    \b
    Examples:
      scrape robots https://example.org/print/story
      scrape robots --json https://example.org/
    """
    robots = asyncio.run(_robots(ctx.obj, url, source))
    verdict = robots.verdict(url)
    if as_json:
        print_json({"url": url, "allowed": verdict.allowed, "reason": verdict.reason, **_told(robots)})
    else:
        click.echo(f"{'allowed' if verdict.allowed else 'not allowed'}: {plain(verdict.reason)}")
        _print(robots, verdict.rule.line if verdict.rule else 0)
    if not verdict.allowed:
        ctx.exit(1)


async def _robots(home: Home, url: str, source: str | None) -> Robots:
    """Through the home's database and its host budget; without a home, by a budget of this process alone."""
    from scraper.pipeline import open_pipeline
    from scraper.profiles import Profiles
    from scraper.settings import Settings, load_settings, named_source
    from scraper.store.writer import Writer
    from scraper.tools import HAND_BACK

    async with AsyncExitStack() as stack:
        settings, writer = Settings(), None
        if home.has_settings:
            settings = load_settings(home)
            writer = Writer(home.storage, busy_timeout=settings.storage.busy_timeout)
            await stack.enter_async_context(writer)
        profiles = Profiles(home.root)
        pipeline = await stack.enter_async_context(open_pipeline(settings, writer, profiles=profiles))
        by = named_source(home, source) if source is not None else None
        return await pipeline.robots(url, by, settings.manners.max_crawl_delay + HAND_BACK)


def _told(robots: Robots) -> dict[str, Any]:
    record, group = robots.record, robots.group
    return {
        "host": record.host,
        "status": record.status,
        "fetched_at": instant(record.fetched_at),
        "agent": robots.token,
        "group": group.agent or None,
        "crawl_delay": group.delay,
        "rules": [{name: value for name, value in asdict(rule).items() if name != "matcher"} for rule in group.rules],
        "sitemaps": list(group.sitemaps),
    }


def _print(robots: Robots, deciding: int) -> None:
    group = robots.group
    record = robots.record
    click.echo(f"robots.txt of {record.host}: status {record.status}, {instant(record.fetched_at)}")
    if not robots.available:
        return
    whose = f"the group {plain(group.agent)}" if group.agent else "no group"
    click.echo(f"for {robots.token}: {whose}, {len(group.rules)} rules")
    if group.delay is not None:
        click.echo(f"  Crawl-delay: {group.delay:g}")
    for rule in group.rules:
        mark = ">" if rule.line == deciding else " "
        click.echo(f"{mark} {rule.line:5}  {'Allow' if rule.allow else 'Disallow'}: {plain(rule.pattern)}")
    for sitemap in group.sitemaps:
        click.echo(f"  Sitemap: {plain(sitemap)}")
