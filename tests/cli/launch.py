"""Starts a program under a hardship: ``launch.py [--largest BYTES] [--obey-modes] [--interruptible] -- WORD...``.

A process of its own rather than ``preexec_fn``, which may hang where threads run (the local news has some), and of
which newer Pythons warn.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import resource
import signal

_PR_CAPBSET_DROP = 24
_ABOVE_MODES = (1, 2, 3)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--largest", type=int, help="no file may grow past this: what a full disk is like")
    parser.add_argument("--obey-modes", action="store_true", help="root too may only do what the modes of files allow")
    parser.add_argument("--interruptible", action="store_true", help="SIGINT counts, though a shell's '&' ignored it")
    parser.add_argument("words", nargs="+")
    options = parser.parse_args()
    if options.largest is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (options.largest, options.largest))
    if options.obey_modes and os.geteuid() == 0:
        drop_powers()
    if options.interruptible:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execvp(options.words[0], options.words)  # noqa: S606 - the test's own words


def drop_powers() -> None:
    """Stay root by name, without root's way around the modes of files; it takes effect with the next exec."""
    libc = ctypes.CDLL(None, use_errno=True)
    for power in _ABOVE_MODES:
        if libc.prctl(_PR_CAPBSET_DROP, power, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), f"cannot drop capability {power}")


if __name__ == "__main__":
    main()
