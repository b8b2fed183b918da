"""Runs several commands one after the other in one process: ``session.py HOME``, with ``[["search"], ["show", "1"]]``
in ``$SESSION``, so that standard input stays theirs.

Behind what each printed stands ``MARK``, its exit code and ``MARK`` again. To start the program costs more than most
commands do.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from scraper.__main__ import main

MARK = "\x1e"


def run(home: Path, commands: list[list[str]]) -> None:
    for words in commands:
        try:
            main(["--home", str(home), *words])
        except SystemExit as end:
            sys.stderr.flush()
            sys.stdout.write(f"{MARK}{end.code}{MARK}")
            sys.stdout.flush()


if __name__ == "__main__":
    run(Path(sys.argv[1]), json.loads(os.environ["SESSION"]))
