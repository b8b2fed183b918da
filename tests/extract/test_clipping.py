"""The clipping format: the seed, our own files, the broken ones, and what tells a teaser's rest from the body."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import LimitExceeded, NotAClipping
from scraper.extract import EXTRACTOR, parse_clipping
from scraper.model import Article, Kind, Zone

FIXTURES = Path(__file__).parents[2] / "fixtures"
SEED = FIXTURES / "seed" / "000_a7afc849934ed496.txt"
GOOD = sorted(path.parent for path in (FIXTURES / "clippings").glob("*/article.json"))
BROKEN = sorted(path.parent for path in (FIXTURES / "clippings").glob("broken-*/error.json"))


def record(article: Article) -> dict[str, str | None]:
    return {
        "url": article.url,
        "title": article.title,
        "published_at": article.published_at,
        "published_raw": article.published_raw,
        "published_zone": article.published_zone,
        "credit": article.credit,
        "body": article.body,
        "kind": article.kind,
    }


def clip(*paragraphs: str, credit: str = "A Person / An Agency") -> Article:
    parts = ("A Title", "January 19, 2022", credit, *paragraphs, "Original url: https://a.example/b")
    return parse_clipping("\n\n".join(part for part in parts if part).encode(), "x.txt")


def test_the_seed_is_read_field_by_field() -> None:
    article = parse_clipping(SEED.read_bytes(), SEED.name)

    assert record(article) == json.loads(SEED.with_suffix(".json").read_text(encoding="utf-8"))
    paragraphs = article.body.split("\n\n")
    assert len(paragraphs) == 9
    assert paragraphs[0].startswith("A Russian-led regional military bloc has completed")
    assert paragraphs[-1].endswith("quelling the violence.")
    assert article.kind is Kind.CLIPPING
    assert article.published_zone is Zone.NONE
    assert article.publisher is None
    assert article.word_count == 237
    assert article.extractor == EXTRACTOR
    assert article.body_markdown == article.body
    assert article.evidence == {
        "title": "clipping:title",
        "published_at": "clipping:date",
        "credit": "clipping:credit",
        "body": "clipping:paragraphs",
        "url": "clipping:original-url",
    }


def test_nothing_of_the_seed_teaser_and_credit_is_in_its_body() -> None:
    body = parse_clipping(SEED.read_bytes(), SEED.name).body
    for remnant in ("Related article", "Nazarbayev", "Post-Protest", "Avilov", "<u>", "</u>", "Original url"):
        assert remnant not in body


@pytest.mark.parametrize("folder", GOOD, ids=lambda folder: folder.name)
def test_our_own_clippings(folder: Path) -> None:
    article = parse_clipping((folder / "clipping.txt").read_bytes(), "clipping.txt")
    assert record(article) == json.loads((folder / "article.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", BROKEN, ids=lambda folder: folder.name)
def test_broken_clippings_say_where_and_what(folder: Path) -> None:
    expected = json.loads((folder / "error.json").read_text(encoding="utf-8"))
    with pytest.raises(NotAClipping) as caught:
        parse_clipping((folder / "clipping.txt").read_bytes(), "clipping.txt")
    assert {"error": type(caught.value).__name__, "message": str(caught.value)} == expected


def test_there_are_five_good_clippings() -> None:
    assert len(GOOD) == 5


def test_a_sentence_after_a_teaser_is_body() -> None:
    assert clip("Related article: A Headline", "A short sentence.").body == "A short sentence."


def test_a_teaser_that_is_closed_has_no_rest() -> None:
    assert clip("Related article: Is This the End?", "A Subheading", "Some text.").body == "A Subheading\n\nSome text."


def test_a_lower_case_rest_may_end_as_a_sentence() -> None:
    assert clip("Related article: Is This", "the end of it?", "Some text.").body == "Some text."


def test_a_long_or_listed_or_introducing_paragraph_is_no_rest() -> None:
    long = "Word " * 40 + "without an end"
    for text in (long, "- An item of a list", "He listed them:"):
        assert clip("Related article: A Headline", text, "Some text.").body == f"{text}\n\nSome text."


def test_two_teasers_in_a_row() -> None:
    assert clip("Related article: One", "Related article: Two", "and a Half", "Some text.").body == "Some text."


def test_tags_and_entities_go_but_other_angle_brackets_stay() -> None:
    assert clip("He <u>said</u> <a href='x'>so</a> &amp; left: 1 < 2, <Company>.").body == (
        "He said so & left: 1 < 2, <Company>."
    )


@pytest.mark.parametrize(
    "written",
    [
        "https://a.example/long-path-a1",
        "https://a.example/long-\npath-a1",
        "https://a.example/long-path-a 1",
        "https:// a.example/long-path-a1",
        "https://a.example/\n\nlong-path-a1",
        "https://a.exam\r\nple/long-path-a1",
        "https://a.example/long\u00ad-\u200bpath-a1",
        "<u>https://a.example/long-path-</u> <u>a1</u>",
        "<https://a.example/long-path-a1>",
    ],
)
def test_an_address_is_mended_wherever_it_broke(written: str) -> None:
    data = f"T\n\n2022-01-19\n\nSome text.\n\nOriginal URL:\n\n{written}\n"
    assert parse_clipping(data.encode(), "x").url == "https://a.example/long-path-a1"


@pytest.mark.parametrize(
    "line",
    ["19 January 2022", "2022-01-19", "Jan. 19, 2022", "Wednesday, January 19, 2022", "19.01.2022", "2022年1月19日"],
)
def test_other_forms_of_the_day(line: str) -> None:
    article = parse_clipping(f"T\n\n{line}\n\nSome text.\n\nOriginal url: https://a.example/b".encode(), "x")
    assert (article.published_at, article.published_raw, article.published_zone) == ("2022-01-19", line, Zone.NONE)


def test_a_date_line_holds_nothing_else() -> None:
    with pytest.raises(NotAClipping, match=r"x:3: .* is no date; expected a day such as"):
        parse_clipping(b"T\n\nSome words of January 19, 2022\n\nText.\n\nOriginal url: https://a.example/b", "x")


def test_a_clipping_has_a_bound() -> None:
    with pytest.raises(LimitExceeded):
        parse_clipping(b"x" * (10 * 2**20 + 1), "x")


@given(st.binary(max_size=300))
def test_random_bytes_are_refused_or_read(data: bytes) -> None:
    with contextlib.suppress(NotAClipping):
        assert parse_clipping(data, "x").body


@given(st.lists(st.text(max_size=60), max_size=8), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_random_paragraphs_make_a_body_without_empty_ones(paragraphs: list[str], codec: str) -> None:
    text = "\n\n".join(["T", "2022-01-19", *paragraphs, "Original url: https://a.example/b"])
    try:
        article = parse_clipping(text.encode(codec, "replace"), "x")
    except NotAClipping:
        return
    assert all(paragraph.strip() for paragraph in article.body.split("\n\n"))
