"""Texts that share their wording and are no copies: two days of one series, made up by seed.

A series is a form with slots (``[team1]``, ``[n:1-40]``): markets, matches, weather and the like, as agencies and local
papers write them. A name that comes again within one text is the same name; ``[a|b|c]`` is drawn once a text.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_SLOT = re.compile(r"\[([^\[\]]+)\]")

_FORMS = Path(__file__).parent / "forms"
_FIRST = ("Anna", "Tom", "Maria", "Jonas", "Priya", "Kofi", "Elena", "Marcus", "Yuki", "Sara", "Omar", "Greta", "Luis")
_LAST = ("Weber", "Okafor", "Lindqvist", "Moreau", "Tanaka", "Silva", "Novak", "Hughes", "Rahman", "Costa", "Petrov")
_NAMES = {
    "team": ("Kestrel Rovers", "Northport United", "Aldham Town", "Vale City", "Marbeck Athletic", "Oxley County"),
    "town": (
        "Northport",
        "Aldham",
        "Marbeck",
        "Fennick",
        "Tarn",
        "Oxley",
        "Kestrel",
        "Harrowgate",
        "Stenbury",
        "Dunmere",
    ),
    "firm": (
        "Halvard Energy",
        "Meridian Foods",
        "Castor Systems",
        "Blue Anchor Shipping",
        "Orrin Pharma",
        "Tallis Motors",
    ),
    "street": ("Mill Lane", "Station Road", "High Street", "Quay Street", "Chapel Hill", "Park Avenue", "London Road"),
    "weekday": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "month": ("January", "March", "April", "May", "June", "July", "August", "October", "November", "December"),
}
FORMS = ("markets", "matches", "weather", "earnings", "horoscopes", "obituaries", "courts", "traffic", "corrections")
HELD_OUT = frozenset({"earnings", "courts", "traffic"})
"""The forms that nothing is tuned on."""


class _Filling:
    """One text's values: a name that comes again is the same."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._known: dict[str, str] = {}

    def __call__(self, match: re.Match[str]) -> str:
        slot = str(match[1])
        if "|" in slot:
            return self._rng.choice(slot.split("|"))
        kind, _, span = slot.partition(":")
        if span:
            low, high = map(int, span.split("-"))
            number = self._rng.randint(low, high)
            return f"{number}.{self._rng.randint(1, 99)}" if kind == "p" else str(number)
        if slot not in self._known or kind[-1].isalpha():
            self._known[slot] = self._name(kind.rstrip("0123456789"))
        return self._known[slot]

    def _name(self, kind: str) -> str:
        if kind == "name":
            return f"{self._rng.choice(_FIRST)} {self._rng.choice(_LAST)}"
        return self._rng.choice(_NAMES[kind])


def filled(form: str, rng: random.Random) -> str:
    return _SLOT.sub(_Filling(rng), form)


def live_update(rng: random.Random) -> str:
    """One day of a running story: new at its beginning, the same background at its end."""
    news = [filled(text, rng) for text in rng.sample(_form("developments").split("\n\n"), 6)]
    return "\n\n".join([*news, _form("background")])


def pairs(rng: random.Random, count: int, *, tuning: bool) -> Iterator[tuple[str, str, str]]:
    """So many pairs a class: the class, and two texts that are not copies."""
    for name in FORMS:
        if tuning and name in HELD_OUT:
            continue
        for _ in range(count):
            yield name, filled(_form(name), rng), filled(_form(name), rng)
    for _ in range(count):
        yield "live updates", live_update(rng), live_update(rng)
        yield ("translated", *translated(rng.randrange(10**9)))


def translated(seed: int) -> tuple[str, str]:
    """The same report, with the same names and numbers, in two languages."""
    one, other = _by(seed).sample(("en", "de", "fr", "es"), 2)
    return filled(_form(f"ferry.{one}"), _by(seed)), filled(_form(f"ferry.{other}"), _by(seed))


def _by(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - made-up texts


@cache
def _form(name: str) -> str:
    return (_FORMS / f"{name}.txt").read_text(encoding="utf-8").strip()
