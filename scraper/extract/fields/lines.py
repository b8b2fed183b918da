"""Dates in a page's lines: by the headline, above it, and anywhere in the text. Rules for :mod:`.dates`.

A sentence tells the news, and its dates are the news's own: only one that speaks of its own text counts.
"""

# ruff: noqa: RUF001 - other alphabets are the point

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import takewhile

from scraper.extract.body.blocks import Block, Boxes
from scraper.extract.body.vocabulary import points_away
from scraper.extract.fields.instants import Reading, parse_date, parse_day_line
from scraper.extract.marks import beside
from scraper.extract.page import ParsedPage

_LABEL = re.compile(
    r"publi[scš]|(?:ge)?post(?:ed|et)|post time|geschrieben|postado|erschien|written"
    r"|gespeichert|eingestellt|released|\bdated?\b|veröffentlicht|erstellt|datum|\bstand\b|\bvom\b"
    r"|online (?:seit|since)|mis en ligne|paru|fecha|pubblicat|inserit|notizia del|gepubliceerd|geplaatst"
    r"|opublikowan|\bdata\b|dodano|yayın|tarih"
    r"|publicerad|udgivet|julkaistu|vydán|zveřejn|terbit|megjelen|δημοσ|ngày|опублик|дата|добавлен|נשר|نشر|تاريخ|प्रकाशित"
    r"|发布|發布|發佈|日期|时间|時間|公開|掲載|配信|입력|등록|게시",
    re.IGNORECASE,
)
CHANGED = re.compile(
    r"updat|modif|edited|aktualisiert|geändert|mis à jour|actualiz|atualiz|aggiorn|aktualiz(?:ov|ac)|uppdater"
    r"|opp?dater|päivitet|bijgewerkt|gewijzigd|frissít|güncell|diperbarui|cập nhật|ενημερώ|обновл|оновлен|עודכן|تحديث"
    r"|بروزرسانی|به\u200cروز|更新|수정",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d")
_RIGHTS = re.compile(r"©|\(c\)|copyright|all rights", re.IGNORECASE)
# A few words with a year and what ends a dateline, or a day in brackets.
_SET_OFF = re.compile(
    r"(?:[^\s(]+\s+){0,6}[^\s(]*(?:19|20)\d\d\s?(?:[|\u2013\u2014:]|--?\s)|\W{0,2}\([^()]{6,40}(?:19|20)\d\d\)"
)
_SHORT = 30  # words of a block that may be about its date and no more
_LINE = 8  # words of a sentence that may be no more than a date
_ITSELF = re.compile(
    r"\W*(?:this (?:article|story|post|entry|page|report)|dies\w* (?:artikel|beitrag|eintrag|text|seite|meldung)"
    r"|ce(?:tte|t)? (?:article|billet|page)|este (?:artículo|artigo|texto)|questo (?:articolo|post)"
    r"|(?:dit|deze) (?:artikel|bericht))",
    re.IGNORECASE,
)
_CHANGE_FIRST = re.compile(
    r"(?:^\W*|[.|]\s+)(?:(?:last|latest|zuletzt|ostatni[ao]|última|ultimo|dernière)\s+)?" + f"(?:{CHANGED.pattern})",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d:\d\d")  # templates write a time of day, and reporters hardly ever
_DAY = 10  # characters of an ISO day
_BRIEF = 14  # words of a line that has room for a name and a place beside its date
_DATELINE = 70  # characters of a paragraph in which its dateline stands
_ABOVE = 5  # blocks above the headline
_RIGHT_ABOVE = 3


def by_headline(page: ParsedPage, *, named: bool) -> Iterator[str]:
    """The lines by the headline that hold a figure, either those that call it something else than a date of publication
    ("Kick-off: 19.01.2022") or all others.
    """
    for block in _own(page, page.around_headline, ("others",)):
        figure = NUMBER.search(block.text)
        if figure is None or CHANGED.search(block.text) or not _is_of_itself(block):
            continue
        other = block.text[: figure.start()].rstrip().endswith((":", "\uff1a")) and not _LABEL.search(block.text)
        if named == other:
            yield block.text


def before_stamp(page: ParsedPage) -> Iterator[str]:
    """The day by the headline, where JSON-LD says that the article was published and changed on one later day: content
    systems that build their pages anew have been seen to stamp both.
    """
    stamps = [next(page.ld(key), "") for key in ("datePublished", "dateModified")]
    stamped = parse_date(stamps[0], Reading()) if stamps[0][:_DAY] == stamps[1][:_DAY] else None
    if stamped is None:
        return
    for block in takewhile(lambda block: block.size <= _SHORT, page.around_headline):
        told = parse_day_line(block.text, Reading()) if NUMBER.search(block.text) else None
        if told is not None and told.at[:_DAY] < stamped.at[:_DAY]:
            yield block.text


def above_headline(page: ParsedPage) -> Iterator[str]:
    """What stands above the headline, the nearest first."""
    place = page.headline_place or 0
    return (block.text for block in reversed(page.flat.shown[max(0, place - _ABOVE) : place]))


def line_above(page: ParsedPage) -> Iterator[str]:
    """A line right above the headline that is a date and nothing else."""
    place = page.headline_place or 0
    near = reversed(page.flat.shown[max(0, place - _RIGHT_ABOVE) : place])
    return (block.text for block in near if NUMBER.search(block.text) and parse_day_line(block.text, Reading()))


def changed_around(page: ParsedPage) -> Iterator[str]:
    """The day of a change that stands by the headline: nearer to the truth than a day that stands anywhere else."""
    return (block.text for block in page.around_headline if _is_about_change(block))


def labelled(page: ParsedPage) -> Iterator[str]:
    """A short block that says that it is about the date of publication."""
    for block in _dated(page):
        if _LABEL.search(block.text) and not points_away(block.text) and _is_of_itself(block):
            yield block.text


def described(page: ParsedPage) -> Iterator[str]:
    """A description that says of what day it is: "Pressemitteilung vom 18.10.2021"."""
    return (text for text in page.metas("description", "og:description") if _LABEL.search(text))


def alone(page: ParsedPage) -> Iterator[str]:
    """A block that is a date and nothing else."""
    return (b.text for b in _dated(page) if b.linked < b.size and parse_day_line(b.text, Reading()))


def brief(page: ParsedPage) -> Iterator[str]:
    """A line of few words with a date in it, above the end of the text: "Saved by rasos on 24 July 2017"."""
    last = next((block for block in reversed(page.flat.shown) if block.size > _SHORT and block.sentence), None)
    above = page.flat.shown.index(last) if last else 0
    known = {id(block) for block in page.flat.shown[:above]}
    brief = (b for b in _dated(page) if b.size <= _BRIEF and not b.sentence and b.linked * 2 < b.size)
    return (block.text for block in brief if last is None or id(block) in known)


def dateline(page: ParsedPage) -> Iterator[str]:
    """The beginning of a paragraph that is set off from it: "BERLIN, 19 January 2022 - ...", or says what it is."""
    for block in _own(page, page.dated):
        if block.size > _SHORT:
            start = block.text[:_DATELINE]
            if _SET_OFF.match(start) or _ITSELF.match(start):
                yield start


def changed_texts(page: ParsedPage) -> Iterator[str]:
    """What is left: the day of a change is nearer to the truth than none."""
    return (block.text for block in _own(page, page.dated) if block.size <= _SHORT and _is_about_change(block))


def _dated(page: ParsedPage) -> list[Block]:
    """The short blocks with a year that are no claim of rights and speak of no change."""
    short = (block for block in _own(page, page.dated) if block.size <= _SHORT)
    return [block for block in short if not _RIGHTS.search(block.text) and not CHANGED.search(block.text)]


def _own(
    page: ParsedPage, blocks: Iterable[Block], strangers: Collection[str] = ("aside", "others")
) -> Iterator[Block]:
    """The blocks that do not stand in a box beside the article."""
    boxes, place = page.flat.boxes, page.headline_place
    holders = set(_around(page.flat.shown[place].box, boxes)) if place is not None else set()
    for block in blocks:
        chain = takewhile(lambda box: box not in holders, _around(block.box, boxes))
        if not any(beside(boxes.tag[box], boxes.names(box)) in strangers for box in chain):
            yield block


def _around(box: int, boxes: Boxes) -> Iterator[int]:
    """A box and those around it."""
    while box >= 0:
        yield box
        box = boxes.parent[box]


def _is_about_change(block: Block) -> bool:
    """Whether a line, or the beginning of a sentence, speaks of a change; other sentences tell of changes elsewhere."""
    if not _tells(block) or _ITSELF.match(block.text):
        return CHANGED.search(block.text) is not None
    return _CHANGE_FIRST.search(block.text) is not None


def _is_of_itself(block: Block) -> bool:
    """Whether a block may be about the date of its own text: a line, or a sentence that says so."""
    if not _tells(block) or _ITSELF.match(block.text) or _LABEL.match(block.text):
        return True
    return _LABEL.search(block.text) is not None and _CLOCK.search(block.text) is not None


def _tells(block: Block) -> bool:
    """Whether a block is a sentence long enough to tell the news."""
    return block.sentence and block.size > _LINE
