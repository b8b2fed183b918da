from __future__ import annotations

import pytest

from scraper.dedupe.wire import agency_of, without_boilerplate

TEXT = "The bridge was closed on Monday.\n\nIt will open again in May."


@pytest.mark.parametrize(
    ("before", "after", "agency"),
    [
        ("LONDON (Reuters) - ", "", "reuters"),
        ("LONDON, Nov 3 (Reuters) \u2013 ", "\n\n(Reporting by A. B.; editing by C. D.)", "reuters"),
        ("WASHINGTON (AP) — ", "\n\n___\n\nThe Associated Press contributed to this report.", "ap"),
        ("", "\n\nAFP", "afp"),
        ("", "\n\n© Agence France-Presse", "agence france-presse"),
        ("", "\n\nThis story has been updated.\n\nCopyright 2026 Evening Post. All rights reserved.", None),
        ("", "\n\nUpdated: Nov 3, 2026 at 10:00\n\nSign up for our newsletter.", None),
    ],
)
def test_what_stands_around_a_report(before: str, after: str, agency: str | None) -> None:
    text = f"{before}{TEXT}{after}"
    assert agency_of(text) == agency
    assert without_boilerplate(text).replace("___", "").strip() == TEXT


@pytest.mark.parametrize(
    "text",
    [
        "Reuters reported on Monday that the bridge was closed.",
        "The agency (founded in 1851) sells news.",
        "Copyright law will change, the minister said, and " + "much else with it, " * 20,
        "This story has been told before.",
        "",
    ],
)
def test_what_is_told_stays(text: str) -> None:
    assert agency_of(text) is None
    assert without_boilerplate(text) == text
