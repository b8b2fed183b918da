"""``scrape diff``: what changed between two versions of an article, word by word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.completing import article_ids
from scraper.cli.filters import check_alone, check_source, limited, narrowing
from scraper.cli.printing import console, plain, print_address, print_json, print_lines, print_styled
from scraper.dedupe.differences import Change, ChangeKind, counted, word_differences
from scraper.errors import BadUsage
from scraper.home import Home
from scraper.model import Revision, StoredArticle

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from scraper.store import Changed, Filters

_STYLES = {ChangeKind.SAME: "", ChangeKind.REMOVED: "red strike", ChangeKind.ADDED: "green"}
_MARKS = {ChangeKind.SAME: ("", ""), ChangeKind.REMOVED: ("[-", "-]"), ChangeKind.ADDED: ("{+", "+}")}
_FACTS = (("by", "authors"), ("published", "published_at"), ("kind", "kind"))

Line = list[Change]


@dataclass(frozen=True, slots=True)
class _Version:
    """One version of an article. ``seen_at`` is when it was last seen."""

    revision: int
    title: str
    body: str
    kind: str
    authors: str
    published_at: str
    modified_at: str
    seen_at: str


@click.command("diff")
@click.argument("which", metavar="[ID|URL]", required=False, shell_complete=article_ids)
@narrowing("Changed")
@limited(20)
@click.option("--revisions", type=int, nargs=2, metavar="A B", help="From revision A to B; the last change otherwise.")
@click.option("--all", "listed", is_flag=True, help="List all versions: when each was replaced, and by what change.")
@click.option("--full", is_flag=True, help="Show the paragraphs that did not change, too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def diff_command(
    ctx: click.Context, /, which: str | None, *, filters: Filters, limit: int, as_json: bool, **given: Any
) -> None:
    """Show what changed in an article, word by word.

    Without one, the latest changes are listed, of the articles that the filters let through; --since and --until are
    about when they were seen to have changed.

    On a terminal what went is red and struck through, and what came is green; elsewhere they stand in [-...-] and
    {+...+}. Paragraphs that did not change are folded to an ellipsis. The exit code is 1 if there is one version only.

    \b
    Examples:
      scrape diff --since yesterday
      scrape diff https://example.org/2026/11/story --revisions 1 3 --full
    """
    from scraper.store import Store

    home: Home = ctx.obj
    check_alone(which, filters)
    with Store(home.check().storage, readonly=True) as store:
        if which is None:
            check_source(home, store, filters)
            if not _print_latest(store.changed(filters, limit), as_json=as_json):
                ctx.exit(1)
            return
        found = store.get(which.removeprefix("#"))
        past = store.revisions(found.id)
    if not past:
        click.echo(f"scrape: article #{found.id} has one version only: it was not seen to change", err=True)
        ctx.exit(1)
    if given["listed"]:
        _list(found, past, as_json=as_json)
        return
    versions = {version.revision: version for version in _versions(found, past)}
    one, other = given["revisions"] or (past[-1].revision, found.revision)
    for number in (one, other):
        if number not in versions:
            raise BadUsage(f"article #{found.id} has no revision {number}; it has {', '.join(map(str, versions))}")
    if one == other:
        raise BadUsage(f"revision {one} is compared with itself; name two of {', '.join(map(str, versions))}")
    replaced = next((each for each in past if (each.revision, each.revision + 1) == (one, other)), None)
    shown = _Shown(found, versions[one], versions[other], replaced)
    if as_json:
        print_json(shown.as_json())
    else:
        shown.print(full=given["full"])


def _print_latest(changes: Sequence[Changed], *, as_json: bool) -> int:
    """The latest changes, for people or as JSON. Returns how many they are."""
    if as_json:
        print_json([asdict(each) for each in changes])
        return len(changes)
    out = console()
    for each in changes:
        print_lines(out, f"#{each.id} {each.title}", "bold")
        facts = (each.replaced_at, each.change, _magnitude(each.words_added, each.words_removed), each.source)
        print_address(out, " · ".join(fact for fact in facts if fact), each.url)
    if not changes:
        click.echo("no change was seen", err=True)
    return len(changes)


def _versions(found: StoredArticle, past: Iterable[Revision]) -> Iterator[_Version]:
    for each in past:
        authors = "" if each.authors is None else ", ".join(each.authors)
        dates = each.published_at or "", each.modified_at or "", each.fetched_at
        yield _Version(each.revision, each.title, each.body, each.kind, authors, *dates)
    now = found.article
    dates = now.published_at or "", now.modified_at or "", found.fetched_at
    yield _Version(found.revision, now.title, now.body, now.kind, ", ".join(now.authors), *dates)


@dataclass(frozen=True, slots=True)
class _Shown:
    """Two versions of an article side by side; ``replaced`` is the first, if the second replaced it."""

    article: StoredArticle
    one: _Version
    other: _Version
    replaced: Revision | None

    def as_json(self) -> dict[str, Any]:
        """Everything, for machines."""
        return {
            "id": self.article.id,
            "url": self.article.article.url,
            "from": _version_dict(self.one),
            "to": _version_dict(self.other),
            "change": self.replaced.change if self.replaced else None,
            "title": _changes(word_differences(self.one.title, self.other.title)),
            "body": _changes(word_differences(self.one.body, self.other.body)),
        }

    def print(self, *, full: bool) -> None:
        """The change on a page, for people."""
        out = console()
        title = word_differences(self.one.title, self.other.title)
        body = word_differences(self.one.body, self.other.body)
        facts = [f"#{self.article.id}", f"revision {self.one.revision} -> {self.other.revision}"]
        if self.replaced:
            facts += [self.replaced.change, f"replaced {self.replaced.replaced_at}"]
        removed, added = counted((*title, *body))
        facts.append(_magnitude(added, removed))
        print_lines(out, " · ".join(facts), "bold")
        out.print(self.article.article.url, style="cyan", soft_wrap=True)
        out.print()
        print_styled(out, _styled(out, list(title)))
        for name, field in _FACTS:
            before, now = getattr(self.one, field), getattr(self.other, field)
            if before != now and (before or field != "authors"):  # authors were not kept from the first version on
                print_styled(out, _styled(out, list(word_differences(before, now)), f"{name}: "))
        for line in _folded(_lines(body), full=full):
            out.print()
            print_styled(out, _styled(out, line, "" if line else "…"))


def _lines(changes: Iterable[Change]) -> list[Line]:
    """The paragraphs, each with what is different in it."""
    lines: list[Line] = [[]]
    for change in changes:
        first, *more = change.text.split("\n")
        lines[-1].append(Change(change.kind, first))
        lines += [[Change(change.kind, text)] for text in more]
    return [line for line in ([piece for piece in line if piece.text] for line in lines) if line]


def _folded(lines: Iterable[Line], *, full: bool) -> Iterator[Line]:
    """The paragraphs with a change; an empty one stands for those between them, unless all are shown."""
    folded = False
    for line in lines:
        changed = any(piece.kind is not ChangeKind.SAME for piece in line)
        if changed or full:
            yield line
        elif not folded:
            yield []
        folded = not changed


def _styled(out: Console, line: Line, before: str = "") -> Text:
    """A paragraph in colour, or with marks where there is none."""
    from rich.text import Text

    text = Text(before)
    coloured = out.is_terminal and out.color_system is not None and not out.no_color
    for piece in line:
        opening, closing = ("", "") if coloured else _MARKS[piece.kind]
        text.append(opening + plain(piece.text) + closing, _STYLES[piece.kind] if coloured else "")
    return text


def _magnitude(added: int | None, removed: int | None) -> str:
    return "words not counted" if added is None or removed is None else f"+{added} -{removed} words"


def _changes(changes: Iterable[Change]) -> list[dict[str, str]]:
    return [{"kind": change.kind, "text": change.text} for change in changes]


def _version_dict(version: _Version) -> dict[str, Any]:
    return {name: getattr(version, name) for name in version.__slots__ if name != "body"}


def _list(found: StoredArticle, past: tuple[Revision, ...], *, as_json: bool) -> None:
    """Every version in one line, the first one first."""
    if as_json:
        print_json([{name: getattr(each, name) for name in each.__slots__ if name != "body"} for each in past])
        return
    out = console()
    for each in past:
        facts = [each.change, f"replaced {each.replaced_at}", _magnitude(each.words_added, each.words_removed)]
        if each.seen_again_at:
            facts.append(f"seen again {each.seen_again_at}")
        print_lines(out, f"revision {each.revision} {each.title}", "bold")
        print_lines(out, " · ".join(facts), "dim", indent="  ")
    print_lines(out, f"revision {found.revision} {found.article.title}", "bold")
    print_lines(out, f"present · seen {found.fetched_at}", "dim", indent="  ")
