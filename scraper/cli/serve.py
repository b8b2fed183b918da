"""``scrape serve``."""

from __future__ import annotations

import errno
import os
import socket
import sys
from ipaddress import ip_address

import click

from scraper.cli import browsing
from scraper.cli.setup import tell_left_behind
from scraper.errors import BadUsage
from scraper.home import Home, renew_storage


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; others can then read.")
@click.option("--open", "open_browser", is_flag=True, help="Open it in a browser.")
@click.pass_obj
def serve_command(home: Home, port: int, host: str, open_browser: bool) -> None:
    """Browse the archive with Datasette.

    Runs until Ctrl-C, also beside a running daemon: it reads, and never writes. There is no password, so it listens on
    this machine alone unless --host says otherwise.

    \b
    Examples:
      scrape serve --open                    and look at it in a browser
      scrape serve --port 0                  on any free port
    """
    from scraper.store import Store  # imports sqlite-utils: 80 ms

    home.check()
    port = _free_port(host, port)
    # After an upgrade, an old plugin must not meet new templates.
    renew_storage(home.root)
    tell_left_behind(home)
    # Without the databases Datasette shows nothing and its queries answer 404.
    Store(home.storage).close()
    if not _is_loopback(host):
        click.echo(f"Warning: whoever reaches {host} can read everything, without a password.", err=True)
    click.echo(f"The archive is at http://{f'[{host}]' if ':' in host else host}:{port}/ (Ctrl-C stops it)", err=True)
    # -P: a datasette.py or a config.py in the working folder must not stand in for the packages of that name.
    words = [sys.executable, "-P", browsing.__file__, str(home.storage), "--host", host, "--port", str(port)]
    sys.stdout.flush()
    sys.stderr.flush()
    # In place of this process: signals reach Datasette itself, and its exit code is ours.
    os.execv(sys.executable, [*words, "--open"] if open_browser else words)  # noqa: S606 - our own interpreter, no shell


def _free_port(host: str, port: int) -> int:
    """The port, or a free one for 0, found out by listening on it. Raises BadUsage.

    Datasette would say the same in a traceback, or in the middle of its log.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            # As asyncio does, so that a port whose last server has just ended counts as free.
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            trial.listen()
            return int(trial.getsockname()[1])
    except UnicodeError as error:
        raise BadUsage(f"--host {host!r}: not a host name") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"port {port} is in use; name another one with --port, or --port 0 for any free one"
            raise BadUsage(message) from error
        raise BadUsage(f"cannot listen on {host} port {port}: {error.strerror}") from error


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
