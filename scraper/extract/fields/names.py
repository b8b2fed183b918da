"""Names out of bylines: what is a person's, and what are the words around it."""

# ruff: noqa: RUF001 - other alphabets are the point

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scraper.extract.fields.calendar import MONTH
from scraper.extract.words import fold, squeeze

# What stands before a name: a line a language or two. A space, a colon or a stroke parts it from the name.
_LABELS = (
    r"(?:written|story|posted|reported|reporting|words|text|article|interview|published|report|analysis|opinion)\s+by",
    r"authored by|by|text|interview|words|content|authors?",
    r"(?:view |see )?(?:all )?(?:posts|articles|stories) (?:by|from)",
    r"zeige alle (?:beiträge|artikel) von|zum profil von",
    r"voir tous les articles (?:de|par)|ver todas las entradas de",
    r"(?:(?:ein|eine)\s+)?(?:gast\w*|kommentar|analyse|interview|reportage|artikel|text|bericht)\s+von|von|texte|autor(?:in|en)?",
    r"propos recueillis par|(?:publié|rédigé|écrit|recueilli)e?s? par|par|auteure?s?",
    r"(?:texto|escrito|redacción|entrevista|reportagem|publicado)\s+(?:de|por)|por|texto|autore?s?|autora",
    r"a cura di|(?:testo|articolo|intervista|servizio|scritto)\s+(?:di|da)|di",
    r"geschreven door|door|tekst|(?:skrevet|skriven|skrivet|tekst|text)\s+(?:af|av)|af|av|skrev|teksti|kirjoittaja",
    r"autorem|autorka|napsala?|opracowała?|piše|napisa(?:o|la)|автор(?:ы|и|ка)?|текст|подготовила?|пише",
    r"írta|szerző|scris de|autorius|autors|haber|yazan|yazar|muhabir|oleh|penulis|tác giả",
    r"γράφ(?:ει|ουν) (?:ο|η|οι)|του|της|των|από (?:τον|την|το)|โดย|ผู้เขียน|लेखक|লেখক|מאת|כתב(?:ה)?",
    r"بقلم|كتب(?:ت)?|إعداد|نویسنده|به قلم|تحریر|글쓴이|글",
    r"文/(?:记者|記者)|作者|記者|记者|文|取材・文|執筆|著者|筆者|撰文|撰稿",
)
_BY = re.compile(rf"^\s*(?:{'|'.join(_LABELS)})(?:\s*[:\uff1a・|\uff5c]\s*|\s+|/)", re.IGNORECASE)
_OF = re.compile(r"^de(?=\s+[A-ZÀ-Þ]\S+\s+[A-ZÀ-Þ])\s+")  # Romanian and Spanish; a name's own is followed by one
_OURS = re.compile(
    r"^(?:unsere[mrn]?|notre|nos|nuestr[oa]s?|noss[oa]s?|d?al(?:la)? nostr[oa]|(?:il |la )?nostr[oa])\s+[^\W\d]+"
    r"(?:\s+(?:speciale|spéciale?|especial))?\s+(?=[^\W\d_])(?-i:(?=[^a-zß-ÿ]))",
    re.IGNORECASE,
)
_GLUED = re.compile(r"^(?:(?:[Pp]osted |[Ww]ritten )?[Bb]y|[Aa]uth?or|[Aa]uteur)(?:in)?(?=[A-ZÄÖÜÉ])")
_AND = re.compile(
    r"\s+(?:and|und|et|y|и|و|with|mit|och|og|en|ve)\s+|\s*[;&|、\uff0c•·]\s*|\s+/\s+|\s+\+\s+", re.IGNORECASE
)
_JOIN = re.compile(r"\s+(?:and|und|et|y|e|и|і|و|och|og|en|ve|&)\s+", re.IGNORECASE)
_COMMA = re.compile(r"\s*[,،]\s*(?:and\s+|und\s+|et\s+)?")
_ROLE_WORD = (
    r"editors?|reporters?|correspondents?|writers?|journalists?|columnists?|contributors?|producers?|analysts?|professors?"
    r"|directors?|staff|chief|(?:chef)?redakteur(?:in)?|korrespondent(?:in)?|reporterin|journaliste?"
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
    r"|\b(?:sign|log) (?:in|up|out)$"
    r"|\b(?:author|autor|autore|auteur|admin|administrator|posts?|profile|follow|subscribe|newsletter|comments?|share"
    r"|read more|copyright|rights|reserved|uncategorized|contact)\b"
    r"|^(?:staff|unknown|none|null|written by|undefined|anonymous|guest|webmaster|editor|editors|editorial"
    r"|redaktion|redazione|redacción|rédaction|redactie|редакция|the editors|team|by|sat|sun|mon|tue|wed|thu|fri"
    r"|view|more|about|(?:zeige )?alle (?:artikel|beiträge)|(?:view |see )?all (?:posts|articles|stories)"
    r"|editor-in-chief|(?:co-?)?founder|agenc(?:y|ies)|news|nachrichten|noticias|notizie|notícias|actualités|nieuws|новости)$",
    re.IGNORECASE,
)
_NOT_THE_AUTHOR = re.compile(
    r"^\W*(?:(?:medically |fact[- ]?|last )?(?:updated|reviewed|checked|edited|photo(?:graph)?s?|image"
    r"|illustrat\w+|foto|video)(?:\s+by)?\b[:\s])",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:\bauthors?|\bby|\bautor(?:en|in|es|ka|ius)?|\bteksti?|\btext|\bvon|\bauteure?s?|\bírta|\bszerző|\bhaber|\boleh"
    r"|\btác giả|автор|авторы|автори|текст|بقلم|نویسنده|מאת|लेखक|โดย|글쓴이|執筆|撰文|记者|記者|作者|文)\s*[:\uff1a]\s*",
    re.IGNORECASE,
)
_PLAIN_LABEL = re.compile(r"(?:by|von|par|por|بقلم|מאת|โดย)\s+", re.IGNORECASE)
_DAY_LABEL = re.compile(
    r"(?:19|20)\d\d(?:\W+(?:at\s+)?\d{1,2}[:.]\d\d(?:\s?[ap]\.?m\b\.?)?)?\W+(?:by|von|par|por)\s+", re.IGNORECASE
)
_PLACE_TAIL = re.compile(r"\s+(?:in|at|for|aus)\s+(?=[A-ZÀ-Þ]).*$")
_BODIES = re.compile(
    r"\b(?:institut\w*|cent(?:er|re)|council|foundation|committee|campaign|association|society|coalition|alliance|network"
    r"|school|university|office|department|agency|fund|board|college|union|partnership|team|staff|desk)\b",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    r"\W*(?:(?:this (?:post|article|story|piece|guide|blog(?: post)?) (?:was|is) )?"
    r"(?:written|authored|posted|published|submitted|created)(?: (?:in|on|at) [^|]{1,60}?)? by"
    r"|(?:geschrieben|verfasst|erstellt|gespeichert|eingestellt|veröffentlicht|gepostet)(?: am [^|]{4,60}?)? von"
    r"|(?:écrit|rédigé|publié|posté)(?: le [^|]{4,30}?)? par|(?:escrito|publicado)(?: el [^|]{4,30}?)? por"
    r"|(?:scritto|pubblicato)(?: il [^|]{4,30}?)? da|(?:geschreven|geplaatst) door|(?:skrevet|publisert) a[fv]"
    r"|(?:skriven|publicerad) av|(?:napisane|dodane) przez)\s*[:\uff1a]?\s+",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"\s+(?:on|at|in|under|am|um|vor|unter|le|à|el|il|alle|op|om|den|kl|gespeichert)\s|\s*[|@\u00b7\u2022\u2013\u2014]"
    r"|\s+-\s|,?\s+\d",
    re.IGNORECASE,
)  # what parts a name from its day or section
_IS = re.compile(
    r"(?:, [^.]{2,40},)? (?:is|was|has|writes|covers|works|worked|joined|leads|ist|schreibt|arbeitet|est|écrit|es"
    r"|escribe|è|scrive|é|escreve|är|skriver|er|jest)\b"
)
_NEXT_LABEL = re.compile(r"\s+[^\W\d]{1,12}[:\uff1a]|\s+[|\u2022]\s|(?:\s+|(?<=[a-z]))In(?:\s|$)")
_SENTENCES = re.compile(r"(?<=[^\W\d_A-Z]{4})\.\s+(?=[^\W\d_])")  # no initial, no title
_SLASHED = re.compile(r"(?<=\w)\s+/\s+[^\W\d_]+$")  # a place: "Ana Ruiz / Berlin"
_HAN = re.compile(r"[\u4e00-\u9fff]{2,4}(?: [\u4e00-\u9fff]{2,4})+")
_MORE = re.compile(r"\s*\([^)]*\)\s*$|\s*[|\u2013\u2014\u22c5]\s.*$|\s+-\s.*$|\s+View$")
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
    text = _SENTENCES.split(text, maxsplit=1)[0]
    text = _unlabelled(_GLUED.sub("", text))
    text = _SLASHED.sub("", text)
    if _HAN.fullmatch(text):  # names of two to four characters, a space between them
        text = ";".join(text.split())
    for several in _AND.split(text):
        for place, part in enumerate(_COMMA.split(several)):
            reporter = _ROLE_AFTER_NAME.search(part)
            if place and _ROLE.search(part) and not reporter:
                continue  # after a comma stands a role or a place as often as another name
            name = _core(part)
            if name and (not place or reporter or (" " in name and name[0].isupper())):
                yield name


def _unlabelled(text: str) -> str:
    """A byline without "By", "Ein Gastbeitrag von", "dal nostro inviato"."""
    return _OURS.sub("", _OF.sub("", _BY.sub("", text)))


def _core(part: str) -> str | None:
    """A name without its label, role, place or day; None where what is left is none."""
    name = _MORE.sub("", _unlabelled(part))
    person = _PLACE_TAIL.sub("", name)
    if person != name and ":" not in person and is_full_name(person) and not _BODIES.search(person):
        name = person
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
    glued = None if match or colon else _GLUED.match(text)
    if glued is not None and is_full_name(text[glued.end() :]):
        match = glued
    if match is not None and not text[match.end() : match.end() + 1].islower():  # "by remaining vigilant"
        yield _NEXT_LABEL.split(text[match.end() :])[0]


def joined(byline: str, known: Iterable[str]) -> str | None:
    """Whom a byline joins to somebody known: "By Ana Ruiz and Bo Li, Berlin" -> Bo Li; None for nobody."""
    for name in filter(None, known):
        _, _, rest = byline.partition(name)
        match = _JOIN.match(rest)
        other = next(split(rest[match.end() :]), "") if match else ""
        if is_full_name(other):
            return other
    return None


def after_day(line: str) -> Iterator[str]:
    """The names behind a day and "by" on a line: "June 12, 2025 by Ana Ruiz"."""
    match = _DAY_LABEL.search(line)
    if match is not None:
        yield from filter(is_full_name, split(_NEXT_LABEL.split(line[match.end() :])[0]))


def after_written(line: str) -> str:
    """Whom a line says that something was written or posted by; empty for no such line."""
    match = _WRITTEN.match(line)
    return _SINCE.split(_NEXT_LABEL.split(line[match.end() :])[0])[0] if match is not None else ""


def introduces(paragraph: str, name: str) -> bool:
    """Whether a paragraph begins with a name and says who that is: "Ana Ruiz is a journalist from Lima"."""
    return paragraph.startswith(name) and _IS.match(paragraph, len(name)) is not None


def starts_with_label(text: str) -> bool:
    """Whether a line begins with "Author:" in one of the languages known."""
    return _LABEL.match(text) is not None


def has_label(text: str) -> bool:
    """Whether a line begins with "By" or the like."""
    return _BY.match(text) is not None
