"""``scrape reload``."""

from __future__ import annotations

import os
import signal

import click

from scraper.errors import BadUsage
from scraper.home import Home


@click.command("reload")
@click.pass_obj
def reload_command(home: Home) -> None:
    """Have the running daemon read config/ anew.

    What is broken in config/ is said here (a secret of its environment that is not there, in its log), and the daemon
    goes on with what it has. What is under way is ended first.

    \b
    Examples:
      scrape reload
      scrape sources remove politics && scrape reload
    """
    from scraper.config import Config
    from scraper.instance import holder

    config = Config.load(home)
    config.check()
    process = holder(home.lock)
    if process is None or not process.pid:
        raise BadUsage(f"no daemon is at work on {home.root}; `scrape run` starts one")
    if not process.is_here:  # its number is another process's here
        raise BadUsage(f"the daemon of {home.root} is at work on {process.machine}; run `scrape reload` there")
    os.kill(process.pid, signal.SIGUSR1)  # SIGHUP ends one that runs on a terminal
    click.echo(f"process {process.pid} reads config/ anew: {config.followed} sources to follow")
