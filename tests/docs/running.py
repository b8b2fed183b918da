"""Runs what the documents show, as a shell would: lines, sessions with what they print, and Python."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

from tests import warm
from tests.docs.documents import ROOT, Block
from tests.end_to_end.harness import wait_for

RECIPES = Path(sys.prefix) / "recipes"
"""The packages that recipes import and nothing else does (`make` puts them there)."""
PATIENCE = 180.0
"""Seconds until a command that should have ended is given up."""
_TYPED = re.compile(r"^\$ (scrape .*)\n", re.MULTILINE)
_TYPED_AFTER_MAKE = re.compile(r"^\$ (make demo|\.venv/bin/scrape .*)\n", re.MULTILINE)
"""Commands of a session (```console) that are run; `$ scrape …` in what `make demo` prints is none."""


def environment(person: Path) -> dict[str, str]:
    """Of a person whose home folder is this, with our `scrape` on the path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPE")}
    path = os.pathsep.join([str(warm.folder()), str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**kept, "HOME": str(person), "PATH": path, "PYTHONPATH": str(ROOT)}


def shell(line: str, cwd: Path, person: Path) -> str:
    """What a line prints; it must end well. What runs for ever is stopped once it is at work."""
    words = shlex.split(line, comments=True)
    if words[:1] == ["make"]:
        line = f"make -n -C {ROOT} {shlex.join(words[1:])}"  # what it does is for CI; that it is there, for us
    if _endless(words):
        _start_and_stop(words, cwd, person)
        return ""
    return _run(["sh", "-c", line], cwd, person, line)


def session(block: Block, cwd: Path, person: Path) -> None:
    """Run a session's commands and compare what they print; an ellipsis stands for anything."""
    typed = _TYPED_AFTER_MAKE if block.text.startswith("$ make demo") else _TYPED
    steps = typed.split(block.text)[1:]
    for command, shown in zip(steps[::2], steps[1::2], strict=True):
        words = [sys.executable, "-m", "tests.demo", "demo"]
        if command != "make demo":
            words = ["scrape", *shlex.split(command)[1:]]
        printed = _run(words, cwd, person, command)
        pattern = ".*?".join(re.escape(part) for part in shown.split("…"))
        assert re.fullmatch(pattern, printed, re.DOTALL), f"{command} prints\n{printed}"


def python(block: Block, cwd: Path, person: Path) -> None:
    """Run a block by itself; a warning is an error."""
    found = f"import sys; sys.path.append({str(RECIPES)!r})\n" if "import pandas" in block.text else ""
    _run([sys.executable, "-W", "error", "-c", found + block.text], cwd, person, f"the Python of line {block.line}")


def _run(words: list[str], cwd: Path, person: Path, called: str) -> str:
    done = subprocess.run(
        words, cwd=cwd, env=environment(person), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, f"{called}: {done.stderr or done.stdout}"
    return done.stdout


def _endless(words: list[str]) -> bool:
    if words[:1] == ["datasette"]:
        return True
    return words[:1] == ["scrape"] and bool({"run", "serve", "--watch"} & set(words)) and "--once" not in words


def _start_and_stop(words: list[str], cwd: Path, person: Path) -> None:
    started = [sys.executable, "-m", "scraper" if words[0] == "scrape" else words[0]]
    started += [str(person) + word.removeprefix("~") if word.startswith("~") else word for word in words[1:]]
    if words[0] == "datasette" or "serve" in words:
        started = [*(word for word in started if word != "--open"), "--port", "0"]
    with subprocess.Popen(
        started, cwd=cwd, env=environment(person), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        try:
            wait_for(process.stdout.read, f"a sign of life of {shlex.join(words)}")
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) in (0, 130, 143, -signal.SIGTERM)
        finally:
            process.kill()
