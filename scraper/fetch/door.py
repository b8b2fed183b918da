"""The one door where the errors of httpx, httpcore, ssl and the operating system become ours."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from msgspec.structs import replace

from scraper.errors import BadURL, Exhausted, HostUnreachable, PageRefused, ScrapeError
from scraper.fetch.options import FetchOptions

# What h11 says of a body that ends too early.
_CUT_SHORT = ("without sending complete message body", "incomplete chunked read", "peer unexpectedly closed")
UNRESOLVED = "the name was not looked up in time"
"""What a ConnectTimeout says where it was no fault of the host: the name server is slow, or others wait for it too."""
_BYTES = re.compile(r"bytearray\(b(['\"])(.*)\1\)")  # as h11 quotes a line of an answer
_HUNG_UP = "without sending a response"


@contextmanager
def door(host: str, options: FetchOptions, timeout: float | None = None) -> Iterator[None]:
    """Let our own errors through, and translate the foreign ones into one line that names the host.

    ``timeout`` is how long the whole fetch may take, where that is not what ``options`` say.
    """
    try:
        yield
    except ScrapeError:
        raise
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError) as error:
        raise _translate(error, host, replace(options, timeout=timeout or options.timeout)) from error


def _translate(error: Exception, host: str, options: FetchOptions) -> ScrapeError:
    if isinstance(error, httpx.InvalidURL):
        return BadURL(f"{host}: {_line(error)}")
    if isinstance(error, httpx.ProxyError):
        return HostUnreachable(f"cannot reach {host}: the proxy answered {_line(error)}", reason="proxy")
    if isinstance(error, (httpx.RemoteProtocolError, httpx.LocalProtocolError, httpx.DecodingError)):
        return _protocol(error, host)
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        return HostUnreachable(f"cannot reach {host}: {_patience(error, options)}", reason="timeout")
    return _by_causes(list(_chain(error)), host) or HostUnreachable(
        f"cannot reach {host}: {_line(error) or type(error).__name__}"
    )


def _by_causes(chain: list[BaseException], host: str) -> ScrapeError | None:
    for cause in chain:
        if isinstance(cause, OSError) and cause.errno in Exhausted.codes:
            return Exhausted(f"{host} was not asked: {_system_error(cause)[1]}; {Exhausted.advice}")
    for kind, describe in _CAUSES.items():
        for cause in chain:
            if isinstance(cause, kind):
                reason, text = describe(cause)
                return HostUnreachable(f"cannot reach {host}: {text}", reason=reason)
    return None


def _protocol(error: Exception, host: str) -> ScrapeError:
    if isinstance(error, httpx.LocalProtocolError):  # whose text would tell the value, which may be a secret
        return PageRefused(f"{host} cannot be asked: a header of ours holds what no header may", reason="bad header")
    text = _BYTES.sub(r"\2", _line(error))
    if any(part in text for part in _CUT_SHORT):
        return HostUnreachable(f"{host} hung up before the whole body was sent", reason="truncated")
    if _HUNG_UP in text:
        return HostUnreachable(f"cannot reach {host}: it hung up without an answer", reason="reset")
    return PageRefused(f"{host} does not speak proper HTTP: {text}", reason="protocol")


def _patience(error: Exception, options: FetchOptions) -> str:
    if isinstance(error, httpx.ConnectTimeout) and str(error) == UNRESOLVED:
        return f"its name was not looked up in {options.connect_timeout:g} s"
    if isinstance(error, httpx.ConnectTimeout):
        return f"no connection after {options.connect_timeout:g} s"
    if isinstance(error, httpx.TimeoutException):
        return f"nothing came for {options.read_timeout:g} s"
    return f"timed out after {options.timeout:g} s"


def _name_error(error: BaseException) -> tuple[str, str]:
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        return "dns trouble", "the name server does not answer"
    return "dns", "name does not resolve"


def _certificate_error(error: BaseException) -> tuple[str, str]:
    return "certificate", f"certificate not trusted: {getattr(error, 'verify_message', '') or _line(error)}"


def _tls_error(error: BaseException) -> tuple[str, str]:
    reason = str(getattr(error, "reason", None) or _line(error))
    return "tls", f"no TLS connection: {reason.replace('_', ' ').lower()}"


def _refused(_: BaseException) -> tuple[str, str]:
    return "connection refused", "connection refused"


def _reset(_: BaseException) -> tuple[str, str]:
    return "reset", "the connection was reset"


def _system_error(error: BaseException) -> tuple[str, str]:
    return "unreachable", (getattr(error, "strerror", None) or _line(error) or type(error).__name__).lower()


# The first that stands anywhere in the chain of causes tells most; so the narrow ones come first.
_CAUSES = {
    socket.gaierror: _name_error,
    ssl.SSLCertVerificationError: _certificate_error,
    ssl.SSLError: _tls_error,
    ConnectionRefusedError: _refused,
    ConnectionResetError: _reset,
    BrokenPipeError: _reset,
    httpx.ReadError: _reset,
    httpx.WriteError: _reset,
    OSError: _system_error,
}


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from, deepest first: httpcore's pool cuts ``__cause__``, ``__context__`` stays."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        error = error.__cause__ or error.__context__
    return reversed(seen)


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
