"""The words of the screens, each with a definition that fits on a line. docs/metrics.md has them in full."""

from __future__ import annotations

from typing import Final

from ltvtui.analytics.doubts import CODES

_EVERYWHERE: Final = {
    "LTV": "average check × frequency × lifetime (retention) within the horizon",
    "average check": "revenue ÷ orders: a ratio of sums",
    "frequency": "orders per customer and month of 30.4375 days they stayed",
    "lifetime, retention": "months a customer stays within the horizon, by Kaplan-Meier",
    "horizon": "months within which LTV counts: 12 unless set",
    "churn gap": "days without an order after which a customer has lapsed",
    "of 12, within 11": "the horizon, and the months of data",
    "few": "< 30 customers, or < 30 proven new ones: not reliable",
    "blank": "no data, which is not zero",
}
_SEGMENTS: Final = {
    "VIP, middle, economy": "tiers by what customers have spent so far",
    "lapsed": "silent for the churn gap or longer: days tell it, no model",
    "lost, one-time": "stages of who has lapsed: two orders or more, one order",
    "equal age": "LTV after 1, 3, 6 and 12 months, for all segments alike",
    "all time": "up to the as-of day; “within” counts complete months",
    "Lost (RFM)": "a rank: among the longest silent, whatever the churn gap",
    "RFM": "recency, frequency, monetary value, each scored 1 to 5",
    "ABC": "A makes the first 80 % of revenue, B up to 95 %",
    "XYZ": "X orders most evenly, Z least; – has too few gaps",
    "stage": "new, regular, fading, one-time or lost",
    "filter": "names, =, !=, <, >, ~ (contains), in (…), and, or, not",
    "unknown": "matches no comparison, only “is unknown”",
}
DEFINITIONS: Final = {
    **_EVERYWHERE,
    **_SEGMENTS,
    "Pareto curve": "the share of revenue that the best customers bring",
    "cohort": "customers with a first order in the same period",
    "all": "complete periods, weighted by customers",
    "*": "a period not complete, or a setting not saved",
    "cumulative LTV": "what a customer brought up to each month",
    "fading": "no order since the 75th percentile of all gaps",
    "new, lapsed": "no order yet on the first day; none for the churn gap",
    "thresholds": "both days use those of the second day",
    "recorded": "tiers as they were each time the shop was opened",
    "CAC": "spend ÷ new customers of the channel: an average",
    "marginal CAC": "what one more customer costs; it rises with the spend",
    "payback": "the month in which the cumulative margin covers the CAC",
    "> 8 mo": "not paid back within the 8 months of data",
    "max CAC": "LTV ÷ target, or the margin at the payback limit if less",
    "scale, hold": "CAC up to the lower bound of max CAC; within its interval",
    "cap": "CAC low enough, but one more customer costs more than max CAC",
    "see paid": "“all” looks good by who came without spend: read “paid”",
    "reduce, pause": "CAC above that; above the upper bound of LTV",
    "wait": "less data than the horizon: no max CAC yet",
    "(mapped), (revenue)": "the margin is from the shop's data; none is known",
    "score 1–5": "1 + how many quintiles of the segments a figure exceeds",
    "total": "the mean of the scores by weight",
    "growth": "revenue of the last year ÷ that of the year before − 1",
    "reach": "not lapsed and, where e-mail is mapped, with an address",
    "at most": "if a measure reached all; its cost is not subtracted",
    "of the way, time": "from the day of the goal to its number, to its day",
    "P(alive)": "the chance that a customer has not left, given their silence",
    "active": "by the model: how many have not left, the sum of P(alive)",
    "probably left": "by the model: customers − active; a chance, no count of days",
    "expected": "order days or value of today's customers; nobody new",
    "exp. LTV": "value to date + expected value within the horizon",
    "at risk": "value if they were still there × (1 − P(alive))",
    "due": "by their rhythm: last order + the median of the customer's own gaps",
    "next order": "by the model, from P(alive) 50 % on: by then half have ordered",
    "past errors": "where totals end if as far off as past forecasts were",
    "late": "P(alive) below 50 %, or silent for the churn gap; may come back",
    "unlikely": "P(alive) below 10 %: hardly comes back",
    "by past tests": "how forecasts of the past did: good to 10 % off, fair to 25 %",
    "season ×": "what came ÷ what was forecast a year before: one year only",
    "off by, bias": "the mean size of forecast ÷ happened − 1; with its sign",
    "Gini": "how well customers are ranked: 1 perfectly, 0 by chance",
    "MAE": "the mean absolute error per customer",
    "last period": "a guess: everybody does again what they just did",
    "closer, worse": "whether the model was off by less than the guess “last period”",
    "tenth": "a tenth of the customers, those with the highest forecast first",
    "nobody leaves": "a guess: everybody goes on as they did on average",
    "preliminary": "from a sample of the customers, until all are calculated",
    "I²": "the share of segments' differences that is beyond chance",
    "p, adjusted": "how often chance alone differs so much, for several tests",
    "index, z": "share ÷ share of the others × 100; standard errors apart",
    "part": "what a factor adds to the difference of LTV, exactly",
    "left out": "rows that no figure counts, each with the reason",
    "noted": "worth knowing of rows or orders that are kept",
    "mapping": "which column is read as what; C changes it",
    **{code.replace("_", " "): seen for code, seen in CODES.items()},
}
"""Word → definition."""

EVERYWHERE: Final = tuple(_EVERYWHERE)
"""Words of figures that every screen shows."""
SEGMENTS: Final = (*EVERYWHERE, *_SEGMENTS)
"""Words of a table of segments."""
DOUBTS: Final = tuple(code.replace("_", " ") for code in CODES)
"""Names of what may have been read wrong."""
