"""README and docs against the code: their commands run, their keys, JSON, mapping and sections are what they are."""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pictures import text_of
from shops import ROOT

from ltvtui.analytics.budget.plan import COLUMNS as PLANNED
from ltvtui.analytics.doubts import CODES
from ltvtui.analytics.lifecycle.lapsed import LAPSED_SHARE
from ltvtui.analytics.segments import MEASURES
from ltvtui.cli import main
from ltvtui.tui.registry import registry_of
from ltvtui.tui.views.registry import VIEWS

README = (ROOT / "README.md").read_text("utf-8")
PAGES = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
EVERYTHING = {"README.md": README, **PAGES}


def blocks(language: str) -> list[str]:
    return [
        block for page in EVERYTHING.values() for block in re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)
    ]


def marked(name: str) -> str:
    """What stands between `<!-- name -->` and `<!-- /name -->` on one of the pages."""
    (found,) = [
        m[1] for p in EVERYTHING.values() for m in [re.search(rf"<!-- {name} -->\n(.*?)<!-- /", p, re.DOTALL)] if m
    ]
    return str(found)


def paragraph(start: str) -> str:
    """The one paragraph of all pages that begins so."""
    (found,) = [p for page in EVERYTHING.values() for p in page.split("\n\n") if p.startswith(start)]
    return found


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo shop, named as the README names it; beside it its orders as csv, and another to be fed."""
    path = tmp_path_factory.mktemp("readme") / "shop.sqlite"
    generate = [sys.executable, str(ROOT / "fixtures" / "generate.py"), str(path), "--customers", "1500"]
    subprocess.run(generate, check=True, capture_output=True)
    shutil.copy(path, path.with_name("live.sqlite"))
    with closing(sqlite3.connect(path)) as connection, path.with_name("orders.csv").open("w", newline="") as file:
        cursor = connection.execute("SELECT * FROM orders")
        rows = [[column[0] for column in cursor.description], *cursor]
        csv.writer(file).writerows(rows)
    exports = path.with_name("exports")
    exports.mkdir()
    half = len(rows) // 2
    for number, part in enumerate((rows[:half], [rows[0], *rows[half:]])):
        with (exports / f"orders-{number}.csv").open("w", newline="") as file:
            csv.writer(file).writerows(part)
    return path


def environment(folder: Path) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "LTVTUI_CONFIG_DIR": str(folder / "settings")}


def run(shop: Path, patch: pytest.MonkeyPatch, words: Sequence[str], settings: str) -> Result:
    """Run `ltvtui` with these words beside the shop; a traceback is a bug."""
    patch.chdir(shop.parent)
    patch.setenv("LTVTUI_CONFIG_DIR", str(shop.parent / settings))
    done = CliRunner().invoke(main, words)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


COMMANDS = [line for block in blocks("sh") for line in block.splitlines()]


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_runs(shop: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    program, *words = shlex.split(line)
    assert program == "ltvtui"
    done = run(shop, monkeypatch, words, "settings")
    assert done.exit_code == (1 if " check " in line else 0), done.stderr  # the demo's dirt is a finding
    assert done.stdout or "--write" in line or " feed " in line


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", *(f"docs/{name}" for name in PAGES)])
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text("utf-8")):
        assert "://" in target or ((ROOT / page).parent / target).exists(), target


def test_sections_that_the_code_cites_are_there() -> None:
    """`metrics.md §4` in the code or the tests is a heading of the page."""
    there = set(re.findall(r"^## (\d+)\. ", PAGES["metrics.md"], re.MULTILINE))
    cited = {
        number
        for folder in ("ltvtui", "tests")
        for path in (ROOT / folder).rglob("*.py")
        for number in re.findall(r"metrics\.md §(\d+)", path.read_text("utf-8"))
    }
    assert cited <= there


def test_keys_are_those_of_the_registry() -> None:
    assert marked("keys") == registry_of(VIEWS).key_table()


def test_every_doubt_is_named() -> None:
    table = marked("doubts").splitlines()[2:]
    rows = [tuple(cell.strip(" `") for cell in line.strip("|").split("|")) for line in table]
    assert rows == list(CODES.items())


@pytest.fixture
def json_of(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """The JSON of a command on the shop."""

    def told(command: str, *more: str) -> dict[str, Any]:
        done = run(shop, monkeypatch, [command, "shop.sqlite", *more, "--format", "json"], "fresh")
        assert done.exit_code == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return told


def test_json_names_what_the_report_has(json_of: Callable[..., dict[str, Any]]) -> None:
    (block,) = blocks("json")
    documented = json.loads(block)
    told = json_of("report", "--by", "channel")
    assert list(told) == list(documented)
    row, shown = told["rows"][0], documented["rows"][0]
    ages = {f"ltv_{age}" for age in shown["ltv_at"]}
    assert ages < set(MEASURES)  # they stand under one key
    plain = [name for name in MEASURES if name not in ages]
    assert list(row) == list(shown) == ["channel", *plain, "ltv_se", LAPSED_SHARE, "ltv_interval", "ltv_at"]
    assert row["ltv_at"].keys() == shown["ltv_at"].keys()
    assert list(told["entry"]) == list(documented["entry"])
    assert list(told["quality"]) == list(documented["quality"])
    assert told["tier_rule"].keys() == documented["tier_rule"].keys()
    assert told["mapping"].keys() >= documented["mapping"].keys()


def test_json_of_retention_has_what_is_named(json_of: Callable[..., dict[str, Any]]) -> None:
    text = paragraph("`retention` prints")
    told = json_of("retention", "--by", "channel")
    (row, *_) = told["rows"]
    named = re.findall(r"`(\w+)`", text)
    assert named[1:] == [*told, *(k for k in row if k != "channel"), *row["curve"][0], "survival"]


def test_json_of_cohorts_has_what_is_named(json_of: Callable[..., dict[str, Any]]) -> None:
    text = paragraph("`cohorts` prints")
    told = json_of("cohorts", "--by", "channel")
    named = re.findall(r"`(\w+)`", text.partition("JSON")[2])
    assert set(named) == {*told, *told["rows"][0]}


def test_json_of_budget_has_what_is_named(json_of: Callable[..., dict[str, Any]]) -> None:
    text = paragraph("The JSON of `budget`")
    told = json_of("budget", "--then", "country")
    plan = json_of("budget", "--plan", "1")["plan"]
    named = re.findall(r"`(\w+)`", text)
    lists = [*told["customers_without_spend"][0], "spend_without_customers", "channel", "amount", "why"]
    rows = [*told["rows"][0], *told["blended"], *told["paid"]]
    assert set(named) == {"budget", *told, *told["settings"], *rows, *lists, "plan", *plan, *PLANNED, "least", "most"}


def test_json_of_forecast_has_what_is_named(json_of: Callable[..., dict[str, Any]]) -> None:
    text = PAGES["forecast.md"].partition("## JSON")[2]
    found = json_of("forecast", "--by", "channel", "--months", "3")
    named = set(re.findall(r"`(\w+)`", text))
    parts = (found["gate"], found["model"], found["spend"], found["horizons"][0], found["deciles"][0])
    keys = {*found, *(key for part in parts for key in part), *found["rows"][0], *found["backtest"][0]} - {"channel"}
    assert keys - named == {f"{name}_value" for name in ("bias", "mae", "gini")}, "of order days they are named"
    assert named - keys == {"model"} - keys


def keys_of(value: object) -> set[str]:
    """All keys of a JSON value, at any depth."""
    if isinstance(value, dict):
        return {*map(str, value), *(key for part in value.values() for key in keys_of(part))}
    return {key for part in value for key in keys_of(part)} if isinstance(value, list) else set()


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("The JSON of `compare`", ("compare", "--a", "first channel = email")),
        ("With `--periods` it has", ("compare", "--periods", "2026-05,2026-06")),
        ("The JSON of `drivers`", ("drivers",)),
        ("The JSON of `portrait`", ("portrait", "--where", "tier = VIP")),
        ("The JSON of `leads`", ("leads",)),
    ],
)
def test_json_of_comparing_has_what_is_named(
    json_of: Callable[..., dict[str, Any]], start: str, words: tuple[str, ...]
) -> None:
    """Rows of groups are those of the report, which has them all."""
    found = json_of(*words)
    documented = set(re.findall(r"`(\w+)`", paragraph(start))) - {words[0], "report"}
    rows = {"a", "b", "segment", "base", "criteria", "warnings"}
    printed = keys_of({key: value for key, value in found.items() if key not in rows}) | rows & found.keys()
    # A note has its keys where there is one, and entries of lists that are empty here are those of others.
    of_notes = {"name", "text", "planned", "steps", "what", "owner", "until", "moves"}
    assert documented - {"segment", *of_notes} == printed - {"segment", words[0]}


def test_json_of_a_plan_has_what_is_named(json_of: Callable[..., dict[str, Any]]) -> None:
    named = set(re.findall(r"`(\w+)`", PAGES["planning.md"].partition("## JSON")[2]))
    found, matrix = json_of("plan", "--goal", "grow-vips"), json_of("portrait", "--by", "tier")
    free = {"groups", "why", "weights", "quintiles", "not_scored", "scores", "warnings"}  # keys are names there

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: None if key in free else without(part) for key, part in value.items()}
        return [without(part) for part in value] if isinstance(value, list) else value

    printed = keys_of(without(found)) | keys_of(without(matrix))
    figures = {"customers", "customer_share", "revenue_share", "ltv", "average_check", "lapsed_share"}
    index = {"dimension", "value", "index", "z"}
    assert printed - named <= figures | index
    saved = {"set_on", "then", "as_it_was", "share_of_way", "share_of_time", "days_left"}
    changes = {"since", "moved", "new", "stayed", "pairs"}
    assert named - printed == saved | changes | {"report"}


def test_the_mapping_file_is_read_as_documented(tmp_path: Path) -> None:
    from ltvtui.analytics.cleaning.clean import CleaningPolicy
    from ltvtui.analytics.rfm.names import usual_table
    from ltvtui.session.open_request import OpenRequest
    from ltvtui.session.settings import policy_of, query_of
    from ltvtui.sources.mapping_file import load

    (block,) = blocks("toml")
    path = tmp_path / "shop.toml"
    path.write_text(block, "utf-8")
    saved = load(path)
    assert saved is not None
    assert saved.mapping.cost == "cost"
    assert set(saved.cleaning) <= {f.name for f in fields(CleaningPolicy)}
    assert policy_of(OpenRequest(tmp_path), saved).excluded_statuses == ("cancelled", "failed")
    (tmp_path / "names.toml").write_text(usual_table().replace("Lost", "Gone"), "utf-8")
    query = query_of(OpenRequest(tmp_path, config=path), saved)
    assert (query.margin, query.entry) == (0.4, "auto")
    assert query.rules.rfm.frequency == (1, 2, 3, 5)
    assert query.rules.rfm.names.names[-1] == "Gone"


def test_make_demo_without_a_terminal_prints_the_report(tmp_path: Path) -> None:
    done = subprocess.run(
        ["make", "demo"],
        cwd=ROOT,
        env=environment(tmp_path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "VIP" in done.stdout


def test_make_knows_every_target_of_the_readme() -> None:
    for target in set(re.findall(r"(?:`|^ {4})make (\w+)", "\n".join([*EVERYTHING.values(), GUIDE]), re.MULTILINE)):
        done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"make {target}: {done.stderr}"


def test_the_pictures_are_of_the_app(tmp_path: Path) -> None:
    """Drawn anew of the demo shop, they say line by line what those in the repository say."""
    shown = sorted(set(re.findall(r"!\[[^]]*\]\(([^)]*\.svg)\)", README)))
    shop, folder = ROOT / "build" / "demo.sqlite", ROOT / "docs" / "pictures"
    assert shown == sorted(f"docs/pictures/{path.name}" for path in folder.iterdir())
    for command in (
        ["make", "build/demo.sqlite"],
        [sys.executable, "fixtures/picture.py", str(shop), str(tmp_path / "drawn")],
    ):
        done = subprocess.run(
            command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    for path in folder.iterdir():
        again = "draw them anew: python fixtures/picture.py build/demo.sqlite docs/pictures"
        assert lines_of(tmp_path / "drawn" / path.name) == lines_of(path), again


def lines_of(picture: Path) -> list[str]:
    """What stands in an SVG picture of the screen."""
    return text_of(picture.read_text("utf-8")).splitlines()
