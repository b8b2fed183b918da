"""``scrape fixture``."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import click

from scraper.cli.printing import plain, print_json
from scraper.errors import BadUsage, ConfigError, Skip, StorageFull
from scraper.home import Home
from scraper.model import Article, Page, from_instant, instant

if TYPE_CHECKING:
    from scraper.settings import Settings

_ANSWERS = ("article.json", "error.json")
_KEPT = ("content-type",)
"""The headers that extraction reads. All others stay out of a fixture, and with them whatever may be secret."""
_FIELDS = (
    "url", "kind", "title", "published_at", "published_zone", "modified_at", "authors", "language", "section", "tags",
    "summary", "canonical_url", "publisher", "image_url", "image_caption", "credit", "paywalled", "body",
)  # fmt: skip
"""What a person is asked to correct, in this order: the body last, as it is long."""
_LONGEST = 80  # characters of a folder's name


@dataclass(frozen=True, slots=True)
class _Sample:
    """A page, the zone of its naive dates, and what is made of it now: a record, or the error."""

    page: Page
    zone: str
    file: str
    answer: Mapping[str, Any]


@click.command("fixture")
@click.argument("what", metavar="URL|FILE")
@click.option("--url", metavar="URL", help="Where a FILE is from; not needed beside its request.json.")
@click.option("--timezone", "zone", metavar="ZONE", help="The zone of dates without one, such as Europe/Berlin.")
@click.option("--into", type=click.Path(path_type=Path), help="A folder other than fixtures/articles in the home.")
@click.option("--force", is_flag=True, help="Write over the fixture that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: the folder and the answer.")
@click.pass_obj
def fixture_command(home: Home, /, what: str, into: Path | None, *, force: bool, as_json: bool, **given: Any) -> None:
    """Keep a page as a fixture, with what is made of it now.

    Fetches a page (as `scrape fetch --no-store` does) or reads a file, and writes DOMAIN/NAME/ with page.html,
    request.json and article.json, or error.json where the page is refused: that is an answer too. Then correct the
    answer by hand: what is expected is what a careful reader would write, not what the program found.

    \b
    Examples:
      scrape fixture https://example.org/2026/11/story
      scrape fixture saved.html --url https://example.org/2026/11/story
    """
    sample = asyncio.run(_sample(home, what, given["url"], given["zone"]))
    folder = _root(home, into) / _host(sample.page.final_url) / _name(sample.page.final_url)
    _write(folder, sample, force=force)
    if as_json:
        print_json(
            {"folder": str(folder), "url": sample.page.final_url, sample.file.removesuffix(".json"): sample.answer}
        )
        return
    found = sample.answer.get("title") or f"refused: {sample.answer['reason']}: {sample.answer['message']}"
    click.echo(f"{folder}: {plain(found)}")
    click.echo(f"Now correct {folder / sample.file} by hand: it holds what the program found.", err=True)


async def _sample(home: Home, what: str, url: str | None, zone: str | None) -> _Sample:
    """The page, fetched or read, and what is made of it."""
    from scraper.pipeline import Errand, open_pipeline
    from scraper.reader import Told
    from scraper.settings import load_sites

    async with open_pipeline(_settings(home), None, sites=load_sites(home)) as pipeline:
        if re.match(r"https?://", what, re.IGNORECASE):
            if url is not None:
                raise BadUsage("--url is for a file; a page that is fetched has its address")
            page = await pipeline.fetch(Errand(what))
        else:
            if "://" in what:
                raise BadUsage(f"{what} is no http(s) address and no file")
            page, zone = _read(Path(what), url, zone)
        try:
            article = await pipeline.reader.article(page, Told(zone or ""))
        except Skip as error:
            answer = {"error": type(error).__name__, "reason": error.reason, "message": str(error)}
            return _Sample(page, zone or "", "error.json", answer)
    return _Sample(page, zone or "", "article.json", _record(article))


def _settings(home: Home) -> Settings:
    """The home's settings; without a home the defaults do, as for `scrape fetch --no-store`."""
    from scraper.settings import Settings, load_settings

    return load_settings(home) if home.has_settings else Settings()


def _read(path: Path, url: str | None, zone: str | None) -> tuple[Page, str | None]:
    """A file as if it had just been fetched; a request.json beside it says how it was."""
    beside = path.with_name("request.json")
    try:
        body = path.read_bytes()
        said = json.loads(beside.read_text(encoding="utf-8")) if url is None and beside.is_file() else {}
        at = from_instant(said["fetched_at"]) if "fetched_at" in said else datetime.now(UTC)
    except OSError as error:
        raise BadUsage(f"{path} is no http(s) address and cannot be read as a file: {error.strerror}") from error
    except ValueError as error:
        raise BadUsage(f"{beside} cannot be read: {error}") from error
    address = _address(url or str(said.get("url", "")), path)
    headers = tuple((name, value) for name, value in said.get("headers", {}).items())
    page = Page(address, address, said.get("status", 200), headers, body, at)
    return page, zone or said.get("timezone")


def _address(url: str, path: Path) -> str:
    from scraper.dedupe import normalise

    if not url:
        raise BadUsage(f"name the address that {path} is from with --url")
    if "@" in urlsplit(url).netloc:
        raise BadUsage("leave name and password out of the address: a fixture is for everybody")
    return normalise(url)


def _record(article: Article) -> dict[str, Any]:
    """What a person is to correct; fields without a value are left out."""
    values = asdict(article)
    return {name: values[name] for name in _FIELDS if values[name] not in (None, ())}


def _root(home: Home, into: Path | None) -> Path:
    if into is not None:
        return into
    if not home.has_settings:
        raise ConfigError(f"no home at {home.root} to keep fixtures in; name a folder with --into")
    return home.root / "fixtures" / "articles"


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.").replace(":", "-")


def _name(url: str) -> str:
    """A folder's name out of an address: the end of its path, and its query."""
    parts = urlsplit(url)
    last = re.sub(r"\.\w{1,5}$", "", parts.path.rstrip("/").rpartition("/")[2])
    name = re.sub(r"[\W_]+", "-", unquote(f"{last} {parts.query}").lower()).strip("-")
    return name[:_LONGEST].strip("-") or "index"


def _write(folder: Path, sample: _Sample, *, force: bool) -> None:
    page = sample.page
    request: dict[str, Any] = {
        "url": page.final_url,
        "status": page.status,
        "headers": {name: value for name, value in page.headers if name in _KEPT},
    }
    if sample.zone:
        request["timezone"] = sample.zone
    request["fetched_at"] = instant(page.fetched_at)
    if folder.exists() and not force:
        raise BadUsage(f"{folder} is there already, perhaps corrected by hand; --force writes over it")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "page.html").write_bytes(page.body)
        for name, value in (("request.json", request), (sample.file, sample.answer)):
            text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
            (folder / name).write_text(text, encoding="utf-8")
        for name in set(_ANSWERS) - {sample.file}:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise StorageFull(f"cannot write {folder}: {error.strerror}") from error
