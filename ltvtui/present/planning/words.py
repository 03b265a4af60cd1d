"""Figures of a plan in words: those of goals, and the formula behind what a measure can bring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ltvtui.analytics.planning.goals import Goal, GoalFigure
from ltvtui.analytics.planning.methods import METHODS, MethodFacts
from ltvtui.present.headline.words import money, share
from ltvtui.present.numbers import amount, at_least, count, counted, months_of

FACTOR_WORDS: Final = {"check": "average check", "frequency": "frequency", "retention_months": "lifetime"}


def figure_text(goal: Goal, value: float | None, sign: str = "") -> str:
    """A goal's figure: 109.20 €, 358 or 2.80; blank where it is not known."""
    if value is None:
        return ""
    match goal.unit:
        case "money":
            return money(value, sign)
        case "count":
            return count(round(value))
    return amount(value)


def figure_words(goal: Goal, found: GoalFigure, horizon: int, sign: str = "") -> str:
    """The figure with its months of data: ≥ 37.60 € (2 of 12 mo)."""
    text = figure_text(goal, found.value, sign)
    if not text or found.seen is None or goal.key == "check-budget":
        return text
    return f"{text if found.seen >= horizon else at_least(text)} ({months_of(found.seen, horizon)})"


def definition(goal: Goal, found: GoalFigure, horizon: int, gap: int, vip_from: str) -> str:
    """What the figure of a goal is, in one clause."""
    match goal.key:
        case "raise-ltv":
            return f"LTV: within {counted(horizon, 'month')}, of {counted(found.customers or 0, 'customer')}"
        case "cut-cac":
            return "CAC: spend ÷ new customers of the last 12 calendar months, of channels with spend"
        case "win-back":
            return f"won back: no order for {counted(gap, 'day')} when the goal was set, and an order since"
        case "grow-vips":
            return f"VIPs: worth {vip_from} or more, as of the day on which the goal was set, and not lapsed"
    return "LTV:CAC: of channels with spend, as on Budget"


def needed_money(goal: Goal, found: GoalFigure, wanted: float | None, everybody: int) -> float | None:
    """What a higher LTV is worth over all customers, `everybody`; None of other goals, where no more is wanted, and
    where the LTV is not of them all, as of a history that is cut off: measures are for all."""
    if goal.key != "raise-ltv" or wanted is None or found.value is None or found.customers != everybody:
        return None
    return (wanted - found.value) * everybody if wanted > found.value else None


def needed_words(
    goal: Goal, found: GoalFigure, wanted: float | None, measures: float, everybody: int, sign: str = ""
) -> str:
    """What is needed (needed_money) beside what the measures can bring at most; blank where that is nothing."""
    needed = needed_money(goal, found, wanted, everybody)
    if needed is None or wanted is None or found.value is None:
        return ""
    each = wanted - found.value
    of_all = f"{money(each, sign)} × {counted(everybody, 'customer')} = {whole(needed, sign)}"
    if measures >= needed:
        return f"the goal needs {of_all}; all measures together bring {whole(measures, sign)} at most: enough"
    short = short_words(whole(measures), whole(needed, sign), whole(needed - measures, sign))
    return f"the goal needs {of_all}; {short}"


def short_words(brought: str, needed: str, missing: str) -> str:
    """That measures fall short."""
    return f"all measures together reach {brought} of {needed} at most; missing {missing}"


def stuck_words(horizon: int) -> str:
    """Why LTV cannot be moved by today's customers, and what can."""
    return (
        f"LTV within {counted(horizon, 'month')} cannot be moved: these months are over for every customer; "
        "“win back customers” and “grow VIPs” can (^g, or --goal)"
    )


def window_words(windows: int, customers: int, horizon: int) -> str:
    """Whose orders move LTV at all."""
    part = f"{count(windows)} of {counted(customers, 'customer')} ({share(windows / customers)})"
    return f"orders of {part} still count in LTV within {counted(horizon, 'month')}, those of others no more"


def effect_words(effect: Mapping[str, Any], sign: str = "") -> str:
    """What a measure can bring at most, as a formula whose figures stand in it."""
    size, total = effect["customers"], effect["total"]
    each = "" if effect["each"] is None else money(effect["each"], sign)
    result = "" if total is None else f"{whole(total, sign)} at most"
    customers, one = counted(size, "customer"), size == 1
    match effect["kind"]:
        case "order":
            return f"{customers} who {'has' if one else 'have'} not lapsed × {each} an order = {result}"
        case "risk":
            return f"{customers} {_leaving(one)} × value at risk {each} = {result}"
        case "lately":
            return f"{customers} {_leaving(one)} × {each} of the last year = {result}"
        case "factor":
            digits = 3 if effect["factor"] == "frequency" else 2
            own, other = (amount(effect[end], digits) for end in ("own", "other"))
            factor = FACTOR_WORDS[effect["factor"]]
            return f"{customers} × {each} more LTV if {factor} were {other}, not {own} = {result}"
        case "near":
            return f"{customers} one average order below VIP = {counted(size, 'more VIP')} at most"
        case "fading":
            return f"{customers} of VIP {'fades' if one else 'fade'} = {counted(size, 'VIP')} to lose at most"
    cac, limit = (money(effect[end], sign) for end in ("own", "other"))
    return f"{counted(size, 'new customer')} × (CAC {cac} − max CAC {limit}) = {result}"


def _leaving(one: bool) -> str:
    return "who fades or has lapsed" if one else "who fade or have lapsed"


def whole(value: float, sign: str = "") -> str:
    """164 652 €, or 34.60 € where that is little."""
    return f"{amount(value, 0 if abs(value) >= 100 else 2)} {sign}".rstrip()


def method_reasons(facts: MethodFacts) -> dict[str, str]:
    """What speaks for each method or against it, by its key."""
    repeat, regular = (None if part is None else share(part) for part in (facts.repeat, facts.regular))
    best = "" if facts.best is None else f"the best 20 % bring {share(facts.best)} of value"
    if facts.xyz_is_off:
        xyz = "XYZ is switched off in the settings"
    elif facts.with_xyz:
        xyz = f"{regular} have the three gaps that XYZ needs"
    else:
        xyz = f"rare purchases switch XYZ off: only {regular or 'nobody'} have the three gaps it needs"
    often = f"{repeat or 'nobody'} ordered on two days or more"
    return {
        "tiers": best or "fits every shop",
        "rfm": often if facts.with_rfm else f"only {often}: F hardly tells customers apart",
        "abc-xyz": xyz,
        "cohorts": f"{counted(facts.cohorts, 'quarter')} with 30 new customers; known at the first order: predicts",
        "filter": "conditions of your own, which may overlap",
    }


def method_name(method: str) -> str:
    """What a method is called."""
    return METHODS[method]
