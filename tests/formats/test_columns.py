"""Parquet, read back by pyarrow itself."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings

from scraper.formats import columns
from scraper.model import Article, How, StoredArticle
from tests.formats.samples import ARTICLE, DAY, articles, stored


def rows(*which: StoredArticle) -> list[dict[str, Any]]:
    file = BytesIO()
    columns.write(which, file)
    found: list[dict[str, Any]] = pq.read_table(file).to_pylist()
    return found


def test_every_field_has_a_column_with_its_type() -> None:
    schema = columns.schema()
    every = {field.name for kind in (Article, StoredArticle) for field in fields(kind)} - {"article", "addresses"}
    assert set(schema.names) == every | {"published_on", "modified_on"}
    assert schema.field("published_at").type == pa.timestamp("ms", tz="UTC")
    assert schema.field("authors").type == pa.list_(pa.string())
    assert schema.field("paywalled").type == pa.bool_()


def test_an_instant_and_a_day_are_told_apart() -> None:
    first, second = rows(stored(), stored(DAY, id=2))
    assert first["published_at"] == datetime(2026, 11, 12, 6, 30, tzinfo=UTC)
    assert (first["published_on"], second["published_on"]) == (date(2026, 11, 12), date(2022, 1, 19))
    assert (second["published_at"], second["published_zone"]) == (None, "none")
    evening = replace(ARTICLE, evidence={"published_at:day": "2026-11-11 url:path"})
    assert rows(stored(evening))[0]["published_on"] == date(2026, 11, 11)


def test_lists_maps_and_what_is_not_known_stay_what_they_are() -> None:
    (row,) = rows(stored(aliases=("https://a.example/",), how={"https://a.example/": How.AMP}))
    assert (row["authors"], row["tags"], row["aliases"]) == (
        ["Ann Lee", "Bo Ox"], ["harbour", "money"], ["https://a.example/"],
    )  # fmt: skip
    assert (row["evidence"], row["how"]) == ([("title", "jsonld:headline")], [("https://a.example/", "amp")])
    assert (row["gone_at"], row["source"], row["paywalled"], row["login"]) == (None, None, False, False)


def test_what_is_held_at_once_is_bounded() -> None:
    file = BytesIO()
    columns.write((stored(replace(DAY, body="", body_markdown="")) for _ in range(10_001)), file)
    assert pq.ParquetFile(file).metadata.num_row_groups == 3
    large = BytesIO()
    columns.write((stored(replace(DAY, body="x" * 2**23)) for _ in range(9)), large)
    assert pq.ParquetFile(large).metadata.num_row_groups == 5


def test_none_is_a_file_too() -> None:
    assert rows() == []


@given(articles())
@settings(max_examples=30, deadline=None)
def test_any_article_can_be_written(article: Article) -> None:
    (row,) = rows(stored(article))
    assert (row["title"], row["body"], tuple(row["tags"])) == (article.title, article.body, article.tags)
    is_instant = article.published_at is not None and len(article.published_at) > 10
    assert (row["published_at"] is not None) == is_instant
