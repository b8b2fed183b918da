from __future__ import annotations

import logging

import pytest

from scraper.boundary import internal_fault, outcome_of
from scraper.errors import BadURL, BadUsage, InternalFault, NotAFeed, ServerTrouble, StorageFull, TryLater


def caught(error: Exception) -> Exception:
    try:
        raise error  # noqa: TRY301 - so that it has a traceback
    except Exception as raised:  # noqa: BLE001 - as its callers do
        return outcome_of(raised, "polling https://x.example/feed", "reading this source")


@pytest.mark.parametrize("error", [BadURL("no"), NotAFeed("no"), ServerTrouble("no", status=503)])
def test_what_is_of_one_input_is_its_outcome(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    assert caught(error) is error
    assert not caplog.records


@pytest.mark.parametrize("error", [StorageFull("no room"), BadUsage("no")])
def test_what_is_of_all_of_them_is_raised(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(type(error)) as raised:
        caught(error)
    assert raised.value is error
    assert not caplog.records


def test_a_fault_of_ours_is_logged_with_its_traceback_and_is_an_outcome(caplog: pytest.LogCaptureFixture) -> None:
    ended = caught(KeyError("x"))
    assert isinstance(ended, InternalFault)
    assert str(ended) == "a fault of this program while reading this source; please report it: KeyError: 'x'"
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("scraper", logging.ERROR)
    assert record.getMessage() == "a fault while polling https://x.example/feed"
    assert "raise error" in caplog.text


def test_a_fault_is_wrapped_with_what_was_done() -> None:
    fault = internal_fault(KeyError("x"), "parsing")
    assert str(fault) == "a fault of this program while parsing; please report it: KeyError: 'x'"
    assert isinstance(fault, TryLater)
