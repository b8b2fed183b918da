"""What is read out of a document, on documents made up for it."""

from __future__ import annotations

from tests.docs.documents import anchors, blocks, commands, links

TEXT = """# A house, drawn

See [it](other.md#the-house-drawn "there"), [below](#twice-1) and <img src="a.png">. `[not](a-link)`.

<!-- home: filled -->

```sh
scrape show 1 \\
  --json
# only a remark
```

<!-- not run: for ever -->
```sh
[no](link)
```

<!-- home: lost -->
A sentence comes between.

```text
## No heading
```

## `scrape` *now*: what it's [called](x)
## Twice
## Twice
"""


def test_blocks_know_what_stands_above_them() -> None:
    first, second, third = blocks(TEXT)
    assert (first.home, first.not_run, first.line) == ("filled", "", 7)
    assert first.lines == ["scrape show 1 --json"]
    assert (second.home, second.not_run) == ("", "for ever")
    assert (third.language, third.home) == ("text", "")


def test_links_and_anchors() -> None:
    assert links(TEXT) == ["other.md#the-house-drawn", "#twice-1", "x", "a.png"]
    assert anchors(TEXT) == {"a-house-drawn", "scrape-now-what-its-called", "twice", "twice-1"}


def test_commands() -> None:
    said = "Run `scrape\nstatus` or `.venv/bin/scrape show 1 | less`, not `$SCRAPE_HOME`, `~/scrape x` or `unscrape y`."
    assert list(commands(said)) == [["status"], ["show", "1"]]
    assert list(commands(TEXT)) == [["show", "1", "--json"]]
