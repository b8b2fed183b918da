"""Names out of bylines: what is a person's, and what are the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scraper.extract.fields.calendar import MONTH
from scraper.extract.words import fold, squeeze

_BY = re.compile(
    r"^\s*(?:(?:written|story|posted|reported|reporting|words|text|article|interview|published|report|analysis|opinion)\s+by"
    r"|authored by|by|von|par|por|di|door|af|av|od|autorem|text|texte|texto|interview|words|content"
    r"|authors?|autore?s?|autorin|autoren|auteure?s?|автор|авторы|текст|بقلم|كتب|作者|記者|记者|文|取材・文|執筆)"
    r"(?:\s*[:\uff1a]\s*|\s+|/)",
    re.IGNORECASE,
)
_GLUED = re.compile(r"^(?:(?:[Pp]osted |[Ww]ritten )?[Bb]y|[Aa]uth?or|[Aa]uteur)(?:in)?(?=[A-ZÄÖÜÉ])")
_AND = re.compile(
    r"\s+(?:and|und|et|y|и|و|with|mit|och|og|en|ve)\s+|\s*[;&|、\uff0c•·]\s*|\s+/\s+|\s+\+\s+", re.IGNORECASE
)
_COMMA = re.compile(r"\s*[,،]\s*(?:and\s+|und\s+|et\s+)?")
_ROLE_WORD = (
    r"editors?|reporters?|correspondents?|writers?|journalists?|columnists?|contributors?|producers?|analysts?|professors?"
    r"|directors?|staff|chief|redakteurin?|redakteur|korrespondent(?:in)?|reporterin|chefredakteurin?|journaliste?"
    r"|redactora?|corresponsal|корреспондент|редактор|기자|記者|记者"
)
_ROLE = re.compile(
    rf"\b(?:{_ROLE_WORD}|head of|rédact\w+|ph\.?d|m\.?d|jr|sr|cpp|rd|ms|rn|ceo|news|bureau|updated|published|min read"
    r"|minutes?)\b",
    re.IGNORECASE,
)
_ROLE_WORDS = re.compile(_ROLE_WORD, re.IGNORECASE)
_RANKS = frozenset({"senior", "chief", "guest", "freelance", "head", "managing", "assistant", "associate", "deputy"})
_DIGIT = re.compile(r"\d")
_ROLE_AFTER_NAME = re.compile(r"(?<=[\uac00-\ud7a3])\s*기자$|(?<=[\u4e00-\u9fff])\s*(?:记者|記者)$")
_DATE_TAIL = re.compile(
    rf"\W*(?:\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s*)?"
    rf"(?:{MONTH}\.?\s+\d.*|\b\d{{1,2}}[.\s]\s*{MONTH}(?!\w).*|\s\d.*)$",
    re.IGNORECASE,
)
_JOINT_TAIL = re.compile(r"\s+(?:on|at|am|im|in|le)$")  # before a day or a place that is gone
_NOT_A_NAME = re.compile(
    r"https?:|www\.|@|\d{3}|[<>{}=\[\]]"
    r"|\b(?:author|autor|autore|auteur|admin|administrator|posts?|profile|follow|subscribe|newsletter|comments?|share"
    r"|read more|copyright|rights|reserved|uncategorized|contact)\b"
    r"|^(?:staff|unknown|none|null|written by|undefined|anonymous|guest|webmaster|editor|editors|editorial"
    r"|redaktion|redazione|redacción|rédaction|redactie|редакция|the editors|team|by|sat|sun|mon|tue|wed|thu|fri"
    r"|view|more|about|agenc(?:y|ies)|news|nachrichten|noticias|notizie|notícias|actualités|nieuws|новости)$",
    re.IGNORECASE,
)
_NOT_THE_AUTHOR = re.compile(
    r"^\W*(?:(?:medically |fact[- ]?|last )?(?:updated|reviewed|checked|edited|photo(?:graph)?s?|image"
    r"|illustrat\w+|foto|video)(?:\s+by)?\b[:\s])",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:\bauthors?|\bby|\bautor(?:en|in|es)?|\btext|\bvon|\bauteure?s?|автор|авторы|текст|بقلم|记者|記者|作者|文)\s*[:\uff1a]\s*",
    re.IGNORECASE,
)
_PLAIN_LABEL = re.compile(r"(?:by|von|par|por|بقلم)\s+", re.IGNORECASE)
_NEXT_LABEL = re.compile(r"\s+[^\W\d]{1,12}[:\uff1a]|\s+[|\u2022]\s")
_HAN = re.compile(r"[\u4e00-\u9fff]{2,4}(?: [\u4e00-\u9fff]{2,4})+")
_MORE = re.compile(r"\s*\([^)]*\)\s*$|\s*[|\u2013\u2014]\s.*$|\s+-\s.*$")
_PARTICLES = frozenset({
    "van", "der", "den", "de", "del", "della", "di", "da", "dos", "das", "du", "von", "zu", "la", "le", "el", "al",
    "bin", "ibn", "ter", "ten", "af", "av", "y", "e",
})  # fmt: skip
_LONGEST = 80  # characters of a name
_SHORTEST = 2
_LONGEST_BYLINE = 500
_MOST_WORDS = 6
_MOST_NAME_WORDS = 4
_LONGEST_CASELESS = 20
_MOST = 20


def clean(candidates: Iterable[str], publishers: frozenset[str]) -> tuple[str, ...]:
    """Names out of bylines: no "By", no roles, no addresses, not the publisher itself."""
    names: dict[str, str] = {}
    for candidate in candidates:
        for name in split(candidate):
            folded = fold(name)
            if len(folded) < _SHORTEST or folded in publishers or folded.replace(" ", "") in publishers:
                continue
            if not any(folded.startswith(f"{known} ") for known in names):  # "Ana Ruiz Science Editor" after "Ana Ruiz"
                names.setdefault(folded, name)
    return tuple(names.values())[:_MOST]


def split(byline: str) -> Iterator[str]:
    """The names that one byline holds: "By Ana Ruiz and Bo Li, Chief Reporter" -> Ana Ruiz, Bo Li."""
    text = squeeze(byline)
    if len(text) > _LONGEST_BYLINE or _NOT_THE_AUTHOR.search(text) or (_NOT_A_NAME.search(text) and "/" in text):
        return
    text = _BY.sub("", _GLUED.sub("", text))
    if _HAN.fullmatch(text):  # names of two to four characters, a space between them
        text = ";".join(text.split())
    for several in _AND.split(text):
        for place, part in enumerate(_COMMA.split(several)):
            if place and _ROLE.search(part):
                continue  # after a comma stands a role or a place as often as another name
            name = _core(part)
            if name and (not place or (" " in name and name[0].isupper())):
                yield name


def _core(part: str) -> str | None:
    """A name without its label, role, place or day; None where what is left is none."""
    name = _MORE.sub("", _BY.sub("", part))
    if _DIGIT.search(name):  # the tail's pattern has every month of every language: not for names without a number
        name = _JOINT_TAIL.sub("", _DATE_TAIL.sub("", name))
    words = name.split()
    # "Ana Ruiz, Senior Reporter" is a person's; "Guardian staff reporter" is all the byline there is.
    if len(words) > 2 and _ROLE_WORDS.fullmatch(words[-1]) and words[-2].lower() != "staff":
        while len(words) > 2 and (_ROLE_WORDS.fullmatch(words[-1]) or words[-1].lower() in _RANKS):
            words.pop()
        name = " ".join(words)
    name = _ROLE_AFTER_NAME.sub("", name).strip(' .,:;-\u2013\u2014•●⋅·|*"„“”«»')
    if not name or len(name) > _LONGEST or _NOT_A_NAME.search(name):
        return None
    words = name.split()
    if len(words) > _MOST_WORDS:
        return None
    small = [word for word in words if word[0].islower() and word not in _PARTICLES and not _ROLE_WORDS.fullmatch(word)]
    return None if len(words) > 2 and len(small) * 2 > len(words) else name


def is_full_name(text: str) -> bool:
    """Whether a text reads as a first and a last name: what an element without any label must look like to be one."""
    words = text.split()
    if not words or any(char.isdigit() for char in text):
        return False
    if not words[0][0].isupper() and not words[0][0].islower():  # a script without capitals
        return len(text) <= _LONGEST_CASELESS
    proper = [word for word in words if word[0].isupper() or word in _PARTICLES]
    return 2 <= len(words) <= _MOST_NAME_WORDS and len(proper) == len(words)


def labelled(text: str, *, colon: bool) -> Iterator[str]:
    """What follows "By" or "Author:" on a line, up to the next label; without a colon the label must be a plain one."""
    match = _LABEL.search(text) or (None if colon else _PLAIN_LABEL.match(text))
    if match is not None and not text[match.end() : match.end() + 1].islower():  # "by remaining vigilant"
        yield _NEXT_LABEL.split(text[match.end() :])[0]


def starts_with_label(text: str) -> bool:
    """Whether a line begins with "Author:" in one of the languages known."""
    return _LABEL.match(text) is not None


def has_label(text: str) -> bool:
    """Whether a line begins with "By" or the like."""
    return _BY.match(text) is not None
