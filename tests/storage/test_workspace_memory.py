"""Views, notes and recorded tiers in the workspace: whole, shared by sessions, and read by the versions to come."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from ltvtui.analytics.budget.manual_spend import ManualSpend
from ltvtui.analytics.tiers.changes import STATE, tier_changes
from ltvtui.analytics.tiers.tiers import TIERS, TierRule
from ltvtui.errors import LtvError
from ltvtui.query.query import Query
from ltvtui.storage.workspace import Workspace, database
from ltvtui.storage.workspace.changes import changes_of_tables
from ltvtui.user_state.notes import NO_NOTE, Note, Subject
from ltvtui.user_state.state import NoteChange, SavedView, UserState, ViewChange
from ltvtui.user_state.tier_history import Recording, TierChange, tier_rule_key

ANN = Subject(customer="ann").key
RULE = "quantile:20/30"
NASTY = "'; DROP TABLE note; --\x1b[2J [red]\n\n=1+1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "workspace.sqlite"


def saved(name: str, told: str = "{}") -> ViewChange:
    return ViewChange(name, SavedView(name, told, "2026-01-01T00:00:00+00:00"))


def noted(after: Note, before: Note = NO_NOTE, key: str = ANN) -> NoteChange:
    return NoteChange(key, before, after)


def state(tiers: Mapping[str, str]) -> pl.DataFrame:
    return pl.DataFrame({"id": list(tiers), "tier": list(tiers.values())}, schema=STATE).sort("id")


# -- views and notes -----------------------------------------------------------------------------------


def test_views_and_notes_are_read_again_and_taken_away(path: Path) -> None:
    workspace = Workspace(path)
    for change in (saved("b"), saved("A", NASTY), noted(Note(NASTY, NASTY, NASTY, "2026"))):
        workspace.change("shop", change)
    workspace.change("another", saved("c"))
    found = Workspace(path).user_state("shop", RULE)
    assert [(view.name, view.location_json) for view in found.views] == [("A", NASTY), ("b", "{}")]
    assert found.notes.of_customer("ann") == Note(NASTY, NASTY, NASTY)
    assert [shop for shop, _ in workspace.views()] == ["another", "shop", "shop"]
    workspace.change("shop", ViewChange("A", None))
    workspace.change("shop", noted(NO_NOTE, found.notes.of_customer("ann")))
    left = workspace.user_state("shop", RULE)
    assert [view.name for view in left.views] == ["b"]
    assert left.notes.notes == {}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_is_made_by_looking(path: Path) -> None:
    workspace = Workspace(path)
    assert workspace.user_state("shop", RULE) == UserState()
    assert (workspace.views(), workspace.notes(), workspace.tier_history("shop", RULE, "ann")) == ([], [], [])
    assert not path.parent.exists()


def test_what_is_on_screen_is_what_will_be_read(path: Path) -> None:
    """Changes made in memory come to the same as changes written and read."""
    changes = [
        saved("b"),
        saved("a"),
        noted(Note("x")),
        saved("b", "[]"),
        ViewChange("a", None),
        noted(Note("y"), Note("x")),
    ]
    for change in changes:
        Workspace(path).change("shop", change)
    assert Workspace(path).user_state("shop", RULE) == UserState().after(changes)


def test_two_who_note_at_once_both_keep_their_words(path: Path) -> None:
    known = Note("Fred", "likes tea")
    Workspace(path).change("shop", noted(known))
    Workspace(path).change("shop", noted(Note("Frugal Fred", "likes tea, asks for prices", "call"), known))
    Workspace(path).change("shop", noted(Note("Fred", "likes tea and milk", "write"), known))
    found = Workspace(path).user_state("shop", RULE).notes.of_customer("ann")
    assert found == Note("Fred / Frugal Fred", "likes tea and milk\n\nlikes tea, asks for prices", "write\ncall")


def test_who_takes_a_note_away_takes_no_others_words(path: Path) -> None:
    known = Note("Fred")
    Workspace(path).change("shop", noted(known))
    Workspace(path).change("shop", noted(Note("Fred", "new words"), known))
    Workspace(path).change("shop", noted(NO_NOTE, known))
    assert Workspace(path).user_state("shop", RULE).notes.of_customer("ann") == Note("Fred", "new words")


def test_sessions_that_begin_at_once_wait_for_each_other(path: Path) -> None:
    def keep(number: int) -> None:
        Workspace(path).change("shop", saved(f"view {number:02}"))
        Workspace(path).change("shop", noted(Note(str(number)), key=Subject(customer=f"{number:02}").key))

    with ThreadPoolExecutor(8) as sessions:
        list(sessions.map(keep, range(24)))
    found = Workspace(path).user_state("shop", RULE)
    assert [view.name for view in found.views] == [f"view {number:02}" for number in range(24)]
    assert [found.notes.of_customer(f"{number:02}").name for number in range(24)] == [str(n) for n in range(24)]


def test_a_locked_one_is_said_and_nothing_is_half_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAIT", 0.05)
    Workspace(path).change("shop", saved("a"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for change in (saved("b"), noted(Note("x"))):
            with pytest.raises(LtvError, match="locked"):
                Workspace(path).change("shop", change)
        with pytest.raises(LtvError, match="locked"):
            Workspace(path).record_tiers("shop", RULE, state({"ann": "VIP"}), 20_000, "")
        other.execute("ROLLBACK")
    found = Workspace(path).user_state("shop", RULE)
    assert [view.name for view in found.views] == ["a"]
    assert (found.notes.notes, found.recordings) == ({}, ())


def test_a_file_of_the_first_version_is_brought_up_to_date(path: Path) -> None:
    """As the version that knew of spend alone has made it."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        changes_of_tables().apply(Database(connection), stop_before="views_and_notes")
        connection.execute("INSERT INTO spend VALUES ('shop', '2024-01-01', 'ads', 5)")
        connection.commit()
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {"spend", "alias"} <= tables
    assert not {"saved_view", "note", "tier_change"} & tables
    workspace = Workspace(path)
    assert workspace.user_state("shop", RULE) == UserState()
    workspace.change("shop", saved("a"))
    workspace.record_tiers("shop", RULE, state({"ann": "VIP"}), 20_000, "")
    assert [view.name for view in workspace.user_state("shop", RULE).views] == ["a"]
    assert workspace.typed("shop").same_as(ManualSpend().booking("ads", [19_723], 5))


def test_sessions_that_bring_it_up_to_date_at_once(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        changes_of_tables().apply(Database(connection), stop_before="views_and_notes")
        connection.commit()
    with ThreadPoolExecutor(8) as sessions:
        list(sessions.map(lambda n: Workspace(path).change("shop", saved(f"{n:02}")), range(8)))
    assert len(Workspace(path).views("shop")) == 8


# -- tiers ---------------------------------------------------------------------------------------------


def test_only_what_changed_is_recorded(path: Path) -> None:
    """ann rises, bob stays, cat is new, dan is gone from the data."""
    workspace = Workspace(path)
    first = state({"ann": "economy", "bob": "VIP", "dan": "middle"})
    assert workspace.record_tiers("shop", RULE, first, 20_000, "one") == Recording(20_000, "one", 3, None)
    assert workspace.record_tiers("shop", RULE, first, 20_001, "two") is None
    second = state({"ann": "middle", "bob": "VIP", "cat": "economy"})
    assert workspace.record_tiers("shop", RULE, second, 20_030, "three") == Recording(20_030, "three", 3, 3)
    third = state({"ann": "VIP", "bob": "VIP", "cat": "economy"})
    workspace.record_tiers("shop", RULE, third, 20_060, "four")
    history = {who: workspace.tier_history("shop", RULE, who) for who in ("ann", "bob", "cat", "dan")}
    assert history == {
        "ann": [TierChange(20_060, "four", "middle", "VIP"), TierChange(20_030, "three", "economy", "middle")],
        "bob": [],
        "cat": [TierChange(20_030, "three", None, "economy")],
        "dan": [TierChange(20_030, "three", "middle", None)],
    }
    assert [r.changed for r in workspace.user_state("shop", RULE).recordings] == [1, 3, None]


def test_rules_and_shops_have_histories_of_their_own(path: Path) -> None:
    workspace = Workspace(path)
    for shop, rule, tier in (("shop", RULE, "VIP"), ("shop", "share:50/80", "middle"), ("other", RULE, "economy")):
        told = workspace.record_tiers(shop, rule, state({"ann": tier}), 20_000, "")
        assert told is not None
        assert told.changed is None
    assert workspace.tier_history("shop", RULE, "ann") == []


def test_rules_that_were_tried_long_ago_begin_anew(path: Path) -> None:
    """Of each shop the last states of four rules are kept: what was recorded under others stays readable."""
    workspace = Workspace(path)
    rules = [f"quantile:{n}/30" for n in range(1, 6)]
    workspace.record_tiers("shop", rules[0], state({"ann": "VIP"}), 20_000, "")
    workspace.record_tiers("shop", rules[0], state({"ann": "middle"}), 20_001, "")
    for rule in rules[1:]:
        workspace.record_tiers("shop", rule, state({"ann": "VIP"}), 20_002, "")
    again = workspace.record_tiers("shop", rules[0], state({"ann": "VIP"}), 20_003, "")
    assert again is not None
    assert again.changed is None
    assert len(workspace.tier_history("shop", rules[0], "ann")) == 1
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM tier_state").fetchone() == (4,)


def test_sessions_that_record_at_once_record_a_change_once(path: Path) -> None:
    Workspace(path).record_tiers("shop", RULE, state({"ann": "VIP"}), 20_000, "")
    with ThreadPoolExecutor(8) as sessions:
        list(
            sessions.map(
                lambda _: Workspace(path).record_tiers("shop", RULE, state({"ann": "middle"}), 20_001, ""), range(8)
            )
        )
    assert Workspace(path).tier_history("shop", RULE, "ann") == [TierChange(20_001, "", "VIP", "middle")]


states = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(TIERS))


@given(states, states)
def test_changes_lead_from_one_state_to_the_other(before: dict[str, str], after: dict[str, str]) -> None:
    changes = tier_changes(state(before), state(after)).rows()
    assert all(was != now for _, was, now in changes)
    reached = dict(before)
    for who, was, now in changes:
        assert reached.pop(who, None) == was
        reached |= {} if now is None else {who: now}
    assert reached == after


def test_many_customers_take_little_room(path: Path) -> None:
    """A hundred thousand whose ids go on: four bytes each at most."""
    many = pl.DataFrame({"n": range(100_000)}).select(
        id="C" + pl.col("n").cast(pl.String).str.zfill(7), tier=pl.col("n").mod(3).cast(pl.UInt8)
    )
    tiers = many.with_columns(pl.col("tier").replace_strict(dict(enumerate(TIERS)), return_dtype=STATE["tier"]))
    Workspace(path).record_tiers("shop", RULE, tiers, 20_000, "")
    assert path.stat().st_size < 400_000


@pytest.mark.parametrize(
    ("query", "mapped", "told"),
    [
        (Query(), False, "quantile:20/30"),
        (Query(margin=0.4), False, "quantile:20/30"),  # the order of customers is that of their revenue
        (Query(margin=0.4), True, "quantile:20/30 of revenue"),  # and not that of the mapped margin
        (Query(tier_rule=TierRule("threshold", 500, 100)), True, "threshold:500/100"),
        (Query(tier_rule=TierRule("threshold", 500, 100), margin=0.4), False, "threshold:500/100 at margin 0.4"),
        (Query(horizon=3, churn_gap=9, discount=0.1), True, "quantile:20/30"),  # none of which makes a tier
    ],
)
def test_what_tiers_depend_on(query: Query, mapped: bool, told: str) -> None:
    assert tier_rule_key(query, mapped) == told
