"""Every source's host asked for its robots.txt, within the host budget, and for nothing else; and what that allows.

A copy that is a few minutes old will do; an older one is asked for again, with its ETag.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

import msgspec

from scraper.config import Config
from scraper.dedupe import host_of
from scraper.doctor.finding import Finding, Verdict, fault
from scraper.errors import Exhausted, HostPaused, ScrapeError, UnsafeAddress
from scraper.fetch.robots import Robots
from scraper.model import instant
from scraper.pipeline import Pipeline, open_pipeline
from scraper.settings import Settings, Source
from scraper.store.writer import Writer
from scraper.units import Period

_PART = "network"
_FRESH = 600.0  # seconds
_LONGEST = 20.0  # seconds for one host
_PATIENCE = 30.0  # seconds that a host's slot is waited for
_SLOW = 30.0  # seconds between two requests, by which a day's articles may not be reached in a day
_REMEDIES = {
    "dns": "is the name right, and is this machine online?",
    "certificate": "is the clock right? fetch.ca_file names an authority of your own",
    UnsafeAddress.reason: "if you mean it, let it in: fetch.ports or fetch.allow_private in config/scraper.toml",
    Exhausted.reason: Exhausted.advice,
}

Answer = Robots | ScrapeError
"""What robots.txt of a source's host says, or why that is not known."""


async def ask(
    config: Config, sources: Sequence[Source], heard: Callable[[str], None], *, stored: bool
) -> list[tuple[Source, Answer]]:
    """Ask for the robots.txt of each source's host. ``stored``: by the host budget that a running daemon shares."""
    async with AsyncExitStack() as stack:
        writer = None
        if stored:
            patience = config.settings.storage.busy_timeout
            writer = await stack.enter_async_context(Writer(config.home.storage, busy_timeout=patience))
        profiles = config.profiles()
        pipeline = await stack.enter_async_context(open_pipeline(_brief(config.settings), writer, profiles=profiles))
        return list(await asyncio.gather(*(_one(pipeline, source, heard) for source in sources)))


def _brief(settings: Settings) -> Settings:
    """The settings of somebody who wants to know now: no second try, no long wait, nothing from an old copy."""
    timeout = Period(min(_LONGEST, settings.fetch.timeout))
    fetch = msgspec.structs.replace(settings.fetch, retries=0, timeout=timeout)
    lifetime = Period(min(_FRESH, settings.manners.robots_lifetime))
    manners = msgspec.structs.replace(settings.manners, robots_lifetime=lifetime)
    return msgspec.structs.replace(settings, fetch=fetch, manners=manners)


async def _one(pipeline: Pipeline, source: Source, heard: Callable[[str], None]) -> tuple[Source, Answer]:
    try:
        return source, await pipeline.robots(source.url, source, _PATIENCE)
    except ScrapeError as error:
        return source, error
    finally:
        heard(source.name)


def network(answers: Sequence[tuple[Source, Answer]], settings: Settings, now: datetime) -> list[Finding]:
    """What the answers say: a finding a host, and one a source of those that answer."""
    hosts: dict[str, Finding] = {}
    for source, answer in answers:
        hosts.setdefault(host_of(source.url), host(host_of(source.url), answer, now))
    faults = [answer for _, answer in answers if isinstance(answer, ScrapeError)]
    if len(hosts) > 1 and len(faults) == len(answers) and {error.reason for error in faults} == {"dns"}:
        remedy = "connect this machine, or mend its name server (/etc/resolv.conf)"
        return [Finding(_PART, "names", Verdict.WRONG, f"not one of {len(hosts)} hosts' names resolves", remedy)]
    robots = [rules(source, answer, settings) for source, answer in answers if isinstance(answer, Robots)]
    return [*hosts.values(), *robots]


def host(name: str, answer: Answer, now: datetime) -> Finding:
    """Whether a host answers."""
    label = f"host {name}"
    if isinstance(answer, HostPaused):
        return Finding(_PART, label, Verdict.WARNING, str(answer), "nothing: it is asked again by itself")
    if isinstance(answer, ScrapeError):
        known = "is its address right? `scrape sources check` asks its sources"
        return fault(_PART, label, answer, _REMEDIES.get(answer.reason, known))
    record = answer.record
    if answer.unreachable:
        remedy = "wait an hour: it is asked again by itself; if that lasts, `scrape sources remove` its sources"
        return Finding(_PART, label, Verdict.WRONG, f"answered {record.status} to robots.txt", remedy)
    if record.fetched_at < now - timedelta(seconds=_FRESH):
        said = f"does not answer now; its robots.txt of {instant(record.fetched_at)} holds meanwhile"
        return Finding(_PART, label, Verdict.WARNING, said, "wait: it is asked again by itself")
    return Finding(_PART, label, Verdict.OK, f"answers (robots.txt: {record.status})")


def rules(source: Source, robots: Robots, settings: Settings) -> Finding:
    """What robots.txt lets us ask of a source."""
    label = f"source {source.name}"
    verdict = robots.verdict(source.url)
    if not verdict.allowed and not robots.unreachable and settings.manners.obey_robots:
        remedy = f"follow another address of it, or ask its publisher; `scrape robots {source.url}` shows the rules"
        return Finding("robots", label, Verdict.WRONG, verdict.reason, remedy)
    delay, most = robots.crawl_delay or 0.0, settings.manners.max_crawl_delay
    said = f"{verdict.reason}; {delay:g} s between two requests" if delay else verdict.reason
    if delay > most:
        remedy = "raise manners.max_crawl_delay to give it what it asks for"
        return Finding("robots", label, Verdict.WARNING, f"{said}, of which {most:g} are obeyed", remedy)
    if delay > _SLOW:
        remedy = f"expect {86400 / delay:,.0f} pages a day at most"
        return Finding("robots", label, Verdict.WARNING, said, remedy)
    return Finding("robots", label, Verdict.OK, said)
