"""Made-up news by seed: as many articles as a benchmark wants, with the statistics that matter to an index.

Words follow Zipf's law over a vocabulary of 150,000 (in English news text the n-th word is about 1 / (n + 2.7) as
common); an article has a subject, whose words recur in its headline and its body; lengths spread as in news (a median
of 330 words). One in ten is a wire report that another outlet ran before, lightly edited or cut. One in twenty-five
is written in Chinese characters. The n-th article is the same whatever came before it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from html import escape
from itertools import accumulate

from scraper.model import Article, Page, Zone, instant

_WORDS = 150_000
_COMMON = 60  # the first so many words carry no subject, as "the" and "said" do not
_FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 3_500)]  # as many as are in common use


@dataclass(frozen=True)
class Press:
    """What ``outlets`` outlets publish, ``daily`` articles a day between them."""

    seed: int = 1
    outlets: int = 200
    daily: int = 10_000
    _vocabulary: list[str] = field(default_factory=lambda: _vocabulary(_WORDS), repr=False)

    def articles(self, count: int, first: int = 0) -> Iterator[Article]:
        """So many articles in the order in which they are published."""
        return (self.article(number) for number in range(first, first + count))

    def article(self, number: int) -> Article:
        """The ``number``-th article; a copy says so in its credit."""
        chance = random.Random(f"{self.seed}:{number}")  # noqa: S311 - made-up news
        if number > 300 and chance.random() < 0.1:
            return self._copy(number, number - chance.randrange(1, 300), chance)
        return self._own(number)

    def page(self, article: Article) -> Page:
        """The page that an article came from: a frame of some 20 KB around it, as a small outlet's pages have."""
        paragraphs = "".join(f"<p>{escape(text)}</p>\n" for text in article.body.split("\n\n"))
        links = "".join(f'<li><a href="/{word}/{n}">{word}</a></li>\n' for n, word in enumerate(self._frame))
        body = (
            f"<!doctype html><html><head><title>{escape(article.title)}</title>"
            f'<meta property="article:published_time" content="{article.published_at}"></head><body><nav><ul>\n{links}'
            f"</ul></nav><article><h1>{escape(article.title)}</h1>\n{paragraphs}</article></body></html>"
        ).encode()
        at = datetime.fromisoformat(article.published_at or "") + timedelta(minutes=7)
        headers = (("content-type", "text/html; charset=utf-8"), ("etag", f'"{len(body)}"'), ("server", "press"))
        return Page(article.url, article.url, 200, headers, body, at, 0.2, (), (("user-agent", "press"),))

    def _own(self, number: int) -> Article:
        chance = random.Random(f"{self.seed}:{number}:own")  # noqa: S311 - made-up news
        outlet = number % self.outlets
        at = _FIRST_DAY + timedelta(days=1) / self.daily * number
        if number % 25 == 24:
            title, body, language = *_chinese(chance), "zh"
        else:
            title, body, language = *self._text(chance), "en"
        return Article(
            url=f"https://outlet{outlet}.example/{at:%Y/%m/%d}/{number}-{self._vocabulary[number % _WORDS]}",
            title=title,
            body=body,
            body_markdown=body,
            published_at=instant(at),
            published_raw=instant(at),
            published_zone=Zone.GIVEN,
            authors=(self._name(chance),),
            summary=body[:150],
            section=self._vocabulary[200 + chance.randrange(12)],
            tags=tuple(self._vocabulary[300 + chance.randrange(900)] for _ in range(3)),
            language=language,
            publisher=f"Outlet {outlet}",
            word_count=len(body.split()),
            extractor="press",
            evidence={"title": "jsonld:headline", "published_at": "jsonld:datePublished", "body": "blocks"},
        )

    def _copy(self, number: int, of: int, chance: random.Random) -> Article:
        wire, own = self._own(of), self._own(number)
        paragraphs = wire.body.split("\n\n")
        kept = paragraphs[: max(2, math.ceil(len(paragraphs) * chance.choice((1, 1, 1, 0.8, 0.6))))]
        if chance.random() < 0.5:
            kept.append(own.body.split("\n\n")[0])
        title = wire.title if chance.random() < 0.4 else own.title
        body = "\n\n".join(kept)
        return replace(
            own, title=title, body=body, body_markdown=body, summary=body[:150], language=wire.language,
            word_count=len(body.split()), credit=f"copy of {of}",
        )  # fmt: skip

    def _text(self, chance: random.Random) -> tuple[str, str]:
        subject = [self._vocabulary[int(_COMMON * (_WORDS / _COMMON / 3) ** chance.random())] for _ in range(25)]
        headline = chance.sample(subject, 6) + chance.choices(self._vocabulary[:_COMMON], k=2)
        chance.shuffle(headline)
        words = max(60, int(chance.lognormvariate(math.log(330), 0.6)))
        text = chance.choices(self._vocabulary, cum_weights=self._weights, k=words)
        for place in range(0, words, 9):
            text[place] = chance.choice(subject)
        paragraphs, at = [], 0
        while at < words:
            length = chance.randrange(25, 70)
            paragraphs.append(" ".join(text[at : at + length]).capitalize() + ".")
            at += length
        return " ".join(headline).capitalize(), "\n\n".join(paragraphs)

    def _name(self, chance: random.Random) -> str:
        first, last = (self._vocabulary[1_000 + chance.randrange(3_000)].capitalize() for _ in range(2))
        return f"{first} {last}"

    @cached_property
    def _weights(self) -> list[float]:
        return list(accumulate(1 / (rank + 2.7) for rank in range(1, _WORDS + 1)))

    @cached_property
    def _frame(self) -> list[str]:
        return self._vocabulary[5_000:5_400]


def _chinese(chance: random.Random) -> tuple[str, str]:
    def run(length: int) -> str:
        return "".join(_HAN[int(len(_HAN) * chance.random() ** 3)] for _ in range(length))

    def paragraph() -> str:
        return "\uff0c".join(run(chance.randrange(6, 14)) for _ in range(8)) + "\u3002"

    paragraphs = [paragraph() for _ in range(chance.randrange(3, 14))]
    return run(18), "\n\n".join(paragraphs)


def _vocabulary(count: int) -> list[str]:
    """Words that can be pronounced, shorter ones first, as common words are short."""
    sounds = [a + b for a in "bdfghklmnprstvz" for b in "aeiou"]
    words, longer = list(sounds), sounds
    while len(words) < count:
        longer = [word + sound for word in longer for sound in sounds]
        drawn = random.Random(len(words))  # noqa: S311 - made-up news
        words += drawn.sample(longer, min(len(longer), count - len(words)))
    return words[:count]
