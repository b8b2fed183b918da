"""robots.txt as RFC 9309 has it: its lines as groups of rules, and which rule decides about a path. Pure.

Written from the standard (https://www.rfc-editor.org/rfc/rfc9309): a group begins with one or more ``User-agent``
lines, several groups for one agent are one (2.2.1), lines that are not known do not part them (2.2.4), the longest
pattern wins and an Allow wins over a Disallow of equal length (2.2.2), ``*`` and ``$`` are special (2.2.3), and paths
are compared with their percent-encoding made equal (2.2.2). ``Crawl-delay`` is not of the standard; it belongs to the
group that it stands in. Where site owners write what the standard does not know but plainly mean something, it is read
their way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_LINE_END = re.compile(r"\r\n|\r|\n")
# Google's parser forgives a missing colon too; only where one word follows, or a sentence would be a rule.
_FIELD_AND_WORD = re.compile(r"(user-?agent|disallow|allow|crawl-?delay)\s+(\S+)", re.IGNORECASE)
_NAMES = {
    "useragent": "agent", "allow": "allow", "disallow": "disallow", "crawldelay": "delay", "sitemap": "sitemap",
    # misspellings that are common enough for Google's parser to know them
    "dissallow": "disallow", "dissalow": "disallow", "disalow": "disallow", "diasllow": "disallow",
    "disallaw": "disallow",
}  # fmt: skip
_TOKEN = re.compile(r"[a-zA-Z_-]+")
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})|([^!-~]|[%<>\"\\^`{|}])", re.DOTALL)
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_LONGEST_DELAY = 1e9
_LONGEST_NAME = 100
EVERYBODY = "*"


@dataclass(frozen=True, slots=True)
class Rule:
    """One Allow or Disallow line: its number (from 1), its pattern as it is written, and as it is compared."""

    allow: bool
    pattern: str
    line: int
    matcher: str

    @classmethod
    def read(cls, pattern: str, line: int, *, allow: bool) -> Rule:
        """A rule of a pattern: one that does not begin with a slash was meant to."""
        rooted = pattern if pattern[0] in "/*" else f"/{pattern}"
        body = rooted.removesuffix("$")
        matcher = "*".join(normal(piece) for piece in body.split("*"))
        return cls(allow, pattern, line, matcher if body == rooted else f"{matcher}$")

    def matches(self, path: str) -> bool:
        """Whether the pattern matches a path that :func:`normal` made. In time linear in the path's length a star."""
        pattern = self.matcher
        anchored = pattern.endswith("$")
        first, *rest = pattern.removesuffix("$").split("*")
        if not path.startswith(first):
            return False
        at = len(first)
        if anchored and not rest:
            return at == len(path)
        last = rest.pop() if anchored else ""
        for piece in rest:
            found = path.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        return not anchored or (path.endswith(last) and len(path) - len(last) >= at)


@dataclass(frozen=True, slots=True)
class Group:
    """The rules for one agent: all groups that name it, as one. ``agent`` is the name in the file, ``*`` for
    everybody's group, empty where no group is for us; ``delay`` is in seconds.
    """

    agent: str
    rules: tuple[Rule, ...] = ()
    delay: float | None = None
    sitemaps: tuple[str, ...] = ()

    def deciding(self, url: str) -> Rule | None:
        """The rule that decides about a URL; None where none does, and it is allowed."""
        path = path_of(url)
        if path == "/robots.txt":
            return None
        found = [rule for rule in self.rules if rule.matches(path)]
        return max(found, key=lambda rule: (len(rule.matcher), rule.allow), default=None)


def parse(text: str, token: str) -> Group:
    """The group for the agent with this product token (lower-case): its own, else everybody's, else an empty one."""
    own: list[tuple[str, str, int]] = []
    everybody: list[tuple[str, str, int]] = []
    sitemaps: list[str] = []
    agents: set[str] = set()
    named = ""
    naming = delayed = False  # whether names may follow that are of the same group; a delay stands between them
    for number, raw in enumerate(_LINE_END.split(text.removeprefix("\ufeff")), 1):
        name, value = _field(raw)
        if name == "agent":
            agent = agent_in(value)
            if not naming:
                agents = set()
            agents.add(agent.lower())
            named = agent if agent.lower() == token else named
            naming, delayed = True, False
        elif name == "sitemap":
            sitemaps.append(value)
        elif name:
            delayed = name == "delay"
            naming = naming and delayed
            own += [(name, value, number)] * (token in agents)
            everybody += [(name, value, number)] * (EVERYBODY in agents)
        elif delayed and not raw.strip():
            # No line that the standard does not know ends a group, a delay neither. But a delay and then an empty line
            # is how people write a group that has nothing else.
            naming = False
    agent, lines = (named, own) if named else (EVERYBODY if everybody else "", everybody)
    return Group(agent, _rules(lines), _delay(lines), tuple(sitemaps))


def _field(line: str) -> tuple[str, str]:
    """The name of a known field and its value; an empty name for any other line."""
    content = line.partition("#")[0].strip()
    said, colon, value = content.partition(":")
    name = _name(said) if colon else ""
    if not name and (found := _FIELD_AND_WORD.fullmatch(content)):
        name, value = _name(found[1]), found[2]
    return name, value.strip() if name else ""


def _name(said: str) -> str:
    return _NAMES.get(said[:_LONGEST_NAME].strip().lower().replace("-", "").replace(" ", ""), "")


def agent_in(value: str) -> str:
    """The product token that a ``User-agent`` line names: ``Foo`` of ``Foo/2.0 (a comment)``; ``*`` for everybody."""
    if value == EVERYBODY or value.startswith("* "):
        return EVERYBODY
    found = _TOKEN.match(value)
    return found[0] if found else ""


def _rules(lines: list[tuple[str, str, int]]) -> tuple[Rule, ...]:
    """An empty pattern matches nothing: ``Disallow:`` is how a file allows all."""
    said = ((name, value, number) for name, value, number in lines if name != "delay" and value)
    return tuple(Rule.read(value, number, allow=name == "allow") for name, value, number in said)


def _delay(lines: list[tuple[str, str, int]]) -> float | None:
    """The longest delay that is asked for; what is no number is none."""
    delays = []
    for name, value, _ in lines:
        if name == "delay" and re.fullmatch(r"\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}", value):
            delays.append(min(float(value), _LONGEST_DELAY))
    return max(delays, default=None)


def path_of(url: str) -> str:
    """What of a URL the patterns are compared with: path and query, in the form that :func:`normal` makes."""
    parts = urlsplit(url)
    path = parts.path or "/"
    return normal(f"{path}?{parts.query}" if parts.query else path)


def normal(path: str) -> str:
    """A path or a literal piece of a pattern with its percent-encoding made equal: unreserved characters stand as
    themselves, all others that are encoded or must be are in upper case, and so are the pattern's own signs.
    """
    return _ESCAPE.sub(_equal, path).replace("*", "%2A").replace("$", "%24")


def _equal(found: re.Match[str]) -> str:
    if found[1]:
        character = chr(int(found[1], 16))
        return character if character in _UNRESERVED else f"%{found[1].upper()}"
    return "".join(f"%{byte:02X}" for byte in found[2].encode("utf-8", "replace"))
