"""``python -m tests.local_news`` serves the local news; ``... home DIR --port N`` writes a scraper's config for it."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from tests.local_news.home import write_home
from tests.local_news.outlets import load_outlets
from tests.local_news.site import LocalNews


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if options.command == "home":
        write_home(options.dir, load_outlets(), port=options.port, spacing=options.spacing)
        return 0
    return serve(options.port, options.port_file, options.delay)


def serve(port: int, port_file: Path | None, delay: float) -> int:
    """Serve until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with LocalNews(port=port, delay=delay) as site:
        sys.stdout.write(f"local news: {len(site.outlets)} outlets on http://127.0.0.1:{site.port}\n")
        sys.stdout.flush()
        if port_file:
            # In one step, so that whoever waits for the file never reads half of it.
            draft = port_file.with_name(port_file.name + ".new")
            draft.write_text(f"{site.port}\n", encoding="ascii")
            draft.replace(port_file)
        stop.wait()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.local_news", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="the port on 127.0.0.1 (a free one)")
    parser.add_argument("--port-file", type=Path, help="write the port there once it answers")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer (0)")
    commands = parser.add_subparsers(dest="command")
    home = commands.add_parser("home", help="write DIR/config/scraper.toml and sources.toml")
    home.add_argument("dir", type=Path)
    home.add_argument("--port", type=int, required=True, help="the port that the site is served on")
    home.add_argument("--spacing", default="50ms", help="pause between requests to one host (50ms)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
