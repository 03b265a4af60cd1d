"""Tiers and Pareto readings, worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import polars as pl
import pytest

from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.segments import profile
from ltvtui.analytics.tiers.pareto import lorenz_curve, pareto_curve, top_share
from ltvtui.analytics.tiers.tiers import TierRule, assign, parse_rule, thresholds, ties
from ltvtui.errors import LtvError
from ltvtui.present.terms import ties_words
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]


def money(*values: float) -> pl.Series:
    return pl.Series("value", [round(v * MONEY_SCALE) for v in values], dtype=pl.Int64)


def ranked(*values: float) -> pl.Series:
    return money(*values).sort(descending=True)


def tiers(values: Sequence[float], rule: str, margin: float = 1.0) -> str:
    """The tiers of `values` in their order, by first letter."""
    held = money(*values)
    cuts = thresholds(held.sort(descending=True), parse_rule(rule), margin)
    return "".join(t[0] for t in held.to_frame().with_columns(assign(pl.col("value"), cuts))["tier"])


TEN = (100, 90, 80, 70, 60, 50, 40, 30, 20, 10)


@pytest.mark.parametrize(
    ("values", "rule", "told"),
    [
        (TEN, "quantile:20/30", "VVmmmeeeee"),
        (TEN[::-1], "quantile:20/30", "eeeeemmmVV"),
        (TEN[:7], "quantile:20/30", "VVmmeee"),  # ranks ⌈1.4⌉ = 2 and ⌈3.5⌉ = 4
        ((100, 90, 90, 90, 50, 40, 30, 20, 10, 5), "quantile:20/30", "VVVVmeeeee"),  # ties at rank 2 are all in
        ((100, 90, 80, 70, 60, 60, 60, 30, 20, 10), "quantile:20/30", "VVmmmmmeee"),  # ties at rank 5
        ((7, 7, 7), "quantile:20/30", "VVV"),
        (TEN, "quantile:10/0", "Veeeeeeeee"),
        (TEN, "quantile:100/0", "VVVVVVVVVV"),
        (TEN, "quantile:40/60", "VVVVmmmmmm"),
        (TEN, "quantile:10/20", "Vmmeeeeeee"),  # 0.1 + 0.2 > 0.3 in floats, and 0.30000000000000004 · 10 > 3
        ((5,), "quantile:20/30", "V"),
        ((10, 0, 0, 0, -5), "quantile:20/30", "Veeee"),  # rank 3 is worth nothing: nobody is middle
        ((0, -1, -2), "quantile:20/30", "eee"),
        ((3, -1, -2), "quantile:100/0", "Vee"),  # everyone by rank, but not those worth nothing
        # share: the running total before each is 0, 40, 70, 90 of 100
        ((40, 30, 20, 10), "share:50/80", "VVme"),
        ((10, 20, 30, 40), "share:50/80", "emVV"),
        ((1, -10, -11, -12, -13), "share:25/50", "eeeee"),  # of -45 nothing is made; before the third stood -9
        ((50, 30, 20), "share:50/80", "Vme"),  # before: 0, 50, 80; 50 is not before 50
        ((40, 30, 30), "share:50/80", "VVV"),  # the two equals stand where the first of them does
        ((60, 20, 20), "share:50/80", "Vmm"),
        ((60, 40), "share:50/50", "Ve"),
        ((60, 40), "share:100/100", "VV"),
        ((60, 50, -10), "share:50/80", "Vme"),  # total 100: before 0, 60, 110
        ((5, -10), "share:50/80", "ee"),  # no revenue to share
        ((500, 499.9999, 100, 99.9999, 0, -500), "threshold:500/100", "Vmmeee"),
        ((500, 100), "threshold:500/500", "Ve"),
        ((0.07, 0.0699), "threshold:0.07/0.07", "Ve"),  # 0.07 · 10 000 > 700 in floats
        ((4.35, 4.3499), "threshold:4.35/4.35", "Ve"),  # 4.35 · 10 000 < 43 500 in floats
    ],
)
def test_tiers_by_hand(values: tuple[float, ...], rule: str, told: str) -> None:
    assert tiers(values, rule) == told


def test_rank_is_not_pushed_by_a_float() -> None:
    """0.07 · 100 is 7.000000000000001 in floats: the rank is 7 all the same."""
    assert tiers(range(100, 0, -1), "quantile:7/50") == "V" * 7 + "m" * 50 + "e" * 43


def test_share_is_not_pushed_by_a_float() -> None:
    """Total 1.00, the first made 0.07 of it: the others begin at 7 %, not before."""
    assert tiers((0.07, *[0.062] * 15), "share:7/100") == "V" + "m" * 15


def test_thresholds_are_the_values_at_the_ranks() -> None:
    cuts = thresholds(money(*TEN).sort(descending=True), TierRule())
    assert (cuts.vip, cuts.middle) == (90 * MONEY_SCALE, 60 * MONEY_SCALE)


@pytest.mark.parametrize(
    ("values", "rule", "vip"),
    [
        (TEN, "quantile:20/0", 90),  # rank 2 is 90, and no further rank is asked for
        ((100, 90, 90, 90, 90, 40), "quantile:20/30", 90),  # ranks ⌈1.2⌉ = 2 and 3 are both worth 90
        ((10, 0, 0, 0, -5), "quantile:20/30", 10),  # rank 3 is worth nothing
        ((60, 40), "share:50/50", 60),  # before 40 stand 60 % of all: neither VIP nor middle
        ((40, 30, 30), "share:50/80", 30),  # equals begin at 40 %, which is within both
        ((500, 100), "threshold:500/500", 500),
    ],
)
def test_an_empty_middle_has_no_threshold(values: tuple[float, ...], rule: str, vip: float) -> None:
    cuts = thresholds(ranked(*values), parse_rule(rule))
    assert (cuts.vip, cuts.middle) == (vip * MONEY_SCALE, None)
    assert "m" not in tiers(values, rule)


def test_amounts_stay_where_nobody_happens_to_be_between_them() -> None:
    """Whoever will be worth 100 is middle, though nobody is today."""
    cuts = thresholds(ranked(500, 20), parse_rule("threshold:500/100"))
    assert (cuts.vip, cuts.middle) == (500 * MONEY_SCALE, 100 * MONEY_SCALE)


@pytest.mark.parametrize("rule", ["quantile:20/30", "share:50/80"])
def test_nobody_has_no_thresholds(rule: str) -> None:
    cuts = thresholds(money(), parse_rule(rule))
    assert (cuts.vip, cuts.middle) == (None, None)


@pytest.mark.parametrize(
    ("values", "rule", "told"),
    [
        (TEN, "quantile:20/30", {}),
        (TEN[:7], "quantile:20/30", {}),  # 2 of 7 are 28.6 %, since ⌈1.4⌉ is 2: no tie
        # Ranks 2 and 5. Two more are worth 90: VIP has 4, and of the next three one is left.
        ((100, 90, 90, 90, 50, 40, 30, 20, 10, 5), "quantile:20/30", {"VIP": (0.4, 0.2), "middle": (0.1, 0.3)}),
        # Two more are worth 60, as the fifth is.
        ((100, 90, 80, 70, 60, 60, 60, 30, 20, 10), "quantile:20/30", {"middle": (0.5, 0.3)}),
        # One more at either border: VIP has 3, and middle 3 as was asked for.
        ((100, 90, 90, 80, 70, 70, 60, 30, 20, 10), "quantile:20/30", {"VIP": (0.3, 0.2)}),
        # All are VIP, and nobody is left.
        ((7, 7, 7, 7, 7, 7, 7, 7, 7, 7), "quantile:20/30", {"VIP": (1.0, 0.2), "middle": (0.0, 0.3)}),
        # Nobody else is worth anything: not for a tie.
        ((10, 0, 0, 0, 0, 0, 0, 0, 0, 0), "quantile:20/30", {}),
        # Three are worth as much as the second, so that VIP has one too many; what middle lacks is value.
        ((10, 10, 10, 0, 0, 0, 0, 0, 0, 0), "quantile:20/30", {"VIP": (0.3, 0.2)}),
        ((100, 90, 90, 90, 50, 40, 30, 20, 10, 5), "quantile:20/0", {"VIP": (0.4, 0.2)}),
        ((100, 90, 90, 90, 50, 40, 30, 20, 10, 5), "share:20/50", {}),
        ((100, 90, 90, 90, 50, 40, 30, 20, 10, 5), "threshold:90/50", {}),
        ((), "quantile:20/30", {}),
        ((-1, -1), "quantile:20/30", {}),
    ],
)
def test_ties_by_hand(values: tuple[float, ...], rule: str, told: dict[str, tuple[float, float]]) -> None:
    found = {tied.tier: (tied.share, tied.asked) for tied in ties(ranked(*values), parse_rule(rule))}
    assert found == {tier: pytest.approx(shares) for tier, shares in told.items()}


def test_ties_in_words(dataset_of: DatasetOf) -> None:
    """VIP has 4 of 10, middle 1. Of those in one land the shares are others."""
    values = (100, 90, 90, 90, 50, 40, 30, 20, 10, 5)
    dataset = dataset_of([(name, 0, value, {"land": "DK"}) for name, value in zip("abcdefghij", values, strict=True)])
    assert ties_words(dataset.snapshot(Query())) == (
        "VIP 40.0 % instead of 20 %: ties",
        "middle 10.0 % instead of 30 %: ties",
    )
    assert ties_words(dataset.snapshot(Query() & Filter("land", "DK"))) == ()
    rare = dataset.snapshot(Query(tier_rule=parse_rule("quantile:12.5/50")))  # ranks ⌈1.25⌉ = 2 and ⌈6.25⌉ = 7
    assert ties_words(rare) == ("VIP 40.0 % instead of 12.5 %: ties", "middle 30.0 % instead of 50 %: ties")


def test_threshold_amounts_are_meant_on_margin() -> None:
    """With a margin of 0.3 somebody who paid 100 is worth 30."""
    assert tiers((100, 99.99, 50, 49.99), "threshold:30/15", margin=0.3) == "Vmme"


@pytest.mark.parametrize("rule", ["quantile:20/30", "share:50/80"])
def test_margin_does_not_move_shares(rule: str) -> None:
    assert tiers(TEN, rule, margin=0.3) == tiers(TEN, rule)


def test_tiers_of_a_shop(dataset_of: DatasetOf) -> None:
    """Values 30, 20, 20, 10, −5: rank 1 is 30, rank 3 is 20. Total 75."""
    dataset = dataset_of(
        [
            *(("a", 0, 30), ("b", 0, 20), ("c", 0, 25), ("c", 9, -5)),
            *(("d", 9, 10), ("e", 0, 5), ("e", 1, -10)),
        ]
    )
    assert dataset.snapshot(Query()).customers["tier"].to_list() == ["VIP", "middle", "middle", "economy", "economy"]
    rows = dataset.ask(profile, Query(), ("tier",))
    assert rows["revenue"].to_list() == [30, 40, 5]
    assert rows["revenue_share"].to_list() == [pytest.approx(v / 75) for v in (30, 40, 5)]
    assert rows["customer_share"].to_list() == [pytest.approx(v) for v in (0.2, 0.4, 0.4)]


def test_tiers_are_cut_by_mapped_margin(dataset_of: DatasetOf) -> None:
    """anna pays most, bert leaves most."""
    dataset = dataset_of([("anna", 0, 100, {"margin": 1}), ("bert", 0, 20, {"margin": 15})])
    assert dataset.snapshot(Query(tier_rule=parse_rule("quantile:50/50"))).customers["tier"].to_list() == [
        "middle",
        "VIP",
    ]
    agreed = Query(tier_rule=parse_rule("quantile:50/50"), margin=0.5)
    assert dataset.snapshot(agreed).customers["tier"].to_list() == ["VIP", "middle"]


@pytest.mark.parametrize(
    ("kind", "vip", "middle"),
    [
        *(("quantile", v, m) for v, m in ((0, 0.3), (-0.1, 0.3), (0.2, -0.1), (0.8, 0.3), (math.nan, 0.3))),
        *(("quantile", v, m) for v, m in ((0.2, math.nan), (math.inf, 0.1), (0.2, math.inf))),
        *(("share", v, m) for v, m in ((0, 0.5), (0.8, 0.5), (0.5, 1.2), (math.nan, 0.8), (0.5, math.nan))),
        *(("threshold", v, m) for v, m in ((100, 500), (0, 0), (100, 0), (100, -1), (math.inf, 1), (math.nan, 1))),
    ],
)
def test_cuts_that_describe_no_tiers(kind: str, vip: float, middle: float) -> None:
    with pytest.raises(LtvError) as refused:
        TierRule(kind, vip, middle)  # type: ignore[arg-type]
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    "text",
    [
        *("", "quantile", "quantile:", "quantile:20", "quantile:20/30/50", "quantile:a/b", "quantile:80/30"),
        *("half:20/30", "share:80/50", "share:0/50", "threshold:1/2", "threshold:5", "threshold:nan/nan", ":20/30"),
        *("quantile:nan/30", "threshold:1e999/1", "quantile 20/30"),
    ],
)
def test_rules_that_cannot_be_read(text: str) -> None:
    with pytest.raises(LtvError) as refused:
        parse_rule(text)
    assert refused.value.exit_code == 2
    assert refused.value.mend


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("quantile:20/30", TierRule("quantile", 0.2, 0.3)),
        ("quantile:7/29", TierRule("quantile", 0.07, 0.29)),
        ("quantile:2.5/0", TierRule("quantile", 0.025, 0)),
        ("share:50/80", TierRule("share", 0.5, 0.8)),
        ("share:33.3/66.7", TierRule("share", 0.333, 0.667)),
        ("threshold:500/100", TierRule("threshold", 500, 100)),
        ("threshold:130.49/43.06", TierRule("threshold", 130.49, 43.06)),
        ("threshold:1234567.89/0.01", TierRule("threshold", 1234567.89, 0.01)),
    ],
)
def test_rules_are_read_and_written_alike(text: str, rule: TierRule) -> None:
    read = parse_rule(text)
    assert read.kind == rule.kind
    assert (read.vip, read.middle) == pytest.approx((rule.vip, rule.middle), rel=1e-12)
    assert read.short() == text
    assert parse_rule(read.short()) == read


# --- Pareto --------------------------------------------------------------------------------------


def test_top_shares_by_hand() -> None:
    """Total 550; the best fifth of ten are two (190), ⌈0.4⌉ = one makes the top 4 % (100)."""
    assert top_share(ranked(*TEN), 0.2) == pytest.approx(190 / 550)
    assert top_share(ranked(*TEN), 0.04) == pytest.approx(100 / 550)
    assert top_share(ranked(*TEN), 0.21) == pytest.approx(270 / 550)
    assert top_share(ranked(*TEN), 1) == 1


def test_top_share_is_not_pushed_by_a_float() -> None:
    """0.07 of a hundred equals are seven, not eight."""
    assert top_share(ranked(*[1] * 100), 0.07) == pytest.approx(0.07)


def test_top_share_with_refunds() -> None:
    """Total 100 of 120, 30 and −50: the best one made more than all."""
    assert top_share(ranked(-50, 120, 30), 0.2) == pytest.approx(1.2)


def test_the_best_are_those_whom_tiers_call_best(dataset_of: DatasetOf) -> None:
    """Of revenue anna makes 100 of 160, of margin bert 15 of 20; a margin that is set goes before the mapped one."""
    dataset = dataset_of(
        [
            *(("anna", 0, 100, {"margin": 1, "land": "DK"}), ("bert", 0, 20, {"margin": 15, "land": "DK"})),
            ("cleo", 0, 40, {"margin": 4, "land": "SE"}),
        ]
    )
    set_to = {None: (15 / 20, 15 / 16), 0.5: (100 / 160, 100 / 120)}
    for margin, (of_all, of_danes) in set_to.items():
        query = Query(margin=margin)
        assert top_share(dataset.snapshot(query).ranked, 0.2) == pytest.approx(of_all)
        danes = dataset.snapshot(query & Filter("land", "DK"))
        assert top_share(danes.ranked, 0.2) == pytest.approx(of_danes)


@pytest.mark.parametrize("values", [(), (0,), (5, -5), (-3,)])
def test_no_revenue_has_no_shares(values: tuple[float, ...]) -> None:
    assert top_share(ranked(*values), 0.2) is None
    assert pareto_curve(ranked(*values)).height == 0
    assert lorenz_curve(ranked(*values)).height == 0


def test_pareto_curve_by_hand() -> None:
    """10, 40, 30, 20: best first 40, 70, 90, 100 of 100."""
    found = pareto_curve(ranked(10, 40, 30, 20))
    assert found["customers_share"].to_list() == [0, 0.25, 0.5, 0.75, 1]
    assert found["value_share"].to_list() == [pytest.approx(v) for v in (0, 0.4, 0.7, 0.9, 1)]


def test_pareto_curve_is_thinned_and_ends_at_all() -> None:
    found = pareto_curve(ranked(*range(1, 1001)), points=10)
    assert found["customers_share"].to_list() == [pytest.approx(i / 10) for i in range(11)]
    # The best hundred of 1 … 1000 are 901 … 1000: 95 050 of 500 500.
    assert found["value_share"][1] == pytest.approx(95_050 / 500_500)
    assert found["value_share"][10] == 1


# --- Lorenz --------------------------------------------------------------------------------------


def test_lorenz_curve_by_hand() -> None:
    """10, 40, 30, 20: least first 10, 30, 60, 100 of 100."""
    found = lorenz_curve(ranked(10, 40, 30, 20))
    assert found["customers_share"].to_list() == [0, 0.25, 0.5, 0.75, 1]
    assert found["value_share"].to_list() == [pytest.approx(v) for v in (0, 0.1, 0.3, 0.6, 1)]


def test_lorenz_curve_of_equals_is_the_diagonal() -> None:
    found = lorenz_curve(ranked(*[7] * 5))
    assert found["value_share"].to_list() == found["customers_share"].to_list()


def test_lorenz_curve_falls_below_zero_where_customers_cost_money() -> None:
    """−50, 0, 120, 30 make 100: least first −50, −50, −20, 100."""
    found = lorenz_curve(ranked(-50, 0, 120, 30))
    assert found["value_share"].to_list() == [pytest.approx(v) for v in (0, -0.5, -0.5, -0.2, 1)]


def test_lorenz_curve_is_thinned_and_goes_from_nobody_to_all() -> None:
    """The least nine hundred of 1 … 1000 make 405 450 of 500 500."""
    found = lorenz_curve(ranked(*range(1, 1001)), points=10)
    assert found["customers_share"].to_list() == [pytest.approx(i / 10) for i in range(11)]
    assert found["value_share"].to_list()[:1] == [0]
    assert found["value_share"].to_list()[9:] == [pytest.approx(405_450 / 500_500), 1]
    assert lorenz_curve(ranked(*range(1, 1001))).height == 200
