"""Pages with their truth: folders of labelled pages, or the fixtures of this repository.

A corpus is a folder with ``truth.jsonl`` (a row a page: ``id``, ``url`` and what is known of the page) and
``pages/ID.html.gz`` (the bytes as they were served). A field that a row lacks is not known, unless the row's
``annotated`` names it: then the page has none.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
METRICS = {"news-rouge": "rouge_lsum", "segments": "segment_f1", "dates": "none"}
"""The metric that a corpus was published with, where that is not word_f1; ``dates`` has no bodies."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of a page: None where nothing is, an empty date or no authors where it is said to have none."""

    title: str | None = None
    authors: tuple[str, ...] | None = None
    date: str | None = None
    bodies: tuple[str, ...] = ()  # each as good as the others
    paragraphs: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A page as it was served, and the truth of it."""

    id: str
    url: str | None
    html: bytes = field(repr=False)
    truth: Truth


@dataclass(frozen=True, slots=True)
class Corpus:
    """Cases that are scored together."""

    name: str
    metric: str
    cases: tuple[Case, ...]


def corpora(folder: Path | None, only: tuple[str, ...] = ()) -> Iterator[Corpus]:
    """The corpora of a folder (without one: our fixtures), those named or all."""
    if folder is None:
        found = {name: fixtures(name) for name in ("articles", "accuracy")}
    else:
        found = {path.parent.name: _labelled(path) for path in sorted(folder.glob("*/truth.jsonl"))}
    if unknown := set(only) - set(found):
        raise SystemExit(f"No such corpus: {', '.join(sorted(unknown))}; there are {', '.join(found)}")
    for name in only or found:
        yield Corpus(name, METRICS.get(name, "word_f1"), tuple(found[name]))


def fixtures(name: str) -> Iterator[Case]:
    """The pages under fixtures/NAME that carry their truth, in article.json or in truth.json."""
    root = FIXTURES / name
    for path in sorted([*root.rglob("article.json"), *root.rglob("truth.json")]):
        said = json.loads(path.read_text(encoding="utf-8"))
        request = json.loads((path.parent / "request.json").read_text(encoding="utf-8"))
        html = (path.parent / "page.html").read_bytes()
        yield Case(path.parent.relative_to(root).as_posix(), request["url"], html, _fixture_truth(said))


def _fixture_truth(said: Mapping[str, Any]) -> Truth:
    body = said["body"]
    return Truth(
        title=said["title"],
        authors=tuple(said.get("authors", ())),
        date=said.get("date") or said.get("published_at") or "",
        bodies=(body if isinstance(body, str) else "\n\n".join(body),),
        unwanted=tuple(said.get("without", ())),
    )


def _labelled(path: Path) -> Iterator[Case]:
    """The pages of one corpus; of a corpus that names page types, its articles."""
    for line in path.read_text(encoding="utf-8").split("\n"):
        row = json.loads(line) if line else {"page_type": "none"}
        if row.get("page_type", "article") == "article":
            html = gzip.decompress((path.parent / "pages" / f"{row['id']}.html.gz").read_bytes())
            yield Case(row["id"], row.get("url"), html, _row_truth(row))


def _row_truth(row: Mapping[str, Any]) -> Truth:
    annotated = row.get("annotated", ())
    authors = row.get("authors", () if "authors" in annotated else None)
    return Truth(
        title=row.get("title"),
        authors=None if authors is None else tuple(authors),
        date=row.get("date", "" if "date" in annotated else None),
        bodies=(row["body"], *row.get("bodies", ())) if "body" in row else (),
        paragraphs=tuple(row.get("paragraphs", ())),
        wanted=tuple(row.get("with", ())),
        unwanted=tuple(row.get("without", ())),
    )
