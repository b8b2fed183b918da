"""What an edit did to an article: which parts of it changed, apart from what always changes on a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, islice

from scraper.dedupe.differences import counted, word_differences, words
from scraper.dedupe.links import linked_lines
from scraper.dedupe.noise import folded, lasting
from scraper.dedupe.notes import is_correction, tells_of_update
from scraper.dedupe.sources import Sources
from scraper.model import Article, Edit, Kind, from_instant

_TRUSTED = ("jsonld:", "meta:", "microdata:", "site:")
_SHOWN = 80  # characters of a headline, or of all authors, in one line of output
_LOOK_AHEAD = 5
_COMPARED = 200_000
"""Characters up to which words are compared in their order; beyond, one that only moved counts nothing."""
_MOVED = 8  # words of a paragraph whose place is part of the text
_NOTES = 100  # paragraphs at either end among which a notice is looked for
_NOISE = 1_000  # paragraphs of a text that are looked into one by one: an article has no tenth of that


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different between two texts of one article, noise aside.

    ``removed`` and ``added`` are paragraphs. ``moved``: the same paragraphs stand in another order. ``announced``: a
    note or the page's own date of change says that something is new.
    """

    old: Article
    new: Article
    title: bool = False
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    moved: bool = False
    dated: bool = False
    signed: bool = False
    announced: bool = False

    @property
    def body(self) -> bool:
        """Whether the body changed."""
        return bool(self.removed or self.added or self.moved)

    def __bool__(self) -> bool:
        return self.title or self.body or self.dated or self.signed

    @property
    def edit(self) -> Edit:
        """Which kind of change it is; a notice of correction goes before all else."""
        if self.old.kind in (Kind.TEASER, Kind.CLIPPING) and self.new.kind is not self.old.kind:
            return Edit.FULLER
        if any(map(is_correction, chain(self.added[:_NOTES], self.added[_NOTES:][-_NOTES:]))):
            return Edit.CORRECTION
        if self.title:
            return Edit.BOTH if self.body else Edit.HEADLINE
        if self.body:
            return Edit.BODY if self.announced else Edit.SILENT
        return Edit.DATE if self.dated else Edit.BYLINE

    @property
    def words(self) -> tuple[int, int]:
        """How many words of headline and body went, and how many came."""
        old, new = ((article.title, article.body) for article in (self.old, self.new))
        if sum(map(len, (*old, *new))) <= _COMPARED:
            counts = [counted(word_differences(one, other)) for one, other in zip(old, new, strict=True)]
            return sum(removed for removed, _ in counts), sum(added for _, added in counts)
        went, came = Counter(words("\n".join(old))), Counter(words("\n".join(new)))
        return (went - came).total(), (came - went).total()

    @property
    def detail(self) -> str:
        """What changed, in one line."""
        return "; ".join(self._said()) or "nothing changed"

    def _said(self) -> Iterator[str]:
        if self.title:
            yield f"headline changed: {_quoted(self.old.title)} -> {_quoted(self.new.title)}"
        if self.removed or self.added:
            yield _counts(self.removed, self.added)
        elif self.moved:
            yield "paragraphs moved"
        if self.edit is Edit.CORRECTION:
            yield "correction notice"
        if self.edit is Edit.SILENT:
            yield "silently"
        if self.dated:
            yield f"dated {self.new.published_at}, before {self.old.published_at}"
        if self.signed:
            new, old = (_short(", ".join(article.authors)) for article in (self.new, self.old))
            yield f"by {new}, before by {old}"


def changes(old: Article, new: Article, sources: Sources | None = None) -> Changes:
    """What is different between two texts of one article, in time that grows with their length.

    White space, typography and letter case are no difference, nor are lines that come and go (``noise``), nor short
    lines that are links, nor what both pages say as a whole (``sources``) while one of the texts leaves it out.
    """
    sources = sources or Sources()
    removed, added, moved = _paragraphs(old, new)
    removed = tuple(line for line in removed if not sources.still(line))
    added = tuple(line for line in added if not sources.already(line))
    chosen = sources.still(old.title) and sources.already(new.title)  # one of two headlines that the page has
    return Changes(
        old,
        new,
        title=folded(old.title) != folded(new.title) and not chosen,
        removed=removed,
        added=added,
        moved=moved,
        dated=_dated_anew(old, new),
        signed=_signed_anew(old, new),
        announced=bool(removed or added or moved) and _announced(old, new),
    )


def paragraphs(body: str) -> list[str]:
    """The lines of a text that are not blank."""
    return [line for line in map(str.strip, body.split("\n")) if line]


def _paragraphs(old: Article, new: Article) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """The paragraphs that went, those that came, and whether others moved."""
    if old.body == new.body or folded(old.body) == folded(new.body):
        return (), (), False
    gone, come = _unmatched(old.body, new.body)
    went, came = _lasting(gone, linked_lines(old.body_markdown)), _lasting(come, linked_lines(new.body_markdown))
    if "".join(form for _, form in went) == "".join(form for _, form in came):  # split, joined, or another clock
        moved = not went and not came and _order(old.body, gone) != _order(new.body, come)
        return (), (), moved
    left, right = Counter(form for _, form in went), Counter(form for _, form in came)
    removed, added = _minus(went, right), _minus(came, left)
    return removed, added, False


def _unmatched(old: str, new: str) -> tuple[list[str], list[str]]:
    """The paragraphs of each that the other has not."""
    lines, others = paragraphs(old), paragraphs(new)
    same = Counter(lines) & Counter(others)  # these need no folding, which costs more than all else here
    before, after = [
        [(line, folded(line)) for line in _minus(((line, line) for line in body), same)] for body in (lines, others)
    ]
    left, right = Counter(form for _, form in before), Counter(form for _, form in after)
    return list(_minus(before, right)), list(_minus(after, left))


def _minus(lines: Iterable[tuple[str, str]], others: Counter[str]) -> tuple[str, ...]:
    """The lines that are not among the others, each of which stands for one."""
    unused = others.copy()
    kept = []
    for line, form in lines:
        if unused[form] > 0:
            unused[form] -= 1
        else:
            kept.append(line)
    return tuple(kept)


def _lasting(lines: Iterable[str], linked: frozenset[str]) -> list[tuple[str, str]]:
    """The lines of the article itself, each with its folded form."""
    some = ((line, folded(line)) for line in lines)
    kept = [(line, form) for line, form in some if form not in linked]
    forms = chain(((line, lasting(line)) for line, _ in kept[:_NOISE]), kept[_NOISE:])
    return [(line, form) for line, form in forms if form]


def _order(body: str, without: Sequence[str]) -> list[str]:
    """The paragraphs that are long enough for their place to matter, in order."""
    left_out = set(without)
    lines = (line for line in paragraphs(body) if line not in left_out)
    return [folded(line) for line in lines if len(words(line)) >= _MOVED]


def _announced(old: Article, new: Article) -> bool:
    """Whether the page owns up to a change: by its date of change (as far as it names one), or by a line."""
    if new.modified_at is None or new.modified_at != old.modified_at:
        return True
    return any(map(tells_of_update, set(paragraphs(new.body)).difference(paragraphs(old.body))))


def _dated_anew(old: Article, new: Article) -> bool:
    """Whether the page now names another day of publication, in the same trusted place."""
    rule = new.evidence.get("published_at", "")
    if not (old.published_at and new.published_at and rule.startswith(_TRUSTED)):
        return False
    if old.evidence.get("published_at") != rule or old.published_at[:10] == new.published_at[:10]:
        return False
    try:
        apart = from_instant(new.published_at) - from_instant(old.published_at)
    except ValueError:
        return False
    return abs(apart) >= timedelta(hours=20)  # another zone is no other day


def _signed_anew(old: Article, new: Article) -> bool:
    """Whether other authors are named, in the same place."""
    before, after = ({folded(name) for name in article.authors} for article in (old, new))
    same_rule = old.evidence.get("authors") == new.evidence.get("authors")
    return bool(before and after and before != after and same_rule)


def _counts(removed: Sequence[str], added: Sequence[str]) -> str:
    edited = _edited(removed, added)
    counted = ((len(added) - edited, "added"), (len(removed) - edited, "removed"), (edited, "changed"))
    some = [(number, what) for number, what in counted if number]
    first, what = some[0]
    rest = "".join(f", {number} {how}" for number, how in some[1:])
    return f"{first} paragraph{'s' if first > 1 else ''} {what}{rest}"


def _edited(removed: Sequence[str], added: Sequence[str]) -> int:
    """How many of the paragraphs that came are others that went, edited: half of their words are the same.

    Of thousands of paragraphs that is not asked.
    """
    if len(removed) + len(added) > _NOISE:
        return 0
    waiting = [Counter(words(line)) for line in added]
    edited = 0
    for line in removed:
        mine = Counter(words(line))
        for place, theirs in enumerate(islice(waiting, _LOOK_AHEAD)):
            if 2 * (mine & theirs).total() > max(mine.total(), theirs.total()):
                del waiting[: place + 1]
                edited += 1
                break
    return edited


def _quoted(title: str) -> str:
    return f"'{_short(title)}'"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
