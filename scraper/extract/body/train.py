"""Learn the scorer's weights: ``python -m scraper.extract.body.train CORPORA`` writes ``weights.npz`` beside this.

``CORPORA`` is a folder of corpora, each with ``truth.jsonl`` (a row a page: id, url, page_type, title, body) and
``pages/ID.html.gz``; `wcxb` and `news` are learned from, for their terms allow it (see ``weights.md``). With
``--folds 5`` nothing is written: sites are dealt into folds, each fold is scored by nets that saw none of its sites,
and the mean F1 of words is printed.

A block's label is the share of its words that the page's true text has in the same order (4-grams; short lines must
be lines of the truth, or stand between blocks that are in it). A block weighs as its words do in its page, damped, so
that long pages do not drown short ones. The second net learns from what first nets say of sites that they did not see.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scraper.extract.body.blocks import Flat
from scraper.extract.body.features import Hints, Rows, features
from scraper.extract.body.figures import Figures, Floats
from scraper.extract.body.scorer import Net, Scorer, context, cut
from scraper.extract.body.told import article_body, blocks_of
from scraper.extract.body.vocabulary import Vocabulary, read_names
from scraper.extract.charset import decode
from scraper.extract.fields.title import title
from scraper.extract.page import ParsedPage
from scraper.extract.urls import host_of
from scraper.extract.words import fold

CORPORA = ("wcxb", "news")
COMMON = 60  # pages that must have a class word for it to be learned
HIDDEN = 16
FOLDS = 5
SEED = 11
_TOKEN = re.compile(r"\w+")
_GRAM = 4


@dataclass(frozen=True, slots=True)
class Example:
    """A page to learn from: its blocks, what is known beside them, the true text, and a label and weight a block."""

    fold: int
    flat: Flat
    hints: Hints
    truth: str
    labels: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard a net is trained."""

    epochs: int
    decay: float = 3e-4
    drop: float = 0.1
    rate: float = 3e-3
    batch: int = 512


def tokens(text: str) -> list[str]:
    """The words that labels and scores are counted in."""
    return _TOKEN.findall(text.lower())


def examples(folder: Path) -> Iterator[Example]:
    """Every article of the corpora that has blocks and a true text."""
    for corpus in CORPORA:
        for row in (folder / corpus / "truth.jsonl").read_text(encoding="utf-8").strip("\n").split("\n"):
            truth = json.loads(row)
            if truth.get("page_type", "article") != "article" or not truth.get("body"):
                continue
            html = gzip.decompress((folder / corpus / "pages" / f"{truth['id']}.html.gz").read_bytes())
            page = ParsedPage(decode(html).text, truth.get("url"))
            if page.flat.blocks:
                yield example(page, truth["body"], zlib.crc32(_site(truth).encode()) % FOLDS)


def _site(truth: dict[str, str]) -> str:
    return ".".join(host_of(truth.get("url")).split(".")[-2:]) or truth["id"]


def example(page: ParsedPage, truth: str, fold_number: int) -> Example:
    """A page and its true text, labelled."""
    headline = title(page)
    told = article_body(page)
    parts = blocks_of(page, told) if told else []
    hints = Hints(fold(headline.value if headline else ""), " ".join(block.text for block in parts))
    labels, repeated = label([block.text for block in page.flat.blocks], truth)
    size = np.array([block.size for block in page.flat.blocks], np.float32)
    share = size / max(50, len(tokens(truth)))
    weights = np.minimum(np.sqrt(share) / 2 + share, 0.5) * ~repeated * (size > 0)
    return Example(fold_number, page.flat, hints, truth, labels, weights.astype(np.float32))


def label(texts: Sequence[str], truth: str) -> tuple[Floats, np.ndarray]:
    """For each text the share of it that is in the truth, and whether it repeats an earlier one."""
    words = tokens(truth)
    grams = {tuple(words[place : place + _GRAM]) for place in range(len(words) - _GRAM + 1)}
    lines = {tuple(tokens(line)) for line in truth.split("\n")}
    whole = f" {' '.join(words)} "
    labels, repeated = np.zeros(len(texts), np.float32), np.zeros(len(texts), bool)
    seen: set[tuple[str, ...]] = set()
    short: list[int] = []
    for place, text in enumerate(texts):
        own = tuple(tokens(text))
        repeated[place] = len(own) > _GRAM and own in seen
        seen.add(own)
        if own in lines:
            labels[place] = float(bool(own))
        elif len(own) >= _GRAM:
            labels[place] = _covered(own, grams)
        elif own and f" {' '.join(own)} " in whole:
            short.append(place)
    for place in short:
        if max(labels[max(0, place - 2) : place], default=0) > 0.5 < max(labels[place + 1 : place + 3], default=0):
            labels[place] = 0.7
    return labels, repeated


def _covered(own: tuple[str, ...], grams: set[tuple[str, ...]]) -> float:
    covered = np.zeros(len(own), bool)
    for place in range(len(own) - _GRAM + 1):
        if own[place : place + _GRAM] in grams:
            covered[place : place + _GRAM] = True
    return float(covered.mean())


def vocabulary(learned: Sequence[Example]) -> Vocabulary:
    """The class words that enough pages have, the commonest first."""
    pages: Counter[str] = Counter()
    for one in learned:
        boxes = one.flat.boxes
        names = {boxes.names(box) for box in range(len(boxes.tag)) if boxes.start[box] < boxes.end[box]}
        pages.update({word for name in names for word in read_names(name)[0] if len(word) > 1})
    common = [word for word, count in sorted(pages.items(), key=lambda item: (-item[1], item[0])) if count >= COMMON]
    return Vocabulary(common)


def fit(rows: Floats, labels: Floats, weights: Floats, effort: Effort) -> Net:
    """A net trained by Adam on the weighted cross-entropy, inputs dropped at random, the rate falling to nothing."""
    random = np.random.default_rng(SEED)
    kept = weights > 0
    rows, labels, weights = rows[kept], labels[kept], weights[kept] / weights[kept].mean()
    inputs = rows.shape[1]
    shapes = [(inputs, HIDDEN), (HIDDEN,), (HIDDEN,), ()]
    scales = [inputs**-0.5, 0.0, HIDDEN**-0.5, 0.0]
    values = [
        random.normal(0, 1, shape).astype(np.float32) * scale for shape, scale in zip(shapes, scales, strict=True)
    ]
    first, second = [np.zeros(shape) for shape in shapes], [np.zeros(shape) for shape in shapes]
    steps = effort.epochs * -(-len(rows) // effort.batch)
    step = 0
    for _ in range(effort.epochs):
        order = random.permutation(len(rows))
        for start in range(0, len(rows), effort.batch):
            chosen = order[start : start + effort.batch]
            dropped = random.random((len(chosen), inputs), np.float32) > effort.drop
            batch = rows[chosen].astype(np.float32) * dropped / (1 - effort.drop)
            step += 1
            rate = effort.rate * (1 - step / steps) + 1e-5
            slopes = _slopes(values, batch, labels[chosen], weights[chosen] / len(chosen))
            for place, slope in enumerate(slopes):
                pulled = slope + effort.decay * values[place] if place in {0, 2} else slope
                first[place] = 0.9 * first[place] + 0.1 * pulled
                second[place] = 0.999 * second[place] + 0.001 * pulled**2
                move = first[place] / (1 - 0.9**step) / (np.sqrt(second[place] / (1 - 0.999**step)) + 1e-8)
                values[place] = (values[place] - rate * move).astype(np.float32)
    return Net(*values)


def _slopes(values: Sequence[Floats], batch: Floats, labels: Floats, weights: Floats) -> list[Floats]:
    """The gradient of the loss by each of a net's four values."""
    net = Net(*values)
    hidden = np.maximum(batch @ net.inner + net.inner_bias, 0)
    error = (net(batch) - labels) * weights
    back = np.outer(error, net.outer) * (hidden > 0)
    return [batch.T @ back, back.sum(0), hidden.T @ error, error.sum()]


def train(learned: Sequence[Example]) -> Scorer:
    """Both nets, from pages that were dealt into folds."""
    words = vocabulary(learned)
    rows = [dense(features(Figures(one.flat, words), one.hints)) for one in learned]
    labels, weights = (np.concatenate([getattr(one, name) for one in learned]) for name in ("labels", "weights"))
    effort = Effort(epochs=20)
    first = fit(np.concatenate(rows), labels, weights, effort)
    unseen: dict[int, Net] = {}
    for number in sorted({one.fold for one in learned}):
        others = [place for place, one in enumerate(learned) if one.fold != number]
        unseen[number] = fit(
            np.concatenate([rows[place] for place in others]),
            np.concatenate([learned[place].labels for place in others]),
            np.concatenate([learned[place].weights for place in others]),
            effort,
        )
    plain = rows[0].shape[1] - 2 * len(words.words)
    together = []
    for one, row in zip(learned, rows, strict=True):
        around = context(Figures(one.flat, words), unseen[one.fold](row.astype(np.float32)))
        together.append(np.concatenate((around.T, row[:, :plain]), axis=1))
    second = fit(np.concatenate(together).astype(np.float32), labels, weights, Effort(epochs=14))
    return Scorer(words, *split(first, len(words.words)), second)


def dense(rows: Rows) -> Floats:
    """The features as one table, a column for each class word, near and then far, in half precision."""
    return np.concatenate((rows.table.T, rows.near[rows.holder], rows.far[rows.holder]), axis=1).astype(np.float16)


def split(net: Net, words: int) -> tuple[Floats, Floats, Net]:
    """A net of a dense table as the scorer has it: the rows of near and far class words beside that of the rest."""
    rest, near, far = np.split(net.inner, [len(net.inner) - 2 * words, len(net.inner) - words])
    return near, far, Net(rest, net.inner_bias, net.outer, net.outer_bias)


def save(trained: Scorer, path: Path) -> None:
    """The weights in half precision: they score alike to the fourth digit, in half the bytes."""
    arrays: dict[str, Any] = {
        f"{name}_{part}": np.asarray(getattr(net, part), np.float16)
        for name, net in (("first", trained.first), ("second", trained.second))
        for part in ("inner", "inner_bias", "outer", "outer_bias")
    }
    arrays |= {"near": trained.near.astype(np.float16), "far": trained.far.astype(np.float16)}
    words = " ".join(trained.vocabulary.words).encode("ascii")
    kept = io.BytesIO()
    np.savez_compressed(kept, **arrays, vocabulary=np.frombuffer(words, np.uint8))
    path.write_bytes(kept.getvalue())


def f1(chosen: Sequence[str], truth: str) -> float:
    """The F1 of the multisets of words, 0 to 1."""
    got, wanted = Counter(tokens("\n".join(chosen))), Counter(tokens(truth))
    return 2 * (got & wanted).total() / max(1, got.total() + wanted.total())


def judged(trained: Scorer, one: Example) -> float:
    """The F1 of what a scorer takes from a page."""
    taken = cut(one.flat, trained(one.flat, one.hints))
    texts = dict.fromkeys(block.text for block, take in zip(one.flat.blocks, taken, strict=True) if take)
    return f1(list(texts), one.truth)


def main() -> None:
    """Train, or cross-validate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, metavar="CORPORA", help="a folder with wcxb/ and news/")
    parser.add_argument("--folds", type=int, default=0, metavar="N", help="score the first N folds instead of writing")
    options = parser.parse_args()
    missing = [name for name in CORPORA if not (options.corpora / name / "truth.jsonl").is_file()]
    if missing:
        parser.error(f"{options.corpora} has no {' and no '.join(f'{name}/truth.jsonl' for name in missing)}")
    learned = list(examples(options.corpora))
    if not options.folds:
        save(train(learned), Path(__file__).with_name("weights.npz"))
        return
    scores: list[float] = []
    for number in range(options.folds):
        trained = train([one for one in learned if one.fold != number])
        scores += [judged(trained, one) for one in learned if one.fold == number]
        sys.stdout.write(f"{number + 1} of {options.folds} folds, {len(scores)} pages: {np.mean(scores):.4f}\n")


if __name__ == "__main__":
    main()
