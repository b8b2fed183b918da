from __future__ import annotations

from dataclasses import replace

import pytest

from scraper.dedupe import Action, Known, Move, candidate, content_hash, decide, url_key
from scraper.dedupe.ties import resembles
from scraper.dedupe.variants import page_of
from scraper.model import Address, Article, How, Kind, StoredArticle

OWN = "https://news.example/wall-to-be-repaired"
AMP = f"{OWN}/amp"
TEXT = "The council of the harbour town voted on Monday to repair the old breakwater before the storms return. "
BASE = Article(OWN, "Breakwater to be repaired", TEXT * 3, published_at="2026-11-24T10:00:00Z")
OTHER = replace(BASE, title="Bridge closed", body="Cars may not cross the river before May, as two piers are cracked.")


def stored(article: Article, number: int = 1, **how: str) -> StoredArticle:
    """An article; ``how`` says how an address is known, by the word that begins it in ``URLS``."""
    aliases = {URLS[name]: How(each) for name, each in how.items()}
    return StoredArticle(
        number, article, url_key(article.url), content_hash(article), 1, "", "", aliases=tuple(aliases), how=aliases
    )


LATEST = "https://news.example/latest"
URLS = {"amp": AMP, "latest": LATEST, "read": "https://news.example/read-here"}


@pytest.mark.parametrize(
    ("how", "action"),
    [
        ("asked", Action.INSERT), ("redirect", Action.INSERT), ("canonical", Action.INSERT), ("og:url", Action.INSERT),
        ("shared", Action.INSERT), ("answered", Action.REPLACE), ("text", Action.REPLACE), ("unknown", Action.REPLACE),
    ],
)  # fmt: skip
def test_an_alias_that_answers_with_another_story(how: str, action: Action) -> None:
    """Where the article was read itself, the story has changed; where it was only sent from there, it is another."""
    old = stored(BASE, latest=how)
    decision = decide(candidate(replace(OTHER, url=LATEST)), Known(by_url=old))
    assert decision.action is action
    if action is Action.INSERT:
        assert decision.url == LATEST
        assert decision.moves == (Move(1, lost=frozenset({"news.example/latest"})),)


def test_an_alias_that_answers_with_the_story_itself_is_that() -> None:
    changed = replace(BASE, url=LATEST, title="Work begins", body=BASE.body + "The first stones have come.")
    assert decide(candidate(changed), Known(by_url=stored(BASE, latest="redirect"))).action is Action.REPLACE


def claimed() -> StoredArticle:
    """An article that was read at one address, and stored under the one that its page named."""
    return stored(replace(OTHER, evidence={"url": "canonical", "url:read": URLS["read"]}), read="answered")


def test_an_address_that_was_only_named_goes_back_to_the_page_that_answers_there() -> None:
    decision = decide(candidate(BASE), Known(by_url=claimed()))
    assert (decision.action, decision.url) == (Action.INSERT, OWN)
    assert decision.moves == (Move(1, URLS["read"], lost=frozenset({url_key(OWN)})),)


def test_an_address_that_two_stories_name_is_nobodys() -> None:
    third = replace(BASE, url="https://news.example/third", canonical_url=OWN)
    decision = decide(candidate(third), Known(by_url=claimed()))
    assert (decision.action, decision.url) == (Action.INSERT, third.url)
    assert decision.moves == (Move(1, URLS["read"], How.SHARED),)
    assert OWN not in decision.aliases


def test_what_is_tied_to_two_is_the_one_that_it_is_like() -> None:
    astray, right = stored(replace(OTHER, url=LATEST), 1), stored(BASE, 2)
    new = candidate(replace(BASE, url=f"{OWN}-moved", canonical_url=OWN), [LATEST])
    known = Known(by_url=astray, taken=frozenset({url_key(OWN)}), others=(right,))
    assert decide(new, known).article_id == 2


@pytest.mark.parametrize(("day", "same"), [("2026-11-24", True), ("2026-11-25", False), (None, True)])
def test_of_a_serial_with_one_title_the_day_tells_the_parts_apart(day: str | None, same: bool) -> None:
    new = replace(OTHER, url="https://news.example/next", canonical_url=OWN, title=BASE.title, published_at=day)
    decision = decide(candidate(new), Known(by_url=stored(BASE)))
    assert (decision.article_id == 1) is same


def amp(**changes: object) -> Article:
    page = replace(BASE, url=AMP, canonical_url=OWN, body=TEXT * 2)
    return replace(page, **changes)  # type: ignore[arg-type] # names of fields


@pytest.mark.parametrize(
    ("was", "now", "outcome"),
    [
        ({}, {}, "unchanged"),
        ({"modified_at": "2026-11-24T11:00:00Z"}, {"modified_at": "2026-11-24T11:00:00Z"}, "unchanged"),
        ({"modified_at": "2026-11-24T11:00:00Z"}, {"modified_at": "2026-11-24T12:00:00Z"}, "revised"),
        ({"kind": Kind.TEASER}, {}, "revised"),
        ({"kind": Kind.CLIPPING}, {}, "revised"),
        ({"evidence": {"url": "canonical", "url:read": AMP}}, {}, "revised"),  # what is stored is an AMP page's, too
    ],
)
def test_a_variant_does_not_overwrite_what_its_page_says(
    was: dict[str, object], now: dict[str, object], outcome: str
) -> None:
    old = stored(replace(BASE, **was), amp="amp")  # type: ignore[arg-type] # names of fields
    assert decide(candidate(amp(**now)), Known(by_url=old)).outcome == outcome


def test_an_article_that_is_known_by_a_variants_address_moves_to_its_pages() -> None:
    old = stored(replace(BASE, url=AMP))
    plain = replace(BASE, addresses=(Address(AMP, How.AMP),))
    decision = decide(candidate(plain), Known(by_url=old))
    assert decision.moves == (Move(1, OWN, How.AMP),)
    assert decision.aliases == ()
    again = decide(candidate(amp()), Known(by_url=old))  # the AMP page itself comes to name its plain one
    assert again.moves == (Move(1, OWN, How.AMP, read=AMP),)
    taken = decide(candidate(amp()), Known(by_url=old, taken=frozenset({url_key(OWN)})))
    assert taken.moves == ()


def test_an_address_that_a_page_names_anew_makes_it_no_duplicate() -> None:
    decision = decide(candidate(replace(BASE, addresses=(Address(AMP, How.AMP),))), Known(by_url=stored(BASE)))
    assert (decision.outcome, decision.aliases) == ("unchanged", (AMP,))


def part(number: int, **changes: object) -> Article:
    """A page of an article in parts, all of which name the first."""
    url = OWN if number == 1 else f"{OWN}?page={number}"
    return replace(BASE, url=url, canonical_url=OWN, body=f"Part {number}. {TEXT}", **changes)  # type: ignore[arg-type]


def read_at(url: str, number: int) -> StoredArticle:
    """An article whose text was read at a further page of it."""
    found = replace(part(number), url=OWN, evidence={"url": "canonical", "url:read": url})
    return replace(stored(found), aliases=(url,), how={url: How.ANSWERED})


def test_a_further_page_does_not_overwrite_the_first() -> None:
    first = decide(candidate(part(2)), Known(by_url=stored(part(1))))
    assert (first.action, first.outcome, first.aliases) == (Action.TOUCH, "duplicate", (f"{OWN}?page=2",))
    known = replace(stored(part(1)), aliases=(f"{OWN}?page=2",), how={f"{OWN}?page=2": How.ANSWERED})
    again = decide(candidate(part(2)), Known(by_url=known))
    assert (again.action, again.outcome, again.reason) == (Action.TOUCH, "unchanged", "page")


def test_the_first_page_overwrites_a_further_one_and_an_earlier_one_a_later() -> None:
    third = read_at(f"{OWN}?page=3", 3)
    assert decide(candidate(part(1)), Known(by_url=third)).outcome == "revised"
    assert decide(candidate(part(2)), Known(by_url=third)).outcome == "revised"
    assert decide(candidate(part(4)), Known(by_url=third)).outcome == "duplicate"
    changed = replace(part(3), body=f"Part 3. {TEXT}{TEXT}")  # that page itself may change
    assert decide(candidate(changed), Known(by_url=third)).outcome == "revised"


@pytest.mark.parametrize(
    ("url", "article", "number"),
    [
        (OWN, OWN, 1), (f"{OWN}?page=2", OWN, 2), (f"{OWN}?a=1&seite=3", f"{OWN}?a=1", 3), (f"{OWN}/2/", OWN, 2),
        (f"{OWN}/page/12", OWN, 12), (f"{OWN}/seite-2", OWN, 2), (f"{OWN}?page=0", f"{OWN}?page=0", 1),
        (f"{OWN}?id=2", f"{OWN}?id=2", 1), ("https://news.example/2", "https://news.example/2", 1),
        ("https://news.example/2026", "https://news.example/2026", 1), (f"{OWN}/2026", f"{OWN}/2026", 1),
    ],
)  # fmt: skip
def test_the_number_of_a_page(url: str, article: str, number: int) -> None:
    assert page_of(url) == (url_key(article), number)


JAPANESE = "港の町の議会は月曜日に古い防波堤を修理することを決めた。"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (TEXT, TEXT * 2, True),
        (TEXT, TEXT.upper().replace(" ", "\n"), True),
        (BASE.body, OTHER.body, False),
        ("", "", True),
        ("", TEXT, False),
        (
            "港の町の議会は月曜日に古い防波堤を修理することを決めた。",
            "港の町の議会は月曜日に古い防波堤を修理することを決めた。以上",
            True,
        ),
        (
            "港の町の議会は月曜日に古い防波堤を修理することを決めた。",
            "橋は五月まで車両通行止めとなり、二本の橋脚に亀裂が見つかった。",
            False,
        ),
    ],
)
def test_texts_resemble_each_other_in_any_script(one: str, other: str, alike: bool) -> None:
    assert resembles(one, other) is resembles(other, one) is alike
