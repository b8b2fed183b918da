"""Datasette, in the process that was `scrape serve`: Ctrl-C before it listens ends as in every other command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run Datasette with the words of the command line, and exit."""
    import click

    try:
        from datasette.cli import cli

        cli(sys.argv[1:], "datasette", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("scrape: interrupted", err=True)
        sys.exit(130)


if __name__ == "__main__":
    main()
