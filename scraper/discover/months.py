"""Names of months, as feeds write them in some thirty languages -> their numbers.

A name is known by how it begins, accents and case apart: ``Nov.``, ``novembre``, ``ноября``. Beginnings that mean two
months are left out: ``lis`` is November in Polish and October in Croatian, ``srp`` August in Czech, July in Croatian.
(``extract.fields.calendar`` has whole names, for finding dates in running text.) Source: https://cldr.unicode.org.
"""

# ruff: noqa: RUF001 -- months in their own letters

from __future__ import annotations

import unicodedata

_BEGINNINGS = (
    "jan jaan ene gen sty led sij oca ian tammi янв січ ιαν يناير",
    "feb fev veeb lut uno velj sub helmi фев лют φεβ فبراير",
    "mar mrt bre ozu maalis мар бер μαρ مارس",
    "apr abr avr kwi dub tra nis huhti апр квіт απρ ابريل",
    "mai maj may mei mag kve svi touko мая маи трав μαι مايو",
    "jun juin juuni giu iun cze cervn cerven lipa lipn haz kesa июн черв ιουν يونيو",
    "jul juil juuli lug iul lipc lipi cervenc srpanj srpnj tem heina июл лип ιουλ يوليو",
    "aug ago agu aou avg sie srpna srpen kolo elo авг серп αυγ اغسطس",
    "sep set szept wrz zar ruj eyl syys сен вер σεπ سبتمبر",
    "oct okt ott out paz rij eki loka окт жовт οκτ اكتوبر",
    "nov noi kas stu marras ноя ное листоп νοε نوفمبر",
    "dec dez dets dic des gru pro ara joulu дек груд δεκ ديسمبر",
)
_MONTHS = {word: number for number, words in enumerate(_BEGINNINGS, 1) for word in words.split()}
_LONGEST = max(map(len, _MONTHS))


def month(name: str) -> int:
    """The number of a month, 1 to 12. Raises ValueError for what is none, or might be two."""
    plain = _plain(name)
    for length in range(min(len(plain), _LONGEST), 2, -1):  # marraskuu is not March
        if number := _MONTHS.get(plain[:length]):
            return number
    raise ValueError(f"No month: {name!r}")


def _plain(name: str) -> str:
    if name.isascii():
        return name.lower()
    apart = unicodedata.normalize("NFD", name.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
