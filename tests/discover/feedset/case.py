"""A feed as bytes, and what a careful person reads in it."""

from __future__ import annotations

from dataclasses import dataclass

URL = "https://news.example/rss/all.xml"
Told = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Case:
    """``body`` came from ``url``. ``entries`` are addresses, titles and dates, newest first; None: this is no feed."""

    body: bytes
    entries: tuple[Told, ...] | None
    content_type: str = "application/rss+xml"
    url: str = URL


FERRY: Told = ("https://news.example/ferry", "Ferry back after storm", "2026-11-23T11:40:00Z")
BUDGET: Told = ("https://news.example/budget", "Council passes budget", "2026-11-22T18:05:00Z")
BOTH = (FERRY, BUDGET)


def item(link: str, title: str, date: str, more: str = "") -> str:
    """An RSS item."""
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate>{more}</item>\n"


FERRY_ITEM = item("https://news.example/ferry", "Ferry back after storm", "Mon, 23 Nov 2026 11:40:00 GMT")
BUDGET_ITEM = item("https://news.example/budget", "Council passes budget", "Sun, 22 Nov 2026 18:05:00 +0000")
ITEMS = FERRY_ITEM + BUDGET_ITEM
CHANNEL = "<title>Harbour News</title><link>https://news.example/</link><description>All the news</description>\n"
START = f'<?xml version="1.0"?>\n<rss version="2.0"><channel>{CHANNEL}'
END = "</channel></rss>\n"


def rss(items: str, entries: tuple[Told, ...] | None, **more: str) -> Case:
    """An RSS 2.0 feed of these items, in UTF-8."""
    return Case(f"{START}{items}{END}".encode(), entries, **more)


def told(text: str | bytes, entries: tuple[Told, ...] | None = BOTH, **more: str) -> Case:
    """A whole document."""
    return Case(text.encode() if isinstance(text, str) else text, entries, **more)


def titled(*pairs: tuple[str, str]) -> Case:
    """A feed whose titles are written and read so; its stories are /1, /2 and so on, a day apart."""
    days = range(23, 23 - len(pairs), -1)
    items = "".join(
        item(f"https://news.example/{number}", written, f"{day} Nov 2026 10:00:00 GMT")
        for number, day, (written, _) in zip(range(1, 99), days, pairs, strict=False)
    )
    entries = tuple(
        (f"https://news.example/{number}", read, f"2026-11-{day:02}T10:00:00Z")
        for number, day, (_, read) in zip(range(1, 99), days, pairs, strict=False)
    )
    return rss(items, entries)


def linked(*pairs: tuple[str, str | None], url: str = URL, head: str = "") -> Case:
    """A feed whose items hold this markup and mean this address (None: no entry); titles are 1, 2 and so on."""
    items = "".join(f"<item><title>{number}</title>{markup}</item>\n" for number, (markup, _) in enumerate(pairs, 1))
    entries = tuple((meant, str(number), None) for number, (_, meant) in enumerate(pairs, 1) if meant is not None)
    return Case(f"{START}{head}{items}{END}".encode(), entries, url=url)


def dated(*pairs: tuple[str, str | None]) -> Case:
    """A feed whose items hold this markup and were published then; their stories are /1, /2 and so on, in order."""
    items = "".join(
        f"<item><title>{number}</title><link>https://news.example/{number}</link>{markup}</item>\n"
        for number, (markup, _) in enumerate(pairs, 1)
    )
    entries = tuple((f"https://news.example/{number}", str(number), at) for number, (_, at) in enumerate(pairs, 1))
    return rss(items, entries)
