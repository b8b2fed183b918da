"""``scrape`` and ``python -m scraper``: the command line, with the one door at which errors become exit codes.

0 done; 1 some inputs failed or were skipped; 2 bad usage or configuration; 3 a database cannot be used;
130 interrupted; 141 whoever read our output went away.
"""

from __future__ import annotations

import os
import sys

import click

from scraper.cli import scrape
from scraper.errors import ScrapeError, Stop, StoreError


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit."""
    words = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in words
    try:
        code = scrape.main(args=words, prog_name="scrape", standalone_mode=False)
    except ScrapeError as error:
        code = _complain(str(error), _exit_code(error), debug=debug)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help())
        code = 0
    except click.ClickException as error:
        error.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        code = _complain("interrupted", 130, debug=False)
    except BrokenPipeError:
        # Point stdout elsewhere, or Python complains again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    sys.exit(code if isinstance(code, int) else 0)


def _exit_code(error: ScrapeError) -> int:
    if isinstance(error, StoreError):
        return 3
    return 2 if isinstance(error, Stop) else 1


def _complain(message: str, code: int, *, debug: bool) -> int:
    click.echo(f"scrape: {message}", err=True)
    if debug:
        import traceback

        traceback.print_exc()
    return code


if __name__ == "__main__":
    main()
