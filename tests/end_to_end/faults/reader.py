"""Another program that reads news.db all the while: ``python -m tests.end_to_end.faults.reader news.db``.

Every article that it saw once it looks for again; one that is gone, or became another one, it prints. It ends with its
standard input, and prints how often it looked.
"""

from __future__ import annotations

import select
import sqlite3
import sys
from contextlib import closing


def look(path: str, seen: dict[int, str]) -> bool:
    """Read all articles once; False where there is no database to read yet."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as connection:
            found = dict(connection.execute("SELECT id, url FROM articles").fetchall())
    except sqlite3.OperationalError:  # not made yet
        if seen:
            raise
        return False
    for number, url in seen.items():
        if found.get(number) != url:
            sys.stdout.write(f"article {number} was {url} and is {found.get(number)}\n")
    seen |= found
    return True


def main() -> None:
    """Look until nobody wants to know any more."""
    seen: dict[int, str] = {}
    looks = 0
    while not select.select([sys.stdin], [], [], 0.03)[0]:
        looks += look(sys.argv[1], seen)
    looks += look(sys.argv[1], seen)
    sys.stdout.write(f"looked {looks} times, saw {len(seen)} articles\n")


if __name__ == "__main__":
    main()
