"""The answers that cases are made of: pages that are articles, redirects, drips, floods and what breaks off."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from collections.abc import Callable, Iterator
from functools import cache
from html import escape

from tests.fetch.loopback import Raw, Reply
from tests.hostile.server import nobody, other

HTML = ("Content-Type", "text/html; charset=utf-8")
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
OPEN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"
PIECE = 2**16

_STORY = (
    "The harbour opened again on Sunday morning, two days after the storm had driven three ships aground.",
    "Pilots said that the channel was clear, and the first ferry left at noon with some forty people on board.",
    "The harbour master told reporters that divers would go on looking for lost containers until the end of the week.",
    "Two of the ships were pulled free in the night; the third lies on a sandbank and waits for the spring tide.",
    "Fishermen who had been kept ashore since Friday went out before dawn, and came back with full nets.",
    "The mayor thanked the crews of the lifeboats, who had brought ninety sailors ashore, every one of them alive.",
)


def story(title: str, *, head: str = "", tail: str = "") -> str:
    """A page that is an article, with a text of its own: what two hosts say alike would be a copy."""
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in (*_STORY, f"All of this is told under {title}."))
    return (
        f"<!doctype html><html lang=en><head>{head}<title>{escape(title)}</title>"
        '<meta property="og:type" content="article">'
        '<meta property="article:published_time" content="2026-03-01T08:30:00Z"></head>'
        f"<body><article><h1>{escape(title)}</h1>{paragraphs}{tail}</article></body></html>"
    )


def page(title: str, *headers: tuple[str, str], status: int = 200) -> Reply:
    """An article as a sane server sends it."""
    return Reply(status, story(title).encode(), headers or (HTML,))


def raw(head: str, title: str) -> bytes:
    """A story under a head of which each line is written by hand; ``{length}`` stands for its length."""
    body = story(title).encode()
    return head.replace("{length}", str(len(body))).replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body


def moved(to: str, status: int = 302, *headers: str, body: bytes = b"") -> Raw:
    """A redirect. ``{here}``, ``{other}`` and ``{nobody}`` stand for hosts with the port, ``{port}`` for it."""

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status} X", f"Location: {placed(to, writer)}", *headers, f"Content-Length: {len(body)}"]
        writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode() + body)
        await writer.drain()

    return answer


def placed(text: str, writer: asyncio.StreamWriter) -> str:
    """A text with the hosts of the case in it."""
    home, port = writer.get_extra_info("sockname")[:2]
    hosts = {"{here}": home, "{other}": other(home), "{nobody}": nobody(home)}
    for name, host in hosts.items():
        text = text.replace(name, f"{host}:{port}")
    return text.replace("{port}", str(port))


def drip(start: bytes, drop: bytes, pause: float) -> Raw:
    """``start``, then ``drop`` for ever, with a pause before each."""

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            await writer.drain()
            await asyncio.sleep(pause)
            writer.write(drop)

    return answer


def stream(start: bytes, pieces: Callable[[], Iterator[bytes]]) -> Raw:
    """``start``, then the pieces as fast as they are taken."""

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        for piece in pieces():
            writer.write(piece)
            await writer.drain()

    return answer


def endless(piece: bytes) -> Callable[[], Iterator[bytes]]:
    """The same piece for ever."""

    def pieces() -> Iterator[bytes]:
        while True:
            yield piece

    return pieces


def chunk(piece: bytes) -> bytes:
    """A piece in HTTP's chunked coding."""
    return b"%x\r\n%s\r\n" % (len(piece), piece)


def silent(start: bytes = b"") -> Raw:
    """``start``, and then nothing until the other side hangs up."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        await writer.drain()
        await reader.read()

    return answer


def reset(start: bytes = b"") -> Raw:
    """``start``, and then RST in place of FIN."""

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        await writer.drain()
        await asyncio.sleep(0.05)
        connection = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return answer


def coded(coding: str, body: bytes, *headers: tuple[str, str]) -> Reply:
    """A body under the name of a content coding."""
    return Reply(200, body, (("Content-Encoding", coding), HTML, *headers))


def prose(size: int) -> bytes:
    """Paragraphs that no coding packs a hundred times, at most 11 MiB of them."""
    return _prose(2**20 if size <= 2**20 else 11 * 2**20)[:size]


@cache
def _prose(size: int) -> bytes:
    chance = random.Random(1)  # noqa: S311 - it guards nothing
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 9))) for _ in range(20_000)]
    lines = []
    length = 0
    while length < size:
        line = f"<p>{' '.join(chance.choices(words, k=60))}.</p>\n"
        lines.append(line)
        length += len(line)
    return "".join(lines).encode()


def late(answer: Callable[[], Reply | bytes]) -> Raw:
    """An answer that is made when it is asked for: whoever only reads the table of cases must not hold it."""

    async def made(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found = await asyncio.to_thread(answer)
        writer.write(found.render() if isinstance(found, Reply) else found)
        await writer.drain()

    return made


def packed(coding: str, body: Callable[[], bytes]) -> Raw:
    """As :func:`coded`, of a body that is made late; an empty ``coding`` is none."""
    return late(lambda: coded(coding, body()) if coding else Reply(200, body(), (HTML,)))
