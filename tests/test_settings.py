from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.discover import gzipped, links
from scraper.errors import ConfigError
from scraper.extract import record
from scraper.extract.sites import FIELDS, VERDICTS, Hint, Layout, Pick, SiteRules, Sites
from scraper.fetch.options import LONGEST
from scraper.home import Home, init_home
from scraper.model import SourceKind
from scraper.settings import (
    CEILINGS,
    Settings,
    SiteFields,
    SiteKinds,
    Source,
    load_settings,
    load_sites,
    load_sources,
    parse_site,
    parse_sources,
)
from scraper.toml import find_line

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = (ROOT / "config" / "scraper.toml").read_text(encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "scraper.toml").touch()
    return Home(tmp_path)


def configure(home: Home, text: str | bytes) -> None:
    home.scraper_toml.write_bytes(text if isinstance(text, bytes) else text.encode())


class TestShipped:
    """config/ as it is copied out."""

    def test_what_is_commented_out_is_the_default_and_nothing_is_left_out(self) -> None:
        spoken = re.sub(r"^# (?=\w+ = )", "", SHIPPED, flags=re.MULTILINE)
        said = tomllib.loads(spoken)
        defaults = Settings()
        for table in Settings.__struct_fields__:
            fields = set(getattr(defaults, table).__struct_fields__)
            assert set(said[table]) == fields - {"resolve"}, table  # which is a table of its own, below

    def test_the_defaults_are_right(self, home: Home) -> None:
        configure(home, re.sub(r"^# (?=\w+ = )", "", SHIPPED, flags=re.MULTILINE))
        assert load_settings(home) == Settings()
        configure(home, SHIPPED)
        assert load_settings(home) == Settings()

    def test_the_example_of_a_table_works(self, home: Home) -> None:
        configure(home, re.sub(r'^# (?=\[fetch\.resolve|"www)', "", SHIPPED, flags=re.MULTILINE))
        assert load_settings(home).fetch.resolve == {"www.example.org:443": "127.0.0.1:8443"}

    def test_every_key_of_a_source_is_explained(self) -> None:
        text = (ROOT / "config" / "sources.toml").read_text(encoding="utf-8")
        explained = " ".join(line for line in text.splitlines() if line.startswith("#"))
        for key in Source.__struct_fields__:
            assert re.search(rf"\b{key}\b", explained), key

    def test_the_sources_are_right(self, tmp_path: Path) -> None:
        init_home(tmp_path)
        load_sources(Home(tmp_path))
        text = (ROOT / "config" / "sources.toml").read_text(encoding="utf-8")
        commented = re.sub(r"^# ?(?=\[\[source|\w+ = )", "", text, flags=re.MULTILINE)
        assert parse_sources(commented, Path("sources.toml"))


def test_what_is_let_through_can_be_read() -> None:
    assert CEILINGS == {"page_limit": record.LIMIT, "feed_limit": gzipped.MAX_SIZE, "sitemap_limit": gzipped.MAX_SIZE}
    assert links.MAX_LENGTH == LONGEST


def test_nothing_said_means_the_defaults(home: Home) -> None:
    for nothing in ("", "\ufeff", "# only a comment\n", "[fetch]\n"):
        configure(home, nothing)
        assert load_settings(home) == Settings()


def test_what_is_said_counts(home: Home) -> None:
    configure(
        home, '[fetch]\ntimeout = "1.5m"\nports = [80]\n[manners]\nspacing = 0.25\n[storage]\nmin_free = "1 GiB"\n'
    )
    found = load_settings(home)
    assert float(found.fetch.timeout) == 90
    assert found.fetch.ports == (80,)
    assert (found.manners.spacing, found.storage.min_free) == (0.25, 2**30)
    assert found.log == Settings().log


def test_settings_are_frozen() -> None:
    with pytest.raises(AttributeError):
        Settings().fetch.retries = 9  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[fetch]\n\ntimout = 3\n", r":3: fetch\.timout: unknown key; did you mean 'timeout'\?"),
        ("[fetch]\nzzzz = 3\n", r":2: fetch\.zzzz: unknown key; known here: contact, "),
        ("[fetsch]\na = 1\n", r":1: fetsch: unknown key; did you mean 'fetch'\?"),
        ("fetch.timout = 3\n", r":1: fetch\.timout: unknown key"),
        ("fetch = { timout = 3 }\n", r":1: fetch\.timout: unknown key"),
        ("[log]\n# level\nlevel = 'loud'\n", r":3: log\.level: Invalid enum value 'loud'; use one of: debug, info, "),
        ("[fetch]\nretries = 'x'\n", r":2: fetch\.retries: Expected `int`, got `str`"),
        ("[fetch]\nretries = 1.5\n", r":2: fetch\.retries: Expected `int`, got `float`"),
        ("[fetch]\nports = [80, 'x']\n", r":2: fetch\.ports\[2\]: Expected `int`, got `str`"),
        ("[fetch]\ntimeout = 'soon'\n", r":2: fetch\.timeout: Expected a duration such as .*, got 'soon'"),
        ("[fetch]\ntimeout = inf\n", r":2: fetch\.timeout: Expected a duration such as .*, got inf"),
        ("[fetch]\npage_limit = inf\n", r":2: fetch\.page_limit: Expected a size such as .*, got inf"),
        ("[fetch]\npage_limit = '1 mile'\n", r":2: fetch\.page_limit: Expected a size such as .*, got '1 mile'"),
        ("[fetch]\npage_limit = '11 MiB'\n", r":2: fetch\.page_limit: no more than 10 MiB can be read"),
        ("[fetch]\nfeed_limit = '1 GB'\n", r":2: fetch\.feed_limit: no more than 50 MiB can be read"),
        ("[fetch]\nsitemap_limit = '1 GB'\n", r":2: fetch\.sitemap_limit: no more than 50 MiB can be read"),
        ("[fetch]\nmax_url_length = 3000\n", r":2: fetch\.max_url_length: Expected `int` <= 2083"),
        ("\n[fetch.resolve]\n'a:1' = 3\n", r":2: fetch\.resolve: Expected `str`, got `int`"),
        (
            '[fetch.resolve]\n"b:80" = "127.0.0.1:1"\n"a.example" = "127.0.0.1:1"\n',
            r":3: fetch\.resolve\.a\.example: it ",
        ),
        ('[fetch]\nresolve."a.example:80" = "127.0.0.1"\n', r":2: fetch\.resolve\.a\.example:80: '127\.0\.0\.1' is no"),
        (
            '[fetch.resolve]\n"a.example:80" = "[::1]:99999"',
            r":2: fetch\.resolve\.a\.example:80: '\[::1\]:99999' is no",
        ),
        ("[fetch]\nports = [80, 99999]\n", r":2: fetch\.ports: 99999 is no port"),
        ("[fetch]\n\nallow_private = ['10.0.0.0/8', 'office']\n", r":3: fetch\.allow_private: 'office' is no network"),
        ("[fetch]\nports = { a = 1 }\n", r":2: fetch\.ports: Expected `array`, got `object`$"),
        ("\n\nfetch = 3\n", r":3: fetch: Expected `object`, got `int`"),
        ("[fetch]\nca_file = 'none.pem'\n", r":2: fetch\.ca_file: no such file: none\.pem"),
        ("[webhook]\nurl = 'hook'\n", r":2: webhook\.url: write an address as in "),
        ("[webhook]\nsecret = 'hush'\n", r":2: webhook\.secret: write where the secret is: 'env:NAME' or 'file:PATH'"),
        ("[webhook]\nevents = ['news']\n", r":2: webhook\.events\[1\]: Invalid enum value 'news'"),
        ("[webhook]\ntimeout = '2m'\n", r":2: webhook\.timeout: no delivery may take longer than a minute"),
        ("[webhook]\nbatch = 0\n", r":2: webhook\.batch: Expected `int` >= 1"),
        ("[fetch]\n\nretries = \n", r":3: not TOML: Invalid value"),
        ("[fetch\n", r":1: not TOML: Expected ']'"),
        ("[fetch]\nretries = 1\nretries = 2\n", r":3: not TOML: Cannot overwrite a value"),
        ("[fetch]\n[log]\n[fetch]\n", r":3: not TOML: Cannot declare \('fetch',\) twice$"),
        ("[fetch]\nuser_agent = '", r":2: not TOML: "),
        (b"[fetch]\n\nuser_agent = '\xe9'\n", r":3: not UTF-8"),
    ],
)
def test_an_error_names_file_line_and_key(home: Home, text: str | bytes, message: str) -> None:
    configure(home, text)
    with pytest.raises(ConfigError, match=re.escape(str(home.scraper_toml)) + message):
        load_settings(home)


def test_a_home_without_files_is_said(tmp_path: Path, home: Home) -> None:
    with pytest.raises(ConfigError, match="scrape init"):
        load_settings(Home(tmp_path / "none"))
    with pytest.raises(ConfigError, match="scrape sources add"):
        load_sources(home)
    home.sources_toml.mkdir()
    home.scraper_toml.unlink()
    home.scraper_toml.mkdir()
    with pytest.raises(ConfigError):
        load_settings(home)


def test_a_certificate_file_is_found_from_the_home(home: Home) -> None:
    (home.root / "ca.pem").touch()
    configure(home, "[fetch]\nca_file = 'ca.pem'\n")
    assert load_settings(home).fetch.ca_file == str(home.root / "ca.pem")


SOURCE = '[[source]]\nname = "a"\nurl = "https://a.example/feed"\nkind = "feed"\n'
PATH = Path("sources.toml")


class TestSources:
    """config/sources.toml."""

    def test_sources_keep_their_order(self) -> None:
        text = (
            SOURCE + SOURCE.replace('"a"', '"b"') + 'interval = "1h"\ntimezone = "Europe/Paris"\ninclude = ["/news/"]\n'
        )
        one, other = parse_sources(text, PATH)
        assert one == Source(name="a", url="https://a.example/feed", kind=SourceKind.FEED)
        assert float(other.interval or 0) == 3600
        assert (other.name, other.include) == ("b", ("/news/",))
        assert parse_sources("", PATH) == ()

    @pytest.mark.parametrize(
        ("more", "message"),
        [
            (SOURCE, r":6: source\[2\]\.name: 'a' is used twice"),
            ('[[source]]\nurl = "https://b.example/"\nkind = "feed"\n', r":5: source\[2\]: the key 'name' is missing"),
            ("titel = 'x'\n", r":5: source\[1\]\.titel: unknown key; did you mean 'title'\?"),
            ("enabled = 'yes'\n", r":5: source\[1\]\.enabled: Expected `bool`, got `str`"),
            ("interval = 'daily'\n", r":5: source\[1\]\.interval: Expected a duration"),
            ("timezone = 'Mars/Base'\n", r":5: source\[1\]\.timezone: 'Mars/Base' is no time zone"),
            ("timezone = '../../etc/passwd'\n", r":5: source\[1\]\.timezone: "),
            ("include = ['(']\n", r":5: source\[1\]\.include: '\(' is no regular expression: "),
            ("\nexclude = ['a', '*']\n", r":6: source\[1\]\.exclude: '\*' is no regular expression: "),
            ("headers = { Host = 'x' }\n", r":5: source\[1\]\.headers: the header host cannot be set by hand"),
            ("headers = { Cookie = 'x' }\n", r":5: source\[1\]\.headers: .*; cookies have keys of their own"),
            ("headers = { 'a b' = 'x' }\n", r":5: source\[1\]\.headers: 'a b' or its value cannot stand in a header"),
            ('headers = { a = "x\\ny" }\n', r":5: source\[1\]\.headers: 'a' or its value cannot"),
            ("cookies = { a = '1; b=2' }\n", r":5: source\[1\]\.cookies: 'a' or its value cannot"),
            ("hosts = ['https://a.example/']\n", r":5: source\[1\]\.hosts: .* is no host name"),
            ("login = 'session=1'\n", r":5: source\[1\]\.login: write where the cookies are"),
            ("proxy = 'socks5://a:1'\n", r':5: source\[1\]\.proxy: a proxy is written "http://host:port"'),
            ('user_agent = "a\\nb"\n', r":5: source\[1\]\.user_agent: a header cannot hold it"),
            ("user_agent = '\u00fc'\n", r":5: source\[1\]\.user_agent: a header cannot hold it"),
            ("language = 'de, x'\n", r":5: source\[1\]\.language: 'de, x' is no language tag"),
            ("timeout = '2h'\n", r":5: source\[1\]\.timeout: no fetch may take longer than 30 minutes"),
            ("headers = { X-A = 'hush ' }\n", r":5: source\[1\]\.headers: 'X-A' or its value cannot stand"),
            ("timeout = '0s'\n", r":5: source\[1\]\.timeout: "),
            ("[[sauce]]\n", r":5: sauce: unknown key; did you mean 'source'\?"),
        ],
    )
    def test_an_error_names_file_line_and_key(self, more: str, message: str) -> None:
        with pytest.raises(ConfigError, match=r"^sources\.toml" + message):
            parse_sources(SOURCE + more, PATH)

    def test_one_bracket_for_two(self) -> None:
        one = SOURCE.replace("[[source]]", "[source]")
        for text, line in ((one, 1), (one + one, len(one.splitlines()) + 1)):
            with pytest.raises(ConfigError) as caught:
                parse_sources(text, PATH)
            assert str(caught.value).startswith(f"sources.toml:{line}: ")
            assert str(caught.value).endswith("; there may be several: write [[source]]")

    @pytest.mark.parametrize("name", ["", "A", "a b", "-a", "../a", "ä"])
    def test_names(self, name: str) -> None:
        with pytest.raises(ConfigError, match=r":2: source\[1\]\.name: .* is no name"):
            parse_sources(SOURCE.replace('"a"', f'"{name}"'), PATH)

    @pytest.mark.parametrize(
        "url", ["", "a.example/feed", "ftp://a.example", "https://", "https://[::1", "http://a b/"]
    )
    def test_addresses(self, url: str) -> None:
        with pytest.raises(ConfigError, match=r":3: source\[1\]\.url: .* is no http\(s\) address"):
            parse_sources(SOURCE.replace("https://a.example/feed", url), PATH)

    def test_kinds(self) -> None:
        with pytest.raises(ConfigError, match=r":4: source\[1\]\.kind: .*; use one of: feed, sitemap, page"):
            parse_sources(SOURCE.replace('"feed"', '"rss"'), PATH)

    @pytest.mark.parametrize(
        ("include", "exclude", "wanted"),
        [
            ((), (), True),
            (("/news/",), (), True),
            (("/sport/",), (), False),
            (("/sport/", "^https://a"), (), True),
            ((), ("/news/",), False),
            (("/news/",), (r"\d{4}$",), False),
        ],
    )
    def test_patterns(self, include: tuple[str, ...], exclude: tuple[str, ...], wanted: bool) -> None:
        (source,) = parse_sources(SOURCE, PATH)
        source = msgspec.structs.replace(source, include=include, exclude=exclude)
        assert source.wants("https://a.example/news/2026") is wanted


SITE = """drop = ".ad"
[fields]
title = ["h1", "h2@data-x"]
[kind]
live = ["url:/live/", ".ticker"]
[[version]]
until = 2024-05-01
[version.fields]
body = "td"
[[version]]
until = 2021-01-01
"""
SITE_PATH = Path("paper.example.toml")


class TestSites:
    """config/sites/<domain>.toml."""

    def test_a_file_is_the_present_layout_and_earlier_ones_the_oldest_first(self) -> None:
        assert parse_site(SITE, SITE_PATH) == SiteRules(
            Layout(
                {"title": (Pick("h1"), Pick("h2", "data-x"))},
                drop=(".ad",),
                hints=(Hint("live", pattern="/live/"), Hint("live", ".ticker")),
            ),
            (Layout(until=date(2021, 1, 1)), Layout(body=("td",), until=date(2024, 5, 1))),
        )

    def test_every_field_and_every_kind_can_be_written(self) -> None:
        assert set(SiteFields.__struct_fields__) == {*FIELDS, "body"}
        assert set(SiteKinds.__struct_fields__) == set(VERDICTS)

    def test_sites_are_named_by_their_files(self, home: Home) -> None:
        assert load_sites(home) == Sites()
        home.sites.mkdir()
        for name in ("paper.example.toml", "sport.paper.example.toml", ".#paper.example.toml", "README.md"):
            (home.sites / name).write_text(SITE)
        assert set(load_sites(home).rules) == {"paper.example", "sport.paper.example"}
        (home.sites / "paper.toml").write_text("")
        with pytest.raises(ConfigError, match=r"/config/sites/paper\.toml:1: the file's name: 'paper' is no domain"):
            load_sites(home)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("dorp = 'a'\n", r":1: dorp: unknown key; did you mean 'drop'\?"),
            ("[fields]\n\ntitel = 'a'\n", r":3: fields\.titel: unknown key; did you mean 'title'\?"),
            ("[kind]\nlife = 'a'\n", r":2: kind\.life: unknown key; did you mean 'live'\?"),
            ("[fields]\ntitle = 3\n", r":2: fields\.title: Expected `str \| array`, got `int`"),
            ("[fields]\ntitle = ['a', 3]\n", r":2: fields\.title\[2\]: Expected `str`, got `int`"),
            ("[fields]\n\ntitle = ['a', 'p[']\n", r":3: fields\.title: 'p\[' is no CSS selector"),
            ("[fields]\nbody = 'p@x'\n", r":2: fields\.body: 'p@x' is no CSS selector"),
            ("drop = ':scope'\n", r":1: drop: ':scope' is no CSS selector"),
            ("[kind]\nhub = ['p', 'url:(']\n", r":2: kind\.hub: '\(' is no regular expression"),
            ("until = 2024-05-01\n", r":1: until: unknown key"),
            ("[[version]]\ndrop = 'p'\n", r":1: version\[1\]: the key 'until' is missing"),
            ("[[version]]\nuntil = 'May'\n", r":2: version\[1\]\.until: Invalid RFC3339 encoded date"),
            ("[[version]]\nuntil = 2024-05-01T10:00:00\n", r":2: version\[1\]\.until: Expected `date`"),
            (SITE + "[version.fields]\n\ntitle = 'p['\n", r":14: version\[2\]\.fields\.title: 'p\[' is no"),
            (SITE + "[version.kind]\nhubs = 'p'\n", r":13: version\[2\]\.kind\.hubs: unknown key; did you mean 'hub'"),
            ("drop = [\n", r":1: not TOML: "),
        ],
    )
    def test_an_error_names_file_line_and_key(self, text: str, message: str) -> None:
        with pytest.raises(ConfigError, match=r"^paper\.example\.toml" + message):
            parse_site(text, SITE_PATH)


@settings(deadline=None)
@given(
    st.text()
    | st.lists(st.sampled_from(["[", "]", "[[", "source", "=", '"', "\n", "a", ".", "{", "1", "#"])).map("".join)
)
def test_any_text_is_read_or_refused(text: str) -> None:
    for whole in (text, SOURCE + text):
        try:
            parse_sources(whole, PATH)
        except ConfigError as error:
            assert re.match(r"sources\.toml:\d+: ", str(error))  # noqa: PT017 - most texts raise nothing to compare


def test_lines_are_found_in_any_dress() -> None:
    text = 'a.b = 1\n[ c . "d" ]\ne = 2\n[[f]]\n[[f]]\n"g" = [\n  1,\n]\n[f.h]\ni = 3\n'
    assert find_line(text, ["a", "b"]) == 1
    assert find_line(text, ["c", "d", "e"]) == 3
    assert find_line(text, ["f", 1, "g"]) == 6
    assert find_line(text, ["f", 1, "h", "i"]) == 10
    assert find_line(text, ["f", 1, "none"]) == 5
    assert find_line(text, ["none"]) == 1
    assert find_line('[a]\nb."c.d:1" = 1\n"c.e" = 2\n', ["a", "b", "c.d:1"]) == 2
    assert find_line("[a]\n'c.e' = 2\n", ["a", "c.e"]) == 2


@pytest.mark.parametrize(
    "line",
    [
        "fetch.concurrency = 0",
        "fetch.retries = -1",
        'fetch.timeout = "0s"',
        "fetch.max_ratio = 0",
        "schedule.max_entries = -1",
        "schedule.max_attempts = 0",
        "schedule.tick = 0",
        "storage.busy_timeout = 0",
    ],
)
def test_numbers_with_which_nothing_would_work_are_refused(line: str, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.scraper_toml.parent.mkdir()
    home.scraper_toml.write_text(f"# settings\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_settings(home)
    assert f"scraper.toml:2: {line.partition(' ')[0]}: Expected" in str(raised.value)
