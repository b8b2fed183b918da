from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.dedupe import clean_url, host_of, normalise, same_site, url_key
from scraper.errors import BadURL
from scraper.fetch.guard import check_url
from scraper.fetch.options import FetchOptions

PIECES = [
    *("http://", "https://", "HTTP:", "//", "/", "www.", "example", ".org", "EXAMPLE", ".", "..", "%2e", "%2F", "%"),
    *("%25", "%41", "%7", "?", "&", "=", "utm_source", "%75tm_x", "#", "@", ":", "80", ":443", ":8080", "index.html"),
    *("/index.php", "default.aspx", "\t", "\n", " ", "\x00", "\xa0", "é", "xn--", "[::1]", "127.0.0.1", "0x7f.1"),
    *(
        "#!",
        "#!/",
        "!",
        ";",
        ";jsessionid=1",
        "amp;",
        "?ref=rss",
        "a=",
        "a=1",
        "a=2",
        "%5B",
        "[",
        "|",
        "%7C",
        "%2C",
        "..;",
    ),
    *("cdn.ampproject.org/c/s/", "google.com/amp/", "www.google.co.uk", "0x7f.1..", "m.", "amp", "sid=", "0" * 32),
    *("\\", "+", "%20", "a", "b", "1", "\ud800", "。", "ß", "\u200b", "|", "^", '"', "'", "<", "{"),
]
pieces = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
texts = st.text() | pieces | pieces.map("http://{}".format) | pieces.map("https://a.example/{}".format)
words = st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)
paths = st.lists(words.filter(lambda word: word not in ("index", "default")), min_size=1, max_size=4)
pairs = st.lists(st.tuples(words, words), max_size=4)

STORY = "https://news.example/2026/11/story?id=7&page=2"


def address(path: list[str], query: list[tuple[str, str]]) -> str:
    return f"https://news.example/{'/'.join(path)}?{'&'.join(f'{name}={value}' for name, value in query)}"


@settings(deadline=None)
@given(texts)
@example("http://a.example/%%34%31")
@example("http://a.example/index.html/")
@example("http://a.example/?%75tm_source=1")
@example("http://a.example//.b/.")  # can_ada 3.0.0 leaves the dot segments
@example("http://http:8080/x")
@example("example.org:8080")
@example("\ud800")
def test_a_key_is_its_own_key_and_only_bad_url_is_raised(text: str) -> None:
    try:
        key = url_key(text)
    except BadURL:
        return
    assert url_key(key) == key
    assert same_site(key, key)
    assert key == key.strip()
    assert key.partition("#")[2][:1] in ("", "!")


@settings(deadline=None)
@given(texts)
@example("HTTP://0/0//..;")
def test_normal_and_clean_urls_keep_the_key(text: str) -> None:
    try:
        normal = normalise(text)
    except BadURL:
        for refuse in (clean_url, host_of):
            with pytest.raises(BadURL):
                refuse(text)
        return
    clean = clean_url(text)
    assert normalise(normal) == normal
    assert clean_url(clean) == clean
    assert host_of(text) == host_of(clean)
    if text.lower().startswith(
        ("http://", "https://")
    ):  # "http:80" is a URL, and a host with a port: as a key it is the latter
        assert url_key(text) == url_key(normal) == url_key(clean)


@pytest.mark.parametrize(
    "same",
    [
        "http://news.example/2026/11/story?id=7&page=2",
        "HTTPS://NEWS.EXAMPLE/2026/11/story?id=7&page=2",
        "https://www.news.example/2026/11/story?id=7&page=2",
        "https://www.www.news.example/2026/11/story?id=7&page=2",
        "https://news.example:443/2026/11/story?id=7&page=2",
        "http://news.example:80/2026/11/story?id=7&page=2",
        "https://news.example:80/2026/11/story?id=7&page=2",
        "https://news.example/2026/11/story/?id=7&page=2",
        "https://news.example//2026//11/story//?id=7&page=2",
        "https://news.example/2026/11/story/index.html?id=7&page=2",
        "https://news.example/2026/11/story/INDEX.PHP/?id=7&page=2",
        "https://news.example/2026/11/story/default.aspx?id=7&page=2",
        "https://news.example/2026/./10/../11/story?id=7&page=2",
        "https://news.example/2026/11/%73tory?id=7&page=2",
        "https://news.example\\2026\\11\\story?id=7&page=2",
        "https://news.example/2026/11/story?page=2&id=7",
        "https://news.example/2026/11/story?&id=7&&page=2&",
        "https://news.example/2026/11/story?id=7&page=2#comments",
        "https://news.example/2026/11/story?id=7&page=2#:~:text=words",
        "https://user:secret@news.example/2026/11/story?id=7&page=2",
        "  https://news.example/2026/11/story?id=7&page=2\u3000\r\n",
        "https://news.example/2026/\n11/story?id=7&page=2",
        "news.example/2026/11/story?id=7&page=2",
        "//news.example/2026/11/story?id=7&page=2",
        *(
            f"https://news.example/2026/11/story?{name}=x&id=7&page=2"
            for name in ("utm_source", "UTM_Campaign", "%75tm_medium", "fbclid", "gclid", "at_medium", "mc_cid", "ocid")
        ),
    ],
)
def test_one_page_has_one_key(same: str) -> None:
    assert url_key(same) == url_key(STORY) == "news.example/2026/11/story?id=7&page=2"


@pytest.mark.parametrize(
    "other",
    [
        "https://news.example/2026/11/Story?id=7&page=2",
        "https://news.example/2026/11/story-2?id=7&page=2",
        "https://news.example/2026/12/story?id=7&page=2",
        "https://news.example/2026/11/story?id=8&page=2",
        "https://news.example/2026/11/story?id=7&page=3",
        "https://news.example/2026/11/story?id=7",
        "https://news.example/2026/11/story",
        "https://news.example/2026/11/story?ID=7&page=2",
        "https://en.news.example/2026/11/story?id=7&page=2",
        "https://news.example:8443/2026/11/story?id=7&page=2",
        "https://news.example/index.html/2026/11/story?id=7&page=2",
        "https://news.example/2026%2F11/story?id=7&page=2",
        "https://news.example/2026/11/story.html?id=7&page=2",
        "https://news.example/2026/11/story?id=7&page=2&lang=fr",
        "https://news.example/2026/11/story?id=7&page=2&ref=7",
    ],
)
def test_other_pages_have_other_keys(other: str) -> None:
    assert url_key(other) != url_key(STORY)


def folded(query: list[tuple[str, str]]) -> list[tuple[str, str]]:
    by_name = sorted(query, key=lambda pair: pair[0])
    return [pair for place, pair in enumerate(by_name) if by_name[place - 1 : place] != [pair]]


@settings(deadline=None)
@given(paths, pairs, paths, pairs)
def test_paths_and_parameters_make_the_key(
    path: list[str], query: list[tuple[str, str]], other_path: list[str], other_query: list[tuple[str, str]]
) -> None:
    # Every name gets a letter in front, so that none of them is one of a tracking parameter.
    here, there = ([(f"q{name}", value) for name, value in found] for found in (query, other_query))
    # Of one name that comes several times, the order of the values counts; the same twice running is once.
    same = path == other_path and folded(here) == folded(there)
    assert (url_key(address(path, here)) == url_key(address(other_path, there))) is same


def test_clean_urls_keep_other_parameters_in_their_order_and_drop_secrets() -> None:
    url = "https://me:secret@www.News.example/a/?z=1&utm_source=x&b=2&fbclid=y&a=%7E#top"
    assert clean_url(url) == "https://www.news.example/a/?z=1&b=2&a=%7E"
    assert clean_url("https://news.example/?utm_source=x") == "https://news.example/"
    assert clean_url("https://news.example/?b&&a") == "https://news.example/?b&&a"
    assert clean_url("https://news.example/s.html;jsessionid=E88C?x=1") == "https://news.example/s.html?x=1"
    assert clean_url("https://news.example/sport;art123,456") == "https://news.example/sport;art123,456"
    assert normalise("https://me:secret@news.example/?utm_source=x#y") == "https://news.example/?utm_source=x"


def test_hosts_keep_unusual_ports_only() -> None:
    assert host_of("https://News.Example:443/a") == "news.example"
    assert host_of("http://news.example:8080/a") == "news.example:8080"


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://News.Example:443/a",
            "http://news.example:443/",
            "https://news.example:80/",
            "http://news.example./",
        ),
        *("https://news.example.:8443/", "http://[2606:4700::1111]:8080/x", "https://[2606:4700::1111]/"),
        *("http://0x08080808/", "https://m\u00fcnchen.de/"),
    ],
)
def test_whom_a_url_asks_is_whom_the_host_budget_counts(url: str) -> None:
    assert host_of(url) == check_url(url, FetchOptions()).key


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://news.example/a", "http://www.news.example/b", True),
        ("https://amp.news.example/a", "https://news.example", True),
        ("https://news.example?a=/x", "https://m.news.example/b", True),
        ("https://en.news.example/a", "https://fr.news.example/a", False),
        ("https://oldnews.example/a", "https://news.example/a", False),
        ("https://news.example:8080/a", "https://news.example/a", False),
    ],
)
def test_a_site_is_a_host_with_its_sub_domains(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same_site(other, one) is same


@pytest.mark.parametrize(
    "bad", ["", " ", "ftp://a.example/", "mailto:a@b.example", "javascript:void(0)", "http://", "http://[::1", "\ud800"]
)
def test_no_web_address_is_refused_and_shown(bad: str) -> None:
    for refuse in (normalise, clean_url, host_of, url_key):
        with pytest.raises(BadURL):
            refuse(bad)


def test_long_input_is_no_trouble() -> None:
    assert url_key("https://a.example" + "/index.html" * 50_000) == "a.example"
    assert url_key("https://a.example/" + "../" * 50_000 + "b" + " " * 50_000) == "a.example/b"
    with pytest.raises(BadURL) as refused:
        url_key("ftp://" + "x" * 100_000)
    assert len(str(refused.value)) < 400
