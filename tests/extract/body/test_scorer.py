"""What the scorer reckons with: columns, features, names, and the cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.body.blocks import Flat
from scraper.extract.body.features import NAMES, Hints, features
from scraper.extract.body.figures import Figures
from scraper.extract.body.scorer import cut, product, scorer
from scraper.extract.body.vocabulary import (
    NAMES_BODY,
    NAMES_FURNITURE,
    NAMES_SURE_FURNITURE,
    Vocabulary,
    points_away,
)
from scraper.extract.page import ParsedPage

PAGE = """<div class="top menu"><ul class=nav-list><li class=item-one><a href=/a>Home</a>
<li><a href=/b>World news</a></ul></div><main class=article-body><h1>A headline of the day</h1>
<p>The first paragraph, with a comma, has 12 words and a full stop.</p>
<div class=inner><p>The second one <a href=/c>links</a> to another page and ends as well.</p><p>Home</p></div></main>"""


def figures(html: str = PAGE, words: tuple[str, ...] = ("article", "nav", "inner")) -> Figures:
    return Figures(ParsedPage(html).flat, Vocabulary(words))


trees = st.recursive(
    st.sampled_from(["x", "A sentence of a few words.", "<br>", "<a href=/>y</a>", "<img>"]),
    lambda inner: st.lists(inner, max_size=4).map(lambda parts: f"<div class=k{len(parts)}>{''.join(parts)}</div>"),
    max_leaves=30,
)


@given(trees)
def test_columns_agree_with_the_tree(html: str) -> None:
    flat = ParsedPage(html).flat
    if not flat.blocks:
        return
    page = Figures(flat, Vocabulary())
    for box, parent in enumerate(flat.boxes.parent):
        assert page.depth[box] == (page.depth[parent] + 1 if parent >= 0 else 0)
        assert parent < 0 or page.start[parent] <= page.start[box] <= page.end[box] <= page.end[parent]
        above = page.wider[box]
        assert box == above or page.end[above] - page.start[above] >= page.end[box] - page.start[box]
    assert page.held(page.size)[0] == sum(block.size for block in flat.blocks)
    stacked = page.held(np.stack((page.size, page.linked)))
    assert np.array_equal(stacked[1], page.held(page.linked))


def test_every_feature_has_a_name_and_a_value() -> None:
    page = figures()
    rows = features(
        page, Hints("a headline of the day", "Told: The first paragraph, with a comma, has 12 words and a full stop.")
    )
    assert rows.table.shape == (len(set(NAMES)), page.count)
    assert np.isfinite(rows.table).all()
    feature = dict(zip(NAMES, rows.table, strict=True))
    place = {text[:5]: place for place, text in enumerate(page.texts)}
    assert feature["own: is headline"].tolist() == [text.startswith("A head") for text in page.texts]
    assert feature["own: in articleBody"][place["The f"]] == 1
    assert feature["own: link share"][place["World"]] == 1
    assert feature["own: commas"][place["The f"]] > 0 == feature["own: commas"][place["The s"]]
    assert feature["above: main"][place["The s"]] == 1 > feature["above: main"][place["World"]]
    assert feature["place: after headline"].tolist() == [0, 0, 0, 1, 1, 1]


def test_class_words_are_near_where_they_are_and_far_above() -> None:
    rows = features(figures("<div class=article><div><div><div class=inner><p>One.<p>Two."), Hints())
    assert rows.near[rows.holder[0]].tolist() == [0, 0, 1]
    assert rows.far[rows.holder[0]].tolist() == [1, 0, 0]


def test_names_of_menus_are_not_read() -> None:
    rows = features(figures(), Hints())
    assert rows.near[rows.holder].sum(0)[1] == 0  # nav-list holds links alone


def test_what_a_vocabulary_reads() -> None:
    vocabulary = Vocabulary(("article", "share"))
    read = vocabulary.read("article-body shareBar related")
    assert vocabulary.known(read) == 0b11
    assert read & NAMES_FURNITURE
    assert read & NAMES_BODY
    assert read & NAMES_SURE_FURNITURE
    assert vocabulary.read("") == 0


@pytest.mark.parametrize(
    "text", ["Read more: the harbour", "» Lesen Sie auch", "©", "(Credit: Ana Ruiz)", "READ ALSO", "订阅我们"]
)
def test_lines_that_point_away(text: str) -> None:
    assert points_away(text)


@pytest.mark.parametrize("text", ["", "Readers wrote", "The photo shows", "Relations", "Картина", "这是"])
def test_lines_that_do_not(text: str) -> None:
    assert not points_away(text)


@given(st.integers(1, 70), st.integers(1, 40))
def test_a_product_in_parts_is_the_product(rows: int, columns: int) -> None:
    random = np.random.default_rng(rows * 100 + columns)
    left = random.normal(size=(rows, 400)).astype(np.float32)
    right = random.normal(size=(400, columns)).astype(np.float32)
    assert np.allclose(product(left, right), left @ right, atol=1e-3)


def test_a_page_without_blocks_has_no_scores() -> None:
    assert scorer()(Flat(), Hints()).shape == (0,)
    assert cut(Flat(), np.zeros(0)) == []


def test_the_cut_takes_the_likeliest_blocks() -> None:
    flat = ParsedPage("<p>One two three four.<p>Five six seven eight.<p>Nine.").flat
    assert cut(flat, np.array([0.9, 0.8, 0.1])) == [True, True, False]
    assert cut(flat, np.array([0.2, 0.1, 0.1])) == [False, False, False]
