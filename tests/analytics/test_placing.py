"""RFM, ABC, XYZ and life-cycle stage by hand, at their boundaries (metrics.md §6–§8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ltvtui.analytics.abcxyz import abc, xyz
from ltvtui.analytics.aggregate import aggregate
from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.analytics.lifecycle.lifecycle import stage, warning_gap
from ltvtui.analytics.lifecycle.migration import moves
from ltvtui.analytics.rfm.names import Names, read_names, segment_names, usual_names, usual_table
from ltvtui.analytics.rfm.rfm import SCORE, Cuts, RfmRule, cuts_of, scores
from ltvtui.analytics.rules import Rules
from ltvtui.analytics.segments import profile
from ltvtui.analytics.summaries import aggregate_of
from ltvtui.errors import LtvError
from ltvtui.query.query import Filter, Query
from ltvtui.query.terms import parse_abc, parse_rfm, parse_xyz
from ltvtui.session.dataset import Dataset, build_dataset
from ltvtui.sources.values.whole_numbers import whole_numbers

DatasetOf = Callable[..., Dataset]

TABLE = """
    R5 NNRRR RRRRR PPPAA PPLCC PPPCC
    R4 NNRRR NNPRR PPPAL PPALC PPPCC
    R3 NSRRR SHPAA SHPAL PPALL PPPLL
    R2 HHSXX SHHKK SHHKK SKKKK SKKKK
    R1 ZZXXX ZHHKK ZHKKK ZKKXK ZKKXX
"""
"""By R row, then F1 to F5, groups of M1 to M5: as metrics.md §7 has it."""
LETTERS = {
    "C": "Champions",
    "L": "Loyal",
    "P": "Potential loyalist",
    "N": "New",
    "R": "Promising",
    "A": "Needs attention",
    "S": "About to sleep",
    "K": "At risk",
    "X": "Can't lose",
    "H": "Hibernating",
    "Z": "Lost",
}
AS_OF = 1_000


def shop(*rows: tuple[int, int, int]) -> pl.DataFrame:
    """Customers of whom are known: days since the last order, orders, revenue in currency units."""
    silent, orders, revenue = zip(*rows, strict=True)
    return pl.DataFrame(
        {"last": [AS_OF - days for days in silent], "orders": orders, "revenue": [r * 10_000 for r in revenue]},
        schema={"last": pl.Int32, "orders": pl.UInt32, "revenue": pl.Int64},
    )


# --- RFM -----------------------------------------------------------------------------------------------


def test_quintiles_lie_between_customers() -> None:
    # Six customers: 20 % is place 1, 40 % place 2, 60 % place 3, 80 % place 4, counted from 0.
    six = shop((0, 1, 0), (10, 2, 5), (20, 3, 10), (30, 4, 15), (40, 5, 20), (50, 6, 25))
    assert cuts_of(six, AS_OF, RfmRule()) == Cuts((10, 20, 30, 40), (2, 3, 4, 5), (5, 10, 15, 20))  # type: ignore[arg-type]
    # Three: places 0.4, 0.8, 1.2, 1.6.
    three = shop((0, 1, 0), (10, 2, 5), (30, 4, 15))
    fifths = (Fraction(4), Fraction(8), Fraction(14), Fraction(22))
    assert cuts_of(three, AS_OF, RfmRule()).recency == fifths


def test_a_value_on_a_threshold_stays_below_it() -> None:
    cuts = Cuts(*((Fraction(10), Fraction(20), Fraction(30), Fraction(81, 2)),) * 3)
    found = scores(shop((10, 10, 10), (11, 11, 11), (30, 30, 30), (40, 40, 40), (41, 41, 41)), AS_OF, cuts)
    assert found.cast(pl.String).to_list() == ["511", "422", "333", "244", "155"]


def test_equal_customers_have_equal_scores() -> None:
    alike = shop(*[(5, 1, 10)] * 9, (1, 9, 90))
    found = scores(alike, AS_OF, cuts_of(alike, AS_OF, RfmRule())).cast(pl.String).to_list()
    assert set(found[:9]) == {"511"}
    assert found[9] == "555"


def test_refunds_may_leave_less_than_nothing() -> None:
    cuts = Cuts((), (), tuple(map(Fraction, (-20, -10, 0, 10))))
    found = scores(shop((0, 1, -20), (0, 1, -19), (0, 1, 0), (0, 1, 1)), AS_OF, cuts).cast(pl.String).to_list()
    assert [score[2] for score in found] == ["1", "2", "3", "4"]


def test_every_cell_has_the_name_of_the_table() -> None:
    rows = {int(row[1]): row.split()[1:] for row in TABLE.strip().split("\n    ")}
    told = segment_names(SCORE.categories.cast(SCORE), usual_names()).cast(pl.String).to_list()
    assert len(told) == 125
    for score, name in zip(SCORE.categories, told, strict=True):
        recency, frequency, monetary = map(int, score)
        assert name == LETTERS[rows[recency][frequency - 1][monetary - 1]], score
    assert usual_names().names == tuple(LETTERS.values())
    assert set(told) == set(LETTERS.values())


def test_cuts_can_be_given_letter_by_letter() -> None:
    six = shop((0, 1, 0), (10, 2, 5), (20, 3, 10), (30, 4, 15), (40, 5, 20), (50, 6, 25))
    rule = parse_rfm("R:5/10/15/20.5, M:1/1/1/100")
    found = cuts_of(six, AS_OF, rule)
    assert found == Cuts((5, 10, 15, Fraction(41, 2)), (2, 3, 4, 5), (1, 1, 1, 100))  # type: ignore[arg-type]
    told = scores(six, AS_OF, found).cast(pl.String).to_list()
    # Silent 0 exceeds none of R's cuts, 10 the first, 20 three, 30 and more all; nobody is between 1 and 1.
    assert told == ["511", "414", "224", "134", "144", "154"]


def test_quantiles_can_be_others() -> None:
    # Of five customers the quarters lie on the second, third and fourth.
    five = shop((0, 1, 0), (10, 2, 10), (20, 3, 20), (30, 4, 30), (40, 5, 40))
    rule = parse_rfm("quantiles:25/50/75/90")
    assert cuts_of(five, AS_OF, rule).frequency == (2, 3, 4, Fraction(46, 10))


@pytest.mark.parametrize("text", ["", "quantiles:10/30/60/90", "R:30/60.5/90/180 M:-1/0/50/500", "F:1/1/2/3"])
def test_rules_are_read_as_they_are_written(text: str) -> None:
    assert parse_rfm(text).short() == text


@pytest.mark.parametrize("ids", [("9", "10", "11"), ("11", "9", "10")])
def test_abc_of_equal_customers_goes_by_their_ids(rows_of: Callable[..., pl.DataFrame], ids: tuple[str, ...]) -> None:
    """Each brings 10 of 30: A before 9, B before 18. 9 stands before all, 10 behind 10, 11 behind 20."""
    dataset = build_dataset(whole_numbers(rows_of([(id, 5, 10) for id in ids])), None, None, CleaningPolicy(), 100)
    snapshot = dataset.snapshot(Query(rules=Rules(abc=(0.3, 0.6))))
    told = zip(snapshot.described["id"], snapshot.by("ABC")["ABC"], strict=True)
    assert dict(told) == {"9": "A", "10": "B", "11": "C"}


def _as_abc(text: str) -> Rules:
    return Rules(abc=parse_abc(text))


def _as_xyz(text: str) -> Rules:
    return Rules(xyz=parse_xyz(text))


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        *((parse_rfm, text) for text in ("30/60/90/180", "R:1/2/3", "R:4/3/2/1", "Q:1/2/3/4", "F:a/b/c/d", "R:")),
        *((parse_rfm, text) for text in ("R:-1/2/3/4", "quantiles:0/20/40/60", "F:1/2/3/4 f:2/3/4/5", "M:1/2/3/nan")),
        *((_as_abc, text) for text in ("95/80", "80", "0/50", "80/100", "a/b", "nan/9")),
        *((_as_xyz, text) for text in ("1/0.5", "0/1", "on", "0.5", "1/inf", "nan/1")),
    ],
)
def test_cuts_that_part_nothing_say_how_to_write_them(parse: Callable[[str], object], text: str) -> None:
    with pytest.raises(LtvError) as refused:
        parse(text)
    assert refused.value.exit_code == 2
    assert "such as" in refused.value.mend or "Write" in refused.value.mend


def test_a_table_of_names_can_be_replaced() -> None:
    table = usual_table().replace('C = "Champions"', 'C = "Heroes"').replace("PPLCC PPPCC", "PPLCC PPPCZ")
    told = segment_names(pl.Series(["555", "554", "111"], dtype=SCORE), read_names(table)).cast(pl.String).to_list()
    assert told == ["Lost", "Heroes", "Lost"]


def test_a_table_of_names_says_what_to_do_or_nothing() -> None:
    usual = read_names(usual_table())
    assert dict(zip(usual.names, usual.actions, strict=True))["Can't lose"] == "Call; ask why they left"
    without = "".join(line for line in usual_table().splitlines(True) if "Offer a bundle" not in line)
    assert dict(zip(usual.names, read_names(without).actions, strict=True))["Loyal"] == ""
    begin, end = usual_table().index("[actions]"), usual_table().index("[cells]")
    assert read_names(usual_table()[:begin] + usual_table()[end:]).actions == ()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("[names]", "[names"), "not valid TOML"),
        (("[names]", "[other]"), "one letter"),
        (('C = "Champions"', 'C = "Lost"'), "one letter"),
        (('C = "Champions"', 'CC = "Champions"'), "one letter"),
        (('C = "Champions"', "C = 1"), "one letter"),
        (("NNRRR RRRRR", "NNRRR"), "R5"),
        (("ZZXXX", "ZZXXQ"), "R1"),
        (("ZZXXX", "ZZXXXX"), "R1"),
        (("R3 =", "R6 ="), "R3"),
        (('L = "Offer', 'Q = "Offer'), r"\[actions\]"),
        (('L = "Offer a bundle or a club"', "L = 3"), r"\[actions\]"),
    ],
)
def test_what_cannot_be_a_table_of_names_is_said(change: tuple[str, str], what: str) -> None:
    assert change[0] in usual_table()
    with pytest.raises(LtvError, match=what) as refused:
        read_names(usual_table().replace(*change))
    assert "ltvtui names" in refused.value.mend


def test_names_can_be_others() -> None:
    halves = Names(("best", "rest"), tuple(0 if score >= "5" else 1 for score in SCORE.categories))
    assert segment_names(pl.Series(["555", "511", "455"], dtype=SCORE), halves).cast(pl.String).to_list() == [
        *("best", "best", "rest")
    ]


# --- ABC and XYZ ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("revenue", "told"),
    [
        ([80, 15, 5], "ABC"),  # before the second stood 80 %, before the third 95 %
        ([79, 16, 5], "AAC"),
        ([40, 40, 10, 10], "AABB"),
        ([10] * 10, "AAAAAAAABB"),  # of equal customers the first stands before the next
        ([100, 0, -10], "ACC"),
        ([5, 80, 15], "CAB"),
        ([0, 0], "CC"),
        ([1, -100], "CC"),  # nobody makes a share of less than nothing
        ([-10] * 10, "C" * 10),
        ([100, -50, -40], "ACC"),  # before the last stood 50, which is more than all
        ([], ""),
    ],
)
def test_abc_goes_by_the_share_before_the_customer(revenue: list[int], told: str) -> None:
    money = pl.Series("revenue", [r * 10_000 for r in revenue], dtype=pl.Int64)
    assert "".join(abc(money).cast(pl.String)) == told


@pytest.mark.parametrize(
    ("gaps", "told"),
    [
        ([10, 10, 10], "X"),
        ([10, 20, 30], "X"),  # deviation 10, mean 20: exactly 0.5
        ([10, 20, 31], "Y"),
        ([1, 1, 1, 5], "Y"),  # deviation 2, mean 2: exactly 1
        ([1, 1, 1, 6], "Z"),
        ([10, 10], "–"),
        ([], "–"),
    ],
)
def test_xyz_goes_by_how_evenly_customers_come(gaps: list[int], told: str) -> None:
    days, span, squares = len(gaps) + 1, sum(gaps), sum(gap * gap for gap in gaps)
    assert xyz(*(pl.Series([value]) for value in (days, span, squares))).to_list() == [told]


def test_gaps_after_the_day_are_not_known_yet(dataset_of: DatasetOf) -> None:
    start = date(2024, 1, 1)
    days = [0, 10, 20, 30, 90]  # gaps of 10, 10, 10, and of 60: mean 22.5, deviation 25
    rows = [("ann", (start + timedelta(day)).isoformat(), 10) for day in days]
    refund = ("ann", (start + timedelta(25)).isoformat(), -1)  # no order day, so no end of a gap
    dataset = dataset_of([*rows, refund, ("bob", start.isoformat(), 5)])
    first = dataset.first_day
    for day, told in ((20, "–"), (89, "X"), (90, "Z")):
        known = dataset.snapshot(Query(as_of=first + day)).by("XYZ")
        assert dict(known.select("customer", "XYZ").rows()) == {0: told, 1: "–"}


# --- life cycle ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("orders", "silent", "told"),
    [
        (1, 59, "new"),
        (1, 60, "one-time"),
        (2, 30, "regular"),
        (2, 31, "fading"),
        (9, 59, "fading"),
        (9, 60, "lost"),
    ],
)
def test_stages_at_their_boundaries(orders: int, silent: int, told: str) -> None:
    found = stage(pl.Series([orders]), pl.Series([silent]), churn_gap=60, warning=Fraction(61, 2))
    assert found.to_list() == [told]


@pytest.mark.parametrize(("silent", "told"), [(59, "regular"), (60, "lost")])
def test_where_both_borders_are_one_day_nobody_fades(silent: int, told: str) -> None:
    found = stage(pl.Series([2]), pl.Series([silent]), churn_gap=60, warning=Fraction(60))
    assert found.to_list() == [told]


def test_silent_for_exactly_the_churn_gap_is_lapsed_on_every_board(dataset_of: Callable[..., Dataset]) -> None:
    """ann and bob bought last on day 60 and are looked at on day 100: 40 silent days, as many as the churn gap.
    cleo's last order lies 39 days back. Both boards draw their line between them."""
    sales = [("ann", 60, 5), ("bob", 0, 5), ("bob", 60, 5), ("cleo", 0, 5), ("cleo", 61, 5)]
    dataset = dataset_of([*sales, ("dora", 100, 5)])
    snapshot = dataset.snapshot(Query(as_of=100, churn_gap=40))
    stages = dict(snapshot.by("stage").select("customer", "stage").rows())
    assert stages == {0: "one-time", 1: "lost", 2: "regular", 3: "new"}
    lapsed = moves(snapshot, "tier", 0).frame.filter(pl.col("after").cast(pl.String) == "lapsed")
    assert lapsed["customers"].sum() == 2


@pytest.mark.parametrize(
    ("gaps", "warning"),
    [
        ([20, 30, 40, 50, 60], 50),  # place 3 of 0 to 4
        ([20, 30, 40, 50], Fraction(85, 2)),  # place 2.25: 40 and a quarter of the way to 50
        ([1, 2, 3], 15),
        ([200, 300], 60),
        ([], 60),
    ],
)
def test_the_warning_gap_is_within_15_days_and_the_churn_gap(gaps: list[int], warning: Fraction) -> None:
    counted = pl.DataFrame({"gap": gaps, "len": [1] * len(gaps)}, schema={"gap": pl.Int32, "len": pl.UInt32})
    assert warning_gap(counted, 60) == warning


# --- in a shop -----------------------------------------------------------------------------------------


def test_a_part_is_cut_as_the_whole_is(dataset_of: DatasetOf) -> None:
    """Of three customers the middle one stays B, though alone they would be A."""
    dataset = dataset_of([("ann", "2024-01-01", 80), ("bob", "2024-01-02", 15), ("cat", "2024-01-03", 5)])
    part = dataset.snapshot(Query() & Filter("ABC", "B"))
    assert part.by("ABC", "stage").select("customer", "ABC", "stage").rows() == [(1, "B", "new")]
    assert dataset.snapshot(Query() & Filter("ABC", None)).customers.is_empty()
    assert dataset.snapshot(Query() & Filter("RFM", "no such name")).customers.is_empty()


def test_rules_cut_and_other_rules_cut_otherwise(dataset_of: DatasetOf) -> None:
    """Nothing that was counted under one rule is taken for what another gives."""
    sales = [("ann", "2024-01-01", 70), ("bob", "2024-01-02", 20), ("cat", "2024-01-03", 10)]
    dataset = dataset_of([*sales, *(("ann", f"2024-01-{day:02}", 0) for day in (2, 3, 4))])
    usual, other = Query(), Query(rules=Rules(parse_rfm("F:1/2/3/4 M:5/10/20/30"), (0.6, 0.65), None))

    def counts(query: Query, by: str) -> dict[str, int]:
        return dict(dataset.ask(profile, query, (by,)).select(by, "customers").rows())

    for _ in range(2):  # remembered or not
        # Before the first stood nothing, before the second 70 %, before the third 90 %.
        assert counts(usual, "ABC") == {"A": 2, "B": 1}
        assert counts(other, "ABC") == {"A": 1, "C": 2}
        assert counts(usual, "XYZ") == {"X": 1, "–": 2}
        assert counts(other, "XYZ") == {"–": 3}
        # Orders 4, 1, 1: none is above 4. Revenue 70, 20, 10 exceeds four, two and one of the cuts.
        assert counts(other, "F score") == {"4": 1, "1": 2}
        assert counts(other, "M score") == {"5": 1, "3": 1, "2": 1}
    score, *single = ("RFM score", "R score", "F score", "M score")
    for row in dataset.snapshot(other).by(score, *single).select(score, *single).rows():
        assert row[0] == "".join(row[1:])


@pytest.mark.parametrize("names", [("RFM",), ("R score", "F score"), ("M score",)])
def test_what_scores_tell_is_counted_as_customers_are(dataset_of: DatasetOf, names: tuple[str, ...]) -> None:
    sales = [(who, f"2024-{1 + n % 9:02}-{1 + n % 28:02}", 5 + 7 * n % 90) for n, who in enumerate("abcdefgh" * 9)]
    dataset = dataset_of([*sales, *((who, "2024-01-01", 3) for who in "xyz")])
    snapshot = dataset.snapshot(Query() & Filter("tier", "economy"))
    found, one_by_one = aggregate_of(snapshot, *names), aggregate(snapshot.by(*names), snapshot.ages, names, 12)
    assert found.sums == one_by_one.sums == ("orders", "revenue")
    for by_scores, by_customers in ((found.bought, one_by_one.bought), (found.ended, one_by_one.ended)):
        assert_frame_equal(by_scores, by_customers, check_row_order=False, check_column_order=False)


def test_a_shop_attribute_of_that_name_is_called_otherwise(dataset_of: DatasetOf) -> None:
    dataset = dataset_of([("ann", "2024-01-01", 80)])
    lowered = [name.casefold() for name in dataset.dimensions]
    assert len(set(lowered)) == len(lowered)
    assert dataset.dimension("rfm") == "RFM"
