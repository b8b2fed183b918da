"""The process that visits all cases, and says of each how it ended, how long it took and what memory it had.

``python -m tests.hostile.visitor PORT FOLDER [NUMBER]`` writes one line of JSON a case, or only the one of that
number. Cases that go together have one peak; those that are alone have their own. Linux only: there the kernel can
forget a peak (``/proc/PID/clear_refs``).
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scraper.model import Attempt, SourceKind, instant
from scraper.pipeline import Errand, Pipeline, open_pipeline
from scraper.settings import Source
from scraper.store.writer import Writer
from tests.hostile.case import PATIENCE, Case, Pace
from tests.hostile.cases import CASES
from tests.hostile.server import address

TOGETHER = 16


@dataclass(frozen=True, slots=True)
class Visit:
    """How a case ended. ``peak`` and ``parsers`` are the most that this process and the largest parser's held, in MB.

    ``paths`` are what the server was asked; only it knows.
    """

    name: str
    outcome: str
    reason: str
    detail: str
    title: str | None
    seconds: float
    peak: float = 0.0
    parsers: float = 0.0
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Asks cases by the pipeline of their pace."""

    writer: Writer
    port: int

    async def meet(self) -> None:
        """Let the store know the sources that are polled."""
        sources = [self.source(number, case, case.kind) for number, case in enumerate(CASES) if case.kind is not None]
        rows = [
            {
                "name": source.name,
                "title": "",
                "url": source.url,
                "kind": source.kind.value,
                "language": "",
                "enabled": 1,
            }
            for source in sources
        ]
        await self.writer.run(lambda store: store.frontier.sync_sources(rows, instant(datetime.now(UTC))))

    def url(self, number: int, case: Case) -> str:
        return f"http://{address(number)}:{self.port}{case.path}"

    def source(self, number: int, case: Case, kind: SourceKind) -> Source:
        return Source(name=f"source-{number}", url=self.url(number, case), kind=kind)

    async def visit(self, pipeline: Pipeline, number: int, case: Case) -> Visit:
        """Ask a case as often as it says; how the last time ended."""
        begun = time.monotonic()
        title = None
        for _ in range(case.times):
            if case.kind is None:
                ingested = await pipeline.ingest(Errand(self.url(number, case), patience=PATIENCE))
                attempt, title = ingested.attempt, ingested.article.title if ingested.article else None
            else:
                attempt = await self.poll(pipeline, self.source(number, case, case.kind))
        seconds = round(time.monotonic() - begun, 2)
        return Visit(case.name, attempt.outcome.value, attempt.reason, attempt.detail, title, seconds)

    async def poll(self, pipeline: Pipeline, source: Source) -> Attempt:
        """Ask a source what is new, with what is remembered of it."""
        state = await self.writer.run(lambda store: store.frontier.source(source.name))
        assert state is not None
        return await pipeline.polls.poll(state, source)


class Memory:
    """The peaks of this process and of its children, from when this was made."""

    def __init__(self) -> None:
        for process in ("self", *children()):
            with suppress(OSError):  # it may have ended meanwhile
                Path("/proc", process, "clear_refs").write_text("5", encoding="ascii")

    def of(self, seen: Visit) -> Visit:
        """A visit with the peaks up to now."""
        return replace(seen, peak=peak("self"), parsers=max(map(peak, children()), default=0.0))


def peak(process: str) -> float:
    """The most memory that a process held, in MB; 0.0 for one that is gone."""
    with suppress(OSError):
        for line in Path("/proc", process, "status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return round(int(line.split()[1]) * 1024 / 1e6, 1)
    return 0.0


def children() -> Iterator[str]:
    """The processes that this one started."""
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            if f"\nPPid:\t{os.getpid()}\n" in status.read_text(encoding="ascii", errors="replace"):
                yield status.parent.name


async def main(port: int, folder: Path, only: int | None) -> None:
    """Visit all but the fresh ones, those of the same pace by one pipeline; or only one."""
    left = [(number, case) for number, case in enumerate(CASES) if (not case.fresh if only is None else number == only)]
    # All of these pages tell one story: no near-copies are looked for.
    async with Writer(folder, busy_timeout=10, window=timedelta(0)) as writer:
        visitor = Visitor(writer, port)
        await visitor.meet()
        for pace in sorted({case.pace for _, case in left}, key=list(Pace).index):
            async with open_pipeline(pace.settings(port), writer) as pipeline:
                for batch in batches([each for each in left if each[1].pace is pace]):
                    memory = Memory()
                    seen = await asyncio.gather(*(visitor.visit(pipeline, number, case) for number, case in batch))
                    for each in seen:
                        sys.stdout.write(f"{json.dumps(asdict(memory.of(each)))}\n")
                        sys.stdout.flush()


def batches(cases: list[tuple[int, Case]]) -> Iterator[list[tuple[int, Case]]]:
    """What is visited at once, those that go together first."""
    for alone in (False, True):
        mine = [(number, case) for number, case in cases if case.alone is alone]
        size = 1 if alone else TOGETHER
        yield from (mine[at : at + size] for at in range(0, len(mine), size))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if sys.argv[3:] else None))
