"""The language and the direction of a text, for browsers and screen readers. Pure."""

from __future__ import annotations

import re

from markupsafe import Markup

_TAG = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{2,8})*)")
_RIGHT_TO_LEFT = frozenset(
    {
        "ar",
        "arc",
        "ckb",
        "dv",
        "fa",
        "glk",
        "he",
        "iw",
        "ks",
        "lrc",
        "mzn",
        "nqo",
        "pnb",
        "prs",
        "ps",
        "sd",
        "syr",
        "ug",
    }
    | {"ur", "yi"}
)
_SCRIPTS = {"arab": "rtl", "hebr": "rtl", "latn": "ltr", "cyrl": "ltr"}


def attributes(language: object) -> Markup:
    """`` lang="ar" dir="rtl"``, to stand in a tag; of a tag that is none, only that the browser shall look."""
    found = _TAG.fullmatch(language) if isinstance(language, str) else None
    if found is None:
        return Markup(' dir="auto"')
    scripts = [_SCRIPTS[part] for part in found[2].lower().split("-") if part in _SCRIPTS]
    direction = scripts[0] if scripts else "rtl" if found[1].lower() in _RIGHT_TO_LEFT else "ltr"
    return Markup(' lang="{}" dir="{}"').format(language, direction)
