from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import BadURL, ConfigError, ScrapeError, UnsafeAddress
from scraper.fetch.guard import Target, check_address, check_url, join_url
from scraper.fetch.options import FetchOptions

OPTIONS = FetchOptions()


def test_a_url_is_read_as_the_standard_says() -> None:
    target = check_url("  HTTPS://EXAMPLE.org:443/a/../b\n?q=ü#part", OPTIONS)
    assert target == Target("https://example.org/b?q=%C3%BC", "https", "example.org", 443, "/b?q=%C3%BC")
    assert target.origin == "https://example.org"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://example.org/", "example.org"),
        ("https://Example.org./", "example.org"),
        ("https://example.org:8443/", "example.org:8443"),
        ("http://[2606:4700::1111]:8080/", "[2606:4700::1111]:8080"),
        ("http://münchen.de/", "xn--mnchen-3ya.de"),
    ],
)
def test_the_budget_key_of_a_host(url: str, key: str) -> None:
    assert check_url(url, OPTIONS).key == key


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/story",
        "//example.org/",
        "file:///etc/passwd",
        "ftp://example.org/",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://",
        "http://exa mple.org/",
        "http://example.org:99999/",
        "http://user@example.org/",
        "http://user:hunter2@example.org/",
        "http://user:hunter2@exa mple.org/",
        "http://a..b/",
        "http://exa'mple.org/",
        "http://\ud800/",
        "http://example.org/" + "x" * 2100,
        "http://example.org/" + "ü" * 1000,
    ],
)
def test_what_is_no_web_address(url: str) -> None:
    with pytest.raises(BadURL) as caught:
        check_url(url, OPTIONS)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "0",
        "0.0.0.0",  # noqa: S104
        "%31%32%37.0.0.1",
        "１２７.0.0.1",  # noqa: RUF001
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::10.1.2.3]",
        "[64:ff9b::192.168.1.1]",
        "[64:ff9b::169.254.169.254]",
        "[64:ff9b::203.0.113.1]",
        "[64:ff9b::224.0.0.1]",
        "[64:ff9b:0:0:0:1:808:808]",
        "[64:ff9b:1::808:808]",
        "[64:ff9b:1:fffe:8:808:800:0]",
        "[64:ff9c::808:808]",
        "[2002:7f00:1::]",
        "[2001::1]",
        "[fe80::1]",
        "[fec0::1]",
        "[fd00::1]",
        "[ff02::1]",
        "[2001:db8::1]",
        "[4000::1]",
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.19.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
def test_addresses_that_are_not_public(host: str) -> None:
    with pytest.raises(UnsafeAddress):
        check_url(f"http://{host}/", OPTIONS)


@pytest.mark.parametrize(
    "host", ["8.8.8.8", "[2606:4700::1111]", "[::ffff:8.8.8.8]", "[64:ff9b::8.8.8.8]", "172.32.0.1", "100.128.0.1"]
)
def test_public_addresses_pass(host: str) -> None:
    check_url(f"http://{host}/", OPTIONS)
    check_address(host.strip("[]"), OPTIONS)


@pytest.mark.parametrize("port", [22, 25, 6379, 81])
def test_ports_that_may_not_be_asked(port: int) -> None:
    with pytest.raises(UnsafeAddress, match=f"port {port}"):
        check_url(f"http://example.org:{port}/", OPTIONS)


def test_the_operator_may_allow_networks_and_name_targets() -> None:
    allowed = FetchOptions(allow_private=("127.0.0.0/8",), resolve={"10.0.0.1:22": "127.0.0.1:1"})
    check_address("127.0.0.9", allowed)
    check_address("::ffff:127.0.0.9", allowed)
    assert check_url("http://10.0.0.1:22/", allowed).port == 22
    with pytest.raises(UnsafeAddress, match=r"intranet leads to 10\.0\.0\.1, which is not a public address"):
        check_address("10.0.0.1", allowed, "intranet")
    with pytest.raises(ConfigError, match="allow_private"):
        check_address("10.0.0.1", FetchOptions(allow_private=("nonsense",)))
    with pytest.raises(UnsafeAddress, match=r"64:ff9b::7f00:9 is not a public address \(NAT64 of this machine;"):
        check_address("64:ff9b::7f00:9", allowed)  # RFC 6052, 3.1: that prefix leads to nothing private


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("/x", "http://example.org/x"),
        ("x?y#z", "http://example.org/a/x?y"),
        ("//other.org", "http://other.org/"),
        ("https:\\\\other.org\\x", "https://other.org/x"),
        ("?q", "http://example.org/a/b?q"),
    ],
)
def test_references_are_joined(reference: str, url: str) -> None:
    assert join_url(check_url("http://example.org/a/b", OPTIONS), reference, OPTIONS).url == url


@given(st.text() | st.text(alphabet=":/@.[]%#?\\0123456789abxehtps").map("http://".__add__))
def test_only_our_errors_and_a_checked_url_stays_itself(url: str) -> None:
    try:
        target = check_url(url, OPTIONS)
    except ScrapeError:
        return
    assert check_url(target.url, OPTIONS) == target
    target.path.encode("ascii")
