"""`ltvtui connect`: addresses under names, in the settings, and never with a password."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from shops import ROOT, corner_shop

from ltvtui.cli import main
from ltvtui.cli.group import COMPLETING

ADDRESS = "postgresql://ann@127.0.0.1:1/base"


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "settings"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "settings" / "config.toml"


def run(*words: str, code: int = 0) -> Result:
    done = CliRunner().invoke(main, list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done


def test_a_saved_name_opens_its_address_until_it_is_forgotten(settings: Path) -> None:
    assert "No address is saved" in run("connect").stdout
    run("connect", "berlin", ADDRESS)
    run("connect", "paris", "postgres://bob@h/base?sslmode=require")
    assert run("connect").stdout == (f"berlin  {ADDRESS}\nparis   postgresql://bob@h/base?sslmode=require\n")
    assert "[connections]" in settings.read_text("utf-8")
    for words in (["berlin"], ["report", "berlin"]):
        assert f"ltvtui: {ADDRESS} cannot be opened: " in run(*words, code=1).stderr
    run("connect", "--forget", "berlin")
    assert "berlin" not in run("connect").stdout
    assert run("report", "berlin", code=2).stderr.startswith("ltvtui: There is no file berlin")
    assert "Choose from: paris." in run("connect", "--forget", "berlin", code=2).stderr


def test_a_file_of_that_name_goes_before(tmp_path: Path) -> None:
    run("connect", "shop", ADDRESS)
    corner_shop(tmp_path).rename(tmp_path / "shop")
    run("report", "shop")


@pytest.mark.parametrize("address", ["postgresql://ann:geheim@h/base", "postgres://h/base?user=ann&password=geheim"])
def test_a_password_is_not_saved(settings: Path, address: str) -> None:
    told = run("connect", "berlin", address, code=2)
    assert "PGPASSWORD" in told.stderr
    assert "geheim" not in told.output
    assert not settings.exists()


def test_a_shop_on_spark_has_a_name_and_its_token_none(settings: Path) -> None:
    told = run("connect", "lake", "sc://H:15003/;use_ssl=true;token=geheim", code=2)
    assert "SPARK_CONNECT_AUTHENTICATE_TOKEN" in told.stderr
    assert "geheim" not in told.output
    assert not settings.exists()
    run("connect", "lake", "sc://H:15003/;use_ssl=true")
    assert run("connect").stdout == "lake  sc://h:15003/;use_ssl=true\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("report", ADDRESS), "report is a command."),
        (("a b", ADDRESS), "'a b' is not a name."),
        (("--", "-x", ADDRESS), "'-x' is not a name."),
        (("berlin", "shop.db"), "shop.db is not the address of a server."),
        (("berlin", "mysql://u:geheim@h/b"), "mysql://u:…@h/b is not the address of a server."),
        (("berlin",), "Name an address too"),
        (("--forget", "x", "y"), "--forget takes a name, and nothing else."),
    ],
)
def test_what_cannot_be_saved_is_refused(settings: Path, words: tuple[str, ...], message: str) -> None:
    assert message in run("connect", *words, code=2).stderr
    assert not settings.exists()


def test_other_settings_and_comments_stay(settings: Path) -> None:
    settings.parent.mkdir()
    settings.write_text('# mine\ntheme = "nord"\n', "utf-8")
    run("connect", "berlin", ADDRESS)
    assert settings.read_text("utf-8").startswith('# mine\ntheme = "nord"\n')


@pytest.mark.parametrize("line", ["ltvtui ber", "ltvtui report ber", "ltvtui connect ber"])
def test_names_complete_in_the_shell(line: str) -> None:
    run("connect", "berlin", ADDRESS)
    variables = {COMPLETING: "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
    done = CliRunner().invoke(main, [], prog_name="ltvtui", env=variables)
    assert "plain,berlin" in done.output.splitlines()


def test_documented_commands_run_one_after_another() -> None:
    page = (ROOT / "docs" / "connecting.md").read_text("utf-8")
    (block,) = re.findall(r"```sh connect\n(.*?)```", page, re.DOTALL)
    for line in block.splitlines():
        assert "berlin" in run(*line.split()[1:]).stdout, line
    assert "No address is saved" in run("connect").stdout
