"""A page -> an article. Pure: bytes in, a frozen value or one of our errors out.

::

    bytes --media--> a page's bytes --charset--> text --page--> ParsedPage (parsed once)
                                                        |--fields--> title, dates, authors, …   each with its rule
                                                        |--body----> blocks -> container -> text and Markdown
                                                        '--classify-> the kind, or the reason to refuse
"""

from __future__ import annotations

from scraper.extract.clipping import parse_clipping
from scraper.extract.record import EXTRACTOR, extract_article

__all__ = ["EXTRACTOR", "extract_article", "parse_clipping"]
