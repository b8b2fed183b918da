from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.dedupe import clean_url, tracking, url_key
from scraper.dedupe.tracking import BY_VALUE, NAMES, PREFIXES, is_tracking

DATA = tomllib.loads(Path(tracking.__file__).with_name("tracking.toml").read_text(encoding="utf-8"))["adder"]

NEVER = """
    id p page pg story article artid article_id articleid art news news_id newsid nid aid docid doc itemid
    item_id contentid content post postid post_id v ver version rev revision lang language locale hl edition ed
    country region q query search term date day month year from_date to_date section cat category topic tag
    author type kind view mode format output outputtype print amp m mobile sort order start offset limit num nr
    no idxno seq guid uuid key slug path url u link title name file chapter part video image img gallery slide
    comment thread t f pid mid rid gid oid uid code issue volume vol number paper show episode event match team
    player symbol ticker isin rss feed channel entry tab step seite pagina pagenum pn st c i n k l w x y z
""".split()  # noqa: SIM905 - a hundred quoted words are harder to read and to add to
"""What says which page, text, edition, day or language it is, somewhere."""


@pytest.mark.parametrize("name", NEVER)
def test_what_says_which_page_it_is_is_in_no_list(name: str) -> None:
    assert name not in NAMES
    assert name not in BY_VALUE
    assert not name.startswith(PREFIXES)


def test_the_list_is_in_order() -> None:
    seen: set[str] = set()
    for adder in DATA:
        assert set(adder) <= {"who", "names", "prefixes", "values"}
        assert adder["who"]
        assert "values" not in adder or "prefixes" not in adder
        for name in (*adder.get("names", ()), *adder.get("prefixes", ())):
            assert name == name.lower()
            assert re.fullmatch(r"[\w.-]+", name)
        if "values" not in adder:
            fresh = set(adder.get("names", ()))
            assert not fresh & seen, "twice in the list"
            seen |= fresh
    assert not [name for name in seen if name.startswith(PREFIXES)], "a prefix has it already"
    assert not seen & set(BY_VALUE), "by its value, or always?"
    assert len(seen) > 200


def test_an_edition_of_google_news_is_no_reader_of_a_newsletter() -> None:
    assert is_tracking("ceid", "1234567")
    assert url_key("https://news.a.example/s?ceid=US%3Aen") == "news.a.example/s?ceid=US:en"


@pytest.mark.parametrize("name", sorted(set(BY_VALUE) - {"ceid"}))
def test_a_doubtful_name_stays_with_a_number_a_word_or_a_sentence(name: str) -> None:
    for value in ("7", "1234567", "harbour", "two words", "reuters", "politics", "2026-11-24", "en", "news", "a.b/c"):
        assert not is_tracking(name, value), value


def test_names_are_known_in_any_case_and_spelling() -> None:
    for parameter in (
        "UTM_Source=x",
        "%75tm_source=x",
        "amp;utm_source=x",
        "FBCLID=x",
        "WT.mc_id=x",
        "CMP=share_btn_tw",
    ):
        assert url_key(f"https://a.example/s?{parameter}") == "a.example/s"
        assert clean_url(f"https://a.example/s?{parameter}") == "https://a.example/s"


@given(st.sampled_from(sorted(NAMES)), st.text(st.characters(codec="ascii", exclude_characters="&#?"), max_size=10))
def test_a_tracking_parameter_never_counts(name: str, value: str) -> None:
    assert url_key(f"https://a.example/s?id=7&{name}={value}") == "a.example/s?id=7"
