"""What is different on a page from one fetch to the next although nobody edited its article.

Each kind has texts and forms of which one half is for tuning and the other is held out: a ``Texts`` is given the half.
"""

# ruff: noqa: RUF001 - the world's alphabets

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.benchmarks.edits.pages import Served

_CLASS = re.compile(r"""(<(?:div|p|section|article|span|aside|main)\b[^>]*?\bclass=["'][^"']*)(["'])""")
_TEXT = re.compile(r">([^<]+)<")

CLOCKS = {
    "en": ("Updated {n} minutes ago", "Last updated: {d} November 2026, {h}:{m} GMT", "{n} minutes ago",
           "Published Nov {d}, 2026 at {h}:{m} a.m. ET", "Last updated {h}:{m}, {d} Nov 2026", "Posted {n} hours ago"),
    "de": ("Stand: {d}.11.2026, {h}:{m} Uhr", "Aktualisiert am {d}. November 2026, {h}:{m} Uhr", "vor {n} Minuten",
           "Zuletzt aktualisiert vor {n} Minuten"),
    "fr": ("Mis à jour le {d} novembre 2026 à {h}h{m}", "Publié il y a {n} minutes", "Modifié le {d}/11/2026 à {h}:{m}",
           "Mis à jour il y a {n} heures"),
    "es": ("Actualizado hace {n} minutos", "Actualizado el {d} de noviembre de 2026 a las {h}:{m}",
           "Última actualización: {d}/11/2026 {h}:{m}", "Publicado hace {n} horas"),
    "it": ("Aggiornato alle {h}:{m} del {d} novembre 2026", "Ultimo aggiornamento: {d} novembre 2026 ore {h}:{m}"),
    "pt": ("Atualizado há {n} minutos", "Atualizado em {d}/11/2026 às {h}h{m}"),
    "ru": ("Обновлено {n} минут назад", "Обновлено: {d} ноября 2026, {h}:{m}"),
    "ja": ("最終更新:2026年11月{d}日 {h}時{m}分", "{n}分前に更新"),
    "zh": ("更新时间:2026年11月{d}日 {h}:{m}", "{n}分钟前更新"),
    "pl": ("Aktualizacja: {d} listopada 2026, {h}:{m}", "{n} minut temu"),
    "sv": ("Uppdaterad {d} november 2026 kl. {h}:{m}", "Publicerad för {n} minuter sedan"),
    "nl": ("Laatst bijgewerkt: {d} november 2026 {h}:{m}", "{n} minuten geleden"),
    "tr": ("Güncelleme: {d} Kasım 2026 {h}:{m}", "{n} dakika önce"),
}  # fmt: skip
HEADLINES = (
    "Ferry company to cut winter sailings from December", "Mayor rejects calls for a second inquiry",
    "Why the price of bread is rising again", "Three schools to close after flood damage",
    "Minister quits over travel expenses", "In pictures: the first snow of the year",
    "Farmers block motorway for the third day", "New tram line opens two years late",
    "Court hears appeal in poisoning case", "How a village saved its only shop",
)  # fmt: skip
PROMOS = (
    "Sign up for our morning newsletter and never miss a story", "Read more: {headline}",
    "Subscribe to our newsletter for the day's top stories", "READ ALSO: {headline}", "Follow us on Instagram and X",
    "See also: {headline}", "Download our app for breaking news alerts", "Related: {headline}",
    "Support independent journalism: become a member today", "Don't miss: {headline}",
    "Get the latest headlines in your inbox every day", "More on this story: {headline}",
)  # fmt: skip
COUNTERS = (
    "{n} comments", "{n}.{m}K shares", "{n} Shares", "Comments ({n})", "{n} people read this", "{n}k views",
    "Shared {n} times", "{n} likes",
)  # fmt: skip
READING = ("{n} min read", "Reading time: {n} minutes", "{n}-minute read", "Read time: {n} mins")
TICKERS = (
    "FTSE 7,{m}1.3 +0.{n}%", "Weather: {n}°C, cloudy", "EUR/USD 1.0{m} -0.{n}%", "London {n}°C",
    "DAX 15.{m}2,4 ▲ 0,{n} %", "Brent {n}.{m} ▼ 1.2%",
)  # fmt: skip


@dataclass(frozen=True)
class Texts:
    """A half of the texts: 0 for tuning, 1 held out, None for both; filled by chance."""

    half: int | None
    random: Random

    def one(self, texts: tuple[str, ...]) -> str:
        """One of them, with its numbers."""
        chosen = self.random.choice(texts if self.half is None else texts[self.half :: 2])
        headline = self.random.choice(HEADLINES if self.half is None else HEADLINES[self.half :: 2])
        pick = self.random.randint
        return chosen.format(n=pick(2, 59), d=pick(1, 28), h=pick(10, 23), m=pick(10, 59), headline=headline)


Noise = Callable[[Served, Texts], Served]


def _beside(page: Served, texts: Texts, block: str, *, first: bool = False) -> Served:
    """With a block before the body, or behind one of its paragraphs."""
    if first:
        return page.altered(page.elements[0], block + "\n" + page.elements[0])
    element = texts.random.choice(page.elements[:-1])
    return page.altered(element, element + "\n" + block)


def clock(page: Served, texts: Texts) -> Served:
    text = texts.one(CLOCKS.get(page.language, CLOCKS["en"]))
    form = texts.one(('<p class="date-updated">{{}}</p>', "<p>{{}}</p>", "<div>{{}}</div>", "<p><em>{{}}</em></p>"))
    return _beside(page, texts, form.format(text), first=True)


def promo(page: Served, texts: Texts) -> Served:
    if texts.random.random() < 0.3:
        return page  # it is not there every time
    form = texts.one(("<p><strong>{{}}</strong></p>", "<p>{{}}</p>", '<p><a href="/x">{{}}</a></p>', "<div>{{}}</div>"))
    return _beside(page, texts, form.format(texts.one(PROMOS)))


def related(page: Served, texts: Texts) -> Served:
    links = "".join(f'<li><a href="/n/{n}">{texts.one(HEADLINES)}</a></li>' for n in range(3))
    form = texts.one(
        (
            '<div class="related"><h3>Related</h3><ul>{{}}</ul></div>',
            "<ul>{{}}</ul>",
            "<h3>More stories</h3><ul>{{}}</ul>",
        )
    )
    return _beside(page, texts, form.format(links))


def linked(page: Served, texts: Texts) -> Served:
    return _beside(page, texts, f'<p><a href="/n/{texts.random.randrange(99)}">{texts.one(HEADLINES)}</a></p>')


def counter(page: Served, texts: Texts) -> Served:
    form = texts.one(("<p>{{}}</p>", '<span class="count">{{}}</span>', "<div>{{}}</div>"))
    return _beside(page, texts, form.format(texts.one(COUNTERS)), first=True)


def reading(page: Served, texts: Texts) -> Served:
    return _beside(page, texts, f"<p>{texts.one(READING)}</p>", first=True)


def advertisement(page: Served, texts: Texts) -> Served:
    if texts.random.random() < 0.5:
        return page
    label = texts.one(("Advertisement", "ADVERTISEMENT", "Sponsored", "Story continues below advertisement"))
    number = texts.random.randrange(10**9)
    form = texts.one(('<div class="ad" id="ad-{{0}}">{{1}}<iframe src="/ad/{{0}}"></iframe></div>', "<p>{{1}}</p>"))
    return _beside(page, texts, form.format(number, label))


def ticker(page: Served, texts: Texts) -> Served:
    return _beside(page, texts, f"<p>{texts.one(TICKERS)}</p>", first=texts.random.random() < 0.5)


def nonce(page: Served, texts: Texts) -> Served:
    token = f"{texts.random.getrandbits(64):x}"
    script = f'<meta name="csrf-token" content="{token}"><script nonce="{token}">window.s={{"id":"{token}"}}</script>'
    return page.with_html(page.html.replace("</head>", f"{script}</head>", 1))


def classes(page: Served, texts: Texts) -> Served:
    return page.with_html(
        _CLASS.sub(lambda found: f"{found[1]} css-{texts.random.getrandbits(24):x}{found[2]}", page.html)
    )


def white_space(page: Served, texts: Texts) -> Served:
    def spaced(element: str) -> str:
        start = element.index(">") + 1
        gaps = ("\n  ", "  ", "\u00a0", " ")
        return element[:start] + _TEXT.sub(
            lambda found: ">" + re.sub(" ", lambda _: texts.random.choice(gaps), found[1]) + "<", ">" + element[start:]
        ).removeprefix(">")

    for element in page.elements[:6]:
        page = page.with_html(page.html.replace(element, spaced(element)))
    return page


def typography(page: Served, texts: Texts) -> Served:
    swaps = (
        ("’", "'"),
        ("“", '"'),
        ("”", '"'),
        (" – ", " — "),
        ("—", "--"),
        ("...", "…"),
        ("fi", "ﬁ"),
        ("tion", "ti\u00adon"),
    )
    for element in page.elements:
        start, end = element.index(">") + 1, element.rindex("<")
        text = element[start:end]
        for one, other in swaps if texts.half is None else swaps[texts.half :: 2]:
            if texts.random.random() < 0.5 and "<" not in text:
                text = text.replace(one, other)
        page = page.with_html(page.html.replace(element, element[:start] + text + element[end:]))
    return page


def boxes(page: Served, texts: Texts) -> Served:
    made = [
        f'<aside class="box"><h4>{title}</h4><p>{texts.one(HEADLINES)}</p></aside>'
        for title in ("Most read", "Opinion", "From the archive")
    ]
    texts.random.shuffle(made)
    return page.with_html(page.html.replace("</body>", "".join(made) + "</body>", 1))


NOISE: dict[str, Noise] = {
    "clock": clock,
    "promotion": promo,
    "related stories": related,
    "linked headline": linked,
    "counter": counter,
    "reading time": reading,
    "advertisement": advertisement,
    "ticker": ticker,
    "nonce": nonce,
    "class hashes": classes,
    "white space": white_space,
    "typography": typography,
    "boxes": boxes,
}
_LAST = ("white space", "typography")


def noisy(page: Served, texts: Texts, names: tuple[str, ...]) -> Served:
    """A page with these kinds of noise; those that change its paragraphs' sources come last."""
    for name in sorted(names, key=_LAST.__contains__):
        page = NOISE[name](page, texts)
    return page
