"""What foreign errors are called where the one thing that tells them apart is what they say."""

from __future__ import annotations

import httpx
import pytest

from scraper.errors import HostUnreachable
from scraper.fetch.door import UNRESOLVED, door
from scraper.fetch.options import FetchOptions


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (UNRESOLVED, "its name was not looked up in 10 s"),
        ("paper.example did not answer in time", "no connection after 10 s"),
    ],
)
def test_a_slow_name_server_is_no_slow_host(text: str, says: str) -> None:
    with pytest.raises(HostUnreachable, match=says), door("paper.example", FetchOptions()):
        raise httpx.ConnectTimeout(text)
