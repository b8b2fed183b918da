"""Every error this program raises on purpose, named for what the caller does next.

::

    ScrapeError
    ├── TryLater                the same request may succeed later
    │   ├── HostUnreachable     DNS, TCP, TLS, timeouts, resets, truncated bodies
    │   ├── ServerTrouble       408, 425, 429 and 5xx answers
    │   ├── HostPaused          the host budget has no slot in the time we may wait
    │   ├── ParserTrouble       the parser's process died or ran out of time
    │   ├── Exhausted           this process may open no more files or connections
    │   └── InternalFault       a fault in this program; the log has its traceback
    ├── Skip                    this input yields nothing; go on with the next one
    │   ├── Disallowed          robots.txt says no
    │   ├── UnsafeAddress       the address guard says no
    │   ├── PageGone            404 and 410
    │   ├── PageRefused         every other 4xx, and answers that HTTP does not allow
    │   ├── LimitExceeded       a body, a ratio, a redirect chain or a tree over its limit
    │   ├── WrongType           bytes of another type than the one that was asked for
    │   ├── NotAFeed            a feed or a sitemap that cannot be read
    │   ├── NotAnArticle        a wall, a hub, an empty page: a page, but no article
    │   ├── NotAClipping        a text file that is not in the clipping format
    │   ├── NotARecord          a line or a file that is no article of an export
    │   ├── NotStored           nothing is known of this URL or id
    │   └── Forgotten           its operator had it erased; it is not fetched again
    └── Stop                    nothing more can be done before a person mends something
        ├── BadUsage            a word on the command line cannot be used
        │   └── BadURL          not an absolute http(s) URL
        ├── ConfigError         a file in config/ is missing or wrong
        ├── AlreadyRunning      another daemon holds this home
        ├── MissingExtra        a command needs a package that is not installed
        └── StoreError          a database cannot be used
            ├── ForeignDatabase another program's file, a newer version's, or not a database
            ├── DatabaseBusy    another process held the write lock past the time-out
            ├── DatabaseDamaged SQLite cannot read what is in the file
            └── StorageFull     no space, or no permission, to write

Foreign exceptions are translated at one door a package, with ``from``. Every error carries a ``reason``: a stable,
lower-case word or two that the table ``fetches`` stores and that queries group by; ``str(error)`` is one clear line
for people.
"""

from __future__ import annotations

import errno
from typing import Any


class ScrapeError(Exception):
    """The root of the tree. ``reason`` is the stable word that is stored; the message is for people."""

    reason = "error"

    def __init__(self, message: str, *, reason: str | None = None) -> None:
        super().__init__(message)
        if reason is not None:
            self.reason = reason

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with the keyword attributes: errors cross the border of the parser's process."""
        return (_rebuild, (type(self), self.args, self.__dict__))


def _rebuild(kind: type[ScrapeError], args: tuple[object, ...], state: dict[str, object]) -> ScrapeError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class TryLater(ScrapeError):
    """The same request may succeed later; ``retry_after`` is what the server asked for, in seconds.

    ``status`` is the answer's HTTP status where there was an answer.
    """

    reason = "try later"

    def __init__(
        self, message: str, *, reason: str | None = None, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message, reason=reason)
        self.status = status
        self.retry_after = retry_after


class HostUnreachable(TryLater):
    """No whole answer came: DNS, TCP, TLS, a time-out, a reset, a body cut short."""

    reason = "unreachable"


class ServerTrouble(TryLater):
    """The server answered 408, 425, 429 or 5xx."""

    reason = "server trouble"


class HostPaused(TryLater):
    """The host budget has no slot for this host in the time that the caller may wait.

    ``host`` names it: a redirect may have led to another one than the caller's.
    """

    reason = "host paused"

    def __init__(self, message: str, *, host: str = "", **more: Any) -> None:
        super().__init__(message, **more)
        self.host = host


ROBOTS_TROUBLE = "robots.txt trouble"
"""The reason of a ServerTrouble that robots.txt is in, so that nothing else was asked for."""


class ParserTrouble(TryLater):
    """The process that parses pages died, or ran past its time."""

    reason = "parser trouble"


class Exhausted(TryLater):
    """The operating system gives this process no more files, connections or memory: that says nothing of the host."""

    reason = "local limit"
    codes = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
    """What an OSError says then."""
    advice = "raise the limit of open files (`ulimit -n 1024`)"


NO_ROOM = "no room"
"""The reason of an InternalFault where a large body has no room in the folder of temporary files."""

NOT_ASKED = (HostPaused.reason, ROBOTS_TROUBLE, Exhausted.reason, NO_ROOM)
"""Reasons of attempts that ended before the page itself was asked for, or by no fault of its own: they cost no try."""


class InternalFault(TryLater):
    """A fault in this program. One page's fault must not stop the others; the log has its traceback."""

    reason = "internal fault"


class Skip(ScrapeError):
    """This input yields nothing; go on with the next one. ``status`` as in :class:`TryLater`."""

    reason = "skipped"

    def __init__(self, message: str, *, reason: str | None = None, status: int | None = None) -> None:
        super().__init__(message, reason=reason)
        self.status = status


class Disallowed(Skip):
    """robots.txt does not let our agent fetch this URL."""

    reason = "robots.txt"


class UnsafeAddress(Skip):
    """The URL, or what its host name resolves to, is not a public address that we may talk to."""

    reason = "unsafe address"


class PageGone(Skip):
    """404 or 410: the page is not there (any more). ``urls`` are the addresses that led to that answer, in order."""

    reason = "gone"
    urls: tuple[str, ...] = ()


class PageRefused(Skip):
    """A 4xx answer that trying again will not change, or an answer outside HTTP's rules."""

    reason = "refused"


class LimitExceeded(Skip):
    """A limit of the design's section 7 was reached; what came so far is thrown away."""

    reason = "too large"


class WrongType(Skip):
    """The bytes are of another type than the one asked for: a PDF where a page was expected."""

    reason = "wrong type"


class NotAFeed(Skip):
    """A feed or a sitemap that cannot be read as one."""

    reason = "not a feed"


class NotAnArticle(Skip):
    """A page, but not an article; ``reason`` says what it is instead."""

    reason = "not an article"


class NotAClipping(Skip):
    """A text that is not in the clipping format."""

    reason = "not a clipping"


class NotARecord(Skip):
    """A line or a file that is no article as an export writes them."""

    reason = "not a record"


class NotStored(Skip):
    """Nothing is known of this URL or id."""

    reason = "not stored"


class Forgotten(Skip):
    """The article was erased by `scrape forget`, and its key is kept so that it does not come back."""

    reason = "forgotten"


PASSING = frozenset(
    {
        PageGone.reason, PageRefused.reason, Disallowed.reason, UnsafeAddress.reason, ServerTrouble.reason,
        "bad header", "protocol", "bad coding", "bad redirect", "redirects",
        "bot check", "login wall", "consent wall", "error page", "soft 404", "empty page", "javascript shell",
    }
)  # fmt: skip
"""Reasons why a page yielded nothing that may pass within hours: they speak of the moment, not of what it is."""


class Stop(ScrapeError):
    """Nothing more can be done before a person mends something."""

    reason = "stop"


class BadUsage(Stop):
    """A word on the command line, or an argument of the library, cannot be used."""

    reason = "usage"


class BadURL(BadUsage):
    """Not an absolute http(s) URL."""

    reason = "not a url"


class ConfigError(Stop):
    """A file in config/ is missing or wrong; the message names file, line and key."""

    reason = "config"


class AlreadyRunning(Stop):
    """Another daemon (or `run --once`) works on this home."""

    reason = "already running"


class MissingExtra(Stop):
    """A command needs a package that is not installed; the message says which extra brings it."""

    reason = "missing extra"


class StoreError(Stop):
    """A database cannot be used."""

    reason = "storage"


class ForeignDatabase(StoreError):
    """The file is another program's database, a newer version's, or no database at all. It was not touched."""

    reason = "foreign database"


class DatabaseBusy(StoreError):
    """Another process held the write lock past the time-out, or no more files can be opened: both pass."""

    reason = "database locked"


class DatabaseDamaged(StoreError):
    """SQLite cannot read what is in the file."""

    reason = "database damaged"


class StorageFull(StoreError):
    """The disk is full, or the folder is read-only: nothing was written."""

    reason = "cannot write"


def unreadable(path: object, error: OSError) -> str:
    """What to say of a file or folder of a home that the system does not let this user read, and how to mend it."""
    return f"{path}: cannot be read: {error.strerror}; let this user read it, or name another home with --home"


def unwritable(path: object, error: OSError) -> str:
    """The same of one that cannot be written."""
    advice = "; let this user write there, or name another folder" if isinstance(error, PermissionError) else ""
    return f"cannot write {path}: {error.strerror}{advice}"
