"""Why a row of a budget has its verdict, in one sentence with its figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ltvtui.present.budget.table import CAP, COSTLY, SEE_PAID
from ltvtui.present.headline.words import money, names
from ltvtui.present.numbers import months_of


def verdict_words(row: Mapping[str, Any], keys: tuple[str, ...], horizon: int, sign: str) -> str:
    """search ads · cap: one more customer costs 48.84 €, above max CAC 42.87 €: do not raise its budget. `row` of
    table.budget_table, called by its `keys`; `sign` of the currency. Blank where it has no verdict."""
    verdict = row["verdict"]
    if verdict is None:
        return ""
    called = row["channel"] if row["whole"] else names([row[key] for key in keys])
    return f"{called} · {_reason(row, str(verdict), horizon, sign)}"


def _reason(row: Mapping[str, Any], verdict: str, horizon: int, sign: str) -> str:
    def of(key: str) -> str:
        return money(row[key], sign)

    if row[COSTLY]:
        if row["whole"]:
            return f"{SEE_PAID}: customers who came without spend make the average look good"
        return f"{CAP}: one more costs {of('marginal_cac')}, above max CAC {of('max_cac')}: do not raise its budget"
    match verdict:
        case "scale":
            return f"{verdict}: CAC {of('cac')} is at most {of('max_cac_lower')}, the lower bound of max CAC"
        case "hold":
            low, high = of("max_cac_lower"), of("max_cac_upper")
            return f"{verdict}: CAC {of('cac')} lies in the interval of max CAC, {low} to {high}"
        case "reduce":
            return f"{verdict}: CAC {of('cac')} is {money(-row['headroom'], sign)} above max CAC {of('max_cac')}"
        case "pause":
            return f"{verdict}: CAC {of('cac')} is more than a customer brings: LTV {of('ltv')}"
        case "few":
            return "few: under 30 new customers, too few for a verdict"
        case "wait":
            return f"wait: {months_of(row['within_months'], horizon)} of data, so there is no max CAC yet"
        case _ if row["max_cac"] is not None:
            return f"no spend: nothing is recorded; one may cost at most {of('max_cac')}"
        case _:
            return "no spend: nothing is recorded, and there is no max CAC yet"
