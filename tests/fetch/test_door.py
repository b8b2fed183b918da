"""What foreign errors are called where the one thing that tells them apart is what they say."""

from __future__ import annotations

import httpx
import pytest

from scraper.errors import HostUnreachable, PageRefused
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


@pytest.mark.parametrize("line", ["X Y: z", 'a"b: c'])
def test_a_line_that_is_no_header_is_quoted_as_text(line: str) -> None:
    said = f"illegal header line: {bytearray(line.encode())!r}"
    told = f"^paper.example does not speak proper HTTP: illegal header line: {line}$"
    with pytest.raises(PageRefused, match=told), door("paper.example", FetchOptions()):
        raise httpx.RemoteProtocolError(said)
