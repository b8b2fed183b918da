"""What the documents hold: blocks of code with what a comment above says of them, links, headings, commands.

Above a block may stand ``<!-- home: NAME -->`` (from there on its commands are run in that home of ``homes.py``),
``<!-- file: PATH -->`` (it is written to that file of the home before what follows is run),
``<!-- meanwhile: corrected -->`` (the site's story says something else from there on) and ``<!-- not run: REASON -->``.
"""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("docs", "docs/decisions", "config", "storage", ".github")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(path for folder in FOLDERS for path in (ROOT / folder).glob("*.md"))])
_ENDS = re.compile(r"[|<>;&]+|\d?>.*|&&|\|\|")
_COMMAND = re.compile(r"(?<![\w/.~-])(?:\.venv/bin/)?scrape (.*)", re.DOTALL)
_STARTED = re.compile(r"(?:^|[$;&|] |\bexec \w+ |\* )(?:\.venv/bin/)?scrape (.*)")
_COMMENT = re.compile(r"<!-- (home|file|meanwhile|not run): (.+) -->")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, its text, the line it begins at, and what stands above it."""

    language: str
    text: str
    line: int
    home: str = ""
    file: str = ""
    meanwhile: str = ""
    not_run: str = ""

    @property
    def lines(self) -> list[str]:
        """Its commands: a line that ends in a backslash goes on in the next one."""
        joined = re.sub(r" *\\\n *", " ", self.text).splitlines()
        return [line for line in joined if line.strip() and not line.startswith("#")]


def name(document: Path) -> str:
    """How a document is called: its path in the repository."""
    return str(document.relative_to(ROOT))


def read(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def blocks(text: str, language: str | None = None) -> list[Block]:
    """The fenced blocks of a text, or those in one language."""
    return [block for block in _blocks(text) if language in (None, block.language)]


def _blocks(text: str) -> Iterator[Block]:
    lines = iter(enumerate(text.splitlines(), start=1))
    above: dict[str, str] = {}
    for number, line in lines:
        if comment := _COMMENT.fullmatch(line):
            above[comment[1].replace(" ", "_")] = comment[2]
        elif line.startswith("```"):
            inside = []
            for _, each in lines:
                if each == "```":
                    break
                inside.append(each + "\n")
            yield Block(line.removeprefix("```"), "".join(inside), number, **above)
            above = {}
        elif line.strip():
            above = {}


def prose(text: str) -> str:
    """A text without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def wrapped(text: str, after: str = "") -> str:
    """Prose in lines as documents have them; from the second one on, ``after`` comes first."""
    return textwrap.fill(text, 120, subsequent_indent=after, break_long_words=False, break_on_hyphens=False)


def links(text: str) -> list[str]:
    """Where a text's links and pictures lead."""
    outside = re.sub(r"`[^`]*`", "", prose(text))
    return re.findall(r"\]\(([^)\s]+)[^)]*\)", outside) + re.findall(r'(?:src|href)="([^"]+)"', outside)


def anchors(text: str) -> set[str]:
    """The anchors of a text's headings, as GitHub makes them."""
    found: dict[str, int] = {}
    for heading in re.findall(r"^#{1,6} +(.+?) *#*$", prose(text), re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        times = found[anchor] = found.get(anchor, -1) + 1
        if times:
            found[f"{anchor}-{times}"] = 0
    return set(found) | set(re.findall(r'<a (?:id|name)="([^"]+)"', text))


def commands(text: str) -> Iterator[list[str]]:
    """What ``scrape`` is said to be called with, in code within a text and in its blocks."""
    spans = [" ".join(span.split()) for span in re.findall(r"`([^`]+?)`", prose(text)) if "\n\n" not in span]
    told = [line for block in blocks(text) if block.language in ("sh", "console") for line in block.lines]
    # A help text says what its example does beside it.
    told += [re.split(r"\s{2,}", line.strip())[0] for block in blocks(text, "text") for line in block.lines]
    for form, code in [*((_COMMAND, span) for span in spans), *((_STARTED, line) for line in told)]:
        for found in form.finditer(code):
            yield _words(found[1])


def _words(said: str) -> list[str]:
    """The words of a command up to what the shell makes of the rest."""
    try:
        words = shlex.split(said, comments=True)
    except ValueError:  # of a sentence, in which an apostrophe opens no quotation
        words = said.split()
    for number, word in enumerate(words):
        if _ENDS.fullmatch(word):
            return words[:number]
    return words
