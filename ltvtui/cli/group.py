"""The command itself: what it does without a subcommand, and how it ends."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

from ltvtui import __version__
from ltvtui.cli.commands import CommandsOnDemand
from ltvtui.cli.ending import end_at_once, is_done
from ltvtui.cli.help import WIDTH, SectionedCommand, write_commands
from ltvtui.cli.paths import connections
from ltvtui.cli.quitting import leave_on_quit
from ltvtui.cli.streams import make_usable
from ltvtui.masking import masked

COMPLETING = "_LTVTUI_COMPLETE"
"""Variable by which a shell asks for completions: it has no time for anything else."""

COLLECT_AFTER: Final = (100_000, 20, 20)
"""Objects after which Python looks for garbage (gc.set_threshold). What is loaded stays to the end, and with Python's
own limits a tenth of a start is spent on looking through it again and again."""

ANSWERED_AT_ONCE: Final = frozenset({"-h", "--help", "--version"})
"""Words that want an answer at once, and no work."""


class DefaultOpen(click.Group):
    """`ltvtui DB` is `ltvtui open DB`; every error is two lines: what, and how to mend it."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run, and exit with 0, 1 for a finding or failure, 2 for wrong usage."""
        if not args and not extra:  # the process is ours
            make_usable()
            leave_on_quit()
            gc.set_threshold(*COLLECT_AFTER)
            end_at_once()
        if COMPLETING not in os.environ and not ANSWERED_AT_ONCE & set(args[0] if args else sys.argv):
            _sweep()
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False}) or 0
            is_done(code)
            sys.exit(code)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)  # help as it is laid out, not as one line
            sys.exit(error.exit_code)
        except click.ClickException as error:
            context = error.ctx if isinstance(error, click.UsageError) else None
            path = f" {context.info_name}" if context is not None and context.parent is not None else ""
            click.echo(f"ltvtui: {_sentence(masked(error.format_message()))}\nSee: ltvtui{path} --help", err=True)
            sys.exit(error.exit_code)
        except click.Abort:
            sys.exit(130)
        except BrokenPipeError:
            # The reader of a pipe has seen enough; nothing may be written any more, at exit neither.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except OSError as error:
            click.echo(
                f"ltvtui: The system reported an error: {error.strerror}.\nCheck the disk, the pipe and your "
                f"permissions.",
                err=True,
            )
            sys.exit(1)

    command_class = SectionedCommand

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Commands in sections."""
        write_commands(formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands, saved addresses and files: a shop opens without a command."""
        own = [*super().shell_complete(ctx, incomplete), *connections(incomplete)]
        return [*own, CompletionItem(incomplete, type="file")]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `open` before a first word that is no command."""
        words = [a for a in args if not a.startswith("-")]
        own_options = {"--help", "--version", "-h"}
        if args and args[0] not in own_options and (not words or words[0] not in self.commands):
            if words and not ctx.resilient_parsing:
                _refuse_typo(words[0], self.commands)
            args = ["open", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=DefaultOpen,
    commands=CommandsOnDemand(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDTH},
)
@click.version_option(__version__, "--version", help="Show the version.", prog_name="ltvtui")
def main() -> None:
    """Customer lifetime value, tiers and the customers behind them.

    \b
    ltvtui shop.db     opens a shop: SQLite, DuckDB, csv, parquet, xlsx or jsonl,
                       a folder of files, or what is piped in (-)
    ltvtui postgresql://user@host/database
                       opens a shop of a PostgreSQL server
    ltvtui demo        opens an invented one
    """


def _refuse_typo(word: str, commands: Iterable[str]) -> None:
    """Say of a word that is neither a file nor a command, but nearly one, which was meant."""
    from difflib import get_close_matches

    near = get_close_matches(word.casefold(), list(commands), 1)
    if near and not Path(word).exists() and word not in [item.value for item in connections(word)]:
        raise click.UsageError(f"There is no command or file {word!r}. Did you mean {near[0]}?")


def _sweep() -> None:
    """Remove what runs that were killed have left: some milliseconds."""
    from ltvtui.storage import scratch
    from ltvtui.storage.cache import folders
    from ltvtui.storage.settings_file import cache_dir

    scratch.sweep()
    folders.sweep(cache_dir())


def _sentence(text: str) -> str:
    line = " ".join(text.split())
    return line if line.endswith((".", "?")) else f"{line}."
