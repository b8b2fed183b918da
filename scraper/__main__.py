"""``scrape`` and ``python -m scraper``: the command line, with the one door at which errors become exit codes.

0 done; 1 some inputs failed or were skipped; 2 bad usage or configuration; 3 a database cannot be used;
130 interrupted; 141 whoever read our output went away; 143 ended by SIGTERM.
"""

from __future__ import annotations

import codecs
import io
import os
import re
import signal
import sys
from types import FrameType

import click

from scraper.cli import scrape
from scraper.errors import BadUsage, ScrapeError, Stop, StoreError

_terminated: list[int] = []
"""Whether, and how often, somebody sent SIGTERM."""
_PLAIN_SIGNS = {"·": "-", "…": "..."}


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit."""
    words = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in words
    _open_what_is_closed()
    if callable(signal.getsignal(signal.SIGINT)):  # else Ctrl-C is ignored, and asyncio has no way to be ended by it
        signal.signal(signal.SIGTERM, _terminate)
    try:
        code = _run(words)
    except click.ClickException as error:
        code = _complain(_usage(error), 2, debug=debug)
    except ScrapeError as error:
        code = _complain(str(error), _exit_code(error), debug=debug)
    except (click.Abort, KeyboardInterrupt):
        code = _complain("terminated", 143, debug=False) if _terminated else _complain("interrupted", 130, debug=False)
    except BrokenPipeError:
        _leave_stdout()
        code = 141
    except OSError as error:
        _leave_stdout()
        where = f"{os.fsdecode(error.filename)}: " if error.filename else ""
        code = _complain(f"{where}{error.strerror or error}", 1, debug=debug)
    sys.exit(code)


def _open_what_is_closed() -> None:
    """Whoever closed a standard stream (``>&-``) wants nothing of it; its number must not go to the next file that is
    opened, such as a database.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, open(nowhere, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - to the end


def _terminate(number: int, frame: FrameType | None) -> None:
    """End as by Ctrl-C, so that no parser and no temporary file is left behind. A daemon that runs has its own way."""
    _terminated.append(number)
    interrupt = signal.getsignal(signal.SIGINT)  # asyncio's, while it runs
    if callable(interrupt):
        interrupt(number, frame)


def _run(words: list[str]) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What a terminal's encoding lacks, and what is no text in a file's name, is no reason to stop.
        codecs.register_error("signs", _signs)
        sys.stdout.reconfigure(errors="signs")
    _check_words(words)
    code = 0
    try:
        _complete()
        # Not scrape.main(): it ends with 1 after a broken pipe, and puts a blank line before what is said of Ctrl-C.
        with scrape.make_context("scrape", list(words)) as context:
            scrape.invoke(context)
    except click.exceptions.Exit as end:
        code = end.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help())
    sys.stdout.flush()
    return code


def _signs(error: UnicodeError) -> tuple[str, int]:
    """What stands for a character that an encoding lacks: our own signs are still to be told from letters."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(_PLAIN_SIGNS.get(character, "?") for character in missing), error.end


def _complete() -> None:
    """Answer a shell that asks what the word at the cursor may be, and exit."""
    instruction = os.environ.get("_SCRAPE_COMPLETE")
    if instruction:
        from click.shell_completion import shell_complete

        raise click.exceptions.Exit(shell_complete(scrape, {}, "scrape", "_SCRAPE_COMPLETE", instruction))


def _check_words(words: list[str]) -> None:
    """Bytes that are no UTF-8 can only be the name of a file."""
    for word in words:
        if any("\udc80" <= letter <= "\udcff" for letter in word) and not os.path.lexists(word):
            raise BadUsage(f"{word!r} is not UTF-8 text")


def _exit_code(error: ScrapeError) -> int:
    if isinstance(error, StoreError):
        return 3
    return 2 if isinstance(error, Stop) else 1


def _usage(error: click.ClickException) -> str:
    """What click complains of, on one line, with where to read more."""
    if isinstance(error, click.NoSuchOption) and error.option_name in {"--home", "--debug"}:
        return f"{error.option_name} goes before the command: scrape {error.option_name} …"
    message = " ".join(error.format_message().split()).removesuffix(".")
    # click sets what was likely meant in brackets, and a full stop behind its question mark.
    message = re.sub(r"\((Did you mean [^()]*\?)\)$", r"\1", message)
    message += "" if message.endswith("?") else "."
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"{message} See `{context.command_path} --help`." if context is not None else message


def _complain(message: str, code: int, *, debug: bool) -> int:
    click.echo(f"scrape: {message}", err=True)
    if debug:
        import traceback

        traceback.print_exc()
    return code


def _leave_stdout() -> None:
    """Point stdout elsewhere, or Python complains again when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
