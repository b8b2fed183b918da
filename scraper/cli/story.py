"""``scrape story``: who ran a story, when, and what each changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.printing import console, counted, date_line, plain, print_json, stored_dict
from scraper.home import Home

if TYPE_CHECKING:
    from rich.text import Text

    from scraper.dedupe.differences import Change
    from scraper.store import Copy, Story

_EXCERPT = 4  # changed places that are shown of each article
_AROUND = 40  # characters that are shown around them
_LONGEST = 200  # characters of one change
_SAME = "same"  # of ChangeKind
_STYLES = {"removed": "red strike", "added": "green"}
_SIGNS = {"removed": ("[-", "-]"), "added": ("{+", "+}")}


@click.command("story")
@click.argument("which", metavar="ID|URL|sNUMBER")
@click.option("--full", is_flag=True, help="Show each text whole, with all its differences.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def story_command(home: Home, which: str, full: bool, as_json: bool) -> None:
    """Show who ran a story, when, and what each changed.

    The story is that of an article (by its id or any of its addresses) or of a number such as s5. Its articles are
    listed the earliest first; marked are the first publisher's and the lead, the version to read. Of the others is told
    how much they share with it, and where they differ: [-words that only the lead has-] {+words that it has not+}. The
    exit code is 1 where no copies are known.

    \b
    Examples:
      scrape story 12
      scrape story --full https://example.org/2026/11/story
      scrape story s5 --json
    """
    from scraper.store import Store

    with Store(home.check().storage, readonly=True) as store:
        story = store.story(which.removeprefix("#"))
    if as_json:
        print_json(_as_json(story))
    else:
        _print(story, full=full)


def _as_json(story: Story) -> dict[str, Any]:
    lead = _lead(story)
    return {
        "id": story.id,
        "title": story.title,
        "created_at": story.created_at,
        "first_article_id": story.first,
        "lead_article_id": story.lead,
        "articles": [_copy_as_json(copy, lead) for copy in story.copies],
    }


def _copy_as_json(copy: Copy, lead: Copy) -> dict[str, Any]:
    like = copy.likeness
    changes = () if copy is lead else _changes(lead, copy)
    return {
        "article": stored_dict(copy.stored),
        "copy_of": like and like.other_id,
        "how": like and like.how,
        "similarity": like and like.similarity,
        "contained": like and like.contained,
        "differences": [{"kind": change.kind, "text": change.text} for change in changes],
    }


def _lead(story: Story) -> Copy:
    return next(copy for copy in story.copies if copy.stored.id == story.lead)


def _changes(lead: Copy, copy: Copy) -> tuple[Change, ...]:
    from scraper.dedupe.differences import word_differences

    return word_differences(lead.stored.article.body, copy.stored.article.body)


def _print(story: Story, *, full: bool) -> None:
    out, lead = console(), _lead(story)
    out.print(plain(story.title), style="bold")
    out.print(f"story s{story.id} · {counted(len(story.copies), 'article')}", style="dim")
    for copy in story.copies:
        out.print()
        article = copy.stored.article
        who = article.publisher or copy.stored.source or ""
        marks = [name for name, one in (("first", story.first), ("lead", story.lead)) if one == copy.stored.id]
        head = " · ".join(part for part in (f"#{copy.stored.id}", date_line(article), who, *marks) if part)
        out.print(plain(head), style="bold" if marks else "")
        out.print(f"  {article.url}", style="cyan", soft_wrap=True)
        if article.title != story.title:
            out.print(f"  {plain(article.title)}")
        if copy.likeness is not None:
            out.print(f"  {_alike(copy)}", style="dim")
        if copy is not lead:
            for line in _differences(_changes(lead, copy), full=full):
                out.print(line)


def _alike(copy: Copy) -> str:
    like = copy.likeness
    if like is None or like.how == "exact":
        return f"the same text as #{like.other_id}" if like else ""
    return (
        f"near-copy of #{like.other_id}: {like.similarity:.0%} of all words shared, {like.contained:.0%} of the shorter"
    )


def _differences(changes: Sequence[Change], *, full: bool) -> Iterator[Text]:
    """The text as it became of the lead's, or a few of the places where it differs."""
    if full:
        yield _drawn([(change.kind, change.text) for change in changes])
        return
    places = [number for number, change in enumerate(changes) if change.kind != _SAME]
    shown, last = 0, -2
    for number in places:
        if number <= last:
            continue
        if shown == _EXCERPT:
            left = sum(changes[place].text.strip() != "" for place in places if place >= number)
            yield _drawn([(_SAME, f"  … {counted(left, 'more change')}: --full")])
            return
        last = number + (changes[number + 1 : number + 2] != () and changes[number + 1].kind != _SAME)
        yield _drawn(list(_place(changes, number, last)))
        shown += 1


def _place(changes: Sequence[Change], first: int, last: int) -> Iterator[tuple[str, str]]:
    """One place with a few words around it, on one line."""
    before = changes[first - 1].text if first else ""
    after = changes[last + 1].text if last + 1 < len(changes) else ""
    yield _SAME, "  " + ("…" if len(before) > _AROUND else "") + _line(before[-_AROUND:])
    for change in changes[first : last + 1]:
        cut = (
            change.text
            if len(change.text) <= _LONGEST
            else f"{change.text[:_LONGEST]}… ({len(change.text.split())} words)"
        )
        yield change.kind, _line(cut)
    yield _SAME, _line(after[:_AROUND]) + ("…" if len(after) > _AROUND else "")


def _line(text: str) -> str:
    """White space is a space."""
    inner = " ".join(text.split())
    return f"{' ' * text[:1].isspace()}{inner}{' ' * (text[-1:].isspace() and inner != '')}"


def _drawn(pieces: Sequence[tuple[str, str]]) -> Text:
    """In colour, and with signs that also say it without."""
    from rich.text import Text

    line = Text()
    for kind, text in pieces:
        opening, closing = _SIGNS.get(kind, ("", ""))
        if text:
            line.append(plain(f"{opening}{text}{closing}"), _STYLES.get(kind, ""))
    return line
