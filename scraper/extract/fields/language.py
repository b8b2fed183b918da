"""The language of a page: as it declares it, else by its script and its most frequent small words."""

# ruff: noqa: RUF001 - other alphabets are the point

from __future__ import annotations

import re
from collections import Counter

from scraper.extract.fields.rules import Found, Rule, ld, meta
from scraper.extract.page import ParsedPage

_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_.@].*)?", re.IGNORECASE)
_NO_LANGUAGE = frozenset({"und", "zxx", "mul", "mis", "xx"})
_SAMPLE = 2000  # characters of running text that are counted
_BLOCKS = 40
_ENOUGH = 40  # letters without which nothing is guessed
_TELLING = 0.1  # of the words of a text are among its language's small ones, at least
_FEWEST = 4  # small words of a language that must be found
_WORD = re.compile(r"[^\W\d_]+")
_LETTER = re.compile(r"[^\W\d_]")

# A script that one language of the news is written in, or a few that their words or letters tell apart.
_SCRIPTS = (
    (re.compile(r"[\u3040-\u30ff]"), "ja", 0.1),  # a tenth of Japanese is kana at the least; Chinese has none
    (re.compile(r"[\uac00-\ud7a3]"), "ko", 0.3),
    (re.compile(r"[\u4e00-\u9fff]"), "zh", 0.5),
    (re.compile(r"[\u0e00-\u0e7f]"), "th", 0.5),
    (re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]"), "el", 0.5),
    (re.compile(r"[\u0590-\u05ff]"), "he", 0.5),
    (re.compile(r"[\u0900-\u097f]"), "hi", 0.4),
    (re.compile(r"[\u0980-\u09ff]"), "bn", 0.4),
    (re.compile(r"[\u0a80-\u0aff]"), "gu", 0.4),
    (re.compile(r"[\u0b80-\u0bff]"), "ta", 0.4),
    (re.compile(r"[\u0c00-\u0c7f]"), "te", 0.4),
    (re.compile(r"[\u0d00-\u0d7f]"), "ml", 0.4),
    (re.compile(r"[\u10a0-\u10ff]"), "ka", 0.5),
    (re.compile(r"[\u0530-\u058f]"), "hy", 0.5),
    (re.compile(r"[\u1200-\u137f]"), "am", 0.5),
    (re.compile(r"[\u1780-\u17ff]"), "km", 0.4),
    (re.compile(r"[\u1000-\u109f]"), "my", 0.4),
    (re.compile(r"[\u0600-\u06ff]"), "Arab", 0.5),
    (re.compile(r"[\u0400-\u04ff]"), "Cyrl", 0.5),
)
_WORDS_BY_SCRIPT = {
    "Arab": {
        "ar": "في من على إلى أن عن التي الذي هذا كان",
        "fa": "در به از که این را با است برای می",
        "ur": "کے میں کی ہے سے اور کا کو نے پر",
    },
    "Cyrl": {
        "ru": "и в не на что с по это как он его был для из к",
        "uk": "і в не на що з та до у це як його був для від",
        "bg": "и в на да не че за от се с по са това като ще",
        "sr": "и у на да је не са за се од су које као биће али",
        "mk": "и во на да не што за од се со ќе ја кои како беше",
        "be": "і ў не на што з да у гэта як яго быў для ад па",
        "kk": "және бұл мен да үшін бар болып деп қазақ жылы",
    },
    "Latn": {
        "en": "the of and to in a is that for it on with as was by",
        "de": "der die und in den von zu das mit sich des auf für ist im nicht ein",
        "fr": "de la le et les des en un du une que est pour dans qui par sur au",
        "es": "de la que el en y a los se del las un por con una su para es al",
        "pt": "de a o que e do da em um para com não uma os no se na por mais dos",
        "it": "di e il la che in a per un del è della non con sono una si dei le nel",
        "ca": "de la i el que a en un per els amb les una del és no al ha dels més",
        "ro": "de și în a la cu pe nu este o din care că un pentru mai sau au fost",
        "nl": "de van het een en in is dat op te zijn met voor niet aan er om ook",
        "sv": "och i att det som en på är av för med den till inte har de ett om",
        "da": "og i at det er en til af på for med den der de ikke som et har blev",
        "nb": "og i at det er en til av på for med den som de ikke et har ble fra",
        "fi": "ja on ei että se oli hän mutta ovat myös kun joka tai niin sen kuin",
        "et": "ja on ei et see oli kui ka mis aga oma selle või nii seda kes",
        "pl": "i w na z do nie się że to jest o od po jak za przez ale dla co ma",
        "cs": "a se v na je že o to s do i ve pro jako za ale po by si které",
        "sk": "a sa v na je že o to s do aj vo pre ako za ale po by si ktoré",
        "sl": "in je v na se za da so ki s z pa ne bi tudi po kot od iz pri",
        "hr": "i je u na se da za su od s a o kao koji ne će što iz do bi",
        "hu": "a az és hogy nem is egy van volt de ez meg csak már ha kell azt mint",
        "lt": "ir į kad su iš yra tai bet apie buvo per po ne nuo dėl kaip bus",
        "lv": "un ir ka no uz par ar bet tas kas pie arī gan tiek pēc lai nav",
        "tr": "ve bir bu da de için ile çok olarak daha olan ne gibi kadar sonra en",
        "vi": "và của là có được cho trong một không với các người đã này khi những",
        "id": "yang dan di dengan untuk pada dari ini tidak dalam akan itu adalah ke oleh",
        "tl": "ang ng sa na mga at ay ni kay si para ito nang hindi niya rin",
        "sq": "të në e dhe një për me nga është që i se më ka do",
        "is": "og í að á er sem við til um var en það fyrir með ekki",
        "sw": "na ya wa kwa ni katika la za kuwa hii hiyo kama yake baada pia",
        "af": "die en van is in het 'n nie dat met op wat hy vir sy ook om te",
    },
}
_TABLE = {
    script: {language: frozenset(words.split()) for language, words in languages.items()}
    for script, languages in _WORDS_BY_SCRIPT.items()
}
_FOREIGN = re.compile(r"[^\x00-\u024f\u1e00-\u20ff]")  # neither Latin nor punctuation
_GLANCE = 600  # characters that are looked at where a language is declared
_ENGLISH = 0.1  # of the words of English text are among the small ones below: seldom less than a fifth is

DECLARED: tuple[Rule, ...] = (
    ("html:lang", lambda page: (page.lang,) if page.lang else ()),
    *ld("inLanguage"),
    *meta("og:locale", "content-language", "dc.language", "dcterms.language", "language"),
)


def language(page: ParsedPage) -> Found[str] | None:
    """The language as a BCP 47 tag: ``en``, ``pt-BR``, ``zh-Hant-TW``.

    English, or any Latin language on a page in another script, is often a template's word and not the text's: the text
    has the last word on it. (Of 49 such disagreements on the corpora, the text was right in all but a few.)
    """
    for name, rule in DECLARED:
        for text in rule(page):
            tag = language_tag(text)
            if tag and not _belied(tag.partition("-")[0], page):
                return Found(tag, name)
    guessed = guess(_running(page, _SAMPLE))
    return Found(guessed, "text:words") if guessed else None


def _belied(declared: str, page: ParsedPage) -> bool:
    """Whether a page's text is plainly not in the Latin language that the page declares."""
    if declared not in _TABLE["Latn"]:
        return False
    glance = _running(page, _GLANCE)
    if declared == "en":
        words = glance.lower().split()
        if sum(word in _TABLE["Latn"]["en"] for word in words) > _ENGLISH * len(words):
            return False
    elif 2 * len(_FOREIGN.findall(glance)) < len(glance):
        return False
    guessed = guess(_running(page, _SAMPLE))
    return guessed is not None and guessed != declared


def language_tag(text: str) -> str | None:
    """A language as pages write it, as a tag: ``en_us`` -> ``en-US``; None where it is no language."""
    match = _TAG.fullmatch(text.strip())
    if match is None or match[1].lower() in _NO_LANGUAGE:
        return None
    language, script, region = match.groups()
    parts = [language.lower(), script.title() if script else "", region.upper() if region else ""]
    return "-".join(part for part in parts if part)


def guess(text: str) -> str | None:
    """The language of a text by its script, and by small words where a script has several; None where nothing tells."""
    script = _script(text)
    if script not in _TABLE:
        return script or None
    words = Counter(_WORD.findall(text.lower()))
    scores = {name: sum(words[word] for word in small) for name, small in _TABLE[script].items()}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= max(_FEWEST, _TELLING * words.total()) else None


def _script(text: str) -> str:
    """``Latn``, ``Cyrl``, ``Arab``, the language of a script that has but one, or nothing for too short a text."""
    letters = len(_LETTER.findall(text))
    if letters < _ENOUGH:
        return ""
    if text.isascii():
        return "Latn"
    return next((name for letter, name, share in _SCRIPTS if len(letter.findall(text)) > share * letters), "Latn")


def _running(page: ParsedPage, room: int) -> str:
    """The beginning of the page's sentences, which menus are not; where there are none, of all of its text."""
    parts: list[str] = []
    for block in page.flat.shown:
        if block.sentence:
            parts.append(block.text)
            room -= len(block.text)
            if room <= 0:
                break
    return " ".join(parts or (block.text for block in page.flat.shown[:_BLOCKS]))
