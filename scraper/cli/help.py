"""``scrape help``."""

from __future__ import annotations

import click


@click.command("help")
@click.argument("words", metavar="[COMMAND]...", nargs=-1)
@click.pass_context
def help_command(ctx: click.Context, words: tuple[str, ...]) -> None:
    """Show how a command is used.

    The same as --help behind it.

    \b
    Examples:
      scrape help search
      scrape help sources add
    """
    at = ctx.find_root()
    for word in words:
        if not isinstance(at.command, click.Group):
            raise click.UsageError(f"{at.command_path!r} has no commands of its own.", at)
        name, command, _ = at.command.resolve_command(at, [word])
        assert command is not None  # noqa: S101 - it raises for one that there is not
        at = click.Context(command, parent=at, info_name=name)
    click.echo(at.get_help())
