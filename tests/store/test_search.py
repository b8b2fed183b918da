# ruff: noqa: RUF001 - words of many scripts look like each other
from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from scraper.errors import BadUsage
from scraper.store import Filters, Hit, Store, migrations
from tests.store.samples import BASE, LATER, NOW, article, rows, run_sql, save, source

optional = st.none() | st.text(st.characters())  # NULs and lone surrogates too


def ids(store: Store, query: str, filters: Filters | None = None, **options: Any) -> list[int]:
    return [hit.id for hit in store.search(query, filters, **options)]


def is_sound(path: Path) -> bool:
    """Whether the index has the words of the articles, and no others."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")
    return True


@pytest.fixture(scope="module")
def one_article(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("storage")
    with Store(folder) as store:
        save(store, BASE)
    return folder


class TestSearch:
    """Words and filters."""

    @pytest.fixture(autouse=True)
    def _fill(self, store: Store) -> None:
        with store.transaction():
            store.frontier.sync_sources([source("herald"), source("times")], "2026-11-23T10:00:00Z")
        samples: list[dict[str, Any]] = [
            {"title": "Weather", "body": "A ship and the harbour.", "published_at": "2026-11-18"},
            {"title": "The ship", "body": "Rain.", "published_at": "2026-11-19T23:00:00Z", "language": "en-GB"},
            {"title": "Café réouvert", "body": "Un navire.", "published_at": None, "language": "fr"},
            {"title": "Enough", "body": "Nothing else.", "authors": ("Ada Byron", "B. C."), "language": "english"},
        ]
        for number, changes in enumerate(samples, start=1):
            which = article(url=f"https://news.example/{number}", **changes)
            save(store, which, source="herald" if number < 3 else None)

    def test_titles_weigh_more(self, store: Store) -> None:
        assert [hit.id for hit in store.search("ship")] == [2, 1]

    def test_every_word_must_occur_and_phrases_hold_together(self, store: Store) -> None:
        assert [hit.id for hit in store.search("harbour ship")] == [1]
        assert [hit.id for hit in store.search('"the ship"')] == [2]
        assert [hit.id for hit in store.search('"the\nship"')] == [2]
        assert {hit.id for hit in store.search("ship OR navire")} == {1, 2, 3}
        assert [hit.id for hit in store.search("cafe")] == [3]

    def test_a_hit_shows_where(self, store: Store) -> None:
        assert store.search("harbour") == [
            Hit(1, "Weather", "https://news.example/1", "herald", "2026-11-18", "A ship and the [harbour].")
        ]

    def test_without_words_the_latest_come_first(self, store: Store) -> None:
        assert [hit.id for hit in store.search("")] == [3, 4, 2, 1]
        assert [hit.id for hit in store.search(" \x00\n", limit=2)] == [3, 4]

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            (Filters(), {1, 2, 3, 4}),
            (Filters(source="herald"), {1, 2}),
            (Filters(source="none"), set()),
            (Filters(since="2026-11-19"), {2, 3, 4}),
            (Filters(until="2026-11-19"), {1, 2}),
            (Filters(since="2026-11-19", until="2026-11-19"), {2}),
            (Filters(until="2026-11-19T22:00:00Z"), {1}),
            (Filters(language="en"), {2}),
            (Filters(language="fr"), {3}),
            (Filters(author="ada"), {4}),
            (Filters(author="\ud800"), set()),
        ],
    )
    def test_filters(self, store: Store, filters: Filters, found: set[int]) -> None:
        assert {hit.id for hit in store.search("", filters)} == found
        assert [stored.id for stored in store.export(filters)] == sorted(found)

    def test_the_index_follows_what_is_stored(self, store: Store) -> None:
        save(store, article(url="https://news.example/1", title="Null\x00byte", body="A\x00 crane."))
        assert store.search("harbour") == []
        store.forget("2", NOW)
        assert [hit.id for hit in store.search("ship")] == []
        with store.transaction():  # raises where index and articles differ
            store._news.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")  # noqa: SLF001


nasty = st.lists(
    st.sampled_from(
        ['"', "'", "*", "^", "(", ")", "NEAR", "AND", "OR", "NOT", ":", "-", "+", "{", "\n", "\x00", " ", "a"]
    )
).map("".join)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (date(2026, 11, 19), "2026-11-19"),
        (datetime(2026, 11, 20, 3, tzinfo=timezone(timedelta(hours=5))), "2026-11-19T22:00:00Z"),
        ("2026-11-20T03:00:00+05:00", "2026-11-19T22:00:00Z"),
        ("2026-11-19", "2026-11-19"),
        ("", ""),
        (None, ""),
    ],
)
def test_times_are_compared_in_utc_however_a_program_says_them(said: str | date | None, kept: str) -> None:
    assert Filters(since=said, until=said).times == (kept, kept)
    assert Filters(until=said).params()["until"] == kept


@pytest.mark.parametrize("said", ["16.11.2026", "3d", "2026", "2026-11-20T03:00:00", datetime(2026, 11, 20), 20261120])  # noqa: DTZ001
def test_what_no_time_is_is_not_compared_as_text(said: Any) -> None:
    with pytest.raises(BadUsage, match=r"^since: '"):
        Filters(since=said)
    with pytest.raises(BadUsage, match=r"^until: '"):
        Filters(until=said)


@settings(deadline=None)
@given(st.text(st.characters()) | nasty, optional, optional)
@example('"', None, None)
@example('"a\nb"', None, None)
@example("\x00", None, None)
@example("ship " * 500, None, None)
@example("%" * 60_000, "_%" * 1000, "%")
def test_no_query_is_too_nasty(one_article: Path, query: str, author: str | None, language: str | None) -> None:
    filters = Filters(author=author, language=language, source=language)
    with Store(one_article, readonly=True) as store:
        store.search(query)
        store.search(query, filters)


SCRIPTS = {
    "ja": "東京で会議が開かれた。コンピューターの話。",
    "zh": "今天，北京举行了会议。",
    "th": "ประเทศไทยกำลังพัฒนา",
    "my": "မြန်မာနိုင်ငံ",
    "km": "ប្រទេសកម្ពុជា",
    "lo": "ປະເທດລາວ",
    "ko": "서울에서 열린 회의",
    "de": "Große Straße",
    "pl": "Łódź",
    "tr": "Diyarbakır",
    "el": "Η Αθήνα",
    "ru": "Ещё одна ёлка",
    "ar": "قال مُحَمَّد جدًا",
    "hi": "हिन्दी समाचार",
    "vi": "Đà Nẵng",
    "wide": "ＡＢＣ ｶﾞｲﾄﾞ",
}


@pytest.mark.parametrize(
    ("query", "language"),
    [
        ("東京", "ja"), ("会議", "ja"), ("コンピュータ", "ja"), ("開", "ja"), ("北京", "zh"), ("举", "zh"),
        ("กำลัง", "th"), ("ไทย", "th"), ("မြန်မာ", "my"), ("កម្ពុជា", "km"), ("ລາວ", "lo"), ("서울", "ko"), ("회의", "ko"),
        ("울에", None), ('"서울"', None), ("strasse", "de"), ("GROSSE", "de"), ("Straße", "de"),
        ("lodz", "pl"), ("Łódź", "pl"), ("举行会议 ship", None),
        ("diyarbakir", "tr"), ("DİYARBAKIR", "tr"), ("αθηνα", "el"), ("ΑΘΗΝΑ", "el"), ("еще", "ru"), ("елка", "ru"),
        ("محمد", "ar"), ("جدا", "ar"), ("हिन्दी", "hi"), ("da nang", "vi"), ("abc", "wide"), ("ガイド", "wide"),
    ],
)  # fmt: skip
def test_words_of_every_script_are_found(tmp_path: Path, query: str, language: str | None) -> None:
    with Store(tmp_path) as store:
        for number, (key, text) in enumerate(SCRIPTS.items()):
            save(store, article(url=f"https://news.example/{number}", title=f"News {number}", body=text, language=key))
        found = store.search(query)
        assert [SCRIPTS[key] for key in [language] if key] == [
            hit.snippet.replace("[", "").replace("]", "") for hit in found
        ]
        assert all("[" in hit.snippet for hit in found)
    assert is_sound(tmp_path / "news.db")


def test_titles_of_every_script_are_found(store: Store) -> None:
    save(store, article(url="https://news.example/1", title="北京举行会议", body="Nothing else."))
    save(store, article(url="https://news.example/2", title="Meeting", body="北京举行会议"))
    assert ids(store, "北京 会议") == [1, 2]
    assert ids(store, "title:北京") == [1]


class TestLanguage:
    """What a query may say."""

    @pytest.fixture(autouse=True)
    def _fill(self, store: Store) -> None:
        texts = ["Peace talks went on.", "Talks of peace.", "War and crime.", "Negotiators met.", "A title in war."]
        for number, text in enumerate(texts, start=1):
            save(store, article(url=f"https://news.example/{number}", title=f"Report {number}", body=text))
        save(store, article(url="https://news.example/6", title="Peace", body="Nothing else."))

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("peace talks", {1, 2}),
            ('"peace talks"', {1}),
            ("talks OR crime", {1, 2, 3}),
            ("peace -talks", {6}),
            ("peace NOT (talks OR war)", {6}),
            ("(war OR peace) -crime", {1, 2, 5, 6}),
            ("negot*", {4}),
            ('"peace tal"*', {1}),
            ("title:peace", {6}),
            ("title:talks", set()),
            ("body:peace", set()),
            ("peace AND", set()),
            ('"peace talks', {1, 2}),
            ("-peace", {1, 2, 6}),
            ("body_words : war", set()),
            ("—", set()),
        ],
    )
    def test_queries(self, store: Store, query: str, found: set[int]) -> None:
        assert set(ids(store, query)) == found


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("storage")
    with Store(folder) as store, store.transaction():
        store.frontier.sync_sources([source("herald")], "2026-11-23T10:00:00Z")
        for number in range(1, 1203):
            save(
                store,
                article(
                    url=f"https://news.example/{number}",
                    title="Harbour opens" if number == 3 else f"Report {number}",
                    body=f"The harbour, {number}. " * (5 if number in (10, 700) else 1),
                    published_at=f"2026-{11 - number % 10:02d}-01",
                ),
                source="herald" if number == 5 else None,
            )  # fmt: skip
    return folder


class TestRanking:
    """Of more matches than are ranked, the newest are; and those that have it in the title."""

    def test_an_old_title_is_found_and_the_rest_is_new(self, crowded: Path) -> None:
        with Store(crowded, readonly=True) as store:
            found = ids(store, "harbour", limit=100)
            assert found[:2] == [3, 700]
            assert 10 not in found
            assert len(found) == 100

    def test_as_many_are_found_as_are_wanted(self, crowded: Path) -> None:
        with Store(crowded, readonly=True) as store:
            assert len(ids(store, "harbour", limit=5000)) == 1202
            assert ids(store, "harbour", limit=5000)[:3] == [3, 700, 10]
            assert ids(store, "harbour", limit=0) == []

    def test_filters_come_first(self, crowded: Path) -> None:
        with Store(crowded, readonly=True) as store:
            assert ids(store, "harbour", Filters(source="herald")) == [5]
            assert ids(store, "harbour 10") == [10]

    def test_the_newest_come_first_where_that_is_wanted(self, crowded: Path) -> None:
        with Store(crowded, readonly=True) as store:
            found = store.search("harbour", limit=50, newest=True)
        days = [hit.published_at or "" for hit in found]
        assert days == sorted(days, reverse=True)
        assert {hit.id for hit in found} == set(range(1153, 1203))


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(source="herald"), {1, 2}),
        (Filters(since="2026-11-19"), {2, 3, 4}),
        (Filters(until="2026-11-19"), {1, 2}),
        (Filters(language="EN"), {2}),
        (Filters(language="e"), set()),
        (Filters(author="BYRON"), {4}),
        (Filters(author='Byron", "B'), set()),
        (Filters(source="herald", since="2026-11-19", language="en"), {2}),
        (Filters(public=True), {1, 2, 3}),
        (Filters(public=True, source="herald"), {1, 2}),
    ],
)
def test_filters_narrow_what_words_find(store: Store, filters: Filters, found: set[int]) -> None:
    with store.transaction():
        store.frontier.sync_sources([source("herald")], "2026-11-23T10:00:00Z")
    samples: list[dict[str, Any]] = [
        {"published_at": "2026-11-18"},
        {"published_at": "2026-11-19T23:00:00Z", "language": "en-GB"},
        {"published_at": None, "language": "fr"},
        {"authors": ("Ada Byron", "B. C."), "language": "english"},
    ]
    for number, changes in enumerate(samples, start=1):
        which = article(
            url=f"https://news.example/{number}", title=f"Ship {number}", body=f"It is {number}.", **changes
        )
        save(store, which, source="herald" if number < 3 else None)
    with store.transaction():
        store._news.execute("UPDATE articles SET login = 1 WHERE id = 4")  # noqa: SLF001
    assert set(ids(store, "ship", filters)) == found
    assert set(ids(store, "", filters)) == found


class TestIndex:
    """It says what the articles say, through every change."""

    def test_a_revised_text_is_indexed_anew(self, store: Store, folder: Path) -> None:
        for text in ("北京举行会议", "Plain words", "東京で会議", "北京举行会议。"):
            save(store, article(body=text))
            assert ids(store, '"Plain words"' if text.isascii() else text[:2]) == [1], text
            assert is_sound(folder / "news.db")
        assert ids(store, "東京") == []
        assert rows(folder / "news.db", "SELECT title_words, body_words FROM articles") == [
            (None, " 北 京 举 行 会 议 。")
        ]

    def test_copies_alone_may_change(self, store: Store, folder: Path) -> None:
        save(store, article(body="北京"))
        run_sql(folder / "news.db", "UPDATE articles SET body_words = NULL")
        assert ids(store, "京") == []
        assert is_sound(folder / "news.db")

    def test_nothing_of_a_forgotten_text_is_left(self, folder: Path) -> None:
        with Store(folder) as store:
            for number in range(50):
                save(
                    store, article(url=f"https://news.example/{number}", title=f"北京 {number}", body="举行会议。" * 99)
                )
            secret = article(url="https://news.example/secret", title="龘靐齉", body="龗麤爩。Zanzibarißch. " * 200)
            save(store, secret)
            assert ids(store, "龘靐 zanzibarissch") == [51]
            store.forget("https://news.example/secret", LATER)
            store.scrub()
            assert ids(store, "龘") == []
            assert len(ids(store, "北京", limit=100)) == 50
        assert is_sound(folder / "news.db")
        for file in folder.iterdir():
            for word in ("龘", "靐", "龗", "zanzibar", "Zanzibar"):
                assert word.encode() not in file.read_bytes(), (file, word)


def _older(folder: Path, texts: Sequence[tuple[str, str]]) -> None:
    """A news.db of the version before, with articles."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / "news.db", isolation_level=None)) as conn:
        conn.execute(f"PRAGMA application_id = {migrations.NEWS_ID}")
        conn.execute("PRAGMA journal_mode = WAL")
        migrations.news.apply(Database(conn), stop_before="m010_words")
        for number, (title, body) in enumerate(texts, start=1):
            url = f"https://news.example/{number}"
            conn.execute(
                "INSERT INTO articles (kind, url, url_key, title, body, body_markdown, word_count, first_seen_at,"
                " fetched_at, content_hash, extractor) VALUES ('article', ?, ?, ?, ?, '', 1, ?, ?, '', '')",
                (url, url, title, body, NOW.isoformat(), NOW.isoformat()),
            )


def test_what_is_stored_already_is_found_as_well(folder: Path) -> None:
    texts = [("Plain", "Words of it."), ("北京", "举行会议"), *[(f"Report {n}", "Große Straße") for n in range(250)]]
    _older(folder, texts)
    with Store(folder) as store:
        assert ids(store, "words") == [1]
        assert ids(store, "北京 会议") == [2]
        assert len(ids(store, "strasse", limit=500)) == 250
        assert store.articles.count() == 252
    assert is_sound(folder / "news.db")
    assert rows(folder / "news.db", "SELECT title_words, body_words FROM articles WHERE id < 3") == [
        (None, None), (" 北 京 ", " 举 行 会 议 "),
    ]  # fmt: skip


def test_a_migration_that_fails_leaves_everything_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _older(folder, [("Plain", "Words."), ("北京", "举行会议")])

    def fails(_text: str) -> str:
        raise RuntimeError

    monkeypatch.setattr(migrations, "index_copy", fails)
    with pytest.raises(RuntimeError):
        Store(folder)
    found = rows(folder / "news.db", "SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'words'")
    assert found == [(1,)]
    monkeypatch.undo()
    with Store(folder) as store:
        assert ids(store, "会议") == [2]


@pytest.mark.parametrize("sql", ["SEARCH", "latest"])
def test_no_search_reads_the_table_of_articles_through(store: Store, sql: str) -> None:
    conn = store._news.conn  # noqa: SLF001 - query plans
    save(store, BASE)
    plans: list[str] = []

    def explain(statement: str) -> None:
        if statement.lstrip().lower().startswith(("with", "-- the newest")):
            plans.append(statement)

    conn.set_trace_callback(explain)
    filters = Filters(source="a", since="2026-01-01", until="2027-01-01", language="en", author="x")
    store.search("ship" if sql == "SEARCH" else "", filters)
    store.search("ship" if sql == "SEARCH" else "", Filters(source="a"))
    conn.set_trace_callback(None)
    assert len(plans) == 2
    for plan in plans:
        steps = [row["detail"] for row in conn.execute(f"EXPLAIN QUERY PLAN {plan}")]
        assert not [step for step in steps if step == "SCAN articles"], steps
