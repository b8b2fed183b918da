"""Articles as Markdown files with their facts on top (YAML front matter), as note-taking programs and site generators
read them.

Each fact is one line, its value written as JSON, which YAML reads. The last line holds a digest of all the rest: it
tells a file that was written here and not touched since from one that its owner changed.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator

from scraper.formats.record import stored_dict
from scraper.model import StoredArticle

_SLUG = 60  # characters of a title in a file's name
_BYTES = 150  # of the same: names have 255 at most, and some systems count a letter as three
_ODD = re.compile("[\x7f-\x9f\u00ad\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")  # YAML takes them escaped alone
_WRITTEN = re.compile(r'^written: "([0-9a-f]{16})"\n', re.MULTILINE)
_SEEN = re.compile(r'^(?:fetched_at|written): "[^"\n]*"\n', re.MULTILINE)
_NAME = re.compile(r"-([0-9a-f]{12})\.md$")
_BLOCKS = re.compile(r"\n(?:>\n|\n)|\n(?=- |\d+\. |\| |> )")
_PICTURE = re.compile(r"!\[(?:\\.|[^\]\\])*\]\([^)]*\)")
_LINK = re.compile(r"(?<![\\!])\[((?:\\.|[^\[\]\\])*)\]\([^)\s]*\)")
_SIGN = re.compile(r"\\(.)|[*`]+")
_LEAD = re.compile(r"^(?:> )?(?:#{1,6} |- |\d+\. )?")
_RULE = re.compile(r"\|(?: --- \|)+")


def folder_of(stored: StoredArticle) -> str:
    """In which folder its file is: that of its month."""
    day = stored.article.date
    return day[:7] if day and re.fullmatch(r"\d{4}-\d\d-\d\d", day) else "undated"


def file_name(stored: StoredArticle) -> str:
    """What its file is called when it is first written: day, title, and what tells it from all others and stays."""
    folder = folder_of(stored)
    day = "" if folder == "undated" else f"{(stored.article.date or '')}-"
    return f"{day}{_slug(stored.article.title)}-{mark(stored.url_key)}.md"


def mark(url_key: str) -> str:
    """What the file of an article has in its name whatever becomes of title and date."""
    return hashlib.sha256(url_key.encode("utf-8", "replace")).hexdigest()[:12]


def marked(name: str) -> str | None:
    """The mark in the name of a file; None: it is none of these."""
    found = _NAME.search(name)
    return found[1] if found else None


def note(stored: StoredArticle) -> str:
    """An article as such a file: every field above, the body as Markdown below.

    Of the two bodies, above is only what does not follow from what is below.
    """
    facts = stored_dict(stored)
    text = (facts["body_markdown"] or facts["body"]).replace("\r\n", "\n").rstrip("\r")  # no CRLF at its end
    if facts["body_markdown"] == text:
        del facts["body_markdown"]
    if facts["body"] == plain(text):
        del facts["body"]
    head = "".join(f"{name}: {_value(value)}\n" for name, value in facts.items())
    return f'---\n{head}written: "{_digest(head, text)}"\n---\n\n{text}\n'


def is_untouched(text: str) -> bool:
    """Whether a file is as :func:`note` wrote it once."""
    head, body = split(text)
    found = _WRITTEN.search(head)
    return found is not None and _digest(_WRITTEN.sub("", head), body) == found[1]


def is_same(old: str, new: str) -> bool:
    """Whether two files tell the same, be it that one saw its page later: that alone is no reason to write it anew."""
    return old == new or _SEEN.sub("", old, count=2) == _SEEN.sub("", new, count=2)


def split(text: str) -> tuple[str, str]:
    """What stands between the lines of three hyphens, and what follows; both empty where nothing does."""
    parts = re.split(r"^---[ \t]*\n", text.removeprefix("\ufeff").replace("\r\n", "\n"), maxsplit=2, flags=re.MULTILINE)
    if len(parts) < 3 or parts[0].strip():
        return "", ""
    return parts[1], parts[2].removeprefix("\n").removesuffix("\n")


def plain(markdown: str) -> str:
    """The text of Markdown as it is written here: its paragraphs without signs, links, pictures and captions."""
    return "\n\n".join(_paragraphs(markdown))


def _paragraphs(markdown: str) -> Iterator[str]:
    after_picture = False
    for block in _BLOCKS.split(markdown):
        if _RULE.fullmatch(block):
            continue
        if _PICTURE.fullmatch(block):
            after_picture = True
            continue
        if not (after_picture and re.fullmatch(r"\*[^*]+\*", block)):
            text = _unmarked(_LEAD.sub("", block, count=1))
            if text:
                yield text
        after_picture = False


def _unmarked(text: str) -> str:
    if text.startswith("| ") and text.endswith(" |"):
        text = text[2:-2].replace("\\|", "|")
    text = _LINK.sub(r"\1", _LINK.sub(r"\1", _PICTURE.sub("", text)))
    return _SIGN.sub(lambda found: found[1] or "", text).strip()


def _value(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return _ODD.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _digest(head: str, text: str) -> str:
    return hashlib.sha256(f"{head}\0{text}".encode("utf-8", "replace")).hexdigest()[:16]


def _slug(title: str) -> str:
    """A title as a part of a name that every file system takes: letters and digits of any script, and hyphens."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", title).lower())
    slug = "-".join(words)[:_SLUG]
    return slug.encode()[:_BYTES].decode("utf-8", "ignore").strip("-") or "untitled"
