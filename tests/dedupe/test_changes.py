# ruff: noqa: RUF001 - the world's alphabets

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.dedupe.changes import changes
from scraper.dedupe.noise import folded, lasting
from scraper.dedupe.notes import is_correction
from scraper.dedupe.sources import Sources, Whole
from scraper.model import Article, Edit, Kind

URL = "https://news.example/2026/11/harbour"
FIRST = "The harbour of Arbroath opened again on Sunday, two days after the storm."
SECOND = "Police said that 5 people were hurt when a crane fell on the pier."
THIRD = "“We can't wait – not for ever,” said the pilot Maren Oldfield."
BODY = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
OLD = Article(URL, "Harbour opens", BODY, modified_at="2026-11-20T10:00:00Z", authors=("Ann Other",))


def to(**changed: Any) -> tuple[bool, Edit | None, str]:
    """Whether an edit is one, of which kind, and what is said of it."""
    found = changes(OLD, replace(OLD, **changed))
    return bool(found), found.edit if found else None, found.detail


@pytest.mark.parametrize(
    "line",
    [
        "Updated 5 minutes ago", "Last updated: 3 November 2026, 10:31 GMT",
        "Published Nov. 3, 2026 at 10:31 a.m. ET",
        "Just now", "2h", "10:31", "Stand: 03.11.2026, 10:20 Uhr", "Aktualisiert vor 12 Minuten",
        "Mis à jour le 3 novembre 2026 à 10h20", "Il y a 5 minutes", "Actualizado hace 12 minutos",
        "Aggiornato alle 10:20 del 3 novembre 2026", "Atualizado em 3/11/2026 às 10h20",
        "Laatst bijgewerkt: 3 november 10:20",
        "Uppdaterad 3 november 2026 kl. 10:20", "Oppdatert for 5 minutter siden", "Päivitetty 3.11.2026 klo 10:20",
        "Aktualizacja: 3 listopada 2026, 10:20", "Обновлено 12 минут назад", "Оновлено: 3 листопада 2026, 10:20",
        "Güncelleme: 3 Kasım 2026 10:20", "Diperbarui 5 menit yang lalu", "Cập nhật lúc 10:20 ngày 3 tháng 11",
        "تم التحديث منذ 5 دقائق", "עודכן לפני 5 דקות", "최종 수정 2026.11.03 10:20", "最終更新:2026年11月3日 10時20分",
        "更新时间:2026年11月3日 10:20",
        "123 comments", "1.2K shares", "Comments (12)", "55 people read this", "12 Kommentare", "3 commentaires",
        "5 min read", "Lesezeit: 5 Minuten", "Temps de lecture : 3 min", "Tiempo de lectura: 4 minutos", "阅读 5 分钟",
        "Read more: Mayor quits", "Related: Mayor quits", "READ ALSO: Mayor quits", "Advertisement",
        "Related stories",
        "Sign up for our newsletter to get more like this.", "Get the latest headlines in your inbox every day",
        "Lesen Sie auch: Wal gestrandet", "Lire aussi : Un maire démissionne", "Leia também: Prefeito renuncia",
        "Читайте также: Мэр ушёл", "関連記事 市長が辞任", "相关阅读:市长辞职", "Läs också: Borgmästaren avgår",
        "Dow 34,123.45 +0.3%", "DAX 15.123,45 ▲ 0,3 %", "London 12°C",
    ],
)  # fmt: skip
def test_what_comes_and_goes(line: str) -> None:
    assert lasting(line) == ""
    assert to(body=f"{FIRST}\n\n{line}\n\n{SECOND}\n\n{THIRD}")[0] is False
    noisy = replace(OLD, body=f"{line}\n\n{BODY}")
    assert not changes(noisy, OLD)


@pytest.mark.parametrize(
    "line",
    [
        "5 people killed", "5 people",
        "“Send us your tanks,” said he.", "Inflation: 5%", "Shares fell 5%", "He died at 10 on Monday.",
        "The mayor said no.",
        "Subscribers fell to 5 million.", "Related companies lost money on Monday, too.", "Smith (45), teacher",
        "It was 45° in Delhi on Monday, police said.", "Watch makers are worried.",
        "Read by millions, the paper closed.",
        "Bayern – Dortmund 2:1", "The newsletter had 3,000 readers when it was sold.",
        "Updated rules will apply in May.",
    ],
)  # fmt: skip
def test_what_stays(line: str) -> None:
    assert lasting(line) == folded(line) != ""
    assert to(body=f"{BODY}\n\n{line}")[0] is True


@pytest.mark.parametrize(
    "body",
    [
        BODY.replace("“", '"').replace("”", '"').replace("–", "-").replace("'", "’"),
        BODY.replace("“", "„").replace("”", "“").replace("–", "—"),
        BODY.replace("“", "« ").replace("”", " »"),
        BODY.replace(" ", "\u00a0"),
        BODY.replace("harbour", "har\u00adbour").replace("pilot", "pi\u200blot"),
        BODY.replace("storm", "ﬆorm").replace("can", "ｃａｎ"),
        BODY.replace("Sunday, two", "Sunday,\n\ntwo"),
        BODY.replace("\n\n", "\n"),
        BODY.upper(),
        BODY + "\n\n\n",
    ],
)
def test_typography_and_white_space_are_no_edit(body: str) -> None:
    assert to(body=body)[0] is False
    assert to(body=body.replace("5 ", "7 ").replace("5\u00a0", "7\u00a0"))[0] is True


def test_part_of_a_line_may_be_a_clock() -> None:
    old = replace(OLD, body=f"By Ann Other · 5 min read · Updated 5 minutes ago\n\n{BODY}")
    assert not changes(
        old, replace(old, body=old.body.replace("Updated 5", "Updated 9").replace("5 min read", "6 min read"))
    )
    assert changes(old, replace(old, body=old.body.replace("Ann Other", "Bo Ek")))


def test_links_alone_are_no_part_of_the_text() -> None:
    listed = "Ferry to be cut\n\nBread is dearer"
    old = replace(
        OLD, body=f"{FIRST}\n\n{listed}", body_markdown=f"{FIRST}\n\n- [Ferry to be cut](/a)\n- [Bread is dearer](/b)"
    )
    new = replace(
        OLD, body=f"{FIRST}\n\nSnow falls", body_markdown=f"{FIRST}\n\n**[Snow falls](https://x.example/a_(b))**"
    )
    assert not changes(old, new)
    assert changes(replace(old, body_markdown=""), replace(new, body_markdown=""))
    prose = replace(OLD, body=f"{FIRST}\n\nSnow falls here", body_markdown=f"{FIRST}\n\n[Snow falls](/a) here")
    assert changes(old, prose)


@pytest.mark.parametrize(
    ("changed", "edit", "detail"),
    [
        ({"title": "Harbour shut"}, Edit.HEADLINE, "headline changed: 'Harbour opens' -> 'Harbour shut'"),
        ({"body": BODY.replace("5", "7")}, Edit.SILENT, "1 paragraph changed; silently"),
        ({"body": BODY.replace("5", "7"), "modified_at": "2026-11-21T10:00:00Z"}, Edit.BODY, "1 paragraph changed"),
        ({"body": BODY.replace("5", "7"), "modified_at": None}, Edit.BODY, "1 paragraph changed"),
        ({"body": f"Update, 10:30: Rain fell.\n\n{BODY}"}, Edit.BODY, "1 paragraph added"),
        ({"body": f"{FIRST}\n\n{THIRD}"}, Edit.SILENT, "1 paragraph removed; silently"),
        (
            {"body": f"{BODY}\n\nCorrection: An earlier version named another day."},
            Edit.CORRECTION,
            "1 paragraph added; correction notice",
        ),
        (
            {"title": "Harbour shut", "body": FIRST, "modified_at": None},
            Edit.BOTH,
            "headline changed: 'Harbour opens' -> 'Harbour shut'; 2 paragraphs removed",
        ),
        ({"body": f"{SECOND}\n\n{FIRST}\n\n{THIRD}"}, Edit.SILENT, "paragraphs moved; silently"),
        ({"authors": ("Bo Ek",)}, Edit.BYLINE, "by Bo Ek, before by Ann Other"),
    ],
)
def test_the_kind_of_an_edit(changed: dict[str, Any], edit: Edit, detail: str) -> None:
    assert to(**changed) == (True, edit, detail)


def test_a_fuller_text_is_its_own_kind() -> None:
    for kind in (Kind.TEASER, Kind.CLIPPING):
        assert changes(replace(OLD, kind=kind, body=FIRST), OLD).edit is Edit.FULLER
    assert changes(replace(OLD, kind=Kind.TEASER), replace(OLD, kind=Kind.TEASER, title="Shut")).edit is Edit.HEADLINE


@pytest.mark.parametrize(
    ("was", "now", "rules", "dated"),
    [
        ("2026-11-20", "2026-11-22", ("jsonld:datePublished",) * 2, True),
        ("2026-11-20", "2026-11-22", ("dom:time",) * 2, False),  # may be any date on the page
        ("2026-11-20", "2026-11-22", ("jsonld:datePublished", "meta:date"), False),
        ("2026-11-20T23:00:00Z", "2026-11-21T01:00:00Z", ("meta:date",) * 2, False),  # another zone
        ("2026-11-20", None, ("meta:date",) * 2, False),
    ],
)
def test_an_article_that_is_dated_anew(was: str, now: str | None, rules: tuple[str, str], dated: bool) -> None:
    old = replace(OLD, published_at=was, evidence={"published_at": rules[0]})
    found = changes(old, replace(old, published_at=now, evidence={"published_at": rules[1]}))
    assert bool(found) is dated
    if dated:
        assert (found.edit, found.detail) == (Edit.DATE, "dated 2026-11-22, before 2026-11-20")


def test_words_are_counted() -> None:
    assert changes(OLD, replace(OLD, body=BODY.replace("5 people", "7 men"))).words == (2, 2)
    assert changes(OLD, replace(OLD, body=f"{BODY}\n\nRain fell on Tuesday.")).words == (0, 4)
    assert changes(OLD, replace(OLD, title="Harbour", body=f"{FIRST}\n\n{THIRD}")).words == (15, 0)


NOTICES = [
    "Correction: An earlier version misstated the day.", "CORRECTION — The day was Monday.",
    "Correction (Nov. 3): The day",
    "Editor's note: This story was changed.", "This article was amended on 4 November to correct a name.",
    "*An earlier version of this article named another day.*", "Clarification, Nov. 5: She spoke for the union.",
    "Korrektur: In einer früheren Version", "Anm. d. Red.: Wir haben den Namen berichtigt.",
    "In einer früheren Version hieß es",
    "Rectificatif : une erreur", "Une version précédente de cet article", "Fe de errores: el nombre",
    "Corrección: el año",
    "Errata corrige: il nome", "Correzione: l'anno", "Erramos: o nome", "Correção: o ano", "Correctie: de naam",
    "Rättelse: namnet", "Rettelse: navnet", "Oikaisu: nimi", "Sprostowanie: imię", "Исправление: имя",
    "От редакции: имя",
    "Уточнення: ім'я", "Düzeltme: yıl", "Ralat: nama", "Đính chính: tên", "تصحيح: الاسم", "תיקון: השם", "更正:年份",
    "訂正:年", "お詫びと訂正 氏名に誤り", "정정: 이름",
]  # fmt: skip


@pytest.mark.parametrize("line", NOTICES)
def test_notices_of_correction(line: str) -> None:
    assert is_correction(line)
    assert to(body=f"{BODY}\n\n{line}")[1] is Edit.CORRECTION


@pytest.mark.parametrize(
    "line",
    [
        "Corrections officers went on strike.", "The correction came late.", "Correction of the course takes a year.",
        "Oprava mostu skončila v pondělí.",
    ],
)  # fmt: skip
def test_prose_about_corrections_is_no_notice(line: str) -> None:
    assert not is_correction(line)


class TestSources:
    """What a page says as a whole: the extractor may have left out a part of it."""

    def test_what_both_pages_say_is_no_edit(self) -> None:
        page = Whole(f"<h1>Harbour opens</h1><p>{FIRST}</p><p>{SECOND.replace('5', '<b>5</b>')}</p><p>{THIRD}</p>")
        less = replace(OLD, body=f"{FIRST}\n\n{THIRD}")
        for old, new in ((OLD, less), (less, OLD)):
            assert changes(old, new)
            assert not changes(old, new, Sources(page, page))

    def test_what_one_of_them_says_is(self) -> None:
        before, now = (Whole(f"<p>{FIRST}</p>{more}") for more in (f"<p>{SECOND}</p>", ""))
        less = replace(OLD, body=FIRST)
        more = replace(OLD, body=f"{FIRST}\n\n{SECOND}")
        assert changes(more, less, Sources(before, now)).detail.startswith("1 paragraph removed")
        assert changes(less, more, Sources(now, before)).detail.startswith("1 paragraph added")
        assert changes(less, more, Sources(Whole(), before))

    def test_a_short_line_is_looked_for_as_a_block(self) -> None:
        short = replace(OLD, body=f"{FIRST}\n\nHe said no.")
        page = Whole(f"<div>{FIRST}<p>He <i>said</i> no.<br>Then he left.</div>")
        within = Whole(f"<div>{FIRST}<p>He said no. Then he left.</div>")
        less = replace(OLD, body=FIRST)
        assert not changes(short, less, Sources(page, page))
        assert changes(short, less, Sources(page, within))

    def test_a_row_of_a_table_with_some_of_its_cells(self) -> None:
        rows = (("Camera", "$109", "2K"), ("Lamp", "$9", "1K"))
        table = "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in rows)
        page, dearer = Whole(table), Whole(table.replace("$109", "$119"))
        old, new = (replace(OLD, body=f"{FIRST}\n\n{row}") for row in ("Camera | $109 | 2K", "Camera | 2K"))
        assert not changes(old, new, Sources(page, page))
        new = replace(OLD, body=f"{FIRST}\n\nCamera | $119 | 2K")
        assert changes(old, new, Sources(page, dearer))

    def test_a_page_that_has_two_headlines(self) -> None:
        titles = ("Storm: the harbour opens again", "The harbour of Arbroath opens")
        page = Whole(f"<title>{titles[0]}</title><h1>{titles[1]}</h1>")
        one, other = (replace(OLD, title=title) for title in titles)
        assert not changes(one, other, Sources(page, page))
        assert changes(one, other, Sources(Whole(f"<h1>{one.title}</h1>"), page)).title

    def test_scripts_and_comments_say_nothing(self) -> None:
        html = f"<p>{FIRST}</p><script>var a = '{SECOND}'</script><!-- {THIRD} --><STYLE>x y</STYLE><script>{BODY}"
        whole = Whole(html)
        assert whole.says(FIRST)
        assert not any(map(whole.says, (SECOND, THIRD, "x y", f"{FIRST}>")))

    def test_hostile_markup_takes_no_longer(self) -> None:
        # Each of these took minutes where an end was looked for from every beginning.
        for html in ("<script" * 100_000, "<!--" * 100_000, "<" * 500_000, "</script" * 100_000, "<p" * 300_000):
            assert not Whole(html).says(FIRST)
        assert not Whole(f"<p>{FIRST}</p>" + "a" * 3_000_000).says(FIRST)


texts = st.lists(st.sampled_from([FIRST, SECOND, THIRD, "5 comments", "Read more: Rain", ""]), max_size=6).map(
    "\n\n".join
)


@given(texts, texts)
@settings(max_examples=100, deadline=None)
def test_an_edit_and_its_reverse_are_both_seen(one: str, other: str) -> None:
    old, new = replace(OLD, body=one), replace(OLD, body=other)
    assert bool(changes(old, new)) is bool(changes(new, old))
    assert not changes(old, old)


def test_of_thousands_of_paragraphs_each_counts() -> None:
    many = "\n".join(f"The vote on line {number} was held." for number in range(3_000))
    assert to(body=f"{many}\nCorrection: the vote was on Monday.")[:2] == (True, Edit.CORRECTION)
    found = changes(replace(OLD, body=many), replace(OLD, body=many.replace("held", "lost")))
    assert (len(found.removed), len(found.added), found.detail) == (
        3_000, 3_000, "3000 paragraphs added, 3000 removed; silently",
    )  # fmt: skip
    assert not changes(replace(OLD, body=many), replace(OLD, body=many.replace("\n", "\n\n")))


def test_who_signed_is_told_in_one_short_line() -> None:
    crowd = tuple(f"Ann Other {number}" for number in range(100_000))
    edited, edit, detail = to(authors=crowd)
    assert (edited, edit, detail.startswith("by Ann Other 0, Ann Other 1, "), len(detail) < 200) == (
        True, Edit.BYLINE, True, True,
    )  # fmt: skip
