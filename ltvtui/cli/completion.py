"""`ltvtui completion SHELL`: what a shell needs to complete commands, options, dimensions, columns and values."""

from __future__ import annotations

from typing import Final

import click

from ltvtui.cli.group import COMPLETING, main

HOW: Final = {
    "bash": 'eval "$(ltvtui completion bash)"   in ~/.bashrc',
    "zsh": 'eval "$(ltvtui completion zsh)"   in ~/.zshrc, behind compinit',
    "fish": "ltvtui completion fish > ~/.config/fish/completions/ltvtui.fish",
}


@main.command(epilog="\b\n" + "\n".join(f"{shell:<6}{how}" for shell, how in HOW.items()))
@click.argument("shell", type=click.Choice(list(HOW)))
def completion(shell: str) -> None:
    """Print the script that completes commands, options, dimensions, columns and values for SHELL."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None, "click knows all three"
    # BashComplete.source() would start a bash to ask its version: the script itself says what is missing.
    script = kind(main, {}, "ltvtui", COMPLETING)
    click.echo(script.source_template % script.source_vars())
