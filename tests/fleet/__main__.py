"""``python -m tests.fleet serve`` serves a fleet until it is stopped."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from tests.fleet.plan import Plan
from tests.fleet.process import address
from tests.fleet.server import Fleet, real_pages, serve


def main() -> None:
    given = _parser().parse_args()
    plan = Plan(given.sites, given.articles, given.seed, given.failing, given.late, given.edited)
    fleet = Fleet(plan, real_pages(given.corpora) if given.corpora else ())

    def ready(port: int) -> None:
        if not given.port_file:
            sys.stdout.write(f"fleet: {plan.sites} sites of {plan.articles} articles on http://127.0.0.1:{port}\n")
            sys.stdout.flush()
        else:
            # In one step, so that whoever waits for the file never reads half of it.
            draft = given.port_file.with_name(given.port_file.name + ".new")
            draft.write_text(f"{port}\n", encoding="ascii")
            draft.replace(given.port_file)

    asyncio.run(serve(fleet, [address(number) for number in range(given.addresses)], given.port, ready))


def _parser() -> argparse.ArgumentParser:
    plan = Plan()
    parser = argparse.ArgumentParser(prog="python -m tests.fleet", description=__doc__)
    parser.add_argument("command", choices=["serve"])
    parser.add_argument("--sites", type=int, default=plan.sites)
    parser.add_argument("--articles", type=int, default=plan.articles, help="of each site")
    parser.add_argument("--seed", type=int, default=plan.seed)
    parser.add_argument("--failing", type=float, default=plan.failing, help="share of answers that fail")
    parser.add_argument("--late", type=float, default=plan.late, help="share of articles that come while it runs")
    parser.add_argument("--edited", type=float, default=plan.edited, help="share of articles that are edited")
    parser.add_argument("--corpora", type=Path, metavar="DIR", help="serve the article pages of these corpora")
    parser.add_argument("--addresses", type=int, default=1, help="loopback addresses, from 127.0.0.1 on (1)")
    parser.add_argument("--port", type=int, default=0, help="the port on them (a free one)")
    parser.add_argument("--port-file", type=Path, help="write the port there once it answers")
    return parser


if __name__ == "__main__":
    main()
