from __future__ import annotations

import copy
import pickle
import re
from pathlib import Path
from typing import Any

import pytest

from scraper import errors
from scraper.errors import PASSING, ScrapeError, Skip, TryLater
from scraper.extract.classify import _REFUSALS

KINDS = sorted(
    (kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ScrapeError)),
    key=lambda kind: kind.__name__,
)


def drawn() -> dict[str, str | None]:
    """The tree in the docstring: each name with the one it hangs from."""
    parents: dict[str, str | None] = {"ScrapeError": None}
    path = ["ScrapeError"]
    for branch, name in re.findall(r"^    ((?:[│ ]   )*[├└]── )(\w+)", errors.__doc__ or "", re.MULTILINE):
        depth = len(branch) // 4
        path[depth:] = [name]
        parents[name] = path[depth - 1]
    return parents


def test_the_tree_is_drawn_as_it_is() -> None:
    real = {kind.__name__: kind.__mro__[1].__name__ if kind is not ScrapeError else None for kind in KINDS}
    assert drawn() == real


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_has_a_reason_of_its_own(kind: type[ScrapeError]) -> None:
    assert re.fullmatch(r"[a-z][a-z. ]*", kind.reason)
    assert kind.reason == kind("message").reason
    assert [other for other in KINDS if other.reason == kind.reason] == [kind]
    assert kind.__doc__


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("again", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy])  # noqa: S301
def test_every_error_crosses_processes_whole(kind: type[ScrapeError], again: Any) -> None:
    options: dict[str, Any] = {"reason": "a reason"}
    if issubclass(kind, (TryLater, Skip)):
        options["status"] = 503
    if issubclass(kind, TryLater):
        options["retry_after"] = 7.5
    for given in ({}, options):
        error = kind("what happened\ud800", **given)
        error.add_note("seen twice")
        back = again(error)
        assert type(back) is kind
        assert str(back) == str(error)
        assert back.__dict__ == error.__dict__
        assert back.reason == error.reason


def test_reasons_that_may_pass_are_reasons_that_are_given() -> None:
    package = Path(errors.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py") if path.name != "errors.py")
    given = {kind.reason for kind in KINDS} | set(re.findall(r'"([a-z][a-z0-9 ]+)"', code))
    assert given >= PASSING
    assert {reason for reason, _, _ in _REFUSALS} - PASSING == {"hub", "gallery", "other page", "no article"}
