from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from scraper.cli.addresses import addresses, check_lists
from scraper.errors import BadUsage


async def _all(words: tuple[str, ...], files: tuple[Path, ...]) -> list[str]:
    return [url async for some in addresses(words, files) for url in some]


def read(*words: str, files: tuple[Path, ...] = ()) -> list[str]:
    return asyncio.run(_all(words, files))


def test_a_list_has_comments_blank_lines_and_more_words_than_urls(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    text = "\ufeffhttps://a.example/\n\n  # mine\n\t https://b.example/#part \t A title\r\n#https://no.example/\nhttps://c.example/"
    path.write_text(text, encoding="utf-8", newline="")
    assert read("https://first.example/", files=(path, path))[:4] == [
        "https://first.example/", "https://a.example/", "https://b.example/#part", "https://c.example/",
    ]  # fmt: skip


def test_what_is_no_text_is_no_url_and_stops_nobody(tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_bytes(b"https://a.example/\xff\nhttps://b.example/\n")
    assert read(files=(path,)) == ["https://a.example/\udcff", "https://b.example/"]


def test_thousands_of_lines_come_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "list"
    urls = [f"https://h{number}.example/{'x' * (number % 90)}" for number in range(9000)]
    path.write_text("\n".join(urls))
    assert read(files=(path,)) == urls


def test_a_file_without_lines_is_no_list(tmp_path: Path) -> None:
    path = tmp_path / "film"
    path.write_bytes(b"x" * 3_000_000)
    with pytest.raises(BadUsage, match="film: no list of URLs"):
        read(files=(path,))


def test_a_pipe_is_read_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    pieces = [b"https://b.example/\n", b"https://c.example/\n", b"https://d.example/"]

    async def run() -> list[str]:
        found: list[str] = []
        async for some in addresses(("-",), ()):
            found += some
            if pieces:
                os.write(writing, b"".join(pieces))
                os.close(writing)
                pieces.clear()
        return found

    with os.fdopen(reading) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        os.write(writing, b"https://a.example/\n")
        assert asyncio.run(run()) == [f"https://{name}.example/" for name in "abcd"]


@pytest.mark.parametrize("name", ["missing", "."])
def test_a_list_that_cannot_be_read(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadUsage, match="cannot be read"):
        check_lists([tmp_path / name])
