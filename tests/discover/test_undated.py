"""Sitemaps whose dates say nothing: what of them is read, in which order."""

from __future__ import annotations

from scraper.discover import discover
from scraper.model import Listing, SourceKind

HOME = "https://n.example/"


def sitemap(lines: list[tuple[str, str]], limit: int = 10) -> Listing:
    urls = "".join(f"<url><loc>/{path}</loc>{_lastmod(at)}</url>" for path, at in lines)
    return discover(SourceKind.SITEMAP, f"<urlset>{urls}</urlset>".encode(), f"{HOME}map.xml", limit=limit)


def index(*files: tuple[str, str]) -> Listing:
    nested = "".join(f"<sitemap><loc>/{path}.xml</loc>{_lastmod(at)}</sitemap>" for path, at in files)
    return discover(SourceKind.SITEMAP, f"<sitemapindex>{nested}</sitemapindex>".encode(), HOME)


def _lastmod(at: str) -> str:
    return f"<lastmod>{at}</lastmod>" if at else ""


def paths(listing: Listing) -> list[str]:
    return [entry.url.removeprefix(HOME) for entry in listing.entries]


def files(listing: Listing) -> list[str]:
    return [url.removeprefix(HOME).removesuffix(".xml") for url in listing.nested]


def test_entries_are_taken_from_both_ends_and_the_others_are_doubtful() -> None:
    listing = sitemap([(f"s{number}", "") for number in range(16)], limit=4)
    assert paths(listing) == ["s15", "s0", "s14", "s1"]
    assert len(listing.doubtful) == listing.dropped == 12


def test_entries_of_one_day_are_taken_from_both_ends() -> None:
    lines = [("old", "2026-11-01"), *((f"s{number}", "2026-11-26") for number in range(5))]
    listing = sitemap(lines, limit=3)
    assert (paths(listing), listing.doubtful, listing.dropped) == (["s4", "s0", "s3"], (), 3)


def test_dates_come_first() -> None:
    lines = [("u0", ""), ("old", "2026-11-01"), ("u1", ""), ("new", "2026-11-02"), ("u2", "")]
    listing = sitemap(lines, limit=3)
    assert paths(listing) == ["new", "old", "u2"]
    assert [entry.url for entry in listing.doubtful] == [f"{HOME}u0", f"{HOME}u1"]


def test_the_time_at_which_a_sitemap_was_made_is_no_date_of_its_pages() -> None:
    lines = [(f"s{number}", "2026-11-26T06:00:11Z") for number in range(600)]
    lines[300] = ("changed", "2026-11-26T07:30:00Z")
    assert paths(sitemap(lines, limit=4)) == ["changed", "s599", "s0", "s598"]


def test_a_list_of_addresses_has_no_dates() -> None:
    text = "\n".join(f"{HOME}s{number}" for number in range(9)).encode()
    listing = discover(SourceKind.SITEMAP, text, HOME, content_type="text/plain", limit=2)
    assert (paths(listing), len(listing.doubtful)) == (["s8", "s0"], 7)


def test_of_files_without_dates_the_last_and_the_first_of_each_kind_come_first() -> None:
    listing = index(*((name, "") for name in ("post-1", "post-2", "post-3", "page-1", "tag-1", "tag-2")))
    assert files(listing) == ["post-3", "post-1", "page-1", "tag-2", "tag-1", "post-2"]
    assert listing.ends == 5


def test_of_files_with_dates_the_newest_come_first_and_those_of_one_date_are_alike() -> None:
    apart = index(("a-1", "2026-11-20"), ("a-2", "2026-11-21"), ("a-3", "2026-11-25"))
    assert (files(apart), apart.ends) == (["a-3", "a-2", "a-1"], 1)
    alike = index(("a-1", "2026-11-26"), ("a-2", "2026-11-26"), ("a-3", "2026-11-26"), ("b-1", "2026-11-20"))
    assert (files(alike), alike.ends) == (["a-3", "a-1", "a-2", "b-1"], 2)
