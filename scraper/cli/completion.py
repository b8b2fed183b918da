"""``scrape completion``."""

from __future__ import annotations

import click


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(ctx: click.Context, shell: str) -> None:
    """Print what lets your shell complete commands, options and names.

    Put it where your shell looks for such, and open a new one:

    \b
      bash  ~/.local/share/bash-completion/completions/scrape
      zsh   ~/.zfunc/_scrape, with `fpath+=~/.zfunc` before `compinit` in ~/.zshrc
      fish  ~/.config/fish/completions/scrape.fish

    Sources are completed by name, and the latest articles by number. bash has to be 4.4 or newer.

    \b
    Examples:
      scrape completion bash > ~/.local/share/bash-completion/completions/scrape
      scrape completion fish > ~/.config/fish/completions/scrape.fish
      eval "$(scrape completion zsh)"        this shell alone
    """
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    assert script is not None  # noqa: S101 - click has one for each of the three
    click.echo(script(ctx.find_root().command, {}, "scrape", "_SCRAPE_COMPLETE").source())
