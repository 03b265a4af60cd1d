"""One customer's forecast on the card."""

from __future__ import annotations

from ltvtui.analytics.forecast.of_customer import CustomerForecast
from ltvtui.days import iso
from ltvtui.present.forecast.columns import LIKELY
from ltvtui.present.headline.words import money, share
from ltvtui.present.numbers import amount

Facts = tuple[tuple[str, str], ...]
"""Label (blank: it goes on) and text."""


def forecast_facts(found: CustomerForecast | str, sign: str) -> tuple[Facts, Facts]:
    """What is to be seen at once, and the rest; nothing where `found` says why there is no forecast."""
    if isinstance(found, str):
        return (), ()
    about, within = "about " if found.preliminary else "", f"in {found.months} mo"
    due = (
        ()
        if found.next_order_day is None or found.p_alive < LIKELY
        else (("next", f"{about}{iso(found.next_order_day)} by the model, if active"),)
    )
    active, days = share(found.p_alive), f"{about}{amount(found.expected_days, 1)} order days {within}"
    if found.expected_value is None or found.expected_ltv is None or found.value_at_risk is None:
        return (*due, ("forecast", f"{active} active, {days}")), (("exp. LTV", "unknown"),)
    first = (*due, ("forecast", f"{active} active, {about}{money(found.expected_value, sign)} {within}"))
    rest = (
        ("expected", days),
        ("exp. LTV", f"{about}{money(found.expected_ltv, sign)}, {money(found.value_at_risk, sign)} at risk"),
    )
    return first, rest
