"""Edits as newsrooms make them: each changes one thing in the source of a page."""

# ruff: noqa: RUF001 - the world's alphabets

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from random import Random

from scraper.model import Edit
from tests.benchmarks.edits.pages import Alter, Served, inner

_NUMBER = re.compile(r"(?<![\w.,/&#-])(\d{1,4})(?![\w.,/;-])")
_NAME = re.compile(r"(?<=[a-zà-ÿ,] )([A-ZÀ-Ý][a-zà-ÿ]{2,} [A-ZÀ-Ý][a-zà-ÿ]{2,})")
_SENTENCE = re.compile(r"(?<=[.!?。]) ?([^.!?。<>]{25,}[.!?。])")
_QUOTED = re.compile(r"[“„«\"]([^“”„«»\"<>=]{12,200})[”“»\"]")
_WORD = re.compile(r"(?<![\w&<])([^\W\d_]{6,})(?![\w;])")

PARAGRAPHS = (
    "The harbour board of Arbroath said late on Tuesday that it would pay for the survey out of its own reserves.",
    "Two witnesses who asked not to be named told this newspaper that the meeting had lasted until after midnight.",
    "Die Gemeinde hat am Dienstagabend mitgeteilt, dass sie die Kosten der Untersuchung selbst tragen wird.",
    "Le conseil du port a annoncé mardi soir qu'il financerait lui-même l'expertise demandée par les riverains.",
)
CORRECTIONS = {
    "en": (
        "Correction: An earlier version of this article misstated the year in which the company was founded.",
        "This article was amended on 4 November 2026 to correct the name of the minister.",
        "Editor's note: The headline of this story has been changed to reflect the decision of the court.",
        "Clarification, Nov. 5: The spokeswoman spoke for the union and not for its members abroad.",
    ),
    "de": (
        "Korrektur: In einer früheren Version dieses Artikels war das Gründungsjahr der Firma falsch angegeben.",
        "Anmerkung der Redaktion: Wir haben den Namen der Ministerin berichtigt.",
    ),
    "fr": (
        "Rectificatif : une version précédente de cet article donnait une mauvaise date de fondation de l'entreprise.",
        "Note de la rédaction : le nom de la ministre a été corrigé.",
    ),
    "es": (
        "Corrección: una versión anterior de este artículo daba un año equivocado.",
        "Fe de errores: el nombre de la ministra es otro.",
    ),
    "it": (
        "Correzione: una versione precedente di questo articolo riportava un anno sbagliato.",
        "Errata corrige: il nome della ministra è un altro.",
    ),
    "pt": (
        "Correção: uma versão anterior deste texto informava o ano errado.",
        "Erramos: o nome da ministra estava errado na primeira versão.",
    ),
    "ru": (
        "Исправление: в предыдущей версии материала был неверно указан год основания компании.",
        "От редакции: имя министра исправлено.",
    ),
    "zh": (
        "更正：本文先前版本误报了公司成立的年份。",
        "编者按：部长的姓名已经改正，特此说明。",
    ),
    "ja": (
        "訂正：以前の版では会社の設立年に誤りがありました。",
        "お詫びと訂正 大臣の氏名に誤りがありました。",
    ),
    "tr": (
        "Düzeltme: Bu haberin önceki sürümünde şirketin kuruluş yılı yanlış verilmişti.",
        "Editörün notu: Bakanın adı düzeltildi.",
    ),
}  # fmt: skip


def number(page: Served, random: Random) -> Served | None:
    """5 killed -> 7 killed."""
    return _sub(page, random, _NUMBER, lambda found: str(int(found) + random.randint(1, 9)))


def name(page: Served, random: Random) -> Served | None:
    """Another person."""
    return _sub(page, random, _NAME, lambda _: random.choice(("Maren Oldfield", "Tobias Renner", "Ines Calder")))


def quote(page: Served, random: Random) -> Served | None:
    """A word of what somebody said."""

    def other(found: str) -> str:
        pieces = found.split(" ")
        pieces[len(pieces) // 2] = random.choice(("never", "always", "hardly"))
        return " ".join(pieces)

    return _sub(page, random, _QUOTED, other)


def typo(page: Served, random: Random) -> Served | None:
    """Two letters of a word that were the wrong way round."""

    def swapped(found: str) -> str:
        at = next((n for n in range(1, len(found) - 2) if found[n] != found[n + 1]), 0)
        return found[:at] + found[at + 1] + found[at] + found[at + 2 :] if at else found + "s"

    return _sub(page, random, _WORD, swapped)


def sentence_removed(page: Served, random: Random) -> Served | None:
    """A sentence inside a paragraph goes."""
    return _sub(page, random, _SENTENCE, lambda _: "")


def paragraph_removed(page: Served, random: Random) -> Served | None:
    """A paragraph goes."""
    return page.altered(random.choice(page.elements), "")


def paragraph_added(page: Served, random: Random) -> Served | None:
    """A paragraph comes, between two others."""
    element = random.choice(page.elements[:-1])
    return page.altered(element, f"{element}\n<p>{random.choice(PARAGRAPHS)}</p>")


def correction(page: Served, random: Random, half: int | None = None) -> Served | None:
    """A notice at the end of the text."""
    texts = CORRECTIONS.get(page.language)
    if texts is None:
        return None
    text = random.choice(texts if half is None else texts[half::2])
    form = random.choice(("<p>{}</p>", "<p><em>{}</em></p>", "<p><strong>{}</strong></p>"))
    return page.altered(page.elements[-1], page.elements[-1] + "\n" + form.format(text))


def headline(page: Served, random: Random) -> Served | None:
    """A word of the headline, wherever the page says it."""
    title = page.article.title
    pieces = title.split(" ")
    if len(pieces) < 4 or (title not in page.html and escape(title) not in page.html):
        return None
    pieces[random.randrange(1, len(pieces) - 1)] = random.choice(("finally", "quietly", "officially"))
    new = " ".join(pieces)
    changed = page.html.replace(title, new).replace(escape(title), escape(new))
    page = page.with_html(changed.replace(escape(title, quote=False), escape(new, quote=False)))
    return page if page.read().title != title else None  # the headline that is read stands in another form elsewhere


EDITS: dict[str, tuple[Alter, frozenset[Edit]]] = {
    "number changed": (number, frozenset({Edit.BODY, Edit.SILENT})),
    "name changed": (name, frozenset({Edit.BODY, Edit.SILENT})),
    "quote changed": (quote, frozenset({Edit.BODY, Edit.SILENT})),
    "typo fixed": (typo, frozenset({Edit.BODY, Edit.SILENT})),
    "sentence removed": (sentence_removed, frozenset({Edit.BODY, Edit.SILENT})),
    "paragraph removed": (paragraph_removed, frozenset({Edit.BODY, Edit.SILENT})),
    "paragraph added": (paragraph_added, frozenset({Edit.BODY, Edit.SILENT})),
    "correction appended": (correction, frozenset({Edit.CORRECTION})),
    "headline changed": (headline, frozenset({Edit.HEADLINE})),
}
"""Every edit, and the kinds of change that are right for it."""


def _sub(page: Served, random: Random, what: re.Pattern[str], new: Callable[[str], str]) -> Served | None:
    """A paragraph in which the first thing of a kind is replaced; in the middle of the text, if one has it."""
    elements = list(page.elements)
    random.shuffle(elements)
    for element in elements:
        text = inner(element)
        match = what.search(text)
        if match is None or (
            "<" in text[: match.start(1)] and text[: match.start(1)].rfind("<") > text[: match.start(1)].rfind(">")
        ):
            continue
        assert callable(new)
        changed = text[: match.start(1)] + new(match[1]) + text[match.end(1) :]
        return page.altered(element, element.replace(text, changed))
    return None
