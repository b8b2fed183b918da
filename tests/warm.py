"""The command line without its start: a process that has imported the program forks for each command.

A command is a process of its own as ever, with its files, folder, variables and exit code, and it runs
``scraper/__main__.py`` from the top; only the half second of imports is paid once a worker, not once a command.
Python is started afresh where the start is what is looked at, where variables steer Python itself, and for daemons.

    python -m tests.warm SOCKET    the server; it ends with its standard input

:func:`words` and :func:`folder` are what tests use; ``tests/warm_client.py`` is what runs in place of the program.
"""

from __future__ import annotations

import atexit
import functools
import gc
import importlib
import multiprocessing.process
import os
import pkgutil
import runpy
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from tempfile import mkdtemp

ROOT = Path(__file__).resolve().parents[1]
CLIENT = ROOT / "tests" / "warm_client.py"
_NEVER = {"scraper.__main__", "scraper._defaults"}


def _steering(variables: Mapping[str, str]) -> dict[str, str]:
    """Those that Python, or the system below it, looks at when it starts."""
    return {
        name: value
        for name, value in variables.items()
        if name.startswith(("PYTHON", "LC_", "LANG", "LD_", "TZ")) and name != "PYTHONDONTWRITEBYTECODE"
    }


_AT_FIRST = _steering(os.environ)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A command: its words, its folder and variables; its three files and the line to the client."""

    words: list[str]
    cwd: bytes
    variables: dict[bytes, bytes]
    files: list[int]
    line: socket.socket


def words(**variables: str) -> list[str]:
    """What to start in place of ``python -m scraper``, given the variables that are set for it alone."""
    if _steering({**os.environ, **variables}) != _AT_FIRST:
        return [sys.executable, "-m", "scraper"]
    return [sys.executable, "-I", "-S", str(CLIENT), _server()]


@functools.cache
def folder() -> Path:
    """A folder with a ``scrape`` that is one of these commands, for PATH."""
    script = Path(_server()).with_name("scrape")
    script.write_text(f'#!/bin/sh\nexec {shlex.join(words())} "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return script.parent


@functools.cache
def _server() -> str:
    """The socket of this process's server, which is started at first use and ends with this process."""
    path = str(Path(mkdtemp(prefix="warm")) / "socket")
    # One thread: more of them are no good to forks. Variables of ours come with each command.
    env = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.warm", path], cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    atexit.register(_end, server, path)
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n"
    return path


def _end(server: subprocess.Popen[bytes], path: str) -> None:
    for stream in (server.stdin, server.stdout):
        assert stream is not None
        stream.close()
    server.wait(timeout=30)
    shutil.rmtree(Path(path).parent)


def _serve(path: str) -> _Asked:
    """Never returns in the server; in each child that it forks, returns the command to become."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(16)
        os.write(1, b"ready\n")
        children: set[int] = set()
        while True:
            ready, _, _ = select.select([listener.fileno(), 0], [], [])
            children -= {pid for pid in children if os.waitpid(pid, os.WNOHANG)[0]}
            if 0 in ready:
                sys.exit()
            line, _ = listener.accept()
            child = os.fork()
            if child == 0:
                break
            children.add(child)
            line.close()
    return _attend(_received(line))


def _received(line: socket.socket) -> _Asked:
    """Length and parts: folder, number of words, words, variables; the files come beside the first byte."""
    start, files, _, _ = socket.recv_fds(line, 8, 3)
    length, data = int.from_bytes(start, "big"), b""
    while len(data) < length:
        data += line.recv(1 << 16)
    cwd, count, *rest = data.split(b"\0")
    given, set_ = rest[: int(count)], rest[int(count) :]
    variables = dict(each.split(b"=", 1) for each in set_ if each)
    return _Asked([os.fsdecode(word) for word in given], cwd, variables, files, line)


def _attend(asked: _Asked) -> _Asked:
    """Fork once more: the child goes on as the command, and this process tells the client how it ended.

    A client that is killed takes the command with it.
    """
    alive, held = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(alive)
        asked.line.close()
        return asked
    for file in (*asked.files, held):
        os.close(file)
    ready, _, _ = select.select([asked.line.fileno(), alive], [], [])
    gone = asked.line.fileno() in ready
    if gone:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not gone:
        asked.line.sendall(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _become(asked: _Asked) -> None:
    """Turn this process into the command, as Python would have started it."""
    for number, file in enumerate(asked.files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(asked.cwd)
    os.environb.clear()
    os.environb.update(asked.variables)
    time.tzset()
    multiprocessing.process.ORIGINAL_DIR = str(Path.cwd())  # type: ignore[attr-defined]  # where its own children begin
    sys.stdin = _text(0, "r", "surrogateescape")
    sys.stdout = sys.__stdout__ = _text(1, "w", "surrogateescape")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _text(2, "w", "backslashreplace", line_buffering=True)  # type: ignore[misc]
    sys.argv = ["scrape", *asked.words]
    if asked.variables.get(b"PYTHONWARNINGS") == b"error":
        sys.warnoptions[:] = ["error"]
        warnings.simplefilter("error")


def _run() -> None:
    """Run the program and end as Python does, but leave the memory to the system: to free it all takes a while."""
    try:
        runpy.run_module("scraper", run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - Python's own last resort
        sys.excepthook(*sys.exc_info())
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001 - waits for threads, as at every end
    atexit._run_exitfuncs()  # noqa: SLF001
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _text(number: int, mode: str, errors: str, *, line_buffering: bool = False) -> TextIOWrapper:
    return TextIOWrapper(open(number, f"{mode}b", closefd=False), "utf-8", errors, line_buffering=line_buffering)


def _import_the_program() -> None:
    scraper = importlib.import_module("scraper")
    for module in pkgutil.walk_packages(scraper.__path__, "scraper."):
        if module.name not in _NEVER:
            with suppress(ModuleNotFoundError):  # of an extra that is not installed: its command will say so
                importlib.import_module(module.name)
    for name in ("rich.console", "rich.progress", "rich.table", "rich.markdown", "asyncio", "multiprocessing.spawn"):
        importlib.import_module(name)


if __name__ == "__main__":
    _import_the_program()
    gc.freeze()  # no collection is to touch, and so to copy, what all children share
    _become(_serve(sys.argv[1]))
    _run()
