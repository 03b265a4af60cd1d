"""The ladder of leads, worked out by hand."""

from __future__ import annotations

import polars as pl
import pytest

from ltvtui.analytics.lifecycle.lead_ladder import PEOPLE, ladder_of
from ltvtui.analytics.lifecycle.lead_stages import is_rejected, order_of

AS_OF = 100


def people(rows: list[tuple[str, str | None, int | None, int | None, int | None]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=PEOPLE, orient="row")


TABLE = people(
    [
        # id, stage, entry, since, first order
        ("a", "new", 90, 90, None),
        ("b", "new", 80, 84, None),
        ("c", "new", 70, 94, None),
        ("d", "contacted", 60, 70, None),
        ("e", "contacted", 50, None, None),
        ("f", "qualified", 40, 95, None),
        ("g", "lost", 30, 50, None),
        ("h", "customer", 10, 20, 20),
        ("i", "qualified", 10, 12, 40),  # the table has not heard that they ordered
        ("j", None, 5, None, None),
        ("k", None, 5, None, 6),
        ("l", "customer", 60, 60, 50),  # ordered before they stood in the table
    ]
)
"""Three are new, two contacted, one qualified, one lost; three of those with a stage have ordered."""


def test_by_hand() -> None:
    """Qualified: f and the three who ordered have come so far, and 3 of 4 went on. Contacted: d and e more, 4 of 6.
    New: three more, and g, who is back: 6 of 10."""
    order = order_of(["new", "contacted", "qualified", "lost"])
    found = ladder_of(TABLE, order, AS_OF)
    assert (order.stages, order.rejected) == (("new", "contacted", "qualified"), ("lost",))
    assert found.rows.rows() == [
        ("new", 3, 10, 6, 0.6, 10.0),  # 10, 16 and 6 days
        ("contacted", 2, 6, 4, pytest.approx(2 / 3), 30.0),
        ("qualified", 1, 4, 3, 0.75, 5.0),
    ]
    assert found.rejected.rows() == [("lost", 1, 50.0)]
    assert (found.people, found.ordered, found.since) == (10, 3, "stage")
    assert found.days_to_order == 20.0  # h after 10, i after 30; l had ordered before
    assert (found.without_stage, found.bought_without_stage, found.elsewhere) == (1, 1, ())


def test_days_since_people_became_known_where_no_stage_has_a_day() -> None:
    found = ladder_of(TABLE.with_columns(since=pl.lit(None, pl.Int32)), order_of(["new"]), AS_OF)
    assert (found.since, found.rows["median_days"].to_list()) == ("entry", [20.0])
    none = TABLE.with_columns(since=pl.lit(None, pl.Int32), entry=pl.lit(None, pl.Int32))
    found = ladder_of(none, order_of(["new"]), AS_OF)
    assert (found.since, found.days_to_order, found.rows["median_days"].to_list()) == (None, None, [None])


def test_the_order_of_the_analyst_counts() -> None:
    found = ladder_of(TABLE, order_of(["new", "lost"], ["qualified", "new"], ["contacted"]), AS_OF)
    # Those contacted are back: the first stage has them, 1 + 3 + 3 who ordered + 2.
    assert found.rows.select("stage", "count", "entered", "went_on").rows() == [
        ("qualified", 1, 9, 6),
        ("new", 3, 6, 3),
    ]
    assert found.elsewhere == (("lost", 1),)


def test_nobody() -> None:
    found = ladder_of(people([]), order_of([], ["new"]), AS_OF)
    assert found.rows.rows() == [("new", 0, 0, 0, None, None)]
    assert (found.people, found.since) == (0, None)


@pytest.mark.parametrize(
    ("names", "stages", "rejected"),
    [
        (["Won", "MQL", "Lead", "SQL", "Subscriber"], ("Subscriber", "Lead", "MQL", "SQL", "Won"), ()),
        (["2 - talk", "10 - offer", "1 - new"], ("1 - new", "2 - talk", "10 - offer"), ()),
        (["proposal_sent", "closed_lost", "new"], ("new", "proposal_sent"), ("closed_lost",)),
        (["blue", "red", "new"], ("new", "blue", "red"), ()),  # no meaning: as they came, behind
        (["qualified", "not interested", "Marketing Qualified Lead", "new"],
         ("new", "Marketing Qualified Lead", "qualified"), ("not interested",)),
    ],
)  # fmt: skip
def test_names_of_stages_tell_their_order(
    names: list[str], stages: tuple[str, ...], rejected: tuple[str, ...]
) -> None:
    order = order_of(names)
    assert (order.stages, order.rejected, order.guessed) == (stages, rejected, True)


def test_who_is_sent_back() -> None:
    assert is_rejected("Closed – lost")
    assert is_rejected("Unqualified")
    assert not is_rejected("Qualified")
    assert not is_rejected("new")
