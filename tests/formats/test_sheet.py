from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from scraper.formats import sheet
from scraper.formats.record import stored_dict
from tests.formats.samples import ARTICLE, TEXT, stored

NASTY = [
    "=1+1",
    "+7 (495) 1",
    "-5 degrees",
    "@home",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1",
    'say "a", b',
    "two\nlines",
    "'='",
]


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline="")))


def test_every_cell_is_what_is_stored() -> None:
    (row,) = read("".join(sheet.lines([stored()])))
    record = stored_dict(stored())
    assert list(row) == list(sheet.COLUMNS)
    assert row["authors"] == "Ann Lee; Bo Ox"
    assert [row[name] for name in ("title", "body", "published_at")] == [
        record[name] for name in ("title", "body", "published_at")
    ]


@given(st.lists(TEXT | st.sampled_from(NASTY), min_size=1, max_size=4))
def test_any_text_is_read_back(titles: list[str]) -> None:
    written = sheet.lines(stored(replace(ARTICLE, title=title)) for title in titles)
    assert [row["title"] for row in read("".join(written))] == titles


def test_where_it_is_asked_no_cell_begins_as_a_formula() -> None:
    rows = read("".join(sheet.lines([stored(replace(ARTICLE, title=title)) for title in NASTY], safe=True)))
    assert [row["title"][0] for row in rows] == ["'"] * 8 + ["s", "t", "'"]
    assert [row["title"].removeprefix("'") for row in rows[:8]] == NASTY[:8]
    assert {row["id"] for row in rows} == {"1"}
