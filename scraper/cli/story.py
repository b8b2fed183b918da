"""``scrape story``: who ran a story, when, and what each changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.completing import article_ids
from scraper.cli.filters import check_alone, check_source, limited, narrowing
from scraper.cli.printing import (
    console,
    counted,
    date_line,
    plain,
    print_address,
    print_json,
    print_lines,
    print_styled,
)
from scraper.formats.record import stored_dict
from scraper.home import Home

if TYPE_CHECKING:
    from rich.text import Text

    from scraper.dedupe.differences import Change
    from scraper.store import Copy, Filters, Story, Told

_EXCERPT = 4  # changed places that are shown of each article
_AROUND = 40  # characters that are shown around them
_LONGEST = 200  # characters of one change
_SAME = "same"  # of ChangeKind
_STYLES = {"removed": "red strike", "added": "green"}
_SIGNS = {"removed": ("[-", "-]"), "added": ("{+", "+}")}


@click.command("story")
@click.argument("which", metavar="[ID|URL|sNUMBER]", required=False, shell_complete=article_ids)
@narrowing("Copied")
@limited(20)
@click.option("--full", is_flag=True, help="Show each text whole, with all its differences.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def story_command(
    ctx: click.Context, /, which: str | None, *, filters: Filters, limit: int, full: bool, as_json: bool
) -> None:
    """Show who ran a story, when, and what each changed.

    The story is that of an article (by its id or any of its addresses) or of a number such as s5. Its articles are
    listed the earliest first; marked are the first publisher's and the lead, the version to read. Of the others is told
    how much they share with it, and where they differ: [-words that only the lead has-] {+words that it has not+}. The
    exit code is 1 where no copies are known.

    Without a story, the latest are listed that have an article which the filters let through; --since and --until are
    about when the second copy came.

    \b
    Examples:
      scrape story --since 2w --source moscow-times
      scrape story --full https://example.org/2026/11/story
      scrape story s5 --json
    """
    from scraper.store import Store

    home: Home = ctx.obj
    check_alone(which, filters)
    with Store(home.check().storage, readonly=True) as store:
        if which is None:
            check_source(home, store, filters)
            if not _print_latest(store.told(filters, limit), as_json=as_json):
                ctx.exit(1)
            return
        story = store.story(which.removeprefix("#"))
    if as_json:
        print_json(_as_json(story))
    else:
        _print(story, full=full)


def _print_latest(stories: Sequence[Told], *, as_json: bool) -> int:
    """The latest stories, for people or as JSON. Returns how many they are."""
    if as_json:
        print_json([asdict(each) for each in stories])
        return len(stories)
    out = console()
    for each in stories:
        print_lines(out, f"s{each.id} {each.title}", "bold")
        print_address(out, f"{each.created_at[:10]} · {counted(each.articles, 'article')}", each.url)
    if not stories:
        click.echo("no copies are known", err=True)
    return len(stories)


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
    print_lines(out, story.title, "bold")
    out.print(f"story s{story.id} · {counted(len(story.copies), 'article')}", style="dim")
    for copy in story.copies:
        out.print()
        article = copy.stored.article
        who = article.publisher or copy.stored.source or ""
        marks = [name for name, one in (("first", story.first), ("lead", story.lead)) if one == copy.stored.id]
        head = " · ".join(part for part in (f"#{copy.stored.id}", date_line(article), who, *marks) if part)
        print_lines(out, head, "bold" if marks else "")
        out.print(f"  {article.url}", style="cyan", soft_wrap=True)
        if article.title != story.title:
            print_lines(out, article.title, indent="  ")
        if copy.likeness is not None:
            print_lines(out, _alike(copy), "dim", indent="  ")
        if copy is not lead:
            for line in _differences(_changes(lead, copy), full=full):
                print_styled(out, line, "" if full else "  ")


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
            yield _drawn([(_SAME, f"… {counted(left, 'more change')}: --full")])
            return
        last = number + (changes[number + 1 : number + 2] != () and changes[number + 1].kind != _SAME)
        yield _drawn(list(_place(changes, number, last)))
        shown += 1


def _place(changes: Sequence[Change], first: int, last: int) -> Iterator[tuple[str, str]]:
    """One place with a few words around it, on one line."""
    before = changes[first - 1].text if first else ""
    after = changes[last + 1].text if last + 1 < len(changes) else ""
    yield _SAME, ("…" if len(before) > _AROUND else "") + _line(before[-_AROUND:]).lstrip()
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
