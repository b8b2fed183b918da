"""Where what goes wrong with one input becomes its outcome, so that the others go on.

::

    BadURL, Skip, TryLater   of this input       its outcome
    any other Stop           of all of them      raised: it ends the run
    anything else            a fault of ours     logged with its traceback; the outcome is an InternalFault
"""

from __future__ import annotations

import logging

from scraper.errors import BadURL, InternalFault, Skip, Stop, TryLater

log = logging.getLogger("scraper")

OF_ONE_INPUT = (BadURL, Skip, TryLater)
"""The errors that say something of one input alone."""


def outcome_of(error: Exception, doing: str, here: str) -> BadURL | Skip | TryLater:
    """What one input ends as that raised this; called where it was caught. Raises Stop.

    ``doing`` says in the log what was done, and with which address; ``here`` says it where the address stands beside.
    Hand on what comes out, and keep it in no variable: an error, its traceback and the frame that it names would hold
    each other, and the page with them, until the garbage collector comes.
    """
    if isinstance(error, OF_ONE_INPUT):
        return error
    if isinstance(error, Stop):
        raise error
    log.error("a fault while %s", doing, exc_info=error)
    return internal_fault(error, here)


def internal_fault(error: Exception, while_doing: str) -> InternalFault:
    """Wrap an exception that nobody foresaw."""
    what = f"{type(error).__name__}: {error}"
    return InternalFault(f"a fault of this program while {while_doing}; please report it: {what}")
