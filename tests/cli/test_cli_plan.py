"""`ltvtui plan`: kept and reopened, every format, what is refused; the order of leads and criteria given once."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from running import json_of, run
from shops import build, moving_shop

from ltvtui.session.open_request import OpenRequest
from ltvtui.storage.settings_file import workspace_path
from ltvtui.storage.workspace import Workspace

TERMS = ("--churn-gap", "40", "--tier-rule", "threshold:100/50")
DAY_50, DAY_100 = ("--as-of", "2024-02-20"), ("--as-of", "2024-04-10")
WIN_BACK = ("--goal", "win-back", "--target", "2", "--until", "2024-05-30", "--method", "tiers")


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders that nobody else uses."""
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "settings"))
    monkeypatch.setenv("LTVTUI_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The shop of MOVING: who moves between tiers and stages from day 50 to day 100."""
    return moving_shop(tmp_path)


def test_without_a_saved_plan_it_says_what_was_chosen(shop: Path) -> None:
    found = json_of("plan", shop, *TERMS, *DAY_100)
    assert (found["saved"], found["assumed"]) == (False, ["goal", "number", "day", "method", "segments"])
    assert found["goal"]["key"] == "raise-ltv"
    assert found["goal"]["until"] == "2024-10-10"
    assert found["goal"]["target"] == pytest.approx(found["goal"]["now"]["value"] * 1.1)
    assert "filled from the data and not saved" in found["headline"]
    assert not workspace_path().exists()


def test_it_is_kept_and_shows_what_moved_when_it_is_opened_again(shop: Path) -> None:
    """On day 50 dan and hal have lapsed, on day 100 dan is back; four have changed tier (test_plan_by_hand)."""
    first = run("plan", shop, *TERMS, *DAY_50, *WIN_BACK, "--keep")
    assert (first.exit_code, first.stderr) == (0, "saved: the plan of shop.sqlite\n")
    later = json_of("plan", shop, *TERMS, *DAY_100)
    progress = later["goal"]["progress"]
    assert (later["saved"], progress["set_on"], progress["days_left"]) == (True, "2024-02-20", 50)
    assert (later["goal"]["now"]["value"], progress["share_of_way"], progress["share_of_time"]) == (1, 0.5, 0.5)
    changes = later["changes"]
    assert (changes["moved"], changes["new"], changes["stayed"]) == (4, 2, 2)
    assert {"id": "bob", "before": "middle", "after": "VIP", "revenue": 120.0} in changes["customers"]
    assert later["segments_are_old"] is True
    assert "4 customers have changed segment since 2024-02-20" in later["headline"]
    assert "segments are 50 days old, more than the churn gap of 40 days" in later["headline"]

    again = json_of("plan", shop, *TERMS, *DAY_100, "--again", "--keep")
    assert (again["segmented_on"], again["segments_are_old"]) == ("2024-04-10", False)
    assert again["goal"]["progress"]["set_on"] == "2024-02-20"

    assert run("plan", shop, "--forget").stderr == "deleted: the plan of shop.sqlite\n"
    assert json_of("plan", shop, *TERMS, *DAY_100)["saved"] is False


def test_a_measure_is_a_next_step_of_the_portrait(shop: Path) -> None:
    step = "tier = VIP: call them; owner Ann; until 2024-05-01; moves LTV"
    found = json_of("plan", shop, *TERMS, *DAY_100, "--measure", step, "--keep")
    (measure,) = found["measures"]
    told = {key: measure[key] for key in ("segment", "what", "owner", "until", "moves", "suggested")}
    expected = {"segment": "VIP", "what": "call them", "owner": "Ann", "until": "2024-05-01", "moves": "LTV"}
    assert told == {**expected, "suggested": False}
    assert measure["effect"]["formula"] == "2 customers who have not lapsed × 47.00 an order = 94.00 at most"
    json_of("plan", shop, *TERMS, *DAY_100, "--measure", step, "--keep")
    of_vip = ("portrait", shop, *TERMS, *DAY_100, "--where", "tier = VIP")
    steps = [{key: expected[key] for key in ("what", "owner", "until", "moves")}]
    assert json_of(*of_vip)["note"]["steps"] == steps
    assert "call them  Ann    2024-05-01  LTV" in run(*of_vip).stdout


def test_markdown_html_and_csv(shop: Path) -> None:
    words = ("plan", shop, *TERMS, *DAY_100, "--method", "tiers")
    markdown = run(*words, "--format", "markdown").stdout
    headings = [line for line in markdown.splitlines() if line.startswith("#")]
    assert headings[0] == "# Plan: raise LTV"
    assert [heading[3] for heading in headings[1:]] == ["1", *"33", "4", *"444", "5"]
    page = run(*words, "--format", "html").stdout
    assert page.startswith("<!doctype html>")
    assert "<script" not in page
    rows = list(csv.DictReader(io.StringIO(run(*words, "--format", "csv").stdout)))
    assert [(row["segment"], float(row["total"])) for row in rows] == [("VIP", 94), ("middle", 30.5), ("economy", 10)]


def test_names_of_the_shop_are_no_markup(tmp_path: Path) -> None:
    rows = ", ".join(f"('{n}', date('2024-01-01', '+{n % 300} days'), 9, '<b>|x')" for n in range(80))
    sql = f"CREATE TABLE orders (id TEXT, day TEXT, amount REAL, channel TEXT); INSERT INTO orders VALUES {rows};"
    words = ("plan", build(tmp_path, sql), "--customer", "id", "--method", "cohorts", "--by", "channel")
    assert "<b>" not in run(*words, "--format", "html").stdout
    assert "<b>" not in run(*words, "--format", "markdown").stdout


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--until", "2024-04-10"), "2024-04-10 is not after the as-of day."),
        (("--target", "many"), "many"),
        (("--weight", "looks=2"), "Invalid weight: 'looks=2'."),
        (("--measure", "call them"), "The measure 'call them' does not name a segment."),
        (("--measure", "tier = VIP: call; until they answer"), "'they answer' is not a day."),
        (("--method", "rfm", "--segment", "tier = VIP"), "Not every segment given is one of RFM."),
        (("--segment", "orders > 99"), "No customers match: orders > 99."),
        (("--by", "colour"), "This shop has no dimension 'colour'."),
        (("--keep", "--where", "tier = VIP"), "A saved plan is about all customers"),
        (("--forget", "--goal", "win-back"), "--forget deletes the saved plan"),
    ],
)
def test_what_cannot_be_planned_is_said(shop: Path, words: tuple[str, ...], why: str) -> None:
    done = run("plan", shop, *TERMS, *DAY_100, *words)
    assert done.exit_code in (1, 2)
    assert why in done.stderr
    assert not workspace_path().exists()


def test_segments_side_by_side(shop: Path) -> None:
    """All tiers are small samples: they are shown, and none is scored."""
    found = json_of("portrait", shop, *TERMS, *DAY_100, "--by", "tier", "--weight", "value=2")
    sizes = {row["segment"]: (row["size"], row["few"], row["total"]) for row in found["segments"]}
    assert sizes == {"VIP": (3, True, None), "middle": (2, True, None), "economy": (3, True, None)}
    assert found["weights"]["value"] == 2
    # Not lapsed: ann and bob of three; dan of two; eve of three.
    reach = {row["segment"]: row["reach"] for row in found["segments"]}
    assert reach == {"VIP": pytest.approx(2 / 3), "middle": 0.5, "economy": pytest.approx(1 / 3)}
    assert run("portrait", shop, "--weight", "value=2").exit_code == 2


LEADS = """
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL);
INSERT INTO orders (customer_id, ordered_at, amount) VALUES ('a', '2024-01-01', 5), ('b', '2024-01-09', 5);
CREATE TABLE customers (customer_id TEXT PRIMARY KEY, stage TEXT);
INSERT INTO customers VALUES ('a', 'won'), ('b', 'won'), ('c', 'deal'), ('d', 'contact'), ('e', 'lead');
"""


def test_the_order_of_leads_is_given_once(tmp_path: Path) -> None:
    shop = build(tmp_path, LEADS)

    def stages() -> list[str]:
        return [row["stage"] for row in json_of("leads", shop)["stages"]]

    given = json_of("leads", shop, "--order", "deal,contact,lead")
    assert [row["stage"] for row in given["stages"]] == ["deal", "contact", "lead"] == stages()
    assert "stages are in the order that was saved; --order A,B,C changes it" in json_of("leads", shop)["notes"]
    assert json_of("leads", shop)["order_guessed"] is False
    assert run("config", shop, "--lead-order", "contact,lead,deal", "--write").exit_code == 0
    assert stages() == ["contact", "lead", "deal"]  # the file goes before
    assert run("config", shop, "--lead-order", "", "--write").exit_code == 0
    assert stages() == ["deal", "contact", "lead"]
    json_of("leads", shop, "--order", "")
    assert json_of("leads", shop)["order_guessed"] is True
    assert Workspace(workspace_path()).lead_order(OpenRequest(shop).shop_key).stages == ()


def test_a_saved_stage_that_is_gone_is_left_out(tmp_path: Path) -> None:
    shop = build(tmp_path, LEADS)
    json_of("leads", shop, "--order", "deal,contact,lead")
    shop.unlink()
    build(tmp_path, LEADS.replace("'contact'", "'talk'"))
    found = json_of("leads", shop)
    assert [row["stage"] for row in found["stages"]] == ["deal", "lead"]
    assert {"stage": "talk", "count": 1} in found["elsewhere"]


def test_criteria_are_set_in_the_mapping(tmp_path: Path) -> None:
    rows = ", ".join(f"('{n}', '2024-01-{n % 28 + 1:02}', 9, 'k{n % 2}')" for n in range(80))
    sql = f"CREATE TABLE orders (customer TEXT, day TEXT, amount REAL, kiosk TEXT); INSERT INTO orders VALUES {rows};"
    shop = build(tmp_path, sql)
    where = ("--where", "customer = 1")
    assert json_of("portrait", shop, *where)["criteria"]["geography"] == []
    done = run("config", shop, "--criterion", "kiosk=geo", "--write")
    assert done.exit_code == 0, done.stderr
    assert 'kiosk = "geography"' in run("config", shop).stdout
    found = json_of("portrait", shop, *where)
    assert found["criteria"]["geography"] == ["kiosk"]
    assert "geography" not in json.dumps(found["notes"])
    assert "kiosk" in json_of("plan", shop)["criteria"]["groups"]["geography"]
    assert "--criterion 'kiosk' needs" in run("config", shop, "--criterion", "kiosk").stderr
    assert "There is no group of criteria 'moods'." in run("config", shop, "--criterion", "kiosk=moods").stderr
