"""What a command shows on a terminal: run in a pseudo-terminal, read by a terminal emulator."""

from __future__ import annotations

import fcntl
import os
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyte
from pyte.screens import Char

COLUMNS, ROWS = 92, 26
_TALLEST = 400  # lines that one command may print
_DIM = (b"\x1b[2m", b"\x1b[90m")  # the emulator knows no dim text; bright black is how most terminals show it


@dataclass(frozen=True, slots=True)
class Run:
    """Characters side by side that look alike. ``colour`` is a name of ANSI's, or six hexadecimal digits."""

    text: str
    colour: str = "default"
    bold: bool = False


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What was typed, and the lines that stood there in the end."""

    typed: str
    printed: tuple[Line, ...]


def shown(words: Sequence[str], cwd: Path, env: Mapping[str, str]) -> bytes:
    """All that a command writes to its terminal. A command that fails is an error: nobody wants to see that."""
    ours, theirs = os.openpty()
    try:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        with subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, cwd=cwd, env=dict(env)) as process:
            os.close(theirs)
            written = b"".join(iter(lambda: _read(ours), b""))
    finally:
        os.close(ours)
    if process.returncode:
        raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}:\n{written.decode()}")
    return written


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # Linux' way to say that nobody has the other end
        return b""


def lines(written: bytes) -> tuple[Line, ...]:
    """What stands on the terminal after all that, without the empty lines at its end."""
    screen = pyte.Screen(COLUMNS, _TALLEST)
    pyte.ByteStream(screen).feed(written.replace(*_DIM))
    found = [_line([screen.buffer[row][column] for column in range(COLUMNS)]) for row in range(screen.cursor.y + 1)]
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def _line(chars: Sequence[Char]) -> Line:
    runs = []
    for (colour, bold), group in groupby(chars, key=lambda char: (char.fg, char.bold)):
        runs.append(Run("".join(char.data for char in group), colour, bold))
    if runs:
        runs[-1] = Run(runs[-1].text.rstrip(), runs[-1].colour, runs[-1].bold)
    return tuple(run for run in runs if run.text)
