# ruff: noqa: RUF001 - articles in Arabic and Russian
"""An archive that looks lived in: a town's newspapers over a month, made up. For the browser, and for the pictures."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from scraper.dedupe import candidate
from scraper.model import Article, Attempt, Event, EventKind, Kind, Outcome, Page, Zone, instant
from scraper.store import Store
from scraper.store.alarms import Alarm

SOURCES = {
    "kestrel": "The Kestrel Valley Times",
    "harbour": "Harbour Gazette",
    "northline": "Northline Radio",
    "nahr": "صحيفة النهر",
    "vestnik": "Речной вестник",
}
_LEAD = "kestrel"


@dataclass(frozen=True, slots=True)
class Told:
    """A story as one outlet tells it."""

    source: str
    title: str
    summary: str
    body: str
    author: str
    section: str
    language: str = "en"


_BRIDGE = """The old road bridge over the Kestrel reopened on Wednesday morning, eleven weeks after flood water \
undermined its second pier.

The first vehicle across was the number 14 bus, driven by **Ines Calloway**, who has kept the route for nineteen \
years. “I was not going to let the mayor have it,” she said.

## What was done

Divers placed 340 tonnes of stone around the pier, and engineers from the county bored four new piles through the \
gravel. The work cost 2.1 million, of which the county pays two thirds.

- Lorries over 18 tonnes stay on the bypass until March.
- The footpath on the upstream side opens on Saturday.
- Sensors on both piers report to the [county's flood office](https://flood.kestrel.example/bridge) every minute.

> We have built it for the river that we have now, and not for the river of 1931.

That was how Oda Lindqvist, the county's engineer, put it. The next inspection is due after the spring thaw.

| Year | Flood level |
|---|---|
| 1931 | 4.1 m |
| 1998 | 4.6 m |
| 2026 | 5.2 m |
"""

_STORIES = (
    Told(
        "kestrel",
        "Old bridge reopens after eleven weeks",
        "The number 14 bus went first. Heavy lorries stay on the bypass until March.",
        _BRIDGE,
        "Mara Venn",
        "Valley",
    ),
    Told(
        "harbour",
        "Ferry company drops its plan for a winter timetable",
        "After 400 letters, the last boat will go at 22:10 all the year.",
        "The Harbour Line will keep its summer timetable until spring.\n\nSome 400 readers had written in.",
        "Tom Abara",
        "Harbour",
    ),
    Told(
        "northline",
        "Listeners choose a name for the second snow plough",
        "“Sir Salter” won by eleven votes.",
        "The town's new plough will be called Sir Salter.\n\nThe runner-up was Plough Ninety.",
        "June Okafor",
        "Town",
    ),
    Told(
        "nahr",
        "افتتاح المكتبة العامة الجديدة على ضفة النهر",
        "تضم المكتبة أربعين ألف كتاب وقاعة للأطفال.",
        "افتتحت البلدية صباح اليوم المكتبة الجديدة.\n\nوقالت المديرة إن الأبواب مفتوحة للجميع.",
        "ليلى حداد",
        "ثقافة",
        "ar",
    ),
    Told(
        "vestnik",
        "Утренний рынок в порту отметил столетие",
        "Шестьдесят лавок с рыбой и овощами открылись в пять утра.",
        "В воскресенье утренний рынок в порту отметил своё столетие.\n\nШестьдесят лавок открылись в пять часов утра.",
        "Анна Белова",
        "Город",
        "ru",
    ),
    Told(
        "harbour",
        "Council votes to plant 900 trees along the ring road",
        "Limes and hornbeams, from next autumn. The vote was 14 to 9.",
        "The council has voted to plant 900 trees.\n\nThe vote, on Tuesday night, was 14 to 9.",
        "Tom Abara",
        "Council",
    ),
    Told(
        "kestrel",
        "A dry September left the apple harvest a third short",
        "Growers say that the small fruit is the sweetest in years.",
        "The apple harvest of the valley is a third smaller than last year's.\n\nWhat there is, is sweet.",
        "Mara Venn",
        "Farming",
    ),
    Told(
        "northline",
        "School choir sings for the lighthouse keepers",
        "Forty voices, and a foghorn in B flat.",
        "Forty children sang at the lighthouse on Sunday.\n\nThe keepers answered with the foghorn.",
        "June Okafor",
        "Town",
    ),
)


def build(folder: Path, now: datetime) -> None:
    """Make the archive. Article 1 is the bridge: it was changed twice, and others copied it."""
    chance = random.Random(6)  # noqa: S311 - made-up news
    with Store(folder) as store:
        with store.transaction():
            rows = [
                {"name": name, "title": title, "url": f"https://{name}.example/feed", "kind": "feed", "enabled": 1}
                | {"language": None}
                for name, title in SOURCES.items()
            ]
            store.frontier.sync_sources(rows, instant(now))
            _polls(store, now)
            _month(store, now, chance)
        for place, told in enumerate(_STORIES):
            _keep(store, _article(told, now - timedelta(hours=1 + 5 * place)), told.source, now)
        bridge = _article(_STORIES[0], now - timedelta(hours=1))
        for source in ("harbour", "northline"):
            copy = replace(bridge, url=f"https://{source}.example/bridge", publisher=SOURCES[source])
            _keep(store, copy, source, now)
        _revise(store, bridge, now)


def _article(told: Told, at: datetime) -> Article:
    plain = re.sub(r"\]\(\S+\)|[*#>|\[]+ ?|-{3}", "", told.body)
    return Article(
        url=f"https://{told.source}.example/{len(told.title)}-{len(told.body)}",
        title=told.title,
        body=plain,
        body_markdown=told.body,
        published_at=instant(at),
        published_raw=f"{at:%d %B %Y, %H:%M}",
        published_zone=Zone.GIVEN,
        authors=(told.author,),
        summary=told.summary,
        section=told.section,
        tags=("kestrel river", "roads") if told.source == _LEAD else (),
        language=told.language,
        publisher=SOURCES[told.source],
        image_url=f"https://{told.source}.example/lead.jpg",
        image_caption="The bridge on Wednesday" if told.source == _LEAD else None,
        word_count=len(plain.split()),
        extractor="made-up/1",
        evidence={"title": "jsonld:headline", "published_at": "jsonld:datePublished", "authors": "meta:author"},
    )


def _keep(store: Store, article: Article, source: str, now: datetime) -> None:
    page = Page(article.url, article.url, 200, (("content-type", "text/html"),), article.body.encode(), now)
    saved = store.save(candidate(article), page, source, now - timedelta(minutes=20))
    done = Attempt(article.url, "page", Outcome.SAVED, "new", "stored", now, source, 200, 20_000, 0.3)
    store.note(replace(done, article_id=saved.article_id))


def _revise(store: Store, bridge: Article, now: datetime) -> None:
    """A number is corrected, then a paragraph is added and the headline changed."""
    corrected = _changed(bridge, "340 tonnes", "430 tonnes")
    grown = _changed(corrected, "is due after", "by an outside firm is due after")
    last = replace(grown, title="Old bridge reopens, with stronger piers, after eleven weeks")
    for minutes, article in ((10, corrected), (4, last)):
        store.save(candidate(article), None, _LEAD, now - timedelta(minutes=minutes))


def _changed(article: Article, old: str, new: str) -> Article:
    return replace(article, body=article.body.replace(old, new), body_markdown=article.body_markdown.replace(old, new))


def _polls(store: Store, now: datetime) -> None:
    for name in SOURCES:
        source = store.frontier.source(name)
        assert source is not None
        bad = name == "northline"
        outcome = Outcome.FAILED if bad else Outcome.SAVED
        detail = "503 Service Unavailable" if bad else "3 new entries"
        attempt = Attempt(f"https://{name}.example/feed", "feed", outcome, "server trouble", detail, now, name)
        good = now - timedelta(hours=26 if bad else 0, minutes=9)
        store.frontier.polled(
            source, attempt, last_fetched_at=instant(now), last_success_at=instant(good), last_new_at=instant(good),
            failures=5 if bad else 0, next_due=instant(now + timedelta(minutes=25)),
        )  # fmt: skip
        if bad:
            detail = "no good answer for 26 hours; the last one: 503 Service Unavailable"
            store.alarms.put(source.id, Alarm(EventKind.FAILING, instant(good), detail))
            store.events.add(Event(EventKind.FAILING, now, detail, name), tell=False)


def _month(store: Store, now: datetime, chance: random.Random) -> None:
    """Attempts of a month, which the chart and the troubles are made of."""
    for back in range(1, 30):
        day = now - timedelta(days=back)
        for name in SOURCES:
            for number in range(chance.randrange(2, 9 if day.weekday() < 5 else 4)):
                url = f"https://{name}.example/{back}/{number}"
                store.attempts.add(Attempt(url, "page", Outcome.SAVED, "new", "stored", day, name, 200, 20_000, 0.3))
    troubles = (
        (Outcome.SKIPPED, "robots.txt", "robots.txt does not allow it"),
        (Outcome.FAILED, "server trouble", "503 Service Unavailable"),
        (Outcome.SKIPPED, "paywall", "a wall that asks for a login stands before the text"),
    )
    for number in range(19):
        outcome, reason, detail = troubles[number % 7 % 3]
        url = f"https://northline.example/lost/{number}"
        store.attempts.add(Attempt(url, "page", outcome, reason, detail, now, "northline", 503, 0, 0.2))


def hostile(folder: Path, now: datetime) -> None:
    """One more article, whose every field tries to be a script."""
    script = "<script>document.title = 'stolen'</script><img src=x onerror=alert(1)>"
    article = Article(
        url="https://hostile.example/1",
        title=script,
        body=script,
        body_markdown=f"{script}\n\n[a](javascript:alert(1)) [b](data:text/html,x) ![c](https://track.example/p.gif)",
        summary=script,
        authors=(script,),
        tags=(script,),
        section=script,
        language='en" onload="alert(1)',
        publisher=script,
        image_url="javascript:alert(1)",
        published_raw=script,
        published_at=instant(now),
        published_zone=Zone.ASSUMED,
        kind=Kind.LIVE,
        evidence={script: script},
    )
    with Store(folder) as store:
        store.save(candidate(article), None, None, now)


def wordy(folder: Path, now: datetime) -> None:
    """One more article, in whose every field is a word longer than a phone is wide."""
    word = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 2
    article = Article(
        url=f"https://wordy.example/{word}",
        title=f"{word} tritt in Kraft",
        body=word,
        summary=word,
        authors=(word,),
        tags=(word,),
        section=word,
        language="de",
        publisher=word,
        published_at=instant(now),
        published_raw=word,
        evidence={"title": word},
    )
    with Store(folder) as store:
        store.save(candidate(article), None, None, now)
