"""What the operator of a scraper that follows a fleet would write into ``config/``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scraper.model import SourceKind
from tests.fleet import pages
from tests.fleet.process import FleetProcess
from tests.local_news.home import scraper_toml

_PATHS = {SourceKind.FEED: pages.FEED, SourceKind.SITEMAP: pages.SITEMAP, SourceKind.PAGE: pages.HOME}


@dataclass(frozen=True, slots=True)
class Manner:
    """How fast it is to go: a fleet is there to be asked. ``revisits`` and ``interval`` as in config/scraper.toml."""

    spacing: str = "2ms"
    interval: str = "1s"
    revisits: tuple[str, ...] = ("1s", "3s", "6s", "12s", "30s", "1m", "5m", "20m")
    concurrency: int = 50


def write_home(home: Path, fleet: FleetProcess, kind: SourceKind, manner: Manner | None = None) -> None:
    """Write both files into ``home/config``, so that all sites are followed by sources of one kind."""
    manner = manner or Manner()
    config = home / "config"
    config.mkdir(parents=True, exist_ok=True)
    text = scraper_toml(fleet.resolve, spacing=manner.spacing, contact="fleet@localhost")
    fetching = f'[fetch]\nread_timeout = "1s"\nconcurrency = {manner.concurrency}\n'
    revisits = ", ".join(f'"{rung}"' for rung in manner.revisits)
    text = text.replace("[fetch]\n", fetching, 1) + (
        f"latency_factor = 0\nper_address = {manner.concurrency}\n\n"
        f'[schedule]\nadapt = false\ninterval = "{manner.interval}"\nmin_interval = "{manner.interval}"\n'
        f'tick = "1s"\nretry_after = "1s"\nrevisits = [{revisits}]\n'
    )
    (config / "scraper.toml").write_text(text, encoding="utf-8")
    sources = "\n".join(_source(host, kind) for host in fleet.plan.hosts)
    (config / "sources.toml").write_text(sources, encoding="utf-8")


def _source(host: str, kind: SourceKind) -> str:
    """A feed may announce what is elsewhere, so its operator says what is wanted of it."""
    lines = [
        f'name = "{host.removesuffix(".example")}"',
        f'url = "http://{host}{_PATHS[kind]}"',
        f'kind = "{kind.value}"',
    ]
    if kind is SourceKind.FEED:
        lines.append(f"include = ['^http://{host}/']")
    return "\n".join(["[[source]]", *lines, ""])
