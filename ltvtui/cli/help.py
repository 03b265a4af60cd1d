"""How help is laid out: options and commands in sections, what is used most first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import click

from ltvtui.cli.commands import COMMANDS

SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "Question": ("by", "where", "a", "b", "periods", "days"),
    "Terms": (
        *("as_of", "horizon", "margin", "tier_rule", "tier_value", "churn_gap", "entry", "discount"),
        *("week_start", "rfm", "rfm_names", "abc", "xyz", "target", "payback_limit"),
    ),
    "Mapping": (
        *("orders", "customer", "date", "amount", "order_id", "status", "currency_column", "customers"),
        *("customers_key", "lines", "lines_order_id", "date_format", "decimal", "refund_of", "refunded", "cancelled"),
        *("cost", "margin_column", "spend", "rate", "row_type", "updated_at", "config"),
    ),
    "Cleaning": (
        *("currency", "refunds", "excluded_statuses", "time_zone", "repeats", "zero", "guests", "force_ids"),
        *("skip_rows", "no_header", "encoding", "spend_skip_rows", "spend_no_header", "spend_encoding"),
    ),
    "Output": ("to", "format", "columns", "table", "force", "no_cache", "explain", "help", "version"),
}
"""Options by their name, of commands that read a shop; those that are nowhere are part of the question."""
WIDTH: Final = 100


class SectionedCommand(click.Command):
    """A command whose options stand in sections, where it has those of a shop."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sections that are not empty."""
        if not any(param.name == "as_of" for param in self.params):
            super().format_options(ctx, formatter)
            return
        params = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        of = {name: section for section, names in SECTIONS.items() for name in names}
        if (help_option := self.get_help_option(ctx)) is not None:
            of[str(help_option.name)] = "Output"
        for section, names in SECTIONS.items():
            here = [param for param in params if of.get(str(param.name), "Question") == section]
            here.sort(key=lambda param: names.index(str(param.name)) if param.name in names else len(names))
            _write(formatter, section, [record for param in here if (record := param.get_help_record(ctx))])


def write_commands(formatter: click.HelpFormatter) -> None:
    """Write all commands in their sections, each with its line."""
    for section, lines in COMMANDS.items():
        _write(formatter, section, list(lines.items()))


def _write(formatter: click.HelpFormatter, section: str, records: Sequence[tuple[str, str]]) -> None:
    if records:
        with formatter.section(section):
            formatter.write_dl(records)
