"""What is posted to a webhook, and what its answers mean."""

from __future__ import annotations

import base64
import hashlib
import hmac
import socket
from contextlib import closing
from datetime import UTC, datetime

import pytest

from scraper.errors import ConfigError, HostUnreachable, PageGone, PageRefused, ScrapeError, ServerTrouble
from scraper.fetch.options import FetchOptions
from scraper.fetch.webhook import Hook, Poster, signed
from tests.fetch.loopback import error_of, run
from tests.receiver import Receiver, Said

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
BODY = b'{"events": []}'


def post(url: str, secret: str = "", timeout: float = 10.0) -> None:
    async def main() -> None:
        options = FetchOptions()
        async with Poster(Hook.at(url, secret, timeout, options), options) as poster:
            await poster.post(BODY, "3-7", NOW)

    run(main())


def refused(url: str, timeout: float = 10.0) -> ScrapeError:
    async def main() -> ScrapeError:
        options = FetchOptions()
        async with Poster(Hook.at(url, "", timeout, options), options) as poster:
            return await error_of(poster.post(BODY, "3-7", NOW))

    return run(main())


def test_a_private_address_and_any_port_may_be_asked_and_the_body_comes_whole() -> None:
    with Receiver() as receiver:
        post(receiver.url)
    (delivery,) = receiver.deliveries
    assert (delivery.path, delivery.body) == ("/hook/b64f", BODY)
    assert delivery.headers["content-type"] == "application/json"
    assert delivery.headers["webhook-id"] == "3-7"
    assert delivery.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert "webhook-signature" not in delivery.headers


def test_a_name_is_looked_up_by_us_and_said_to_the_receiver() -> None:
    with Receiver() as receiver:
        post(receiver.url.replace("127.0.0.1", "localhost"))
    (delivery,) = receiver.deliveries
    assert delivery.headers["host"] == f"localhost:{receiver.port}"


@pytest.mark.parametrize("secret", ["open sesame", "whsec_" + base64.b64encode(b"open sesame").decode()])
def test_it_is_signed_as_standard_webhooks_are(secret: str) -> None:
    with Receiver() as receiver:
        post(receiver.url, secret)
    (delivery,) = receiver.deliveries
    content = f"3-7.{int(NOW.timestamp())}.".encode() + BODY
    proof = base64.b64encode(hmac.new(b"open sesame", content, hashlib.sha256).digest()).decode()
    assert delivery.headers["webhook-signature"] == f"v1,{proof}"


def test_the_example_of_the_standard_comes_out() -> None:
    # https://github.com/standard-webhooks/standard-webhooks, spec: the example of its libraries.
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed(b'{"test": 2432232314}', "msg_p5jXN8AQM9LWM0D4loKWxJek", at, key)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("said", "kind", "status"),
    [
        (Said(500), ServerTrouble, 500),
        (Said(400), PageRefused, 400),
        (Said(410), PageGone, 410),
        (Said(302, (("Location", "/elsewhere"),)), PageRefused, 302),
        (Said(302, (("Location", "http://[broken"),)), PageRefused, 302),
    ],
)
def test_what_is_no_2xx_is_an_error_and_no_redirect_is_followed(
    said: Said, kind: type[ScrapeError], status: int
) -> None:
    with Receiver(lambda _: said) as receiver:
        error = refused(receiver.url)
    assert type(error) is kind
    assert getattr(error, "status", None) == status
    assert len(receiver.deliveries) == 1
    assert "b64f" not in str(error)  # some addresses are secrets


def test_what_a_busy_receiver_asks_for_is_heard() -> None:
    with Receiver(lambda _: Said(429, (("Retry-After", "120"),))) as receiver:
        error = refused(receiver.url)
    assert isinstance(error, ServerTrouble)
    assert error.retry_after == 120


def test_nothing_is_read_of_an_endless_answer() -> None:
    with Receiver(lambda _: Said(200, endless=True)) as receiver:
        post(receiver.url)
    assert len(receiver.deliveries) == 1


def test_cookies_are_not_kept() -> None:
    async def main() -> None:
        options = FetchOptions()
        with Receiver(lambda _: Said(200, (("Set-Cookie", "a=b"),))) as receiver:
            async with Poster(Hook.at(receiver.url, "", 10, options), options) as poster:
                await poster.post(BODY, "1", NOW)
                await poster.post(BODY, "2", NOW)
        assert "cookie" not in receiver.deliveries[1].headers

    run(main())


def test_one_deadline_is_around_it() -> None:
    with Receiver(hanging=True) as receiver:
        error = refused(receiver.url, timeout=0.3)
    assert isinstance(error, HostUnreachable)
    assert error.reason == "timeout"


def test_nobody_there() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    error = refused(f"http://127.0.0.1:{port}/")
    assert isinstance(error, HostUnreachable)
    assert error.reason == "connection refused"


@pytest.mark.parametrize(
    ("url", "secret", "message"),
    [
        ("ftp://example.org/hunter2", "", "webhook.url"),
        ("no url, hunter2", "", "webhook.url"),
        ("https://me:hunter2@example.org/", "", "webhook.url"),
        ("https://example.org/", "whsec_hunter2!", "webhook.secret"),
    ],
)
def test_what_cannot_be_used_is_said_without_its_value(url: str, secret: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as raised:
        Hook.at(url, secret, 10, FetchOptions())
    assert "hunter2" not in str(raised.value)
    assert "hunter2" not in repr(Hook.at("https://example.org/hunter2", "hunter2", 10, FetchOptions()))
