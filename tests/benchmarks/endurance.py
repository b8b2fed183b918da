"""Whether a daemon grows: ``python -m tests.benchmarks.endurance [--articles 10000]``.

It fetches and stores so many articles of a fast server on loopback. Printed is what its tree of processes uses by then,
at each tenth, and how fast it was; what it uses at the end is compared with half-way.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.processes import Use, used
from tests.end_to_end.faults.desk import Desk
from tests.end_to_end.faults.world import World

_HOSTS = 20
_EVERY = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Sample:
    """What was used when so many articles were stored, after so many seconds."""

    articles: int
    seconds: float
    use: Use


def samples(articles: int) -> Iterator[Sample]:
    """Watch a daemon store them; nothing may be missing in the end."""
    with tempfile.TemporaryDirectory() as folder, World(hosts=_HOSTS) as world:
        desk = Desk(Path(folder) / "home", world, schedule={"interval": "30s", "max_interval": "60s"})
        world.publish(articles)
        begun = time.monotonic()
        with desk.daemon() as process:
            stored = 0
            while stored < articles:
                time.sleep(_EVERY)
                stored = desk.count()
                yield Sample(stored, time.monotonic() - begun, used(process.pid))
            desk.stop(process)
        desk.check_sound()


def growth(found: list[Sample]) -> Use:
    """How much more is used at the end than half-way: of each, the middle of what was seen in a tenth of the time."""
    most = found[-1].articles
    half = [each.use for each in found if 0.45 * most <= each.articles <= 0.55 * most]
    end = [each.use for each in found if each.articles >= 0.9 * most]

    def more(of: Callable[[Use], float]) -> int:
        return round(statistics.median(map(of, end)) - statistics.median(map(of, half)))

    return Use(
        cpu=more(lambda use: use.cpu),
        memory=more(lambda use: use.memory),
        descriptors=more(lambda use: use.descriptors),
        threads=more(lambda use: use.threads),
        processes=more(lambda use: use.processes),
    )


def main(arguments: list[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    options = parser.parse_args(arguments)
    found, line = list[Sample](), 0
    sys.stdout.write("articles  articles/s  memory MB  descriptors  threads  processes\n")
    for sample in samples(options.articles):
        found.append(sample)
        if sample.articles * 10 >= line * options.articles:
            line = sample.articles * 10 // options.articles + 1
            use, rate = sample.use, sample.articles / sample.seconds
            numbers = f"{use.memory / 1e6:10.1f} {use.descriptors:12} {use.threads:8} {use.processes:10}"
            sys.stdout.write(f"{sample.articles:8} {rate:11.1f} {numbers}\n")
            sys.stdout.flush()
    more = growth(found)
    sys.stdout.write(
        f"from half-way to the end: {more.memory / 1e6:+.1f} MB, {more.descriptors:+} descriptors,"
        f" {more.threads:+} threads\n"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
