from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given, settings

from scraper.formats import reading
from scraper.formats.record import lines
from scraper.model import Article
from tests.formats.samples import ARTICLE, articles, stored


@given(articles())
@settings(max_examples=60, deadline=None)
def test_a_line_is_one_line_whoever_splits_and_comes_back(article: Article) -> None:
    for unicode in (True, False):
        (line,) = lines([stored(article)], unicode=unicode)
        assert len(line.splitlines()) == 1
        assert unicode or line.isascii()
        assert reading.line(line.encode()).article == article


def test_what_some_take_for_line_ends_is_escaped_and_stays() -> None:
    nasty = replace(ARTICLE, body="a\x85b\u2028c\u2029d\r\ne")
    (line,) = lines([stored(nasty)])
    assert len(line.splitlines()) == 1
    assert json.loads(line)["body"] == nasty.body
