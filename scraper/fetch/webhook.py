"""What is posted to an address of the operator's own choice, and signed.

None of what guards pages holds here: any address and port may be asked, there is no robots.txt, no host budget and no
retry (those are the caller's). One deadline is around the whole request, redirects are not followed, and of the answer
nothing is read but its head.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self

import httpx

from scraper.errors import BadURL, ConfigError
from scraper.fetch.answer import refusal
from scraper.fetch.door import door
from scraper.fetch.guard import Target, chosen_url
from scraper.fetch.options import FetchOptions
from scraper.fetch.request import version
from scraper.fetch.resolve import looked_up
from scraper.fetch.wire import tls_context

_ENCODED = "whsec_"
"""What a secret begins with that is written in Base64, as https://www.standardwebhooks.com/ has it."""


@dataclass(frozen=True, slots=True)
class Hook:
    """Where to post, with the key to sign with (empty: nothing is signed) and the seconds that it may take."""

    target: Target = field(repr=False)  # some addresses are secrets themselves
    key: bytes = field(repr=False)
    timeout: float

    @classmethod
    def at(cls, url: str, secret: str, timeout: float, options: FetchOptions) -> Hook:
        """A hook from what the operator wrote. Raises ConfigError, which names no secret."""
        try:
            target = chosen_url(url, options)
        except BadURL as error:
            raise ConfigError(
                "webhook.url: what it stands for is no absolute http(s) URL without a password"
            ) from error
        return cls(target, _key(secret), timeout)


class Poster:
    """Posts to one hook. Enter it before use; it is for one event loop."""

    def __init__(self, hook: Hook, options: FetchOptions) -> None:
        self._hook = hook
        self._options = options
        self._client = httpx.AsyncClient(
            verify=tls_context(options),
            timeout=hook.timeout,
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def post(self, body: bytes, message: str, now: datetime) -> None:
        """Post JSON, under a name of its own. Returns once it was taken (2xx).

        Raises HostUnreachable, ServerTrouble, and a Skip with its status where it is not wanted as it is.
        """
        hook = self._hook
        headers = {
            "content-type": "application/json",
            "user-agent": f"article-scraper/{version()}",
            **signed(body, message, now, hook.key),
        }
        with door(hook.target.host, self._options, hook.timeout):
            async with asyncio.timeout(hook.timeout):
                status, answered = await self._posted(body, headers)
        if not 200 <= status < 300:
            raise refusal(status, hook.target.host, answered, now)

    async def _posted(self, body: bytes, headers: dict[str, str]) -> tuple[int, list[tuple[str, str]]]:
        """Status and headers of the answer. The name is looked up here: httpx would do it in a thread that the end of
        the program waits for, and a dead name server holds that for half a minute.
        """
        target = self._hook.target
        url = httpx.URL(target.url)
        headers = {**headers, "host": url.netloc.decode("ascii")}
        addresses = list(dict.fromkeys(await looked_up(target.host, target.port)))
        patience = httpx.Timeout(self._hook.timeout, connect=self._hook.timeout / max(1, len(addresses)))
        for number, address in enumerate(addresses, 1):
            try:
                async with self._client.stream(
                    "POST",
                    url.copy_with(host=address),
                    content=body,
                    headers=headers,
                    timeout=patience,
                    extensions={"sni_hostname": target.host},
                ) as response:
                    return response.status_code, response.headers.multi_items()
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if number == len(addresses):
                    raise
        raise OSError(f"{target.host} leads nowhere")


def signed(body: bytes, message: str, now: datetime, key: bytes) -> dict[str, str]:
    """The headers that name a message and prove whose it is, by https://www.standardwebhooks.com/. Pure."""
    at = str(int(now.timestamp()))
    headers = {"webhook-id": message, "webhook-timestamp": at}
    if key:
        proof = hmac.new(key, f"{message}.{at}.".encode() + body, hashlib.sha256).digest()
        headers["webhook-signature"] = f"v1,{base64.b64encode(proof).decode()}"
    return headers


def _key(secret: str) -> bytes:
    if not secret.startswith(_ENCODED):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_ENCODED), validate=True)
    except binascii.Error as error:
        raise ConfigError(f"webhook.secret: what follows {_ENCODED} is not Base64") from error
