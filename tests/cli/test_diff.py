"""`scrape diff`: what changed between two versions of an article."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scraper.dedupe import candidate
from scraper.store import Store
from tests.cli.harness import ESCAPE, copy, scrape
from tests.cli.test_terminal import on_a_terminal
from tests.store.samples import BASE, NOW

BODY = (
    "The harbour of Arbroath opened on Monday.\n\nPolice said 5 people were hurt when a crane fell.\n\n"
    "The mayor said no.\n\nThe ferry leaves at noon.\n\nTickets cost 4 euros."
)
LATER = BODY.replace("5 people", "7 people").replace("The mayor said no.\n\n", "")
FIRST = replace(BASE, body=BODY, authors=("Ann Other",))
VERSIONS = (
    FIRST,
    replace(FIRST, title="Harbour opens at last"),
    replace(
        FIRST,
        title="Harbour opens at last",
        body=f"{LATER}\n\nCorrection: The day was \x1b[31mwrong.",
        authors=("Bo Ek",),
    ),
)
DIFF = """\
#3 · revision 2 -> 3 · correction · replaced 2026-11-23T12:00:00Z · +6 -5 words
https://news.example/2026/11/harbour

Harbour opens at last
by: [-Ann Other-]{+Bo Ek+}

…

Police said [-5-]{+7+} people were hurt when a crane fell.

[-The mayor said no.-]

…

{+Correction: The day was [31mwrong.+}
"""


@pytest.fixture(scope="module")
def edited(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose article #3 has three versions. Not to be changed."""
    home = copy(filled, tmp_path_factory.mktemp("edited") / "home")
    with Store(home / "storage") as store:
        for number, version in enumerate(VERSIONS):
            store.save(candidate(version), None, None, NOW + timedelta(hours=number))
    return home


def test_the_last_change(edited: Path) -> None:
    assert scrape(edited, "diff", "3").done() == DIFF
    assert scrape(edited, "diff", "#3").done() == scrape(edited, "diff", BASE.url).done() == DIFF


def test_between_two_versions_and_back(edited: Path) -> None:
    there = scrape(edited, "diff", "3", "--revisions", "1", "3").done()
    assert there.startswith("#3 · revision 1 -> 3 · +8 -5 words\n")
    assert "\nHarbour opens{+ at last+}\n" in there
    back = scrape(edited, "diff", "3", "--revisions", "3", "1").done()
    assert "\nHarbour opens[- at last-]\n" in back
    assert "{+The mayor said no.+}" in back


def test_everything(edited: Path) -> None:
    shown = scrape(edited, "diff", "3", "--full").done()
    assert "…" not in shown
    assert "\nThe harbour of Arbroath opened on Monday.\n" in shown


def test_all_versions(edited: Path) -> None:
    assert scrape(edited, "diff", "3", "--all").done().splitlines() == [
        "revision 1 Harbour opens",
        "  headline · replaced 2026-11-23T11:00:00Z · +2 -0 words",
        "revision 2 Harbour opens at last",
        "  correction · replaced 2026-11-23T12:00:00Z · +6 -5 words",
        "revision 3 Harbour opens at last",
        "  present · seen 2026-11-23T12:00:00Z",
    ]
    listed = json.loads(scrape(edited, "diff", "3", "--all", "--json").done())
    assert [(each["revision"], each["change"], each["words_added"]) for each in listed] == [
        (1, "headline", 2), (2, "correction", 6),
    ]  # fmt: skip


def test_json(edited: Path) -> None:
    said = json.loads(scrape(edited, "diff", "3", "--json").done())
    assert (said["id"], said["from"]["revision"], said["to"]["revision"], said["change"]) == (3, 2, 3, "correction")
    assert "".join(each["text"] for each in said["body"] if each["kind"] != "added") == BODY
    assert "".join(each["text"] for each in said["body"] if each["kind"] != "removed") == VERSIONS[-1].body
    assert said["title"] == [{"kind": "same", "text": "Harbour opens at last"}]


def test_in_colour_on_a_terminal(edited: Path) -> None:
    code, shown, _ = on_a_terminal(edited, "diff", "3")
    assert code == 0
    assert f"{ESCAPE}[9;31m5{ESCAPE}[0m{ESCAPE}[32m7{ESCAPE}[0m people" in shown
    assert "[-5-]" not in shown
    assert f"{ESCAPE}[31mwrong" not in shown  # what the page says steers no terminal
    _, shown, _ = on_a_terminal(edited, "diff", "3", NO_COLOR="1")
    assert "[-5-]{+7+} people" in shown


def test_one_version_only(edited: Path) -> None:
    for words in (("1",), ("1", "--all"), ("1", "--json")):
        assert "one version only" in scrape(edited, "diff", *words).complaint(1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("3", "--revisions", "1", "9"), "no revision 9; it has 1, 2, 3"),
        (("3", "--revisions", "2", "2"), "compared with itself"),
    ],
)
def test_no_such_revision(edited: Path, words: tuple[str, ...], said: str) -> None:
    assert said in scrape(edited, "diff", *words).complaint(2)


def test_no_such_article(edited: Path) -> None:
    assert "no article 99 is stored" in scrape(edited, "diff", "99").complaint(scrape(edited, "show", "99").code)
