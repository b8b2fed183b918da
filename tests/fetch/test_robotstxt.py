"""robots.txt by RFC 9309: which group is ours, and which rule decides."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.robotstxt import Rule, normal, parse, path_of

URL = "https://example.org"


def line(text: str, path: str, token: str = "foobot") -> int | None:  # noqa: S107 - no password
    """The number of the line that decides about a path; None where none does."""
    rule = parse(text, token).deciding(URL + path)
    return rule.line if rule else None


def allows(pattern: str, path: str) -> bool:
    """Whether one Disallow of the pattern leaves the path alone."""
    return line(f"User-agent: *\nDisallow: {pattern}", path) is None


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark(mark: str, end: str) -> None:
    text = end.join([f"{mark}User-agent: foobot", "", "# a comment", "  DISALLOW :  /x  # and why", "Disallow: /y"])
    assert (line(text, "/x/1"), line(text, "/y"), line(text, "/z")) == (4, 5, None)


@pytest.mark.parametrize(
    "name",
    ["foobot", "FooBot", "FOOBOT/1.0", "foobot Bot", "foobot*", "foobot (+https://example.org)", "foobot\t# ours"],
)
def test_names_that_are_ours(name: str) -> None:
    assert line(f"User-agent: {name}\nDisallow: /", "/x") == 2


@pytest.mark.parametrize("name", ["foo", "foobots", "foobot-news", "bot", "", "/foobot", "*foobot", "fo0bot"])
def test_names_that_are_not(name: str) -> None:
    assert line(f"User-agent: {name}\nDisallow: /", "/x") is None


@pytest.mark.parametrize("field", ["User-agent", "user agent", "useragent", "USER-AGENT"])
@pytest.mark.parametrize("colon", [":", " : ", ":\t"])
def test_ways_to_write_a_field(field: str, colon: str) -> None:
    assert line(f"{field}{colon}foobot\nDisallow{colon}/x", "/x") == 2


@pytest.mark.parametrize("word", ["Dissallow", "disalow", "Dissalow", "diasllow", "disallaw"])
def test_misspellings_that_are_meant(word: str) -> None:
    assert line(f"User-agent: *\n{word}: /x", "/x") == 2


def test_a_colon_may_be_missing_before_one_word() -> None:
    assert line("User-agent foobot\nDisallow /x", "/x") == 2
    assert line("User-agent: *\nDisallow all of it, please", "/all") is None


class TestGroups:
    def test_our_group_goes_before_everybodys(self) -> None:
        text = "User-agent: *\nDisallow: /\n\nUser-agent: foobot\nDisallow: /x"
        assert (line(text, "/y"), line(text, "/x"), line(text, "/y", "other")) == (None, 5, 2)

    def test_an_empty_rule_of_ours_allows_all(self) -> None:
        text = "User-agent: *\nDisallow: /\n\nUser-agent: foobot\nDisallow:"
        assert line(text, "/x") is None
        assert line("User-agent: foobot\n\nUser-agent: *\nDisallow: /", "/x") == 4  # both names begin one group

    def test_groups_for_one_agent_are_one(self) -> None:
        groups = [
            "User-agent: foobot\nDisallow: /a",
            "User-agent: other\nDisallow: /b",
            "User-agent: FOOBOT\nDisallow: /c",
        ]
        text = "\n\n".join(groups)
        assert [line(text, path) for path in ("/a", "/b", "/c")] == [2, None, 8]

    def test_everybodys_groups_are_one(self) -> None:
        text = "User-agent: *\nDisallow: /a\nUser-agent: x\nDisallow: /b\nUser-agent: *\nDisallow: /c"
        assert [line(text, path) for path in ("/a", "/b", "/c")] == [2, None, 6]

    def test_several_names_begin_one_group(self) -> None:
        assert line("User-agent: a\nUser-agent: foobot\n\nUser-agent: b\nDisallow: /x", "/x") == 5

    @pytest.mark.parametrize("between", ["Sitemap: https://example.org/s.xml", "Host: example.org", "nonsense", "x: y"])
    def test_unknown_lines_part_nothing(self, between: str) -> None:
        assert line(f"User-agent: foobot\n{between}\nUser-agent: other\nDisallow: /x", "/x") == 4
        assert line(f"User-agent: foobot\nDisallow: /y\n{between}\nDisallow: /x", "/x") == 4

    def test_a_delay_parts_names_where_an_empty_line_follows(self) -> None:
        assert line("User-agent: *\nCrawl-delay: 9\nUser-agent: bad\nDisallow: /", "/x") == 4
        assert line("User-agent: *\nCrawl-delay: 9\n\nUser-agent: bad\nDisallow: /", "/x") is None

    def test_rules_before_any_name_are_nobodys(self) -> None:
        assert line("Disallow: /x\nUser-agent: foobot\nDisallow: /y", "/x") is None

    def test_sitemaps_are_of_no_group(self) -> None:
        found = parse("Sitemap: https://a.example/1\nUser-agent: x\nSitemap: https://a.example/2", "foobot")
        assert found.sitemaps == ("https://a.example/1", "https://a.example/2")

    def test_a_group_says_whose_it_is(self) -> None:
        assert parse("User-agent: FooBot/2\nDisallow: /", "foobot").agent == "FooBot"
        assert parse("User-agent: *\nDisallow: /", "foobot").agent == "*"
        assert parse("User-agent: x\nDisallow: /", "foobot").agent == ""


@pytest.mark.parametrize(
    ("rules", "path", "decides"),
    [
        (["Allow: /p", "Disallow: /"], "/page", 2),
        (["Disallow: /", "Allow: /p"], "/page", 3),
        (["Allow: /folder", "Disallow: /folder"], "/folder/page", 2),
        (["Disallow: /folder", "Allow: /folder"], "/folder/page", 3),
        (["Allow: /page", "Disallow: /*.htm"], "/page.htm", 3),
        (["Allow: /page", "Disallow: /*.ph"], "/page.php5", 2),
        (["Allow: /$", "Disallow: /"], "/", 2),
        (["Allow: /$", "Disallow: /"], "/page.htm", 3),
        (["Allow: /example/page/", "Disallow: /example/page/disallowed.gif"], "/example/page/disallowed.gif", 3),
        (["Disallow:", "Disallow: /x"], "/x", 3),
        (["Disallow: /"], "/robots.txt", None),
        (["Disallow: /"], "", 2),
        (["Disallow: /?"], "/?q=1", 2),
        (["Disallow: /?"], "/", None),
    ],
)
def test_the_longest_rule_decides(rules: list[str], path: str, decides: int | None) -> None:
    assert line("\n".join(["User-agent: *", *rules]), path) == decides


@pytest.mark.parametrize(
    ("pattern", "touched", "untouched"),
    [
        ("/fish", ["/fish", "/fish.html", "/fish/salmon", "/fishheads", "/fish.php?id=1"], ["/Fish", "/catfish", "/"]),
        ("/fish*", ["/fish", "/fishheads/yummy.html"], ["/Fish.asp", "/catfish"]),
        ("/fish/", ["/fish/", "/fish/?id=1"], ["/fish", "/fish.html"]),
        ("/*.php", ["/a.php", "/folder/a.php?x", "/a.php/"], ["/", "/windows.PHP"]),
        ("/*.php$", ["/a.php", "/folder/a.php"], ["/a.php?x", "/a.php/", "/a.php5"]),
        ("/fish*.php", ["/fish.php", "/fishheads/catfish.php?x"], ["/Fish.PHP", "/fish"]),
        ("*/print", ["/print", "/a/print/1"], ["/a/prin", "/"]),
        ("private/", ["/private/x"], ["/x/private/", "/private"]),
        ("/*", ["/", "/x"], []),
        ("/a*b*c$", ["/abc", "/aXbXc", "/abcbc"], ["/abcd", "/acb"]),
        ("/a**b", ["/ab", "/axb"], ["/a"]),
        ("/aba*aba$", ["/abaaba", "/abaXaba"], ["/aba", "/abaaba/"]),
        ("/x$y", ["/x$y", "/x%24y"], ["/x"]),
    ],
)
def test_wildcards_and_ends(pattern: str, touched: list[str], untouched: list[str]) -> None:
    assert [path for path in touched if allows(pattern, path)] == []
    assert [path for path in untouched if not allows(pattern, path)] == []


@pytest.mark.parametrize(
    ("pattern", "touched", "untouched"),
    [
        ("/foo/bar/\u30c4", ["/foo/bar/%E3%83%84", "/foo/bar/\u30c4", "/foo/bar/%e3%83%84"], ["/foo/bar/"]),
        ("/foo/bar/%E3%83%84", ["/foo/bar/\u30c4"], []),
        ("/foo/bar/%62%61%7A", ["/foo/bar/baz", "/foo/bar/%62az"], []),
        ("/a%2fb", ["/a%2Fb"], ["/a/b"]),
        ("/a/b", ["/a/b"], ["/a%2Fb"]),
        ("/file-%2A.html", ["/file-*.html", "/file-%2a.html"], ["/file-x.html"]),
        ("/a b", ["/a%20b"], ["/a+b"]),
        ("/~joe", ["/%7Ejoe", "/~joe"], []),
        ("/100%", ["/100%", "/100%25"], []),
        ("/?q=a&b=%3d", ["/?q=a&b=%3D"], ["/?q=a&b=="]),
    ],
)
def test_percent_encoding_is_made_equal(pattern: str, touched: list[str], untouched: list[str]) -> None:
    assert [path for path in touched if allows(pattern, path)] == []
    assert [path for path in untouched if not allows(pattern, path)] == []


@pytest.mark.parametrize(
    ("value", "delay"),
    [("7", 7.0), ("0.5", 0.5), (".5", 0.5), ("never", None), ("-1", None), ("1e9", None), ("inf", None), ("", None)],
)
def test_delays(value: str, delay: float | None) -> None:
    assert parse(f"User-agent: *\nCrawl-delay: {value}", "foobot").delay == delay
    assert parse(f"User-agent: *\nCrawl-delay: {value}\nUser-agent: foobot\nDisallow: /", "foobot").delay is None


def test_very_many_names_are_one_group() -> None:
    names = "\n".join(f"User-agent: bot{'x' * (number % 7)}-{number}" for number in range(30_000))
    assert line(f"{names}\nUser-agent: foobot\nDisallow: /x", "/x") == 30_002
    assert line(f"{names}\nDisallow: /x", "/x") is None


def test_many_stars_do_not_take_long() -> None:
    rule = Rule.read("/" + "a*" * 500 + "b", 1, allow=False)
    assert not rule.matches("/" + "a" * 2000)


@given(st.text())
def test_normal_settles_at_once(path: str) -> None:
    # A percent sign that encodes nothing is encoded the first time.
    once = normal(path.replace("%", ""))
    assert normal(once) == once


@given(st.text(), st.text(max_size=30))
def test_no_text_breaks_it(text: str, path: str) -> None:
    found = parse(text, "foobot")
    found.deciding(f"https://example.org/{path}")
    assert found.delay is None or found.delay >= 0


@given(st.text("ab/*$%", min_size=1, max_size=12), st.text("ab/*$%", max_size=12))
def test_matching_agrees_with_the_definition(pattern: str, path: str) -> None:
    rule = Rule.read(pattern, 1, allow=False)
    body = rule.matcher.removesuffix("$")
    expression = ".*".join(re.escape(piece) for piece in body.split("*")) + ("$" if rule.matcher.endswith("$") else "")
    target = path_of(f"https://example.org/{path}")
    assert rule.matches(target) == (re.match(expression, target) is not None)


def test_a_line_of_nothing_but_spaces_costs_no_time_to_speak_of() -> None:
    group = parse("User-agent: *\nDisallow: /no\na" + " " * 500_000 + "b\n" + "disallow" + " " * 500_000, "us")
    assert [rule.pattern for rule in group.rules] == ["/no"]
