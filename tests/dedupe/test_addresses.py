from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.dedupe import candidate, url_key
from scraper.model import Address, Article, How

STORY = "https://www.news.example/politics/breakwater-to-be-repaired"
BASE = Article(STORY, "Breakwater to be repaired", "The council voted on Monday.")


def named(url: str, *addresses: tuple[str, How], at: str = STORY) -> Article:
    return replace(BASE, url=at, canonical_url=url or None, addresses=tuple(Address(*each) for each in addresses))


@pytest.mark.parametrize(
    ("says", "own"),
    [
        (
            "https://www.news.example/politics/wall-to-be-repaired",
            "https://www.news.example/politics/wall-to-be-repaired",
        ),
        ("http://www.news.example/politics/breakwater-to-be-repaired", STORY),  # an old template
        ("https://news.example/politics/breakwater-to-be-repaired/", f"{STORY.replace('www.', '')}/"),
        (f"{STORY}?utm_source=canonical#top", STORY),
        ("https://www.news.example/", STORY),
        ("https://www.news.example/en", STORY),
        ("https://www.news.example/de-at/", STORY),
        ("https://www.news.example/home", STORY),
        ("https://www.news.example/404.html", STORY),
        ("https://www.news.example/politics", STORY),
        ("https://www.news.example/politics/", STORY),
        ("https://wire.example/politics/breakwater-to-be-repaired", STORY),
    ],
)
def test_what_a_page_says_of_its_own_address(says: str, own: str) -> None:
    assert candidate(named(says)).article.url == own


@pytest.mark.parametrize(
    ("at", "says", "believed"),
    [
        ("https://news.example/article.php?id=7", "https://news.example/article.php", False),
        ("https://news.example/view.html?idxno=331", "https://news.example/view.html", False),
        ("https://news.example/?p=8812", "https://news.example/2026/wall", True),
        ("https://news.example/wall-to-be-repaired?postid=7", "https://news.example/wall-to-be-repaired", True),
        ("https://news.example/story?view=full", "https://news.example/story", True),
        ("https://news.example/story?sessionid=7", "https://news.example/story", True),
        ("https://news.example/app#!/news/7", "https://news.example/app", False),
        ("https://news.example/2026/11/24/a-wall-in-the-sea", "https://news.example/2026/11", False),
        ("https://news.example/harbour/amp", "https://news.example/harbour", True),
        ("https://news.example/harbour/wall-to-be-repaired/amp", "https://news.example/harbour", False),
        ("https://amp.news.example/a/7", "https://edition.news.example/wall-to-be-repaired", True),
        ("https://m.news.example/a/7", "https://news.example/wall-to-be-repaired", True),
        ("https://de.news.example/a/7", "https://fr.news.example/wall-to-be-repaired", False),
    ],
)
def test_which_addresses_can_be_right(at: str, says: str, believed: bool) -> None:
    assert (candidate(named(says, at=at)).article.url == says) is believed


def test_the_next_best_is_believed_where_the_first_is_not() -> None:
    other = "https://www.news.example/politics/wall"
    new = candidate(named("https://www.news.example/", (f"{other}?utm_source=og", How.OG_URL)))
    assert new.article.url == other
    assert new.how[other] is How.OG_URL
    assert new.article.evidence == {"url": "og:url", "url:read": STORY}


def test_how_each_address_is_known() -> None:
    plain, amp, mobile = (f"https://{host}.news.example/wall" for host in ("www", "amp", "m"))
    page = named(plain, (amp, How.AMP), (mobile, How.MOBILE), ("https://www.news.example/w", How.OG_URL), at=amp)
    asked, hop = "https://t.example/abc", "https://t.example/def"
    new = candidate(page, [asked, asked, hop, amp])
    assert new.addresses == (plain, amp, asked, hop, "https://www.news.example/w", mobile)
    assert new.how == {
        plain: How.CANONICAL, amp: How.AMP, asked: How.ASKED, hop: How.REDIRECT,
        "https://www.news.example/w": How.OG_URL, mobile: How.MOBILE,
    }  # fmt: skip
    assert new.variant is How.AMP
    assert [url for url in new.addresses if new.led(url)] == [amp, asked, hop]


def test_a_page_that_calls_itself_its_variant_is_none() -> None:
    new = candidate(named(STORY, (STORY, How.AMP)))
    assert (new.variant, new.addresses) == (None, (STORY,))


@pytest.mark.parametrize("how", [How.AMP, How.MOBILE])
@pytest.mark.parametrize(
    "lie", ["https://www.news.example/", "https://amp.wire.example/wall", "https://m.news.example"]
)
def test_no_variant_is_at_another_outlet_or_on_the_front_page(how: How, lie: str) -> None:
    assert candidate(named("", (lie, how))).addresses == (STORY,)


@pytest.mark.parametrize(
    ("addresses", "original"),
    [
        ([("https://wire.example/a/7?utm_source=x", How.CANONICAL)], "https://wire.example/a/7"),
        (
            [("https://wire.example/a/7", How.CANONICAL), ("https://first.example/b", How.SOURCE)],
            "https://first.example/b",
        ),
        ([(STORY, How.SOURCE)], None),
        ([("https://wire.example/", How.CANONICAL)], None),
        ([("https://wire.example/amp/7", How.AMP)], None),
        ([("https://m.news.example/a/7", How.CANONICAL)], None),
    ],
)
def test_another_outlets_address_says_that_it_is_a_copy(addresses: list[tuple[str, How]], original: str | None) -> None:
    new = candidate(named("", *addresses))
    assert new.says_copy_of == original
    assert original not in new.addresses


urls = st.text(max_size=20).map("https://news.example/{}".format) | st.text(max_size=20)
addresses = st.lists(st.builds(Address, urls, st.sampled_from(How)), max_size=5).map(tuple)


@settings(deadline=None)
@given(addresses, st.none() | urls)
def test_no_address_is_too_strange(said: tuple[Address, ...], canonical: str | None) -> None:
    new = candidate(replace(BASE, addresses=said, canonical_url=canonical), [STORY])
    assert new.addresses[0] == new.article.url
    assert new.answered == STORY
    assert set(new.how) == set(new.addresses)
    assert url_key(STORY) in new.keys
