"""Help in sections, in plain lines; a typing mistake is told with what was meant."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from shops import corner_shop

from ltvtui.cli import help, main
from ltvtui.cli.commands import COMMANDS, MODULES
from ltvtui.cli.help import SECTIONS

OF_A_SHOP = (
    *("open", "report", "cohorts", "retention", "forecast", "budget", "migration", "check", "export", "config"),
)


def said(*words: str) -> str:
    done = CliRunner().invoke(main, words, terminal_width=100)
    assert done.exit_code == 0, done.output
    return done.stdout


def refused(*words: str) -> str:
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 2, done.output
    return done.stderr


def headings(text: str) -> list[str]:
    return re.findall(r"^(\w[\w ]*):$", text, re.MULTILINE)


def test_every_command_is_in_a_section() -> None:
    text = said("--help")
    assert [h for h in headings(text) if h != "Options"] == list(COMMANDS)
    registering = {
        path.stem for path in Path(help.__file__).parent.glob("*.py") if "@main.command(" in path.read_text()
    }
    assert {MODULES.get(name, name) for name in main.commands} == registering
    assert [name for name, command in main.commands.items() if command.name != name] == []


@pytest.mark.parametrize("command", OF_A_SHOP)
def test_options_are_in_sections_what_is_used_most_first(command: str) -> None:
    text = said(command, "--help")
    known = [section for section in SECTIONS if section in headings(text)]
    assert headings(text) == known
    assert known[-4:] == ["Terms", "Mapping", "Cleaning", "Output"]
    first = [text.index(f"  {option} ") for option in ("--as-of", "--horizon", "--margin", "--week-start")]
    assert first == sorted(first)
    assert "  DB\n" not in text


def test_the_question_comes_first_and_help_last() -> None:
    text = said("report", "--help")
    assert text.index("--by DIM") < text.index("--where") < text.index("--ages") < text.index("--as-of")
    assert text.rstrip().splitlines()[-1].split() == ["-h,", "--help", "Show", "this", "message", "and", "exit."]


def test_each_option_has_one_plain_line() -> None:
    for name, command in main.commands.items():
        for option in command.params:
            if isinstance(option, click.Option) and option.name != "metric":  # it lists all metrics
                assert option.help, (name, option.name)
                assert len(option.help) <= 78, (name, option.name, option.help)
                assert option.help.endswith("."), (name, option.name)


def test_each_command_has_one_line() -> None:
    lines = said("--help").splitlines()
    for name, command in main.commands.items():
        assert f"{command.short_help}" in next(line for line in lines if line.startswith(f"  {name} ")), name


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        *[(("reprot", "shop.db"), "Did you mean report?"), (("chek",), "Did you mean check?")],
        *[
            (("cohort", "shop.db", "--by", "tier"), "Did you mean cohorts?"),
            (("Report", "x"), "Did you mean report?"),
        ],
        *[(("report", "x", "--hoirzon", "3"), "'--horizon'"), (("report", "x", "--wehre", "a"), "'--where'")],
        *[(("cohorts", "x", "--bucket", "moth"), "Did you mean month?")],
        *[(("cohorts", "x", "--metric", "revenu"), "Did you mean revenue?")],
    ],
)
def test_a_typing_mistake_is_told_with_what_was_meant(words: tuple[str, ...], meant: str) -> None:
    assert meant in refused(*words)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("contry", "country"),
        ("chanel", "channel"),
        ("first-moth", "first month"),
        ("Teir", "tier"),
        ("rfm-scor", "RFM"),
    ],
)
def test_a_dimension_too(tmp_path: Path, typed: str, meant: str) -> None:
    assert f"Did you mean {meant}" in refused("report", str(corner_shop(tmp_path)), "--by", typed)


def test_what_is_like_nothing_is_told_what_there_is(tmp_path: Path) -> None:
    text = refused("report", str(corner_shop(tmp_path)), "--by", "xylophone")
    assert "Did you mean" not in text
    assert "Choose from: tier, country" in text


def test_a_hyphen_may_stand_for_a_space(tmp_path: Path) -> None:
    shop = str(corner_shop(tmp_path))
    assert said("report", shop, "--by", "First-Month") == said("report", shop, "--by", "first month")


def test_a_file_that_is_called_nearly_like_a_command_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corner_shop(tmp_path).rename(tmp_path / "reports")
    monkeypatch.chdir(tmp_path)
    assert "VIP" in said("reports")


def test_without_a_word_the_help_is_laid_out() -> None:
    lines = refused().splitlines()
    assert lines[0].startswith("Usage: ")
    assert "Look:" in lines
    assert any(line.startswith("  report ") for line in lines)
