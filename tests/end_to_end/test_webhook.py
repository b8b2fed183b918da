"""The daemon and a webhook: what happened is told, in spite of kill -9, and to nobody else."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.end_to_end.harness import Newsroom, wait_for
from tests.receiver import Receiver, Said

SECRET = "open sesame"  # noqa: S105 - of a receiver of our own


def follow(newsroom: Newsroom, receiver: Receiver, *lines: str) -> None:
    """Follow one outlet of six articles, and tell the receiver."""
    outlet = newsroom.site.outlets["harbour-gazette.example"]
    (newsroom.home / "config").mkdir(parents=True, exist_ok=True)
    (newsroom.home / "secret").write_text(SECRET, encoding="utf-8")
    said = ['[schedule]\ntick = "200ms"', "[webhook]", f'url = "{receiver.url}"', 'secret = "file:secret"', *lines, ""]
    newsroom.follow([outlet], extra="\n".join(said))


def test_a_run_once_tells_what_it_stored(newsroom: Newsroom) -> None:
    with Receiver() as receiver:
        follow(newsroom, receiver, 'events = ["new", "quiet"]', "batch = 4")
        newsroom.run("run", "--once")
        stored = newsroom.rows("SELECT id, url, title FROM articles ORDER BY id")
        assert len(stored) == 6
        told = [event for delivery in receiver.deliveries for event in delivery.events]
        assert {(event["kind"], event["source"]) for event in told} == {("new", "harbour-gazette")}
        assert [(event["article_id"], event["data"]["url"], event["data"]["title"]) for event in told] == stored
        newsroom.run("fetch", stored[0][1])  # unchanged: nothing to tell
        newsroom.run("run", "--once")
        assert len(receiver.ids) == 6


def test_what_was_delivered_and_not_noted_before_a_kill_is_told_again(newsroom: Newsroom) -> None:
    with Receiver(hanging=True) as receiver:
        follow(newsroom, receiver)
        with newsroom.start("run") as daemon:
            wait_for(lambda: receiver.deliveries, "a delivery")
            wait_for(lambda: newsroom.rows("SELECT count(*) FROM articles") == [(6,)], "the articles")
            daemon.kill()  # it was posted, and the answer has not come
            daemon.communicate()
        first = receiver.deliveries[0]
        assert newsroom.rows("SELECT DISTINCT delivery FROM events") == [("waiting",)]
        receiver.hanging = False
        newsroom.run("run", "--once")
    again = receiver.ids[len(first.ids) :]
    assert again == [row[0] for row in newsroom.rows("SELECT id FROM events ORDER BY id")]
    assert again[: len(first.ids)] == first.ids  # the same ids, by which they are known
    assert newsroom.rows("SELECT DISTINCT delivery FROM events") == [("delivered",)]


def test_a_webhook_that_fails_stops_nothing_and_is_told_once_it_is_well(newsroom: Newsroom) -> None:
    ill = [True]
    with Receiver(lambda _: Said(503 if ill[0] else 204)) as receiver:
        follow(newsroom, receiver)
        with newsroom.start("run") as daemon:
            wait_for(lambda: receiver.deliveries, "a try")
            wait_for(lambda: newsroom.rows("SELECT count(*) FROM articles") == [(6,)], "the articles")
            daemon.send_signal(signal.SIGTERM)
            _, errors = daemon.communicate(timeout=20)
        assert daemon.returncode == 0
        assert "the webhook was not told of" in errors
        assert "503 Service Unavailable" in errors
        status = newsroom.json("status")
        assert status["undelivered"] == {"waiting": 6, "given_up": 0}
        assert "webhook: 6 events wait to be delivered, 0 were given up" in newsroom.run("status").stdout
        ill[0] = False
        newsroom.run("run", "--once")
        assert newsroom.json("status")["undelivered"] == {"waiting": 0, "given_up": 0}
    for kept in (errors, *(_bytes(newsroom.home / "storage"))):
        assert SECRET not in kept
        assert "b64f" not in kept  # some addresses are secrets


def test_one_that_hangs_does_not_keep_the_daemon_from_ending(newsroom: Newsroom) -> None:
    with Receiver(hanging=True) as receiver:
        follow(newsroom, receiver, 'timeout = "60s"')
        with newsroom.start("run") as daemon:
            wait_for(lambda: receiver.deliveries, "a delivery")
            daemon.send_signal(signal.SIGTERM)
            _, errors = daemon.communicate(timeout=10)
        assert daemon.returncode == 0
        assert "Traceback" not in errors


def test_a_secret_that_is_not_there_is_said_at_once(newsroom: Newsroom) -> None:
    with Receiver() as receiver:
        follow(newsroom, receiver)
        (newsroom.home / "secret").unlink()
        done = newsroom.run("run", "--once", check=False)
    assert done.returncode == 2
    assert "webhook.secret: secret cannot be read: No such file or directory" in done.stderr


def _bytes(folder: Path) -> list[str]:
    return [path.read_bytes().decode("latin-1") for path in sorted(folder.iterdir()) if path.is_file()]
