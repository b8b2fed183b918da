"""Markdown files with facts on top, read by a YAML parser that is not ours."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.errors import NotARecord
from scraper.formats import notes, reading
from scraper.formats.record import stored_dict
from scraper.model import Article, How, StoredArticle
from tests.formats.samples import ARTICLE, DAY, TEXT, articles, stored


def facts(text: str) -> dict[str, object]:
    found = yaml.safe_load(text.split("---\n")[1])
    assert isinstance(found, dict)
    return found


def same(stored: StoredArticle) -> StoredArticle:
    """What comes back of an article: all but what is made anew where it comes to."""
    return replace(stored, url_key="", content_hash="", revision=1, story_id=None)


def test_every_field_is_on_top_and_the_text_below() -> None:
    text = notes.note(stored())
    record = stored_dict(stored())
    shown = {name: list(value) if isinstance(value, tuple) else value for name, value in record.items()}
    assert facts(text) == {name: value for name, value in shown.items() if name not in {"body", "body_markdown"}} | {
        "written": facts(text)["written"]
    } | {"body": ARTICLE.body}  # fmt: skip
    assert text.split("---\n")[2] == f"\n{ARTICLE.body_markdown}\n"


def test_the_plain_text_is_written_only_where_the_markdown_does_not_lead_to_it() -> None:
    plain = replace(ARTICLE, body=f"Below\n\n{ARTICLE.body}")
    assert "body" not in facts(notes.note(stored(plain)))
    assert reading.note(notes.note(stored(plain)).encode()).article == plain


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("## Head\n\nOne [two](https://a.example/x_y) **three**.", "Head\n\nOne two three."),
        ("- a\n- b\n\n1. c\n2. d", "a\n\nb\n\nc\n\nd"),
        ("> said\n>\n> twice", "said\n\ntwice"),
        ("| a | b\\|c |\n| --- | --- |\n| 1 | 2 |", "a | b|c\n\n1 | 2"),
        ("![x](https://a.example/i.jpg)\n\n*Its caption.*\n\n*Not a caption*", "Not a caption"),
        ("a \\* b \\[c\\] \\# d", "a * b [c] # d"),
    ],
)
def test_markdown_leads_to_the_text(markdown: str, text: str) -> None:
    assert notes.plain(markdown) == text


@given(articles(), st.booleans())
@settings(max_examples=200, deadline=None)
@example(ARTICLE, True)
@example(replace(ARTICLE, body="---\nurl: x\n---", body_markdown="---\n\n---\n"), False)
@example(replace(ARTICLE, body_markdown="a\r\nb\rc"), False)
@example(replace(ARTICLE, body="\r\r", body_markdown=""), False)
@example(replace(ARTICLE, title="\x85\u2028\x7f\ufeff\ud83d", body="\r\n\r", body_markdown=" \n"), False)
def test_any_article_comes_back_as_it_was(article: Article, login: bool) -> None:
    clean = replace(article, title=article.title.replace("\ud83d", ""))
    url = f"{clean.url}/amp"
    one = stored(clean, aliases=(url,), how={url: How.AMP}, login=login)
    text = notes.note(one)
    assert notes.is_untouched(text)
    assert reading.note(text.encode()) == same(one)


def test_a_file_that_somebody_changed_is_told_from_ours() -> None:
    text = notes.note(stored())
    assert not notes.is_untouched(text.replace("doubled", "tripled"))
    assert not notes.is_untouched(text.replace("Ann Lee", "Ann"))
    assert not notes.is_untouched("# A note of my own\n")
    assert notes.is_untouched(text.replace("\n", "\r\n"))


def test_a_later_look_at_the_page_alone_is_no_change() -> None:
    text = notes.note(stored())
    assert notes.is_same(text, notes.note(stored(fetched_at="2026-12-01T00:00:00Z")))
    assert not notes.is_same(text, notes.note(stored(gone_at="2026-12-01T00:00:00Z")))
    assert not notes.is_same(text, notes.note(stored(replace(ARTICLE, title="Another"))))


@given(TEXT)
@example("../../etc/passwd")
@example('CON: a/b\\c*?"<>|\0')
@example("\u0438" * 300)
@example("")
def test_a_name_is_one_that_every_system_takes(title: str) -> None:
    name = notes.file_name(stored(replace(ARTICLE, title=title)))
    assert len(name.encode()) < 200
    assert not set(name) & set('/\\:*?"<>|\0\n\t ')
    assert name == unicodedata.normalize("NFC", name)
    assert name.startswith("2026-11-12-")
    assert notes.marked(name) == notes.mark(stored().url_key)


def test_what_an_article_is_filed_under() -> None:
    assert notes.file_name(stored(DAY)).startswith("2022-01-19-breakwater-repair-bill-doubles-")
    assert notes.folder_of(stored(DAY)) == "2022-01"
    assert notes.folder_of(stored(replace(DAY, published_at=None))) == "undated"
    assert notes.file_name(stored(replace(DAY, published_at=None))).startswith("breakwater-repair")
    assert notes.marked("notes.md") is None


def test_notes_that_people_changed_by_hand_are_read() -> None:
    head = "url: https://a.example/x\ntitle: 'It''s'\npublished_at: 2026-11-12\ntags:\n  - a\n  - b\n"
    text = f"---\n{head}---\n\n## H\n\nText.\n"
    found = reading.note(text.encode()).article
    assert (found.title, found.published_at, found.tags, found.body) == ("It's", "2026-11-12", ("a", "b"), "H\n\nText.")
    for written, meant in (
        ("T01:02:03Z", "T01:02:03Z"),
        (" 01:02:03", "T01:02:03Z"),
        ("T01:02:03+01:00", "T00:02:03Z"),
    ):
        read = reading.note(text.replace("2026-11-12", f"2026-11-12{written}").encode()).article
        assert read.published_at == f"2026-11-12{meant}"


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (b"# only a title\n", "no facts"),
        (b"---\n- a\n---\n", "no facts"),
        (b"---\nurl: [\n---\n", "no YAML (line"),
        (b"---\nurl: https://a.example/\n---\n", "title"),
        (b"---\nurl: https://a.example/\ntitle: 7\n---\n", "title"),
        (b"---\nurl: https://a.example/\ntitle: x\npublished_at: soon\n---\n", "published_at: 'soon' is no date"),
        (b"---\nurl: \xff\n---\n", "UTF-8"),
        (b"---\n" + b"a: b\n" * 300_000 + b"---\n", "characters of facts"),
        (b"---\n" + b"[" * 5000 + b"\n---\n", "no YAML"),
        (b"---\n!!python/object/apply:os.system [ls]\n---\n", "no YAML"),
    ],
)
def test_what_is_no_note_is_refused(data: bytes, wrong: str) -> None:
    with pytest.raises(NotARecord, match=wrong.replace("(", r"\(")):
        reading.note(data)
