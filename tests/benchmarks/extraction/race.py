"""Every page to every extractor, each in a process of its own, one at a time.

The pages go round: all extractors answer one page before any sees the next, and each begins in its turn, so that a busy
moment of the machine hits all alike. What is timed is CPU time within the process, and beside each answer a bare parse
of the same page there, by the parser that ours is built on: other machines differ in milliseconds, less in multiples.
"""

from __future__ import annotations

import logging
import multiprocessing
import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from selectolax.lexbor import LexborHTMLParser

from tests.benchmarks.extraction.corpora import Case
from tests.benchmarks.extraction.extractors import EXTRACTORS, Answer

_SPAWN = multiprocessing.get_context("spawn")  # no extractor finds what another has imported
_WARM_UP = b"<html><title>A page</title><article><p>Some words, so that all is imported.</p></article></html>"


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer, and what it took. ``error`` names what was raised instead."""

    answer: Answer
    milliseconds: float
    parse_milliseconds: float
    error: str | None = None


class Runner:
    """One extractor in its process."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> Self:
        self._pipe, end = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_serve, args=(self.name, end), daemon=True)
        self._process.start()
        end.close()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._pipe.close()
        self._process.join(5)
        self._process.terminate()

    def run(self, html: bytes, url: str | None) -> Taken:
        """Let it answer one page."""
        self._pipe.send((html, url))
        try:
            taken = self._pipe.recv()
        except EOFError:
            raise SystemExit(f"{self.name} died on {url}") from None
        assert isinstance(taken, Taken)
        return taken


def race(names: Sequence[str], cases: Iterable[Case]) -> Iterator[tuple[Case, dict[str, Taken]]]:
    """Each case with what every extractor made of it."""
    with ExitStack() as stack:
        runners = [stack.enter_context(Runner(name)) for name in names]
        for runner in runners:
            runner.run(_WARM_UP, None)
        for number, case in enumerate(cases):
            start = number % len(runners)
            turn = [*runners[start:], *runners[:start]]
            yield case, {runner.name: runner.run(case.html, case.url) for runner in turn}


def _serve(name: str, pipe: Connection) -> None:
    """Answer pages until the pipe is closed."""
    warnings.simplefilter("ignore")
    logging.disable()  # the peers report each odd page
    extract = EXTRACTORS[name].load()
    with closing(pipe):
        while True:
            try:
                html, url = pipe.recv()
            except EOFError:
                return
            parse_start = time.process_time()
            LexborHTMLParser(html)
            start = time.process_time()
            try:
                answer, error = extract(html, url), None
            except Exception as raised:  # noqa: BLE001 (a page that raises is a finding, not the end of the run)
                answer, error = Answer(), f"{type(raised).__name__}: {raised}"
            end = time.process_time()
            pipe.send(Taken(answer, (end - start) * 1000, (start - parse_start) * 1000, error))
