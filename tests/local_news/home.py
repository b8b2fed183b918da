"""What the operator of a scraper that follows the local news would write into ``config/``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.local_news.outlets import Outlet

CONTACT = "demo@localhost"


def sources_toml(outlets: Iterable[Outlet], *, interval: str = "10m") -> str:
    """The text of ``config/sources.toml`` that follows these outlets."""
    return "\n".join(_source(outlet, interval) for outlet in outlets)


def _source(outlet: Outlet, interval: str) -> str:
    values = {
        "name": outlet.name,
        "title": outlet.title,
        "url": outlet.source_url,
        "kind": outlet.source_kind,
        "language": outlet.language,
        "timezone": outlet.timezone,
        "interval": interval,
    }
    lines = [f"{key} = {_text(value)}" for key, value in values.items() if value is not None]
    return "\n".join(["[[source]]", *lines, ""])


def scraper_toml(resolve: Mapping[str, str], *, spacing: str = "50ms", contact: str = CONTACT) -> str:
    """The text of ``config/scraper.toml``; ``resolve`` is :attr:`LocalNews.resolve`."""
    return "\n".join(
        [
            "[fetch]",
            f"contact = {_text(contact)}",
            "",
            "[fetch.resolve]",
            *(f"{_text(name)} = {_text(address)}" for name, address in resolve.items()),
            "",
            "[manners]",
            f"spacing = {_text(spacing)}",
            "",
        ]
    )


def write_home(home: Path, outlets: Mapping[str, Outlet], *, port: int, spacing: str = "50ms") -> None:
    """Write both files into ``home/config``, for the site on that port."""
    config = home / "config"
    config.mkdir(parents=True, exist_ok=True)
    resolve = {f"{domain}:80": f"127.0.0.1:{port}" for domain in outlets}
    (config / "scraper.toml").write_text(scraper_toml(resolve, spacing=spacing), encoding="utf-8")
    (config / "sources.toml").write_text(sources_toml(outlets.values()), encoding="utf-8")


def _text(value: str) -> str:
    # A JSON string is a TOML basic string, as long as no character beyond the basic plane is escaped.
    return json.dumps(value, ensure_ascii=False)
