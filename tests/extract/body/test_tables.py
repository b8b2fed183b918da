"""Tables of data in a text, and those that are none."""

from __future__ import annotations

import pytest

from scraper.extract.body.tables import cells, with_tables
from scraper.extract.page import ParsedPage

DATA = "<tr><th>Year<th>Runs<tr><td>2024<td><a>310</a><tr><td>2025<td>12"


def taken(html: str) -> list[str]:
    """The cells that are taken with the paragraphs."""
    flat = ParsedPage(html).flat
    told = with_tables(flat, [block.kind == "p" for block in flat.blocks])
    return [block.text for block, take in zip(flat.blocks, told, strict=True) if take and block.kind == "td"]


@pytest.mark.parametrize(
    "table",
    [
        f"<table>{DATA}</table>",
        f"<figure><table>{DATA}</table></figure>",
        f"<div><div><table><tbody>{DATA}</table></div></div>",
    ],
)
def test_a_table_between_paragraphs_is_taken_whole(table: str) -> None:
    assert taken(f"<div><p>A.</p>{table}<p>B.</p></div>") == ["Year", "Runs", "2024", "310", "2025", "12"]


@pytest.mark.parametrize(
    "html",
    [
        f"<div><p>A.</p><p>B.</p><table>{DATA}</table></div>",
        f"<div><p>A.</p></div><div><table>{DATA}</table><i>x</i></div><div><p>B.</p></div>",
        f"<div><p>A.</p><table hidden>{DATA}</table><p>B.</p></div>",
        "<div><p>A.</p><table><tr><td>Share<tr><td>Print</table><p>B.</p></div>",
        "<div><p>A.</p><table><tr><td>One<td>Two</table><p>B.</p></div>",
        "<div><p>A.</p><table><tr><td><a>One</a><td><a>Two</a><tr><td><a>Three</a><td>4</table><p>B.</p></div>",
        f"<div><p>A.</p><table><tr><td>{'word ' * 70}<td>2<tr><td>3<td>4</table><p>B.</p></div>",
        f"<div><p>A.</p><table><tr><td><table>{DATA}</table><td>2<tr><td>3<td>4</table><p>B.</p></div>",
    ],
)
def test_below_apart_hidden_narrow_linked_or_laying_out_it_is_not(html: str) -> None:
    assert taken(html) == []


def test_the_cells_of_data_among_blocks() -> None:
    flat = ParsedPage(f"<p>A.</p><table>{DATA}</table><table><tr><td>{'word ' * 70}<td>1<tr><td>2<td>3</table>").flat
    assert [block.text for block in flat.blocks if block.box in cells(flat, flat.blocks)] == DATA.replace(
        "<a>310</a>", "310"
    ).replace("<tr>", "").replace("<th>", "<td>").split("<td>")[1:]
    assert cells(flat, flat.blocks[:1]) == frozenset()
